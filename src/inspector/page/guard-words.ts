/** German for what a bay's chart asks, what it is told, and where it stands in it: English is the chart's own words. A name that the chart has and German lacks does not compile. */
import type { QuestionName } from '../../../machines/guards.ts'
import type { BayEvent } from '../../../machines/learn.ts'
import { language } from './language.ts'

/** What each asks in a word, and what it needs; `#` stands for the figure of the site's policy. */
const QUESTIONS: { readonly [name in QuestionName]: readonly [word: string, need: string] } = {
  held: ['gehalten', 'offene Transaktion, oder Strom, der bis # gestiegen ist'],
  drawing: ['zieht Strom', '>= #'],
  strangerStarts: ['fremde Karte startet', 'die Karte eines anderen Kontos hat gestartet'],
  orphanRevives: ['Zurückgelassenes lebt auf', 'frischer Strom auf einer Transaktion, die offen blieb'],
  arrives: ['kommt an', 'ein Fahrzeug, eine frische klare Lesung oder ein Kabel'],
  agreed: ['einig', '# Zeugen für ein glaubhaftes Kennzeichen, frisch, in dieser Zone'],
  anotherCar: ['anderes Fahrzeug', '# Zeugen für ein anderes Fahrzeug'],
  disputed: ['umstritten', 'Bilder lesen ein zweites Kennzeichen ebenso oft, ehe etwas begann'],
  personRead: ['Mensch las', 'ein Mensch hat das Kennzeichen genannt'],
  doubtful: ['zweifelhaft', 'Lesungen, die sich widersprechen oder zwischen zwei Zonen liegen'],
  someReads: ['etwas gelesen', 'irgendein Kandidat'],
  secondAgrees: ['zweiter Leser stimmt zu', 'der zweite Leser las dasselbe Fahrzeug'],
  secondAnswered: ['zweiter Leser antwortete', 'der zweite Leser hat geantwortet'],
  reviewOver: ['Prüfung beendet', 'der Prüfer hat geantwortet'],
  claimGranted: ['Anspruch gilt', 'kein anderer Platz hält dieses Fahrzeug'],
  claimLost: ['Anspruch verloren', 'an einem anderen Platz war man sich über dieses Fahrzeug einig'],
  mustWait: ['muss warten', 'ein Mensch bestätigt dieses Konto'],
  refused: ['abgelehnt', 'das Register sagt nein'],
  withdrawn: ['zurückgezogen', 'das Register sagt jetzt nein'],
  denied: ['verweigert', 'ein Bediener sagte nein'],
  granted: ['erlaubt', 'das Register sagt ja'],
  grantedReady: ['erlaubt und bereit', 'das Register sagt ja, und ein Start kann hinausgehen'],
  cardPays: ['Karte zahlt', 'hier wurde eine gültige Karte gezeigt'],
  operatorReady: ['Bediener erlaubt, bereit', 'ein Bediener gab frei, und ein Start kann hinausgehen'],
  operatorPays: ['Bediener erlaubt', 'ein Bediener gab frei'],
  startReady: ['Start bereit', 'ein Stecker, oder ein Ladepunkt, der ohne einen startet'],
  startOwed: ['Start geschuldet', 'dem Zahler war ein Laden versprochen, und ein toter Start kam dazwischen'],
  startAccepted: ['Start angenommen', 'der Ladepunkt versucht es'],
  startNeedsReplug: ['neu stecken', 'der Ladepunkt sagte nein und ist mit diesem Stecken fertig'],
  startRejected: ['Start abgelehnt', 'der Ladepunkt sagte nein, mit Stecker'],
  startUnplugged: ['Start ohne Stecker', 'der Ladepunkt sagte nein, noch ohne Stecker'],
  startExpired: ['Start verfallen', 'der Ladepunkt war nicht rechtzeitig zu erreichen'],
  switchedOff: [
    'abgeschaltet',
    'der Platz handelt nicht mehr von selbst, und der Ladepunkt hat noch nicht geantwortet',
  ],
  strayStartOver: ['Fremdstart vorbei', 'berth lehnte ab, was hier begann, und dieses Fahrzeug wartet noch'],
  plugAmbiguous: ['Stecker zweideutig', 'zwei wartende Plätze erreichen diesen Stecker'],
  leftSeen: ['Abfahrt gesehen', 'Zone # leer, nichts lädt'],
  leftInferred: ['Abfahrt erschlossen', 'Kabel gezogen, keine Kamera, die es sehen konnte'],
  absent: ['abwesend', '# kein Zeichen'],
  lostSight: ['aus den Augen', 'Verbindung fort und Zone # leer'],
  cableForgotten: ['Kabel vergessen', 'Kabel gilt als gesteckt, Zone # leer'],
  released: ['gelöst', 'ein Mensch erklärte die Transaktion für tot'],
  replugged: ['neu gesteckt', 'ein Stecker kam, nachdem das Kabel gezogen war'],
  linkDown: ['Verbindung fort', 'der Ladepunkt ist nicht verbunden'],
  contradicted: ['widersprochen', 'Kamera und Ladepunkt sind uneins'],
  stillPlugged: ['noch gesteckt', 'Kabel gesteckt'],
  stillHere: ['noch da', 'eine Kamera sieht das Fahrzeug'],
  zoneEmpty: ['Zone leer', 'eine lebende Kamera sieht niemanden'],
  resumedStart: ['nach Neustart', 'nach einem Neustart zeigt der gefragte Ladepunkt keine Transaktion'],
}

