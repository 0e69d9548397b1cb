/** German for the cases of the field about plates and cameras, E01 to E15. */
import type { Case } from './scenario-german.ts'

/** By the name of the scenario. */
export const PLATE_CASES: { readonly [name: string]: Case } = {
  'e01-look-alikes': {
    title: 'ähnliche Zeichen',
    given: 'eingetragen ist AB12CDE',
    when: 'Bilder sagen A812CDE, AB12CDE',
    wanted:
      'ähnliche Zeichen werden nach ihrer Stelle zusammengelegt (nach der Form des Kennzeichens); angenommen wird nur, wenn genau ein eingetragenes Kennzeichen passt und mindestens 2 verschiedene Bilder einig sind; sonst fragt berth einen Menschen.',
    promises: [
      'A812CDE und AB12CDE in zwei Bildern sind das eine eingetragene Kennzeichen, und es startet einmal',
      'je ein Bild mit zwei verschiedenen Kennzeichen ist keine Einigkeit, und ein Mensch wird gefragt',
      'zwei Ausschnitte eines Kamerabilds sind ein Zeuge',
      'ein Kennzeichen, das sich nicht nur durch ähnliche Zeichen unterscheidet, ist ein anderes Fahrzeug und wird abgelehnt',
    ],
  },
  'e02-confident-nonsense': {
    title: 'selbstsicherer Unsinn',
    given: 'eine Lesung mit beliebiger Sicherheit',
    when: 'kein zweites Bild stimmt rechtzeitig zu',
    wanted: 'kein Start; weitere Bilder werden gefragt; nach Ablauf der Zeit Karte oder Code.',
    promises: [
      'eine Lesung mit voller Sicherheit startet nichts; es wird mehr gefragt, dann eine Karte angeboten',
      'derselbe Unsinn im Abstand einer halben Minute wird nie zur Einigkeit',
      'wo niemand Rückfragen beantwortet, wird sofort die Karte angeboten, und die Liste bleibt leer',
      'ein Platz glaubt keiner Einigkeit mit weniger Zeugen als verlangt, wer auch immer sie behauptet',
      'späte Einigkeit zählt im Ausweich noch, als wäre sie rechtzeitig gekommen',
    ],
  },
  'e03-not-a-plate': {
    title: 'kein Kennzeichen',
    when: 'Kein Kennzeichen (Audi-Ringe → C00D, Aufschrift am Transporter, Schild).',
    wanted:
      'abgelehnt nach Form, nach einem Rahmen außerhalb des Fahrzeugs, oder durch eine vom Bediener gezeichnete Maske; gezählt bei der Güte der Kamera.',
    promises: [
      'Ringe eines Emblems (C00D) erkennen niemanden, wie oft sie auch gelesen werden, und werden gezählt',
      'Aufschrift eines Transporters (EXPRESS) erkennt niemanden, wie oft sie auch gelesen wird, und wird gezählt',
      'ein Kühlergrill (1111111) erkennt niemanden, wie oft er auch gelesen wird, und wird gezählt',
      'ein Schild, das ohne Fahrzeug gelesen wird, beginnt keinen Besuch',
      'ein Emblem neben dem Kennzeichen stört das Kennzeichen nicht',
      'Aufschrift in einer von Menschen gezeichneten Maske wird gezählt und erkennt niemanden, wie oft sie auch gelesen wird',
      'ein Kennzeichen neben dem Fahrzeug, das die Kamera auf dem Platz sieht, ist nicht dessen Kennzeichen',
    ],
  },
  'e04-near-neighbour': {
    title: 'naher Nachbar auf der Liste',
    given:
      'zwei eingetragene Kennzeichen mit einem Zeichen Unterschied, oder ein fremdes Auto, ein Zeichen neben einem eingetragenen',
    wanted: 'nie ein Start aus bloßer Ähnlichkeit; der Prüfer sieht beide; Nachsicht darf einen Besuch nur beenden.',
    promises: [
      'Bilder, die zwei eingetragene Kennzeichen mit einem Zeichen Unterschied sagen, starten keines, und ein Prüfer sieht beide',
      'zwei Bilder gegen eines zwischen eingetragenen Kennzeichen zweier Konten warten auf einen Menschen',
      'zwischen zwei eingetragenen Nachbarn startet das Wort des Prüfers das Laden, für wen es nennt: AB12CDE',
      'zwischen zwei eingetragenen Nachbarn startet das Wort des Prüfers das Laden, für wen es nennt: AB12CDF',
      'zwei Bilder gegen eines, wenn das eine niemandem oder demselben Konto gehört, starten sofort',
      'ein fremdes Auto, ein Zeichen neben einem eingetragenen, wird abgelehnt, und der Eingetragene zahlt nichts',
    ],
  },
  'e05-re-sent': {
    title: 'noch einmal gesendet',
    when: 'dieselbe Meldung kommt noch einmal (die Kamera wiederholt, die Bestätigung ging verloren)',
    wanted: 'dieselbe Lesung, keine zweite Entscheidung, bestätigt.',
    promises: [
      'dieselbe Meldung zehnmal ist ein Zeuge, entscheidet nichts und wird jedes Mal angenommen',
      'Meldungen eines entschiedenen Besuchs entscheiden beim zweiten Mal nichts mehr',
      'eine Meldung, die nicht geschrieben werden konnte, wird angenommen, wenn sie wieder kommt',
      'die Meldungen des letzten Autos, nach seiner Abfahrt noch einmal gesendet, bringen es nicht zurück',
    ],
  },
  'e06-read-refined': {
    title: 'nach der Entscheidung verbessert',
    when: 'Die Lesung wird nach der Entscheidung verbessert (NEW …EQ → UPDATE …EO).',
    wanted:
      'Vor dem Start: neu abstimmen. Danach: Der Ladevorgang bleibt, der Widerspruch wird festgehalten; zeigt er auf ein anderes Konto, wird gefragt, nie still umgebucht.',
    promises: [
      'bevor Strom fließt, gewinnt die neuere Einigkeit, und das Token des ersten Starts ist tot',
      'während des Ladens bleibt der Ladevorgang, der Widerspruch wird gezeigt, und niemand wird umgebucht',
      'das Kennzeichen eines Fahrzeugs, das mit Karte lädt, ist ein Beleg und nie ein Widerspruch; ein zweites Kennzeichen schon',
      'ein zweites Kennzeichen desselben Kontos oder von niemandem wird gezeigt und fragt niemanden',
      'ein Prüfer, der das zweite Kennzeichen nennt, schreibt die ganze Transaktion dessen Konto zu, mit Eintrag',
      'ein Prüfer, der beim ersten Kennzeichen bleibt, löst den Widerspruch und bucht niemanden um: AB12CDF',
      'ein Prüfer, der beim ersten Kennzeichen bleibt, löst den Widerspruch und bucht niemanden um: kein Kennzeichen',
      'die Berichtigung eines Menschen während des Ladens schreibt die ganze Transaktion um, mit Eintrag, und keine Kamera macht es rückgängig',
      'ein zweites Kennzeichen, vor dem Stecken ebenso oft gelesen, nimmt den Start zurück, und Karte oder Mensch entscheidet',
    ],
  },
  'e07-seen-again': {
    title: 'geparktes Auto wieder gesehen',
    given: 'der Platz ist durch Besuch V belegt',
    when: 'eine „neue“ Spur mit demselben Kennzeichen erscheint',
    wanted: 'sie stärkt V; kein neuer Besuch.',
    promises: [
      'während des Ladens stärkt eine neue Spur des Kennzeichens den Besuch und beginnt keinen',
      'nach dem Laden, abgesteckt und noch da, beginnen Scheinwerfer und Lesungen des eigenen Kennzeichens nichts',
      'ein Auto, das auf seinen Stecker wartet, wird in neuer Spur gesehen und startet kein zweites Mal',
    ],
  },
  'e08-neighbour-plate': {
    title: 'Kennzeichen des Nachbarn',
    when: 'Das Kennzeichen des Nachbarn wird für das Auto auf meinem Platz gelesen.',
    wanted:
      'nötig: Die Mitte des Kennzeichens liegt mit Rand in meiner Zone und nicht in einer besser passenden; ein Kennzeichen, das an einem anderen Platz einen Besuch hat, startet hier nicht. Überlappen Zonen, wird gefragt.',
    promises: [
      'ein Kennzeichen am Rand meines Platzes erkennt hier niemanden',
      'wo zwei Zonen etwa gleich gut passen, sieht ein Mensch hin, und nichts startet',
      'die besser passende Zone bekommt das Kennzeichen, der andere Platz nichts',
      'ein Kennzeichen, das nebenan lädt, kann meines nicht starten; beide werden gezeigt, und mein Fahrer wird um eine Karte gebeten',
      'ein Kennzeichen auf der Linie zwischen zwei Plätzen gehört auf keinen: Nichts startet, und eine Karte zahlt, wo das Auto ansteckt',
    ],
  },
  'e09-two-cars-one-track': {
    title: 'zwei Autos in einer Spur',
    when: 'eine Spur enthält zwei glaubhafte Kennzeichen',
    wanted:
      'Widerspruch: kein Start; Belegbild ist das Bild, in dem jedes Kennzeichen gelesen wurde, nie ein „bestes“.',
    promises: [
      'zwei glaubhafte Kennzeichen mit genug Zeugen starten niemanden; jedes behält die Bilder, in denen es gelesen wurde',
    ],
  },
  'e10-silent-swap': {
    title: 'stiller Tausch',
    given: 'A fuhr ungesehen ab, und B parkte',
    when: 'ab- und angesteckt wird, oder B wird mit allen Zeugen erkannt',
    wanted:
      'A endet beim letzten Beleg mit erschlossener Abfahrt, B ist ein neuer Besuch; zwei kurze Aufenthalte werden nie ein langer.',
    promises: [
      'B wird erkannt, wo A nicht abfahren gesehen wurde: A endet als erschlossen, B ist ein neuer Besuch und zahlt für sich',
      'ein Anstecken, nachdem das Kabel gezogen war, ist ein neuer Besuch; was vorher gelesen wurde, erkennt niemanden',
      'eine Einigkeit aus Lesungen vor dem Anstecken erkennt niemanden, wie spät sie auch kommt',
      'solange die Transaktion von A offen ist, übernimmt B nichts, wie klar es auch gelesen wird',
      'ein Auto zieht vor dem Anstecken von Platz 1 nach Platz 2: Sein Besuch zieht mit, und nur der neuere Start lebt',
      'zwei Autos, die vor dem Anstecken die Plätze tauschen, laden und zahlen jeweils, wo sie stehen',
    ],
  },
  'e11-unreadable': {
    title: 'unlesbar oder kein Kennzeichen',
    when: 'Unlesbar oder kein Kennzeichen.',
    wanted:
      'ein namenloser Besuch, die Belegung zählt trotzdem, der Fahrer wird sofort um Karte oder Code gebeten; die Leserate je Kamera wird alarmiert',
    promises: [
      'ein namenloser Besuch zählt als belegt; der Fahrer wird um eine Karte gebeten, und die Karte lädt',
      'eine unbekannte Karte startet nichts, und Strom darauf bekommt niemand berechnet',
      'ein Auto, das nur parkt, wird losgelassen, wenn es abfahren gesehen wird',
      'eine Kamera, die weniger als die Hälfte ihrer Fahrzeuge liest, wird mit ihren Zahlen alarmiert, und ist wieder still, wenn sie liest',
    ],
  },
  'e12-same-plate-twice': {
    title: 'dasselbe Kennzeichen an zwei Plätzen',
    when: 'Dasselbe Kennzeichen an zwei Plätzen, oder nachgemacht.',
    wanted:
      'der zweite automatische Start wird abgelehnt, beide werden gezeigt; passen Marke oder Farbe nicht, ist das ein Grund zu fragen, nie abzulehnen.',
    promises: [
      'wer nichts hält, weicht der neueren Sicht; sein Token stirbt, und nur ein Start lebt',
      'zwei Autos mit einem Kennzeichen, beide gelesen und keines gesteckt, nehmen es sich nicht ewig gegenseitig weg',
      'war das Kennzeichen wieder frei, darf ein Platz, der es verlor, es nehmen wie jeder andere',
      'einem Auto, das eben ansteckte, nimmt dasselbe anderswo gelesene Kennzeichen den Start nicht',
      'der zweite, abgelehnt, darf mit einer Karte doch laden',
      'beide Plätze werden gezeigt, und keiner mehr, wenn das zweite Auto fort ist',
    ],
  },
  'e13-clock-skew': {
    title: 'falsche Uhr',
    given: 'eine Kamera geht 3 Stunden falsch',
    wanted:
      'geordnet nach der Ankunft, der Abstand wird geschätzt und gezeigt, die Zeit des Geräts bleibt Beleg; Alarm über einer Grenze; nie wird eine Lesung nur deshalb verworfen.',
    promises: [
      'eine Kamera, deren Uhr -3 Stunden falsch geht, startet nichts, bis der Abstand gelernt ist, und dann schon; er wird gezeigt und alarmiert; die Zeiten des Geräts bleiben Belege',
      'eine Kamera, deren Uhr 3 Stunden falsch geht, startet nichts, bis der Abstand gelernt ist, und dann schon; er wird gezeigt und alarmiert; die Zeiten des Geräts bleiben Belege',
      'die Sommerzeit beginnt auf der Kamera mitten im Laden: Der Platz bleibt für seinen Zahler gesperrt, keine Lesung geht verloren, der Alarm kommt und geht, wenn die Uhr gestellt ist',
      'eine Kamera, die 40 s falsch geht, arbeitet, wird gezeigt und ist kein Alarm, solange die Grenze 60 s ist',
      'die Grenze ist die des Standorts: 40 s sind ein Alarm, wo sie 30 s ist',
      'ein Ladepunkt, der eine Stunde nachgeht, lädt wie jeder andere; seine Uhr wird gezeigt und alarmiert',
    ],
  },
  'e14-stale-read': {
    title: 'alte Lesung',
    when: 'älter als die Frist, oder `retain=true`',
    wanted: 'als Beleg bewahrt, löst nichts aus.',
    promises: [
      'Kopien, die ein Broker aufhob, starten niemanden, wie viele es sind und wie jung sie aussehen',
      'ein Schwall, der während eines Ausfalls gepuffert wurde, startet niemanden, das Auto, das jetzt dort steht, schon',
      'Bilder, im Takt ihrer Aufnahme noch einmal gespielt, starten niemanden, obwohl sie in einem Abstand einig sind',
      'was gepuffert wurde, während berth nicht lief, startet nach dem Neustart niemanden',
      'ein parkendes Auto behält Besuch und Zahler, wenn ein Schwall älterer Bilder eines anderen eingetragenen Autos kommt',
    ],
  },
  'e15-forged-push': {
    title: 'gefälschte Sendung',
    when: 'Absender, Token im Pfad oder Kennung der Kamera passen nicht',
    wanted: 'abgewiesen und gezählt; kein Platz merkt etwas.',
    promises: [
      'eine andere Absenderadresse: Jede Sendung wird abgewiesen und gezählt, keine erreicht einen Platz, und ein Alarm sagt es',
      'ein geratenes Token im Pfad: Jede Sendung wird abgewiesen und gezählt, keine erreicht einen Platz, und ein Alarm sagt es',
      'die Kennung eines anderen Geräts: Jede Sendung wird abgewiesen und gezählt, keine erreicht einen Platz, und ein Alarm sagt es',
      'die eigenen Sendungen der Kamera gehen durch einen Angriff weiter und laden, für wen sie sollen; der Alarm endet zehn Minuten danach',
    ],
  },
}
