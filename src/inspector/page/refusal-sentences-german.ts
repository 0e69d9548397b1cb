/** German for faults and refusals: what could not be done, and what to do. */
import type { FaultCode } from '../../../machines/faults.ts'
import type { Pair } from './sentences-german.ts'

type ByCode = { readonly [code in FaultCode | 'UNEXPECTED']: string }

/** What each fault of the catalogue means, where its own sentence is not known here. A code without one does not compile. */
export const FAULT_SENTENCES: ByCode = {
  SITE_FILE_INVALID:
    'Die Standortdatei stimmt nicht; prüfen Sie sie mit `berth check` und berichtigen Sie die genannten Zeilen.',
  STORE_OWNED:
    'Ein anderer Prozess besitzt diesen Speicher; halten Sie ihn zuerst an, oder nutzen Sie seine Schnittstelle.',
  STORE_FENCED: 'Ein neuerer Besitzer hat diesen Speicher übernommen; dieser Prozess schreibt nicht mehr.',
  STORE_UNWRITABLE:
    'Das Journal kann nicht geschrieben werden; schaffen Sie Platz auf der Platte, oder berichtigen Sie die Rechte. Automatische Starts sind unterdessen aus.',
  STORE_UNREACHABLE:
    'Der Server, der das Journal hält, antwortet nicht; prüfen Sie, ob er läuft und das Netz dorthin führt.',
  STORE_CORRUPT:
    'Das Journal enthält etwas, das es nicht lesen kann; starten Sie `berth verify` und stellen Sie aus einer Kopie wieder her.',
  VERSION_CONFLICT: 'Der Zustand hat sich inzwischen geändert; sehen Sie noch einmal hin und entscheiden Sie neu.',
  KEY_UNAVAILABLE:
    'Der Schlüsselspeicher oder sein Hauptschlüssel fehlt; legen Sie die Datei zurück, oder setzen Sie BERTH_MASTER_KEY.',
  CHAIN_BROKEN:
    'Die Kette der Hashes bricht am genannten Eintrag; von dort an wurde der Speicher verändert oder beschädigt.',
  READER_BUSY: 'Der Leser ist beschäftigt; senden Sie das nächste Bild später.',
  READER_FAILED: 'Der Leser blieb an diesem Bild stehen und wurde neu gestartet; senden Sie das nächste.',
  PICTURE_UNREADABLE: 'Das ist kein ganzes JPEG- oder PNG-Bild; senden Sie eines.',
  PICTURE_TOO_LARGE:
    'Das Bild ist zu groß; höchstens 8 MB, 40 Megapixel und 16.384 Pixel je Seite, und über 13 Megapixeln nur schlichte (nicht verschachtelt, fortschreitend oder gedreht).',
  BODY_INVALID: 'Der Server nimmt das so nicht an; siehe /api/openapi.json.',
  NOT_FOUND: 'Das gibt es hier nicht; prüfen Sie die Kennung.',
  UNAUTHORIZED: 'Sie sind nicht angemeldet, oder das Token gilt nicht; melden Sie sich an.',
  FORBIDDEN: 'Das ist Ihnen nicht erlaubt.',
  CHARGE_POINT_OFFLINE: 'Der Ladepunkt ist nicht verbunden; prüfen Sie Netz und Strom.',
  CHARGE_POINT_SILENT:
    'Der Ladepunkt antwortete nicht rechtzeitig; was er getan hat, ist nicht bekannt, bis er wieder gefragt ist.',
  CHARGE_POINT_REFUSED: 'Der Ladepunkt antwortete mit einem Fehler; sehen Sie in sein Protokoll.',
  BACK_END_SILENT: 'Das Abrechnungssystem antwortete nicht rechtzeitig; prüfen Sie Adresse und Netz.',
  BACK_END_REFUSED:
    'Das Abrechnungssystem antwortete, was keine Antwort ist; prüfen Sie Adresse, Geheimnis und was es sendet.',
  CAMERA_UNREACHABLE: 'Die Kamera gibt nicht, worum sie gebeten wird; prüfen Sie Adresse, Anmeldung und Netz.',
  CALL_CANCELLED: 'Der Aufruf wurde zurückgezogen, bevor er hinausging.',
  PLATE_TAKEN: 'Ein gleich aussehendes Kennzeichen gehört zu einem anderen Konto; entfernen Sie zuerst jenes.',
  WRONG_SITE: 'Unter dieser Adresse liegt ein anderer Standort; sehen Sie in `http` der Standortdatei nach.',
  CLAIM_UNPROVEN:
    'Ein Kennzeichen ist kein Mensch: Nennen Sie das Konto, dem das Fahrzeug gehört, oder einen Nachweis, dessen Zeit das Aufbewahrte umfasst.',
  NOT_SET_UP: 'Die Standortdatei richtet nicht ein, was dafür nötig ist.',
  SECOND_PERSON: 'Jemand anderes muss dieser Anweisung zustimmen, bevor sie gegeben wird.',
  COMMAND_REFUSED: 'Der Platz kann das jetzt nicht.',
  UNEXPECTED: 'Etwas misslang, das nicht misslingen sollte; sehen Sie in das Log des Servers.',
}

