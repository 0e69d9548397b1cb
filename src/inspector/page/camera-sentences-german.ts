/** German for what keeps a camera from seeing. */
import type { Pair } from './sentences-german.ts'

/** The sentences. */
export const CAMERA_SENTENCES: readonly Pair[] = [
  [
    'Its bays count as unseen until {}: nothing becomes free by it, and drivers use card or code.',
    'Ihre Plätze gelten als ungesehen, bis {}: Durch sie wird nichts frei, und Fahrer nehmen Karte oder Code.',
  ],
  ['its picture is good again', 'ihr Bild wieder gut ist'],
  ['it says that it sees', 'sie sagt, dass sie sieht'],
  ['something comes from it', 'etwas von ihr kommt'],
  ['its login works', 'ihre Anmeldung gelingt'],
  ['it gives it', 'sie es gibt'],
  ['Its bays go on; reads must agree as ever.', 'Ihre Plätze gehen weiter; Lesungen müssen einig sein wie immer.'],
  ['shows black', 'zeigt Schwarz'],
  [
    'Light the bays, or switch on its infrared; look whether its lens is covered.',
    'Beleuchten Sie die Plätze, oder schalten Sie ihr Infrarot ein; sehen Sie nach, ob ihre Linse verdeckt ist.',
  ],
  ['shows one grey and nothing else', 'zeigt ein einziges Grau'],
  [
    'Clean its lens: a bag, a web, snow, or spray over it.',
    'Reinigen Sie ihre Linse: eine Tüte, ein Netz, Schnee oder Farbe liegt darüber.',
  ],
  ['is dazzled: much of its picture is burnt out', 'ist geblendet: Viel von ihrem Bild ist ausgebrannt'],
  [
    'Turn it away from sun or lamp, or give it a hood; lower its exposure.',
    'Drehen Sie sie von Sonne oder Lampe weg, oder geben Sie ihr eine Blende; senken Sie die Belichtung.',
  ],
  ['shows far less detail than it used to', 'zeigt viel weniger Einzelheiten als sonst'],
  [
    'Clean its lens and set its focus; in fog and heavy rain this ends by itself.',
    'Reinigen Sie ihre Linse und stellen Sie sie scharf; bei Nebel und starkem Regen endet das von selbst.',
  ],
  [
    'shows another scene than before: it was moved, or something stands before it',
    'zeigt etwas anderes als bisher: Sie wurde bewegt, oder etwas steht davor',
  ],
  [
    'Its zones may lie on other bays: no plate of it counts and its bays are unseen until it shows the old scene or a person says that its zones fit.',
    'Ihre Zonen können auf anderen Plätzen liegen: Kein Kennzeichen von ihr zählt, und ihre Plätze sind ungesehen, bis sie das alte Bild zeigt oder ein Mensch sagt, dass ihre Zonen passen.',
  ],
  [
    'Set it back, or draw its zones anew; where they fit as they are, confirm its view.',
    'Richten Sie sie zurück, oder zeichnen Sie ihre Zonen neu; passen sie, wie sie sind, bestätigen Sie ihr Bild.',
  ],
  ['gives far fewer pictures than it used to', 'gibt viel weniger Bilder als sonst'],
  [
    'Its bays go on; plates are agreed on later, or not at all.',
    'Ihre Plätze gehen weiter; Kennzeichen werden später einig oder gar nicht.',
  ],
  ['Look at its network and at what else draws its streams.', 'Prüfen Sie ihr Netz und was sonst ihre Bilder abruft.'],
  ['says of itself that it sees nothing', 'sagt von sich, dass sie nichts sieht'],
  ['Look at its picture and at its own log.', 'Sehen Sie ihr Bild und ihr eigenes Protokoll an.'],
  ['sends nothing', 'sendet nichts'],
  ['Look at its power and its network.', 'Prüfen Sie Strom und Netz.'],
  ['refuses the login', 'lehnt die Anmeldung ab'],
  [
    'Set name and password in the site file to those of the camera and restart berth: by itself it asks again only after 35 minutes, later after up to 6 hours, so that no account is locked.',
    'Setzen Sie Name und Passwort in der Standortdatei auf die der Kamera und starten Sie berth neu: Von selbst fragt es erst nach 35 Minuten wieder, später nach bis zu 6 Stunden, damit kein Konto gesperrt wird.',
  ],
  ['does not give what it is asked for', 'gibt nicht, worum sie gebeten wird'],
  [
    'Look at its power and its network, and open its `url` of the site file from this machine; why it failed is in the log. berth asks again by itself.',
    'Prüfen Sie Strom und Netz, und öffnen Sie ihre `url` aus der Standortdatei von diesem Rechner; warum es misslang, steht im Log. berth fragt von selbst wieder.',
  ],
  [
    'Look at its power and its network, and whether the picture at its `url` still changes.',
    'Prüfen Sie Strom und Netz, und ob sich das Bild unter ihrer `url` noch ändert.',
  ],
  [
    'Look at its power and its network, and at what else draws its events.',
    'Prüfen Sie Strom und Netz, und was sonst ihre Meldungen abruft.',
  ],
  [
    'Look at its power, its network, and whether it still knows this address and its token. A camera that sends only when a vehicle comes: name its `dialect` in the site file.',
    'Prüfen Sie Strom, Netz, und ob sie diese Adresse und ihr Token noch kennt. Sendet sie nur, wenn ein Fahrzeug kommt: Nennen Sie ihren `dialect` in der Standortdatei.',
  ],
  [
    'Look whether it still publishes on its `topic`, under its `deviceId`, at the broker of its `url`.',
    'Sehen Sie nach, ob sie noch auf ihrem `topic` unter ihrer `deviceId` beim Broker ihrer `url` sendet.',
  ],
  ['is not heard: the broker refuses the login', 'ist nicht zu hören: Der Broker lehnt die Anmeldung ab'],
  ['is not heard: its broker is not reached', 'ist nicht zu hören: Ihr Broker ist nicht zu erreichen'],
  [
    'Look at the broker of its `url` in the site file, and whether it lets berth listen to its `topic`. berth tries again by itself.',
    'Sehen Sie nach dem Broker ihrer `url` in der Standortdatei, und ob er berth auf ihrem `topic` hören lässt. berth versucht es von selbst wieder.',
  ],
]