/** Rules that ask nothing, and timers. */
const OTHERS = {
  ask: 'fragt das Register',
  askSecond: 'fragt den zweiten Leser',
  claimAgain: 'beansprucht neu',
  unlock: 'gibt frei',
  voteWindow: 'Zeit der Lesungen',
  secondRead: 'Zeit des zweiten Lesers',
  reviewTimeout: 'Zeit der Prüfung',
  authorizeTimeout: 'Zeit der Freigabe',
  plugInWindow: 'Zeit zum Stecken',
}

/** What a bay is told. */
const EVENTS: { readonly [type in Exclude<BayEvent['type'], `xstate.after.${string}`>]: string } = {
  'plate.seen': 'Kennzeichen gesehen',
  'plate.agreed': 'Kennzeichen einig',
  'plate.contested': 'Kennzeichen umstritten',
  'plate.lost': 'Kennzeichen verloren',
  'vehicle.seen': 'Fahrzeug gesehen',
  'zone.empty': 'Zone leer',
  'zone.unknown': 'Zone unbekannt',
  'camera.lost': 'Kamera fort',
  'camera.back': 'Kamera zurück',
  'charger.online': 'Ladepunkt verbunden',
  'charger.offline': 'Ladepunkt fort',
  'connector.status': 'Status des Anschlusses',
  'token.presented': 'Karte gezeigt',
  'transaction.started': 'Transaktion begann',
  'transaction.ended': 'Transaktion endete',
  'transaction.updated': 'Transaktion geändert',
  'meter.values': 'Zählerwerte',
  'authorization.granted': 'Register sagte ja',
  'authorization.refused': 'Register sagte nein',
  'start.accepted': 'Start angenommen',
  'start.rejected': 'Start abgelehnt',
  'start.unanswered': 'Start ohne Antwort',
  'start.expired': 'Start verfallen',
  'second.read': 'zweite Lesung',
  'review.answered': 'Prüfung beantwortet',
  'operator.commanded': 'Anweisung',
  'claim.granted': 'Anspruch gilt',
  'claim.lost': 'Anspruch verloren',
  'claim.contested': 'Anspruch umstritten',
  'claim.doubled': 'Anspruch doppelt',
  'claim.alone': 'Anspruch wieder allein',
  'site.resumed': 'nach Neustart',
  'policy.adopted': 'Regeln übernommen',
  'zones.published': 'Zonen veröffentlicht',
  'profile.adopted': 'Profil übernommen',
  'switch.turned': 'Schalter umgelegt',
  'erasure.asked': 'Vergessen verlangt',
  'plug.ambiguous': 'Stecker zweideutig',
  'bay.wake': 'Zeit verging',
}

/** States of the chart, and where a bay stands within them. */
const PLACES: { readonly [place: string]: string } = {
  vacant: 'frei',
  detecting: 'erkennt',
  authorizing: 'fragt an',
  'charging-locked': 'lädt',
  exiting: 'fährt ab',
  collecting: 'sammelt Lesungen',
  'second-reading': 'zweite Lesung',
  'in-review': 'in Prüfung',
  claiming: 'beansprucht',
  asking: 'fragt',
  starting: 'startet',
  'awaiting-plug': 'wartet auf Stecker',
  fallback: 'Karte oder Code',
  denied: 'verweigert',
  charging: 'lädt',
  suspended: 'pausiert',
  frozen: 'eingefroren',
  contradicted: 'widersprochen',
  'still-plugged': 'noch gesteckt',
  'still-here': 'noch da',
  unseen: 'ungesehen',
  unconfirmed: 'unbestätigt',
}

type Names = { readonly [name: string]: string }
const german = language === 'de'
const spaced = (name: string): string => name.replaceAll('.', ' ').replaceAll('-', ' ')

/** A guard, rule or timer: `hasQuorum` is `has quorum`. */
export function guardWord(name: string): string {
  const known: { readonly [name: string]: readonly [string, string] } = QUESTIONS
  const others: Names = OTHERS
  const own = german ? (known[name]?.[0] ?? others[name]) : undefined
  return own ?? spaced(name.replace(/([a-z])([A-Z])/g, '$1 $2')).toLowerCase()
}

/** What a guard needs, as the server said it, or the same in German with the server's figure. */
export function needWord(name: string, need: string): string {
  const known: { readonly [name: string]: readonly [string, string] } = QUESTIONS
  const own = german ? known[name]?.[1] : undefined
  return own?.replace('#', /\d[\d.]*(?: [As]\b)?/.exec(need)?.[0] ?? '') ?? need
}

/** What happened. */
export const toldWord = (type: string): string => (german ? (EVENTS as Names)[type] : undefined) ?? spaced(type)

/** A state of the chart, or where a bay stands within one. */
export const placeWord = (place: string): string => (german ? PLACES[place] : undefined) ?? spaced(place)