const ORDERS: readonly Pair[] = [
  [
    'No vehicle is in this bay; authorize it once one has arrived.',
    'Auf diesem Platz steht kein Fahrzeug; geben Sie frei, wenn eines angekommen ist.',
  ],
  [
    'No vehicle is in this bay; there is nobody to deny.',
    'Auf diesem Platz steht kein Fahrzeug; es gibt niemanden abzulehnen.',
  ],
  ['The vehicle is charging; stop it with remote-stop first.', 'Das Fahrzeug lädt; beenden Sie zuerst das Laden.'],
  ['The bay is vacant; there is no lock to release.', 'Der Platz ist frei; es gibt keine Sperre zu lösen.'],
  [
    'Current flows right now; stop the charge with remote-stop, then release.',
    'Gerade fließt Strom; beenden Sie das Laden, dann lösen Sie die Sperre.',
  ],
  [
    'No transaction is open in this bay; there is nothing to stop.',
    'Auf diesem Platz ist keine Transaktion offen; es gibt nichts zu beenden.',
  ],
  [
    'A vehicle is in this bay; learn the empty bay once it has left.',
    'Auf diesem Platz steht ein Fahrzeug; lernen Sie den leeren Platz, wenn es fort ist.',
  ],
  [
    'The plate has too few letters and digits; type it as it stands on the vehicle.',
    'Das Kennzeichen hat zu wenige Buchstaben und Ziffern; tippen Sie es, wie es am Fahrzeug steht.',
  ],
  ['Say which level: observe, suggest or act.', 'Sagen Sie, welche Stufe: observe, suggest oder act.'],
  ['Say which plate it is.', 'Sagen Sie, welches Kennzeichen es ist.'],
  [
    'Nobody pays for that: name an account, a card or a plate that the register accepts.',
    'Dafür zahlt niemand: Nennen Sie ein Konto, eine Karte oder ein Kennzeichen, die das Register annimmt.',
  ],
  [
    'Another order waits under this command id; send a new id.',
    'Unter dieser Kennung wartet eine andere Anweisung; senden Sie sie neu.',
  ],
  [
    'The command id holds half a character; send plain text.',
    'Die Kennung der Anweisung enthält ein halbes Zeichen; senden Sie sie neu.',
  ],
  [
    'This command id was used for another bay; send a new id.',
    'Diese Kennung galt einem anderen Platz; senden Sie die Anweisung neu.',
  ],
  [
    'This command id was used for another order; send a new id.',
    'Diese Kennung galt einer anderen Anweisung; senden Sie sie neu.',
  ],
  [
    '{} orders of yours wait for a second person already; let somebody agree to them, or take some back.',
    '{} Ihrer Anweisungen warten schon auf einen zweiten Menschen; lassen Sie jemanden zustimmen, oder nehmen Sie welche zurück.',
  ],
  [
    'This order does not wait any more: it was agreed to, taken back, or its time is over; look at the bay, or the zones.',
    'Diese Anweisung wartet nicht mehr: Ihr wurde zugestimmt, sie wurde zurückgenommen, oder ihre Zeit ist um; sehen Sie nach dem Platz oder den Zonen.',
  ],
  [
    'You gave this order yourself; somebody else must agree to it.',
    'Sie haben das selbst angewiesen; jemand anderes muss zustimmen.',
  ],
  [
    'Somebody else must agree before {}; nothing was done yet.',
    'Jemand anderes muss vor {} zustimmen; noch ist nichts geschehen.',
  ],
  [
    'The bay changed meanwhile; look at it again and decide again.',
    'Der Platz hat sich inzwischen geändert; sehen Sie noch einmal hin und entscheiden Sie neu.',
  ],
  ['The command is not whole: {}.', 'Die Anweisung ist nicht vollständig: {}.'],
  [
    'authorize needs a plate, an accountId or an idToken',
    'freigeben braucht ein Kennzeichen, ein Konto oder eine Karte',
  ],
  ['correct-plate needs the plate as it should be', 'berichtigen braucht das Kennzeichen, wie es sein soll'],
  [
    'autonomy needs a level: observe, suggest or act',
    'die Selbständigkeit braucht eine Stufe: observe, suggest oder act',
  ],
]

