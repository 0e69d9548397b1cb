/** German for what is wrong with the machine that berth runs on, and what is beside it. */
import type { Pair } from './sentences-german.ts'

/** The sentences. */
export const TROUBLE_SENTENCES: readonly Pair[] = [
  [
    'The plate of the vehicle at {} stands at the site {} too: one of the two is a clone or a misread.',
    'Das Kennzeichen des Fahrzeugs an {} steht auch am Standort {}: Eines der beiden ist eine Dublette oder falsch gelesen.',
  ],
  [
    'The plate of the vehicle that left {} came to the site {} within {} min, and the way takes longer: one of the two is a clone or a misread.',
    'Das Kennzeichen des Fahrzeugs, das {} verließ, kam innerhalb von {3} min an den Standort {2}, und der Weg dauert länger: Eines der beiden ist eine Dublette oder falsch gelesen.',
  ],
  [
    'The plate of the vehicle at {} was at the site {} {} min before, and the way takes longer: one of the two is a clone or a misread.',
    'Das Kennzeichen des Fahrzeugs an {} war {3} min zuvor am Standort {2}, und der Weg dauert länger: Eines der beiden ist eine Dublette oder falsch gelesen.',
  ],
  [
    'This site was told of {} plates in this hour already.',
    'Dieser Standort hörte in dieser Stunde schon von {} Kennzeichen.',
  ],
  [
    'Look at the vehicle and call the other site; correct the plate where it was misread, and order by hand what a clone should not have. This ends with the visit, after an hour at the soonest.',
    'Sehen Sie das Fahrzeug an und rufen Sie den anderen Standort an; berichtigen Sie das Kennzeichen, wenn es falsch gelesen wurde, und weisen Sie von Hand an, was einer Dublette nicht zusteht. Dies endet mit dem Besuch, frühestens nach einer Stunde.',
  ],
  [
    'The clock of this machine is {} s behind the newest record; time is held until it has caught up.',
    'Die Uhr dieses Rechners ist {} s hinter dem neuesten Eintrag; die Zeit steht, bis sie aufgeholt hat.',
  ],
  [
    'A record takes {} ms to be on disk, and everything waits for its record: starts, cards, cameras and pages are late.',
    'Ein Eintrag braucht {} ms, bis er auf der Platte ist, und alles wartet auf seinen Eintrag: Starts, Karten, Kameras und Seiten kommen spät.',
  ],
  [
    'Look at the disk of `store.path` (its health, other work on it, a card or a network drive in its place), or at the database and the way to it. Nothing is lost. This ends by itself.',
    'Sehen Sie nach der Platte von `store.path` (ihrem Zustand, anderer Arbeit auf ihr, einer Karte oder einem Netzlaufwerk an ihrer Stelle) oder nach der Datenbank und dem Weg zu ihr. Nichts geht verloren. Dies endet von selbst.',
  ],
  ['A plate reader stopped: {}', 'Ein Leser ist stehen geblieben: {}'],
  [
    'Pictures of camera {} stopped the plate reader {} times in ten minutes; berth looks at none of them for {} s.',
    'Bilder der Kamera {} hielten den Leser in zehn Minuten {} Mal an; berth sieht {} s lang keines davon an.',
  ],
  [
    'The relay between the charge points and their back end is gone.',
    'Das Relais zwischen Ladepunkten und Abrechnungssystem ist fort.',
  ],
  [
    '{} cannot be connected to its back end: {} cannot be read; put it there, readable for the relay’s user.',
    '{} lässt sich nicht mit dem Abrechnungssystem verbinden: {} ist nicht lesbar; legen Sie es dort ab, lesbar für den Benutzer des Relais.',
  ],
  [
    'The back end of {} cannot be reached; {} message is kept for it.',
    'Das Abrechnungssystem von {} ist nicht zu erreichen; {} Nachricht wird dafür bewahrt.',
  ],
  [
    'The back end of {} cannot be reached; {} messages are kept for it.',
    'Das Abrechnungssystem von {} ist nicht zu erreichen; {} Nachrichten werden dafür bewahrt.',
  ],
  ['{} charge points', '{} Ladepunkten'],
  [
    '{} message waits for the back end, of charge points that are away: {}.',
    '{} Nachricht wartet auf das Abrechnungssystem, von Ladepunkten, die fort sind: {}.',
  ],
  [
    '{} messages wait for the back end, of charge points that are away: {}.',
    '{} Nachrichten warten auf das Abrechnungssystem, von Ladepunkten, die fort sind: {}.',
  ],
  ['{} accepted settings and does not keep them: {}.', '{} nahm Einstellungen an und behält sie nicht: {}.'],
  [
    'The back end of {} sent a frame of more than 1 MiB; its connection was closed (1009), and the frame is lost.',
    'Das Abrechnungssystem von {} sandte mehr als 1 MiB auf einmal; seine Verbindung wurde geschlossen (1009), und das Gesendete ist verloren.',
  ],
  [
    '{} sent a frame of more than 1 MiB; its connection was closed (1009), and the frame is lost.',
    '{} sandte mehr als 1 MiB auf einmal; die Verbindung wurde geschlossen (1009), und das Gesendete ist verloren.',
  ],
  ['Charge points by TLS: {}.', 'Ladepunkte über TLS: {}.'],
  ['the certificate ends on {}', 'das Zertifikat endet am {}'],
  ['the certificate ended on {}', 'das Zertifikat endete am {}'],
  [
    'The second reader did not answer several times; it is left alone for half a minute at a time.',
    'Der zweite Leser antwortete mehrmals nicht; er wird je eine halbe Minute in Ruhe gelassen.',
  ],
  [
    'The list of erasures {} was lost, or an older copy of it was put back{}.',
    'Die Liste der Vergessenen {} ging verloren, oder eine ältere Kopie wurde zurückgelegt{}.',
  ],
  [
    'The list of erasures {} was lost, or an older copy of it was put back.',
    'Die Liste der Vergessenen {} ging verloren, oder eine ältere Kopie wurde zurückgelegt.',
  ],
  [
    'An older copy of the store was put back, and the list of erasures {} holds nothing newer: whoever was erased since that copy may be known again.',
    'Eine ältere Kopie des Speichers wurde zurückgelegt, und die Liste der Vergessenen {} hat nichts Neueres: Wer seitdem vergessen wurde, ist vielleicht wieder bekannt.',
  ],
  ['{}: nothing was taken since {}, and {} for it.', '{}: Seit {} wurde nichts angenommen, und {} dafür.'],
  [
    'Free disk space or mend its permissions; automatic starts are off until then, cards are not answered.',
    'Schaffen Sie Platz auf der Platte, oder berichtigen Sie die Rechte; bis dahin sind automatische Starts aus und Karten ohne Antwort.',
  ],
  [
    'It is started again by itself; where this stays, look at the memory of the machine and at the pictures of the cameras.',
    'Er wird von selbst neu gestartet; bleibt es, sehen Sie nach dem Arbeitsspeicher und den Bildern der Kameras.',
  ],
  [
    'Look at what the camera sends, and at its password and token: somebody else may send in its name. Its pictures are looked at again by themselves; drivers use card or code meanwhile.',
    'Sehen Sie nach, was die Kamera sendet, und nach Passwort und Token: Vielleicht sendet jemand in ihrem Namen. Ihre Bilder werden von selbst wieder angesehen; Fahrer nehmen unterdessen Karte oder Code.',
  ],
  [
    'Look at the network, at `secondReader.url` and at its token; until it answers again, reads that are not sure go to people at once.',
    'Prüfen Sie das Netz, `secondReader.url` und sein Token; bis er wieder antwortet, gehen unsichere Lesungen sofort an Menschen.',
  ],
  [
    'Set it at the charge point itself or ask its maker; until then berth goes by what it sends. After its next boot it is asked again.',
    'Stellen Sie es am Ladepunkt selbst ein, oder fragen Sie den Hersteller; bis dahin richtet sich berth nach dem, was er sendet. Nach seinem nächsten Start wird er wieder gefragt.',
  ],
  [
    'Set what sends so much smaller (samples or events in one message, the size of a report); the frame is lost. This ends by itself an hour after the last one.',
    'Verkleinern Sie, was so viel sendet (Werte oder Ereignisse in einer Nachricht, die Größe eines Berichts); das Gesendete ist verloren. Das endet von selbst eine Stunde nach dem letzten.',
  ],
  [
    'Mend the receiver or its address in `news`; then `berth news resume ID`: what it has not taken waits for it, and `--after SEQ` begins elsewhere.',
    'Berichtigen Sie den Empfänger oder seine Adresse in `news`; dann `berth news resume ID`: Was er nicht angenommen hat, wartet auf ihn, und `--after SEQ` beginnt woanders.',
  ],
  [
    'Stop berth and keep the store as it is; run `berth verify --site`, and restore from a copy. Until then whatever needs that record is refused. Nothing of a bay is lost: it goes by what it knows.',
    'Halten Sie berth an und lassen Sie den Speicher, wie er ist; starten Sie `berth verify --site`, und stellen Sie aus einer Kopie wieder her. Bis dahin wird abgelehnt, was diesen Eintrag braucht. Kein Platz verliert etwas: Er richtet sich nach dem, was er weiß.',
  ],
  [
    'Put the newest copy of that file back and start berth again; where there is none, look up who asked to be forgotten since the copy was made and erase them again. This ends with the next start.',
    'Legen Sie die neueste Kopie dieser Datei zurück und starten Sie berth neu; gibt es keine, sehen Sie nach, wer seit der Kopie vergessen werden wollte, und vergessen Sie sie noch einmal. Das endet mit dem nächsten Start.',
  ],
  [
    'Run `berth verify --site` with `--checkpoints` and that file. Where an older copy was put back on purpose, move the file aside and keep it: it shows what was lost. Where not, somebody wrote the journal anew: stop berth and keep everything as it is.',
    'Starten Sie `berth verify --site` mit `--checkpoints` und dieser Datei. Wurde eine ältere Kopie mit Absicht zurückgelegt, legen Sie die Datei beiseite und heben Sie sie auf: Sie zeigt, was verloren ging. Wenn nicht, hat jemand das Journal neu geschrieben: Halten Sie berth an und lassen Sie alles, wie es ist.',
  ],
  [
    'Stop berth and start it again: it then lives its whole journal, and nothing of that state. Look at what these bays charged since the last start, and tell the makers of berth.',
    'Halten Sie berth an und starten Sie es neu: Es liest dann sein ganzes Journal, und nichts von diesem Stand. Sehen Sie nach, was diese Plätze seit dem letzten Start geladen haben, und sagen Sie es den Machern von berth.',
  ],
  [
    'Look at the receiver, at the network and at its address in `news`; nothing is lost: what it has not taken waits for it, in order. This ends by itself once it takes a piece.',
    'Prüfen Sie Empfänger, Netz und seine Adresse in `news`; nichts ist verloren: Was er nicht angenommen hat, wartet der Reihe nach. Das endet von selbst, sobald er etwas annimmt.',
  ],
  [
    'Berth starts it again; where `berth relay` runs as a service of its own, that service does. Where this stays, read that service’s log, or the file beside the store that ends in .relay.log.',
    'berth startet es neu; läuft `berth relay` als eigener Dienst, tut dieser es. Bleibt es, lesen Sie das Log des Dienstes, oder die Datei neben dem Speicher, die auf .relay.log endet.',
  ],
  [
    'Look at the network and at the back end. What is owed to it is kept and sent later; plates go on starting, new cards do not.',
    'Prüfen Sie Netz und Abrechnungssystem. Was ihm geschuldet ist, wird bewahrt und später gesendet; Kennzeichen starten weiter, neue Karten nicht.',
  ],
  [
    'Bring the charge point back, or its back end; nothing is lost meanwhile. Before a charge point gets its old address again, wait until nothing is owed.',
    'Bringen Sie den Ladepunkt oder das Abrechnungssystem zurück; unterdessen geht nichts verloren. Bevor ein Ladepunkt seine alte Adresse wieder bekommt, warten Sie, bis nichts mehr geschuldet ist.',
  ],
  [
    'Mend the back end or its address in `authorizer`; until then `authorizer.offline` says who may charge, the register and cards of its own go on.',
    'Berichtigen Sie das System oder seine Adresse in `authorizer`; bis dahin sagt `authorizer.offline`, wer laden darf; das Register und eigene Karten gehen weiter.',
  ],
  [
    'Put a new certificate and its key into the files of `ocpp.tls`; berth takes them by itself, and no charge point is dropped.',
    'Legen Sie ein neues Zertifikat und seinen Schlüssel in die Dateien von `ocpp.tls`; berth nimmt sie von selbst, und kein Ladepunkt wird getrennt.',
  ],
  [
    'Let the hold go at the payment page; the news `payment.unused` tells it too, so that it can be done by itself. This ends by itself after a day.',
    'Geben Sie den Betrag auf der Bezahlseite frei; die Meldung `payment.unused` sagt es auch, damit es von selbst geschehen kann. Das endet von selbst nach einem Tag.',
  ],
  [
    'Look at the bay; then agree or refuse on its screen. It must be somebody else than who gave the order.',
    'Sehen Sie nach dem Platz; stimmen Sie dann auf seinem Bildschirm zu, oder lehnen Sie ab. Es muss jemand anderes sein als wer es angewiesen hat.',
  ],
  [
    'Set the clock right and keep it in step (chrony or systemd-timesyncd); until then no window and no deadline runs.',
    'Stellen Sie die Uhr und halten Sie sie im Takt (chrony oder systemd-timesyncd); bis dahin läuft keine Frist.',
  ],
  [
    'Look at the network, at the source, and at `register.source` of the site file; until then the register that is here counts. This ends by itself once the source answers.',
    'Prüfen Sie Netz, Quelle und `register.source` der Standortdatei; bis dahin gilt das Register, das hier ist. Das endet von selbst, sobald die Quelle antwortet.',
  ],
  [
    'Mend what the sentence names, sign the register again with a newer version, and put it where it is fetched from; until then the register that is here counts. Where nobody there signed it, somebody else put it there: look into it.',
    'Berichtigen Sie, was der Satz nennt, signieren Sie das Register mit neuerer Nummer und legen Sie es dorthin, wo es geholt wird; bis dahin gilt das Register, das hier ist. Hat es dort niemand signiert, hat es jemand anderes hingelegt: Gehen Sie dem nach.',
  ],
  [
    'Look at the network, at the centre, and at `centre` of the site file; nothing here depends on it, and nothing is lost: what it has not taken waits on this machine, in order. This ends by itself once it takes records again.',
    'Prüfen Sie Netz, Zentrale und `centre` der Standortdatei; hier hängt nichts davon ab, und nichts ist verloren: Was sie nicht angenommen hat, wartet der Reihe nach auf diesem Rechner. Das endet von selbst, sobald sie wieder Einträge annimmt.',
  ],
  [
    'Find out which machine is this site: where another one runs in its place, stop this one; where an older copy was put back, bring back the newer one. Where this one is right, take the site over at the centre (`berth centre takeover`) and give it the new token. Nothing is lost: the centre keeps both.',
    'Finden Sie heraus, welcher Rechner dieser Standort ist: Läuft ein anderer an seiner Stelle, halten Sie diesen an; wurde eine ältere Kopie zurückgelegt, bringen Sie die neuere zurück. Ist dieser richtig, übernehmen Sie den Standort an der Zentrale (`berth centre takeover`) und geben ihm das neue Token. Nichts ist verloren: Die Zentrale behält beide.',
  ],
]
