/** German for alarms of a bay, what contradicts, what comes next, and why a person is asked. */
import type { Pair } from './sentences-german.ts'

/** The sentences. */
export const BAY_SENTENCES: readonly Pair[] = [
  [
    'A start is ready and waits for a person, since this bay does not act by itself.',
    'Ein Start ist bereit und wartet auf einen Menschen, denn dieser Platz handelt nicht von selbst.',
  ],
  [
    'Authorize the visit, or let the driver present a card.',
    'Geben Sie den Besuch frei, oder der Fahrer zeigt eine Karte.',
  ],
  [
    'The plate of the vehicle here is at {} too: one of the two is a clone or a misread.',
    'Das Kennzeichen des Fahrzeugs hier steht auch an {}: Eines von beiden ist nachgemacht oder falsch gelesen.',
  ],
  ['another bay', 'einem anderen Platz'],
  [
    'Look at both bays and authorize the right one by hand.',
    'Sehen Sie beide Plätze an und geben Sie den richtigen von Hand frei.',
  ],
  [
    'The camera read a second plate before the charge began; nothing is started by itself.',
    'Die Kamera las ein zweites Kennzeichen, bevor das Laden begann; nichts startet von selbst.',
  ],
  [
    'Look at the bay and authorize the right vehicle, or let the driver present a card.',
    'Sehen Sie den Platz an und geben Sie das richtige Fahrzeug frei, oder der Fahrer zeigt eine Karte.',
  ],
  [
    'The camera sees an empty bay while the charge point reports a charge.',
    'Die Kamera sieht den Platz leer, der Ladepunkt meldet Laden.',
  ],
  [
    'Look at the bay: snow, glare or a van may hide the vehicle. The lock stays.',
    'Sehen Sie hin: Schnee, Blendung oder ein Transporter kann das Fahrzeug verdecken. Die Sperre bleibt.',
  ],
  [
    'The camera reads another plate than the one that this visit goes by.',
    'Die Kamera liest ein anderes Kennzeichen als das dieses Besuchs.',
  ],
  [
    'Look at the bay; correct the plate if the first one was wrong. Who pays is not changed by itself.',
    'Sehen Sie hin und berichtigen Sie das Kennzeichen, wenn das erste falsch war. Wer zahlt, ändert sich nicht von selbst.',
  ],
  [
    'Transaction {} was left open at the charge point when its visit ended.',
    'Transaktion {} blieb am Ladepunkt offen, als ihr Besuch endete.',
  ],
  [
    'It is closed by itself when the charge point reports; stop it by hand if it does not.',
    'Sie schließt sich von selbst, wenn der Ladepunkt sich meldet; sonst beenden Sie sie von Hand.',
  ],
  [
    'Charge point {} is not connected: nothing can be started or stopped there, and its meter is not heard.',
    'Ladepunkt {} ist nicht verbunden: Dort lässt sich nichts starten oder beenden, und sein Zähler ist nicht zu hören.',
  ],
  [
    'Look at its power and its network; what it stored comes in by itself when it is back.',
    'Prüfen Sie Strom und Netz; was er gespeichert hat, kommt von selbst, wenn er zurück ist.',
  ],
  [
    'The charge point started with a token that is no longer valid; nobody is billed for it.',
    'Der Ladepunkt startete mit einem Token, das nicht mehr gilt; niemand bekommt dafür eine Rechnung.',
  ],
  [
    'Check that the charge point stops; if it does not, stop it by hand.',
    'Prüfen Sie, ob er aufhört; sonst beenden Sie es von Hand.',
  ],
  ['A vehicle takes the bay and does not charge.', 'Ein Fahrzeug belegt den Platz und lädt nicht.'],
  [
    'A vehicle that may charge takes the bay and is not plugged in.',
    'Ein Fahrzeug, das laden darf, belegt den Platz und ist nicht angesteckt.',
  ],
  ['A vehicle that may not charge here takes the bay.', 'Ein Fahrzeug, das hier nicht laden darf, belegt den Platz.'],
  [
    'The vehicle has finished charging and still takes the bay.',
    'Das Fahrzeug ist fertig geladen und belegt den Platz noch.',
  ],
  [
    'Speak to the driver or have the bay cleared; it is free for charging again when the vehicle leaves or starts.',
    'Sprechen Sie mit dem Fahrer, oder lassen Sie den Platz räumen; er ist wieder zum Laden frei, wenn das Fahrzeug abfährt oder lädt.',
  ],
  [
    'A person named a vehicle or said a no that leaves nobody to pay for the charge that runs here.',
    'Ein Mensch hat ein Fahrzeug genannt oder abgelehnt, und nun zahlt niemand für das laufende Laden.',
  ],
  [
    'Stop the charge, or authorize an account: until then its energy is on nobody’s bill.',
    'Beenden Sie das Laden, oder geben Sie ein Konto frei: Bis dahin steht sein Strom auf keiner Rechnung.',
  ],
  [
    'The charge point says that current flows, but its register stands still.',
    'Der Ladepunkt sagt, dass Strom fließt, aber sein Zähler steht still.',
  ],
  [
    'The register of the charge point runs, but no current is said to flow.',
    'Der Zähler des Ladepunkts läuft, aber es soll kein Strom fließen.',
  ],
  ['The charge point says Suspended while energy flows.', 'Der Ladepunkt sagt „pausiert“, während Strom fließt.'],
  [
    'The charge point says Charging, but nothing has flowed for minutes.',
    'Der Ladepunkt sagt „lädt“, aber seit Minuten fließt nichts.',
  ],
  ['{} berth goes by its {}.', '{} berth richtet sich nach: {}.'],
  ['current', 'Strom'],
  ['register', 'Zähler'],
  [
    'Compare the display of the charge point with its bill; name a profile in chargePoints[].profile that trusts the honest signal.',
    'Vergleichen Sie Anzeige und Rechnung; nennen Sie in chargePoints[].profile ein Profil, das dem ehrlichen Signal glaubt.',
  ],
  [
    'The charge point reported the end of transaction {} and gives energy on; nobody is billed for it.',
    'Der Ladepunkt meldete das Ende der Transaktion {} und gibt weiter Strom; niemand bekommt dafür eine Rechnung.',
  ],
  [
    'Stop the charge at the charge point; its own log says what was drawn. The bay stays locked while current flows.',
    'Beenden Sie das Laden am Ladepunkt; sein eigenes Protokoll sagt, was floss. Solange Strom fließt, bleibt der Platz gesperrt.',
  ],
  [
    'The camera sees an empty bay while the charge point reports a charge; the lock stays.',
    'Die Kamera sieht den Platz leer, der Ladepunkt meldet Laden; die Sperre bleibt.',
  ],
  [
    'A plug went in while the camera saw nobody: it may be of the bay beside.',
    'Ein Stecker kam, als die Kamera niemanden sah: Er kann vom Platz daneben sein.',
  ],
  [
    'The charge point says Available although its transaction is open; it is asked.',
    'Der Ladepunkt sagt „frei“, obwohl seine Transaktion offen ist; er wird gefragt.',
  ],
  [
    'Another valid card was shown in the middle of the charge; who pays has not changed.',
    'Mitten im Laden wurde eine andere gültige Karte gezeigt; wer zahlt, hat sich nicht geändert.',
  ],
  [
    'charge point away and zone empty for long enough: the visit ends',
    'Ladepunkt fort und Zone lange genug leer: Der Besuch endet',
  ],
  [
    'zone empty for long enough: camera and charge point contradict each other',
    'Zone lange genug leer: Kamera und Ladepunkt widersprechen sich',
  ],
  ['zone empty for long enough: the visit ends', 'Zone lange genug leer: Der Besuch endet'],
  ['cable out and no camera: the visit ends', 'Kabel gezogen und keine Kamera: Der Besuch endet'],
  [
    'zone empty for long enough: the visit ends, whatever the cable says',
    'Zone lange genug leer: Der Besuch endet, was auch das Kabel sagt',
  ],
  [
    'no sign of the vehicle for long enough: the visit ends',
    'lange genug kein Zeichen des Fahrzeugs: Der Besuch endet',
  ],
  ['the time of this state is over', 'die Zeit dieses Zustands ist um'],
  ['vehicle does not charge', 'Fahrzeug lädt nicht'],
  ['meter values expected', 'Zählerwerte werden erwartet'],
  ['plug expected', 'ein Stecker wird erwartet'],
  ['charge point asked again', 'der Ladepunkt wird noch einmal gefragt'],
  ['plug in', 'gesteckt'],
  ['two plugs in', 'zwei Stecker'],
  ['waits for the plug', 'wartet auf den Stecker'],
  ['start before plug', 'Start vor dem Stecker'],
  ['news', 'Neues'],
  ['a person answers', 'ein Mensch antwortet'],
  ['no sign of the vehicle', 'kein Zeichen des Fahrzeugs'],
  ['zone empty', 'Zone leer'],
  ['charge point lost', 'Ladepunkt fort'],
  ['cameras awake', 'Kameras wach'],
  ['a start is under way', 'ein Start ist unterwegs'],
  ['nothing is owed', 'nichts ist geschuldet'],
  ['between two zones', 'zwischen zwei Zonen'],
  ['reads disagree', 'Lesungen widersprechen sich'],
  ['not enough witnesses', 'zu wenige Zeugen'],
  ['a plate without a place in the picture', 'ein Kennzeichen ohne Ort im Bild'],
  ['a check of a clear case', 'Gegenprobe eines klaren Falls'],
  [
    'another account’s plate is read in a visit that is paid for',
    'das Kennzeichen eines anderen Kontos wird in einem bezahlten Besuch gelesen',
  ],
  ['a vehicle arrives', 'ein Fahrzeug kommt'],
  ['reads that agree on a plate', 'Lesungen, die sich über ein Kennzeichen einig sind'],
  ['the second reader answers', 'der zweite Leser antwortet'],
  [
    'a person reads the plate, or the driver presents a card',
    'ein Mensch liest das Kennzeichen, oder der Fahrer zeigt eine Karte',
  ],
  [
    'the site says whether another bay holds this vehicle',
    'der Standort sagt, ob ein anderer Platz dieses Fahrzeug hat',
  ],
  ['the register says who pays', 'das Register sagt, wer zahlt'],
  ['the charge point answers the start', 'der Ladepunkt beantwortet den Start'],
  ['the vehicle is plugged in and the transaction starts', 'das Fahrzeug wird angesteckt und die Transaktion beginnt'],
  [
    'a card, an operator, or a plate that is agreed on after all',
    'eine Karte, ein Mensch, oder doch noch Einigkeit über das Kennzeichen',
  ],
  ['the vehicle leaves, or a valid card is presented', 'das Fahrzeug fährt ab, oder eine gültige Karte wird gezeigt'],
  ['transaction ends or cable out', 'die Transaktion endet, oder der Stecker kommt heraus'],
  ['current flows again, or the transaction ends', 'es fließt wieder Strom, oder die Transaktion endet'],
  ['the charge point connects again', 'der Ladepunkt verbindet sich wieder'],
  [
    'camera and charge point agree again, or the transaction ends',
    'Kamera und Ladepunkt sind sich wieder einig, oder die Transaktion endet',
  ],
  ['the cable is taken out', 'das Kabel wird abgezogen'],
  ['the vehicle leaves', 'das Fahrzeug fährt ab'],
  ['the zone stays empty', 'die Zone bleibt leer'],
  ['a sign of the vehicle, or of its absence', 'ein Zeichen des Fahrzeugs, oder seines Fehlens'],
  ['a person puts the bay back in service', 'jemand nimmt den Platz wieder in Betrieb'],
  ['the charge point says that the fault is over', 'der Ladepunkt meldet, dass die Störung vorbei ist'],
  ['the time for reads that agree is over', 'die Zeit für einige Lesungen ist um'],
  ['the time of the second reader is over', 'die Zeit des zweiten Lesers ist um'],
  ['nobody has looked: card and QR remain', 'niemand hat hingesehen: Karte und Code bleiben'],
  ['no answer on who may charge: card and QR remain', 'keine Antwort, wer laden darf: Karte und Code bleiben'],
  ['the time to plug in is over: card and QR remain', 'die Zeit zum Anstecken ist um: Karte und Code bleiben'],
  ['charge point away', 'Ladepunkt fort'],
  ['nobody pays by berth', 'niemand zahlt über berth'],
  ['energy flows there', 'dort fließt schon Strom'],
  ['waits for a plug of its own', 'wartet auf einen eigenen Stecker'],
  ['seen to go; waits for its plate', 'fuhr wohl ab; wartet auf sein Kennzeichen'],
  ['each reason starts once', 'jeder Grund startet einmal'],
  ['end not reported', 'Ende nicht gemeldet'],
  ['dead token', 'totes Token'],
  ['energy after the visit ended', 'Strom nach dem Ende des Besuchs'],
  ['live', 'läuft'],
  ['billed', 'abgerechnet'],
  ['open', 'offen'],
]
