/** German for the cases about visits, identities and cables, E27 to E35. */
import type { Case } from './scenario-german.ts'

/** By the name of the scenario. */
export const VISIT_CASES: { readonly [name: string]: Case } = {
  'e27-our-restart': {
    title: 'unser Neustart',
    when: 'Unser Neustart mitten im Laden.',
    wanted:
      'Aus dem Journal neu aufbauen; die Ladepunkte fragen (TriggerMessage), bevor etwas befohlen wird; nichts geht zweimal hinaus.',
    promises: [
      'eine laufende Transaktion geht weiter, nichts wird gesendet, und sie wird ganz abgerechnet',
      'der Ladepunkt, gehört, zeigt keine Transaktion, und derselbe Start geht mit demselben Token noch einmal hinaus',
      'ein zweiter Neustart sendet ihn kein drittes Mal',
      'das Konto wurde gesperrt, während berth nicht lief: Der Start geht nicht noch einmal hinaus',
      'der Ladepunkt startete unterdessen: Sein wiederholtes StartTransaction gehört dem Besuch, und nichts wird gesendet',
      'das Auto fuhr ab, während niemand hinsah: Für es geht kein Start hinaus, sobald das bekannt ist',
      'Stunden ohne berth lösen nichts von selbst: Was gesperrt war, bleibt es, bis anderes zu hören ist',
      'ein Start, der noch einmal gesendet und abgelehnt wurde, kann am Ladepunkt doch laufen: Sein Token bleibt das dieses Besuchs',
    ],
  },
  'e28-still-plugged': {
    title: 'nach dem Ende noch gesteckt',
    when: 'Available oder Finishing, während noch gesteckt ist.',
    wanted:
      'Derselbe Besuch braucht für einen neuen Ladevorgang eine neue Freigabe; ob neu zu stecken ist, ist eine Eigenart des Ladepunkts.',
    promises: [
      'nichts startet wieder von selbst',
      'die Karte desselben Fahrers beginnt eine zweite Transaktion desselben Besuchs, auf einer Rechnung',
      'ein Mensch gibt frei, und ein neuer Start desselben Besuchs geht hinaus',
      'Available bei offener Transaktion ist kein Ende, bis es bewiesen ist, und dann wird bis zum letzten Zählerstand abgerechnet',
      'Available bei offener Transaktion, während Strom fließt, beweist nichts',
    ],
  },
  'e29-blocked': {
    title: 'Verbrenner, nicht angesteckt oder zu lange da',
    when: 'Belegt ohne Laden nach der Schonfrist',
    wanted:
      'ein Eintrag „blockiert“ (mit wer und was es sah), OCPI BLOCKED nur dann; es endet, sobald ein Laden beginnt.',
    promises: [
      'ein Verbrenner nimmt den Platz: nach der Frist als blockierend gemeldet, mit wer ihn sah, und frei, wenn er abfährt',
      'ein Auto, das laden darf und nicht angesteckt ist, soll erst anstecken und gilt dann als blockierend; das endet, sobald sein Laden beginnt',
      'ein Auto, das nach dem Laden bleibt, hat seine eigene Frist und gilt dann als zu lange da',
      'ein Auto, das lädt, wie lange auch immer, und eines, das keine Kamera sehen kann, blockieren nichts',
    ],
  },
  'e30-two-sockets': {
    title: 'zwei Verbindungen eines Ladepunkts',
    wanted: 'Die neueste gewinnt; Befehle gehören zu ihrer Verbindung; das Ende der alten darf die neue nicht löschen.',
    promises: [
      'die neueste Verbindung gewinnt: Die alte wird geschlossen, ihr Ende lässt den Platz verbunden, und was sie noch sagt, wird nicht gehört',
      'ein Start, auf der alten unterwegs, hat einen unbekannten Ausgang und geht auf der neuen nicht noch einmal hinaus; nahm ihn der Ladepunkt, gehört seine Transaktion dem Besuch',
      'ein Start, der auf die ersten Worte des Ladepunkts wartet, geht nur auf der neuesten hinaus, einmal',
      'zwei Modems eines Ladepunkts, die sich immer wieder verdrängen, hinterlassen eine Verbindung und einen Start',
    ],
  },
  'e31-weak-then-strong': {
    title: 'erst schwach erkannt, dann stark',
    when: 'Erst schwach erkannt, dann stark (Vermutung, dann RFID).',
    wanted: 'Belege haben Ränge; wer erkannt ist, kann mitten im Laden besser erkannt werden, mit Eintrag.',
    promises: [
      'eine Karte vor dem Laden ersetzt das Kennzeichen, mit Eintrag',
      'ein Mensch mitten im Laden; die ganze Transaktion geht an den, den er nannte',
      'Strom sperrt für niemanden, dann startet eine Karte: Die Karte zahlt',
      'nie umgekehrt: Kein Kennzeichen ersetzt eine Karte oder was ein Mensch sagte',
      'Ränge mitten im Laden: Die eigene Adresse des Fahrzeugs (Autocharge) ersetzt sein Kennzeichen, mit Eintrag, und nichts Schwächeres kommt zurück',
      'Ränge mitten im Laden: Eine Karte ersetzt Autocharge, mit Eintrag, und nichts Schwächeres kommt zurück',
      'Ränge mitten im Laden: Ein Vertragszertifikat (Plug and Charge) ersetzt eine Karte, mit Eintrag, und nichts Schwächeres kommt zurück',
      'eine Karte vor einem Ladepunkt, der durch Kennzeichen lädt, übernimmt die Rechnung durch Authorize von ocpp1.6, mit Eintrag, und eine zweite Karte ändert nichts und steht als Widerspruch da',
      'eine Karte vor einem Ladepunkt, der durch Kennzeichen lädt, übernimmt die Rechnung durch Authorize von ocpp2.0.1, mit Eintrag, und eine zweite Karte ändert nichts und steht als Widerspruch da',
      'an einer Säule für zwei Plätze kann eine Karte die des Nachbarn sein: Solange am freien jemand stehen kann, ändert sie von selbst keine Rechnung',
      'ein Kennzeichen, das ein Mensch nannte, wird nicht durch spätere Lesungen ersetzt, obwohl es hier nicht starten darf',
      'eine Antwort des Registers auf eine frühere Frage zahlt für niemanden',
    ],
  },
  'e32-erasure': {
    title: 'Vergessen',
    when: 'Jemand will mitten im Laden oder im Streit vergessen werden.',
    wanted:
      'Das Vernichten des Schlüssels wartet bis zum Ende der Aufbewahrung, und wer bat, sieht es; danach geht die Wiedergabe noch, mit unlesbarem Kennzeichen.',
    promises: [
      'verlangt, während eine Rechnung des Fahrzeugs bestritten ist, wartet es, wer bat, erfährt warum, und es geschieht, wenn der Streit beigelegt ist',
      'ein Streit, der beginnt, während es auf das Ende des Besuchs wartet, hält es auch auf, über einen Neustart von berth hinweg',
      'mitten im Laden verlangt, wartet es und wird gezeigt; der Ladevorgang wird ganz abgerechnet, und am Ende des Besuchs geschieht es',
      'verlangt, während niemand mit diesem Kennzeichen hier ist, geschieht es sofort; der nächste Besuch desselben Kennzeichens ist der eines Fremden',
      'ein Prozess, der zwischen dem Ende des Besuchs und dem Vergessen stirbt, führt es nach seinem Start aus',
    ],
  },
  'e33-wrong-bay': {
    title: 'Stecker vom falschen Platz',
    given: 'Platz 3 wartet auf einen Stecker, und Platz 4 wurde leer gesehen',
    when: 'ein Stecker erscheint an einem Anschluss, den beide Plätze erreichen, oder am eigenen von Platz 4',
    wanted:
      'der Start von Platz 3 wird nicht still zum Ladevorgang von Platz 4: Erreicht genau ein wartender Besuch den Anschluss, ist er seiner; können es zwei, startet niemand unbeaufsichtigt, Karte oder Code entscheidet; dass Stecker und gesehenes Fahrzeug uneins sind, steht als Widerspruch im Journal.',
    promises: [
      'ein wartender Besuch erreicht den Anschluss, also ist der Stecker seiner',
      'zwei wartende erreichen ihn, also startet niemand, beide werden gefragt, und eine Karte entscheidet',
      'unter zwei Wartenden zahlt die Karte eines Fremden ihren eigenen Strom, auf wessen Platz er auch steht',
      'Strom an einem Stecker, auf den zwei warten, sperrt einen von beiden, immer denselben, und eine Karte zahlt dafür',
      'Platz 3 wartet, Platz 4 wurde leer gesehen, der Stecker kommt am eigenen von Platz 4: Der Start von Platz 3 wird nicht zum Ladevorgang von Platz 4',
      'dasselbe, und der wartende Fahrer steckt doch noch am richtigen an',
    ],
  },
  'e34-crossed-cables': {
    title: 'zwei Nachbarn kreuzen die Kabel',
    given: 'zwei Besuche auf Nachbarplätzen warten an einer Doppelsäule auf einen Stecker',
    when: 'die Stecker kommen innerhalb von plugAmbiguity_s oder am Anschluss des anderen',
    wanted:
      'kein unbeaufsichtigter Start; jeder wird gefragt; danach meldet ein Paar, das sich über Tage wiederholt, „Platz 3 und 4 scheinen vertauscht“ mit Belegen.',
    promises: [
      'solange beide warten, startet kein Stecker jemanden unbeaufsichtigt; jeder wird gefragt, und jede Karte zahlt das Ihre',
      'einer nach dem anderen, der erste steckt, bevor der zweite kommt, und jeder startet an seinem eigenen Stecker',
      'wo Stecker über Tage am anderen Platz kommen, in beiden Richtungen, scheinen die zwei vertauscht, mit den Einträgen, die es sagen',
      'zwei Nachbarn an einer Säule, die innerhalb von plugAmbiguity_s stecken, jeder am eigenen Anschluss: Niemand startet unbeaufsichtigt, und jeder wird gefragt',
      'zwei Nachbarn an einer Säule, die weiter auseinander als plugAmbiguity_s stecken, jeder am eigenen Anschluss: Jeder startet',
    ],
  },
  'e35-two-connectors': {
    title: 'ein Platz, zwei Anschlüsse',
    when: 'Ein Platz, zwei Anschlüsse (CCS und CHAdeMO, oder zwei Säulen in Reichweite).',
    wanted:
      'der Start des Besuchs geht an den Anschluss mit dem Stecker; ohne einen wartet er auf ihn, statt zu raten (startOn: plug), nach dem Profil des Ladepunkts.',
    promises: [
      'ohne Stecker wird nichts gesendet; der Stecker in CCS/1 bekommt den Start',
      'ohne Stecker wird nichts gesendet; der Stecker in CHA/1 bekommt den Start',
      'zwei Stecker, und berth rät nicht',
      'schon gesteckt, wenn das Kennzeichen einig ist: Der Start geht sofort dorthin',
      'dass der andere Anschluss fortgeht, macht einen ladenden Platz nicht frei',
      'nach dem Profil darf auch ein einzelner Anschluss auf seinen Stecker warten',
    ],
  },
}
