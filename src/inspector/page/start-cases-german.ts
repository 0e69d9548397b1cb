/** German for the cases about starts, transactions and meters, E16 to E26. */
import type { Case } from './scenario-german.ts'

/** By the name of the scenario. */
export const START_CASES: { readonly [name: string]: Case } = {
  'e16-offline-charge-point': {
    title: 'Ladepunkt nicht verbunden',
    when: 'Der Ladepunkt ist bei der Freigabe nicht verbunden.',
    wanted:
      'der Start wartet mit einer Frist; beim Verbinden wird neu geprüft (ist der Besuch noch da, noch freigegeben?), bevor er hinausgeht; verfallene Starts gehen nie hinaus.',
    promises: [
      'der Start wartet, geht beim Verbinden einmal hinaus und lädt für seinen Besuch',
      'ein Start, dessen Frist um ist, geht nie hinaus, und der Fahrer erfährt es',
      'das Auto fährt unterdessen ab, und beim Verbinden geht kein Start hinaus',
      'das Konto wurde unterdessen gesperrt, und der Start geht nicht hinaus',
      'das Fahrzeug wurde unterdessen gesperrt, und der Start geht nicht hinaus',
      'das Fahrzeug gehört unterdessen einem anderen Konto, und der Start geht nicht hinaus',
      'ein anderes Auto nahm unterdessen den Platz, und nur dessen Start geht hinaus',
      'der Platz beobachtet unterdessen nur, und der wartende Start geht nie hinaus',
    ],
  },
  'e17-nothing-starts': {
    title: 'angenommen, aber nichts startet',
    when: 'Angenommen, aber nichts startet',
    wanted:
      'Zustand „freigegeben, anstecken“; bei Preparing höchstens einmal wiederholen; nach der Frist Karte oder Code.',
    promises: [
      'A fährt vor dem Anstecken ab: Sein wartender Start stirbt, und wer gleich danach ansteckt, lädt nicht auf A',
      'A ist vor dem Anstecken kurz verdeckt: Sein Kennzeichen, wieder gelesen, bringt seinen Start',
      'ohne Stecker fällt der Besuch nach plugInWindow auf Karte oder Code zurück, und sein Token ist tot',
      'ein Stecker nach ConnectionTimeOut sendet den Start noch einmal, und nur einmal',
      'Preparing innerhalb von ConnectionTimeOut beweist keinen Stecker; was danach noch vorbereitet, schon',
      'ohne Stecker abgelehnt, wartet er auf den Stecker und versucht es dann noch einmal',
      'mit Stecker abgelehnt, erfährt es der Fahrer sofort',
      'ein Ladepunkt, der nichts antwortet, kann gestartet haben; seine Transaktion gehört noch diesem Besuch',
      'das Auto fährt unterdessen ab, sein Token stirbt, und der Stecker des nächsten Autos belebt es nicht',
    ],
  },
  'e18-plug-first': {
    title: 'erst gesteckt, dann gelesen',
    given: 'der Ladepunkt geht nach seiner Frist auf Finishing und braucht vielleicht neues Stecken',
    wanted:
      'wir kennen ConnectionTimeOut jedes Ladepunkts, entscheiden davor und bitten sonst den Fahrer, neu zu stecken.',
    promises: [
      'der Start geht zum Stecker, sobald das Kennzeichen einig ist',
      'der Ladepunkt gab auf (Finishing) und lehnt ab: Der Fahrer soll neu stecken, und das neue Stecken startet',
      'einem Fahrer, der nicht neu steckt, wird nach der Frist eine Karte angeboten',
    ],
  },
  'e19-double-start': {
    title: 'doppelter Start',
    when: 'eine RFID-Karte wird gezeigt, während unser Start unterwegs ist',
    wanted:
      'eine Absicht je Besuch; das erste StartTransaction gewinnt; eine gezeigte Karte bestimmt, wer zahlt (OCPI: die letzte Freigabe gilt im CDR), ohne zweiten Befehl.',
    promises: [
      'eine Karte, während unser Start unterwegs ist, zahlt; die Transaktion unseres Starts trägt sie, und kein zweiter Befehl geht hinaus',
      'das StartTransaction der Karte kommt zuerst; unseres, zu spät, wird abgelehnt und berührt es nicht',
      'unseres startet zuerst, und das StartTransaction der Karte ersetzt es: Jeder Zahler bekommt seinen Strom',
      'eine Karte desselben Kontos, während unseres startet: ein Ladevorgang, ein Konto',
      'eine Karte, die nach ihrem ersten Laden zahlt, bekommt nur, was sie zog',
      'eine Karte, nach dem ersten Laden gezeigt und dann genutzt, bekommt nur, was sie zog',
    ],
  },
  'e20-stale-transaction': {
    title: 'alte Transaktion',
    when: 'Eine alte Transaktion sperrt die Karte (ConcurrentTx).',
    wanted:
      'Token je Besuch können nicht zusammenstoßen; hängende Transaktionen sind aufgelistet und lassen sich schließen.',
    promises: [
      'jeder Start hat sein eigenes Token, also sperrt eine alte Transaktion nie den nächsten Besuch desselben Fahrers',
      'eine hängende wird statt eines Alarms genannt, und ein Mensch schließt sie; ihr Zahler zahlt bis zum letzten Zählerstand',
      'ein abgelehnter Start tötet keinen lebenden: Der eigene Start des Fahrers lädt noch, nachdem eine fremde Karte abgelehnt wurde',
      'nachdem eine fremde Karte abgelehnt wurde, zahlt eine gültige für das, was sie zieht, und nur dafür',
      'das nächste eingetragene Auto findet den Ladepunkt noch auf das vorige wartend: Der tote Start wird gestoppt, und es bekommt seinen eigenen',
      'ein Auto, dessen Starts alle abgelehnt wurden, während der tote hing, bekommt noch einen, sobald dieser beendet ist',
    ],
  },
  'e21-late-messages': {
    title: 'späte Nachrichten',
    when: 'Späte, wiederholte, unbekannte Nachrichten zu Transaktionen (Puffer, transactionId −1, wiederholtes StartTransaction).',
    wanted:
      'zugeordnet nach (Ladepunkt, Anschluss, idTag, meterStart, Zeit); ein unbekanntes Stop beendet nie einen anderen Ladevorgang.',
    promises: [
      'ein wiederholtes StartTransaction bekommt dieselbe Nummer und öffnet nichts',
      'ein StartTransaction, nach seinem Ende wiederholt, bekommt dieselbe Nummer und lädt nicht noch einmal',
      'die erste Antwort konnte nicht geschrieben werden; die Wiederholung startet es einmal',
      'die Wiederholung überholt eine erste, die nicht geschrieben werden konnte: Sie wird nicht beantwortet, als wäre sie es',
      'ein StopTransaction von -1 wird beantwortet, bewahrt und beendet keinen Ladevorgang',
      'ein StopTransaction von 0 wird beantwortet, bewahrt und beendet keinen Ladevorgang',
      'ein StopTransaction von 4711 wird beantwortet, bewahrt und beendet keinen Ladevorgang',
      'das Stop eines anderen Ladepunkts, das unsere Transaktion nennt, beendet nichts',
      'ein zweites Stop einer beendeten Transaktion ändert weder ihre Rechnung noch das Laden des nächsten Autos',
      'ein Stop, das der Ladepunkt in seiner Abwesenheit bewahrte, berichtigt die Rechnung um das, was vor der Abfahrt floss, mit Eintrag',
      'was floss, nachdem das Auto fort war, steht als niemandes im Journal, und die Rechnung bleibt',
      'ein Stop, das nach dem Start des nächsten Autos kommt, rechnet das erste ab und lässt das nächste in Ruhe',
    ],
  },
  'e22-late-meter-value': {
    title: 'letzter Zählerwert nach dem Stop',
    when: 'Letzter Zählerwert nach dem Stop.',
    wanted: 'nur für die Abrechnung; kann nichts beleben und nichts sperren.',
    promises: [
      'mit seiner Nummer, sofort: sperrt nicht, belebt nicht, rechnet nicht neu ab',
      'mit seiner Nummer, nach fünf Minuten: sperrt nicht, belebt nicht, rechnet nicht neu ab',
      'ohne Nummer, sofort: sperrt nicht, belebt nicht, rechnet nicht neu ab',
      'gepuffert, ohne Nummer, nach einer Minute: sperrt nicht, belebt nicht, rechnet nicht neu ab',
      'frischer Strom, der lange nach dem Stop weiterfließt, ist kein später Wert: Er sperrt, für niemand Neuen',
      'er beginnt keinen Besuch an einem Platz, der wieder frei ist',
    ],
  },
  'e23-bad-lock-signal': {
    title: 'schlechtes Signal',
    when: 'Rauschen, Neutralleiter, je Phase, Export, fehlend, eingefroren, pausiert und doch Strom',
    wanted: 'jedes Profil sagt, welchem Signal es glaubt; Widersprüche werden gezeigt.',
    promises: [
      'Rauschen von 0,019 A in offener Transaktion ist kein Strom, und die Transaktion hält den Platz gesperrt',
      'Strom auf dem Neutralleiter: Das Profil injet-sonic liest ihn als den Strom',
      'Strom von zwei der drei Phasen: Das Profil jvh liest ihn als den Strom',
      'Strom als Current.Export: Das Profil grizzl-e liest ihn als den Strom',
      'Strom als Current.Export bei einem Profil, das es nicht kennt: Der Zähler widerspricht, das wird gezeigt, und die Sperre bleibt',
      'fehlend: Ohne jeden Wert hält die Transaktion allein den Platz gesperrt',
      'eingefroren: Dieselben Werte immer wieder werden einmal gezeigt, und es ist vorbei, wenn der Zähler läuft',
      'eingefroren, wo das Profil dem Zähler glaubt: kein Strom, und durch die Transaktion noch gesperrt',
      'pausiert und doch Strom: Dem Strom wird geglaubt, und das Wort, das ihn leugnet, wird gezeigt',
      'pausiert und doch Strom, wo die Bauart dafür bekannt ist: nichts zu zeigen',
    ],
  },
  'e24-pause': {
    title: 'Pause mit 0 A',
    when: 'Pause mit 0 A mitten im Laden (Sonne, Lastverteilung, Batterie voll).',
    wanted: 'noch gesperrt; die Standzeit läuft nur, wenn das Fahrzeug nichts will.',
    promises: [
      'das Fahrzeug will nichts (Status zuerst): gesperrt, derselbe Zahler, und die Standzeit läuft, bis es wieder zieht',
      'das Fahrzeug will nichts (Zähler zuerst): gesperrt, derselbe Zahler, und die Standzeit läuft, bis es wieder zieht',
      'der Ladepunkt hält zurück (Lastverteilung, Sonne): gesperrt, und niemandem läuft Standzeit',
      'ein niedriger Wert ist keine Pause',
      'kein anderes Auto nimmt den Platz, während das erste ruht',
    ],
  },
  'e25-empty-but-drawing': {
    title: 'Kamera sagt leer, Strom fließt',
    when: 'Die Kamera sagt leer, Strom fließt (Transporter, Schnee, Blendung).',
    wanted: 'die Sperre gewinnt, der Widerspruch wird gezeigt, kein anderes Auto darf dort starten.',
    promises: [
      'die Sperre gewinnt, solange es dauert, und der Widerspruch wird gezeigt',
      'ein anderes Auto, das in der Lücke gelesen wird, startet hier nichts und zahlt nichts',
      'Strom ohne Transaktion sperrt auch, und für niemanden',
      'Strom unter einer Transaktion, die niemand ankündigte, sperrt den Platz, für niemanden',
    ],
  },
  'e26-drive-off': {
    title: 'einfach abgefahren',
    when: 'Abgefahren ohne Ende (kein Stop, Ladepunkt stumm).',
    wanted:
      'Eine lebende Kamera sieht die Zone für absence_s leer, und der Ladepunkt schweigt → der Besuch endet unbestätigt, abgerechnet bis zum letzten Zählerstand; die Transaktion bleibt zurück; das nächste Auto ist ein neuer Besuch; beim Verbinden wird geklärt.',
    promises: [
      'der Besuch endet unbestätigt, abgerechnet bis zum letzten Zählerstand; die Transaktion bleibt zurückgelassen',
      'das nächste Auto ist ein neuer Besuch mit eigenem Zahler, und das alte Stop, zu spät, wird geklärt und rechnet niemanden neu ab',
      'frischer Strom auf dem Zurückgelassenen nach dem Verbinden sperrt den Platz wieder, für seinen eigenen Zahler, von da an, wo die Rechnung aufhörte',
      'der Start des nächsten Autos am selben Anschluss beweist das Zurückgelassene tot: Sein Alarm geht, seine Rechnung bleibt',
      'eine fehlende Verbindung allein löst nichts',
      'ein Auto, das mit abgerissenem Kabel abgeschleppt wird, wird bis zu dem Ende abgerechnet, das der Ladepunkt meldet; das nächste Auto ist ein neuer Besuch',
    ],
  },
}