const DESKS: readonly Pair[] = [
  [
    'This review is closed or never was; look at the list again.',
    'Diese Rückfrage ist erledigt oder war nie da; sehen Sie noch einmal in die Liste.',
  ],
  [
    'Somebody else is at this review; only they let go of it.',
    'An dieser Rückfrage ist jemand anderes; nur wer dran ist, gibt sie frei.',
  ],
  [
    '{} is at this review until {}; take another, or wait.',
    '{} ist bis {} an dieser Rückfrage; nehmen Sie eine andere, oder warten Sie.',
  ],
  ['Say in which bay it stands: bayId, one of {}.', 'Sagen Sie, auf welchem Platz es steht: einer von {}.'],
  [
    'Somebody else is known to stand in {}; correct its plate there.',
    'Auf {} steht bekanntlich jemand anderes; berichtigen Sie dort das Kennzeichen.',
  ],
  [
    'The crops of plates in {} cannot be written; free disk space or mend its permissions.',
    'Die Ausschnitte in {} lassen sich nicht schreiben; schaffen Sie Platz, oder berichtigen Sie die Rechte.',
  ],
  [
    'The crop {} is not what was kept; put the folder of crops back from a copy.',
    'Der Ausschnitt {} ist nicht, was aufbewahrt wurde; legen Sie den Ordner aus einer Kopie zurück.',
  ],
  [
    'Session {} has no open dispute; there is nothing to settle.',
    'Der Ladevorgang {} ist nicht bestritten; es gibt nichts beizulegen.',
  ],
  [
    'Camera {} shows what it used to show; there is nothing to confirm.',
    'Kamera {} zeigt, was sie immer zeigte; es gibt nichts zu bestätigen.',
  ],
  ['skipped takes the steps {}.', 'Auslassen lassen sich die Schritte {}.'],
  [
    'Something failed that should not have; see the log of the server.',
    'Etwas misslang, das nicht misslingen sollte; sehen Sie in das Log des Servers.',
  ],
  ['Nothing is commissioned here.', 'Hier wird nichts in Betrieb genommen.'],
  [
    'The step {} ({}) was not shown, and a cable went in at {} where nobody stood; show it, or skip it with a reason.',
    'Der Schritt {1} ({2}) wurde nicht gezeigt, und an {3}, wo niemand stand, wurde ein Kabel eingesteckt; zeigen Sie ihn, oder lassen Sie ihn mit einem Grund aus.',
  ],
  [
    'The step {} ({}) was seen by {} as well; show it, or skip it with a reason.',
    'Den Schritt {1} ({2}) hat auch {3} gesehen; zeigen Sie ihn, oder lassen Sie ihn mit einem Grund aus.',
  ],
  [
    'The step {} ({}) {}; show it, or skip it with a reason.',
    'Der Schritt {1} ({2}) wurde nicht gezeigt; zeigen Sie ihn, oder lassen Sie ihn mit einem Grund aus.',
  ],
  [
    'This is a site and plays no scenarios; run `berth play --inspect` beside it.',
    'Das ist ein Standort, er spielt keine Fälle; starten Sie daneben `berth play --inspect`.',
  ],
  ['No zones are drawn here.', 'Hier werden keine Zonen gezeichnet.'],
  ['No drivers come in here.', 'Hier kommen keine Fahrer herein.'],
  ['Say from and to: between which two records?', 'Sagen Sie, zwischen welchen zwei Einträgen.'],
  [
    'Say either seq or time: when shall the site be shown?',
    'Sagen Sie Eintrag oder Zeit: Wann soll der Standort gezeigt werden?',
  ],
  [
    'Say either seq or time: when shall the bay be shown?',
    'Sagen Sie Eintrag oder Zeit: Wann soll der Platz gezeigt werden?',
  ],
  ['Say either after or before, not both.', 'Sagen Sie danach oder davor, nicht beides.'],
  ['lane is none of: {}.', 'Die Spur ist keine von: {}.'],
  ['The role {} may not do that; ask one of: {}.', 'Die Rolle {} darf das nicht; fragen Sie: {}.'],
  [
    'The role {} may not turn automatic starts; ask one of: {}.',
    'Die Rolle {} darf die automatischen Starts nicht schalten; fragen Sie: {}.',
  ],
  [
    'Nobody holds this token; check it and send it again.',
    'Dieses Token hat niemand; prüfen Sie es und senden Sie es noch einmal.',
  ],
  [
    'Too many wrong tokens came from this address; wait ten seconds.',
    'Von dieser Adresse kamen zu viele falsche Token; warten Sie zehn Sekunden.',
  ],
  ['{} live pages are open already; close some.', '{} Seiten sind schon offen; schließen Sie einige.'],
  [
    'There is no call {} at this address; see /api/openapi.json.',
    'Unter dieser Adresse gibt es keinen Aufruf {}; siehe /api/openapi.json.',
  ],
  ['There is no version {} of the zones here any more.', 'Fassung {} der Zonen gibt es hier nicht mehr.'],
  ['There is no {} "{}" here; check the id.', '{} „{}“ gibt es hier nicht; prüfen Sie die Kennung.'],
  ['The {} is not what this call takes: {}.', '{} passt hier nicht: {}.'],
  ['query', 'Die Frage'],
  ['body', 'Der Inhalt'],
  ['{} is no ISO 8601 time with its offset', '{} ist keine Zeit nach ISO 8601 mit ihrem Abstand zu UTC'],
  ['{} is no time that the calendar knows', '{} ist keine Zeit, die der Kalender kennt'],
  ['The body is too large for this call.', 'Das ist zu viel auf einmal.'],
  [
    'This call does not take that content type; see /api/openapi.json.',
    'Diese Art von Inhalt nimmt der Server hier nicht; siehe /api/openapi.json.',
  ],
  ['The body is empty; send JSON.', 'Der Inhalt ist leer; senden Sie JSON.'],
  [
    'The request is not whole JSON, or its address is not well formed.',
    'Die Anfrage ist kein ganzes JSON, oder ihre Adresse stimmt nicht.',
  ],
  ['{}; see /api/openapi.json.', '{}; siehe /api/openapi.json.'],
  ['viewer', 'Zuschauer'],
  ['operator', 'Bediener'],
  ['supervisor', 'Aufsicht'],
  ['installer', 'Installateur'],
  ['fleet', 'Flotte'],
  ['auditor', 'Prüfer'],
  ['admin', 'Verwalter'],
  ['remote-stop', 'Laden beenden'],
  ['release-lock', 'Sperre lösen'],
  ['out-of-service', 'Außer Betrieb'],
  ['in-service', 'Wieder in Betrieb'],
  ['authorize', 'Freigeben'],
  ['deny', 'Ablehnen'],
  ['correct-plate', 'Kennzeichen berichtigen'],
  ['learn-empty', 'Leeren Platz lernen'],
  ['plate', 'Kennzeichen'],
  ['plug', 'Stecker'],
  ['start', 'Start'],
  ['stop', 'Stopp'],
  ['night', 'Nacht'],
  ['available', 'frei'],
  ['preparing', 'bereitet vor'],
  ['finishing', 'fertig, noch gesteckt'],
  ['unknown', 'nicht bekannt'],
  ['accepted', 'angenommen'],
  ['rejected', 'abgelehnt'],
  ['asked', 'gefragt'],
  ['occupied', 'belegt'],
  ['empty', 'leer'],
  ['register', 'Register'],
  ['card', 'Karte'],
  ['exit-seen', 'Abfahrt gesehen'],
  ['exit-inferred', 'Abfahrt erschlossen'],
  ['exit-unconfirmed', 'Abfahrt unbestätigt'],
  ['bay', 'Platz'],
  ['session', 'Ladevorgang'],
  ['camera', 'Kamera'],
  ['charge point', 'Ladepunkt'],
  ['account', 'Konto'],
  ['token', 'Token'],
  ['report', 'Bericht'],
  ['open review', 'Offene Rückfrage'],
  ['crop of the review', 'Ausschnitt der Rückfrage'],
  ['trial', 'Probe'],
  ['record of the bay', 'Eintrag des Platzes'],
  ['record of this bay yet at', 'Eintrag dieses Platzes bei'],
  ['order that waits', 'Wartende Anweisung'],
  ['vehicle with the plate', 'Fahrzeug mit dem Kennzeichen'],
  ['drawing of machines', 'Zeichnung der Maschinen'],
  ['story of a scenario', 'Zusage des Falls'],
  ['hold', 'Aufbewahrung'],
  ['receiver of news', 'Empfänger'],
  ['PIN of the account', 'PIN des Kontos'],
  ['site', 'Standort'],
  ['site that sends its checkpoints', 'Standort, der Prüfpunkte sendet,'],
]

/** All of them. */
export const REFUSAL_SENTENCES: readonly Pair[] = [...ORDERS, ...DESKS]
