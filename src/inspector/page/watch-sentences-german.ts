/** German for what is noticed over many visits, and of devices. */
import type { Pair } from './sentences-german.ts'

/** The sentences. */
export const WATCH_SENTENCES: readonly Pair[] = [
  [
    'Automatic starts are off for the whole site: nothing is started without a person. What charges goes on, and so do cards.',
    'Automatische Starts sind für den ganzen Standort aus: Nichts startet ohne einen Menschen. Was lädt, lädt weiter, und Karten gehen weiter.',
  ],
  [
    'Authorize vehicles by hand, or turn automatic starts on again.',
    'Geben Sie Fahrzeuge von Hand frei, oder schalten Sie die automatischen Starts wieder ein.',
  ],
  [
    "The clock of camera {} is {} behind this site's{}; the limit is {}.",
    'Die Uhr der Kamera {} geht {} nach; die Grenze ist {4}.',
  ],
  [
    "The clock of camera {} is {} ahead of this site's{}; the limit is {}.",
    'Die Uhr der Kamera {} geht {} vor; die Grenze ist {4}.',
  ],
  [
    "The clock of camera {} is {} behind this site's; the limit is {}.",
    'Die Uhr der Kamera {} geht {} nach; die Grenze ist {}.',
  ],
  [
    "The clock of camera {} is {} ahead of this site's; the limit is {}.",
    'Die Uhr der Kamera {} geht {} vor; die Grenze ist {}.',
  ],
  [
    "The clock of charge point {} is {} behind this site's{}; the limit is {}.",
    'Die Uhr des Ladepunkts {} geht {} nach; die Grenze ist {4}.',
  ],
  [
    "The clock of charge point {} is {} ahead of this site's{}; the limit is {}.",
    'Die Uhr des Ladepunkts {} geht {} vor; die Grenze ist {4}.',
  ],
  [
    "The clock of charge point {} is {} behind this site's; the limit is {}.",
    'Die Uhr des Ladepunkts {} geht {} nach; die Grenze ist {}.',
  ],
  [
    "The clock of charge point {} is {} ahead of this site's; the limit is {}.",
    'Die Uhr des Ladepunkts {} geht {} vor; die Grenze ist {}.',
  ],
  [
    'Set {} and keep it in step by NTP (where several devices are off alike, the clock of this machine); meanwhile only the times that it claims are wrong, berth goes by its own.',
    'Stellen Sie sie (Zeitzone und Sommerzeit zuerst) und halten Sie sie über NTP im Takt; gehen mehrere Geräte gleich falsch, die Uhr dieses Rechners. Unterdessen sind nur die Zeiten falsch, die es nennt; berth richtet sich nach seiner eigenen.',
  ],
  [
    'Camera {} read the plates of {} of its newest {} vehicles; it used to read {} %.',
    'Kamera {} las die Kennzeichen von {} ihrer letzten {} Fahrzeuge; sonst las sie {} %.',
  ],
  [
    'Camera {} read the plates of {} of its newest {} vehicles.',
    'Kamera {} las die Kennzeichen von {} ihrer letzten {} Fahrzeuge.',
  ],
  [
    'Look at its picture: dirt, snow, glare, focus, or a camera that was turned; drivers use cards meanwhile.',
    'Sehen Sie ihr Bild an: Schmutz, Schnee, Blendung, Schärfe, oder sie wurde gedreht; Fahrer nehmen unterdessen Karten.',
  ],
  [
    'If a camera was given a new token, set its push address; else find out who sends: {}.',
    'Hat eine Kamera ein neues Token, stellen Sie ihre Sendeadresse um; sonst suchen Sie, wer sendet: {}.',
  ],
  [
    'If the camera has a new address, name it in `from`; else give the camera a new token and find out who sends: {}.',
    'Hat die Kamera eine neue Adresse, nennen Sie sie in `from`; sonst geben Sie der Kamera ein neues Token und suchen Sie, wer sendet: {}.',
  ],
  [
    'If the camera was replaced, set its `deviceId`; if two cameras have their tokens exchanged, set them right; else find out who sends: {}.',
    'Wurde die Kamera getauscht, setzen Sie ihre `deviceId`; haben zwei Kameras vertauschte Token, stellen Sie sie richtig; sonst suchen Sie, wer sendet: {}.',
  ],
  [
    'the records `push.quarantined` of the stream `site` keep the source addresses',
    'die Einträge `push.quarantined` des Standorts halten die Adressen fest',
  ],
  [
    'Camera {} read the same text {} times at one place, {}: it is no vehicle’s plate.',
    'Kamera {} las {} Mal denselben Text an einer Stelle ({}): Das ist kein Kennzeichen eines Fahrzeugs.',
  ],
  [
    'beside the plates of {} vehicles and {} times while the bay looked empty',
    'neben den Kennzeichen von {} Fahrzeugen und {} Mal bei leerem Platz',
  ],
  ['beside the plates of {} vehicles', 'neben den Kennzeichen von {} Fahrzeugen'],
  ['{} times while the bay looked empty', '{} Mal bei leerem Platz'],
  [
    'Look at the picture there; where it is a sign or a window, add to `ignore` of {}: {}',
    'Sehen Sie dort nach; ist es ein Schild oder Fenster, ergänzen Sie `ignore` von {}: {}',
  ],
  [
    'If that is right, write `profile: {}` at chargePoints `id: {}` of the site file and start again; berth changes nothing by itself.',
    'Stimmt das, schreiben Sie `profile: {}` bei chargePoints `id: {}` in die Standortdatei und starten neu; berth ändert nichts von selbst.',
  ],
  [
    'The site file names {} no more: nothing reaches it, its past stays readable; its visit {} is still open. Name it again to close that.',
    'Die Standortdatei nennt {} nicht mehr: Nichts erreicht ihn, seine Vergangenheit bleibt lesbar; sein Besuch {} ist noch offen. Nennen Sie ihn wieder, um das zu schließen.',
  ],
  [
    'The site file names {} no more: nothing reaches it, its past stays readable.',
    'Die Standortdatei nennt {} nicht mehr: Nichts erreicht ihn, seine Vergangenheit bleibt lesbar.',
  ],
  [
    '{} and {} look exchanged: {} times in {} day a plug or a card came at one of them while its vehicle stood at the other (records {}).',
    '{} und {} scheinen vertauscht: {} Mal an {} Tag kam ein Stecker oder eine Karte am einen, während das Fahrzeug am anderen stand (Einträge {}).',
  ],
  [
    '{} and {} look exchanged: {} times in {} days a plug or a card came at one of them while its vehicle stood at the other (records {}).',
    '{} und {} scheinen vertauscht: {} Mal an {} Tagen kam ein Stecker oder eine Karte am einen, während das Fahrzeug am anderen stand (Einträge {}).',
  ],
  [
    'Compare the connectors and the zones of {} and {} in the site file with the place itself; correct the file and start berth again.',
    'Vergleichen Sie Anschlüsse und Zonen von {} und {} in der Standortdatei mit dem Ort selbst; berichtigen Sie die Datei und starten Sie berth neu.',
  ],
  [
    '{} told a start again whose end it had told: same time, same register, same card. It is taken for a late repeat and billed once.',
    '{} meldete einen Start noch einmal, dessen Ende er schon gemeldet hatte: gleiche Zeit, gleicher Zählerstand, gleiche Karte. Das gilt als späte Wiederholung und wird einmal abgerechnet.',
  ],
  [
    'Look whether a vehicle charges there: if so, the clock of the charge point stands still, and what it gives is not billed; set its clock. Its next start with another time ends this.',
    'Sehen Sie nach, ob dort ein Fahrzeug lädt: Dann steht die Uhr des Ladepunkts still, und was er gibt, wird nicht abgerechnet; stellen Sie seine Uhr. Sein nächster Start mit anderer Zeit beendet das.',
  ],
  [
    '{} began with a token that pays for no start there (any more); it was told no, and what it gives all the same nobody pays.',
    '{} begann mit einem Token, das dort keinen Start (mehr) zahlt; ihm wurde nein gesagt, und was er trotzdem gibt, zahlt niemand.',
  ],
  [
    'A message of a transaction at {} was given up: {}.',
    'Eine Nachricht einer Transaktion an {} wurde aufgegeben: {}.',
  ],
  [
    'The back end answered {} to the alias of a vehicle at {}; nothing was started.',
    'Das Abrechnungssystem antwortete {} auf das Token eines Fahrzeugs an {}; nichts wurde gestartet.',
  ],
  [
    'The back end answered {} to the alias of a vehicle at {}; it charges on, as `ocpp.aliasRefused: override` says.',
    'Das Abrechnungssystem antwortete {} auf das Token eines Fahrzeugs an {}; es lädt weiter, wie `ocpp.aliasRefused: override` es sagt.',
  ],
  [
    'The back end answered {} to the alias of a vehicle at {}, and the charge point heard it.',
    'Das Abrechnungssystem antwortete {} auf das Token eines Fahrzeugs an {}, und der Ladepunkt hörte es.',
  ],
  [
    'The back end answered {} to the alias of a vehicle at {}, after the charge had begun in its absence: berth stops the charge, and its session is disputed.',
    'Das Abrechnungssystem antwortete {} auf das Token eines Fahrzeugs an {}, nachdem das Laden in seiner Abwesenheit begonnen hatte: berth beendet es, und der Ladevorgang ist bestritten.',
  ],
  [
    'The back end answered {} to the alias of a vehicle at {}, to a charge of its absence that is over: the session is disputed.',
    'Das Abrechnungssystem antwortete {} auf das Token eines Fahrzeugs an {}, zu einem Laden, das vorbei ist: Der Ladevorgang ist bestritten.',
  ],
  [
    'Ask the back end why, and mend the vehicle’s `alias` in the register; a session that it bills clears this.',
    'Fragen Sie dort, warum, und berichtigen Sie `alias` des Fahrzeugs im Register; ein abgerechneter Ladevorgang beendet das.',
  ],
  [
    'Look whether a vehicle charges there, and stop it if so; a charge point whose clock is wrong looks the same. The next billed start there clears this.',
    'Sehen Sie nach, ob dort ein Fahrzeug lädt, und beenden Sie es dann; ein Ladepunkt mit falscher Uhr sieht ebenso aus. Der nächste abgerechnete Start dort beendet das.',
  ],
  [
    'Compare the bills of this charge point with the back end’s.',
    'Vergleichen Sie die Rechnungen dieses Ladepunkts mit denen des Abrechnungssystems.',
  ],
  [
    'Money is held for {} ({}) and is not used: {}.',
    'Für {} ist ein Betrag vorgemerkt ({}) und wird nicht gebraucht: {}.',
  ],
  ['too little is held', 'es ist zu wenig vorgemerkt'],
  ['the bay changed', 'der Platz hat sich geändert'],
  ['nothing was charged', 'nichts wurde geladen'],
  ['late', 'zu spät'],
  [
    '{} drew zones anew: somebody else must agree before {}.',
    '{} hat Zonen neu gezeichnet: Jemand anderes muss vor {} Uhr zustimmen.',
  ],
  [
    'Look at the draft on the screen of zones; then agree or refuse there. It must be somebody else than who drew it.',
    'Sehen Sie den Entwurf auf dem Bildschirm der Zonen an; stimmen Sie dort zu, oder lehnen Sie ab. Es muss jemand anderes sein als wer ihn gezeichnet hat.',
  ],
  [
    '{} wants {} at {}: somebody else must agree before {}.',
    '{} möchte an {3} {2}: Jemand anderes muss vor {4} Uhr zustimmen.',
  ],
  ['to let the vehicle charge', 'das Fahrzeug laden lassen'],
  ['to refuse the vehicle', 'das Fahrzeug ablehnen'],
  ['to correct the plate', 'das Kennzeichen berichtigen'],
  ['to release the lock', 'die Sperre lösen'],
  ['to stop the charge', 'das Laden beenden'],
  ['to take the bay out of service', 'den Platz außer Betrieb nehmen'],
  ['to put the bay back in service', 'den Platz wieder in Betrieb nehmen'],
  ['to change how far the bay acts by itself', 'ändern, wie weit der Platz von selbst handelt'],
  ['to learn how the empty bay looks', 'lernen, wie der leere Platz aussieht'],
  [
    "{} came in under a path that is no camera's; nothing of it reached a bay.",
    'Unter einem Pfad, der keiner Kamera gehört, kam herein: {}; nichts davon erreichte einen Platz.',
  ],
  [
    '{} for camera {} came in from an address that is not in its `from`; nothing of it reached a bay.',
    '{} für Kamera {} von einer Adresse, die nicht in ihrem `from` steht; nichts davon erreichte einen Platz.',
  ],
  [
    '{} for camera {} named another device, or none; nothing of it reached a bay.',
    '{} für Kamera {} mit einem anderen Gerät oder keinem; nichts davon erreichte einen Platz.',
  ],
  ['A push', 'Eine Sendung'],
  ['{} pushes', '{} Sendungen'],
  [
    'Camera {} read the plates of {} of its newest {} vehicles{}.',
    'Kamera {} las die Kennzeichen von {} ihrer letzten {} Fahrzeuge{}.',
  ],
  ['; it used to read {} %', '; sonst las sie {} %'],
]
