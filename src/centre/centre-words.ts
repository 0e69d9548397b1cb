import type { CentralOrderType } from '../uplink/central-order.ts'
import type { CentreLanguage } from './centre-language.ts'
import type { OrderState } from './order-book.ts'

/** What the pages of orders and of the review desk say. */
export type CentreWords = {
  readonly language: CentreLanguage
  readonly reviewDesk: string
  readonly ordersTo: (site: string) => string
  readonly linked: string
  readonly away: string
  readonly bay: string
  readonly order: string
  readonly account: string
  readonly reason: string
  readonly holds: string
  readonly give: string
  readonly given: string
  readonly by: string
  readonly state: string
  readonly noOrder: string
  readonly noBay: string
  readonly again: string
  readonly orders: {
    readonly [type in Exclude<CentralOrderType, 'autonomy' | 'automatic-starts' | 'answer-review'>]: string
  }
  readonly startsOff: string
  readonly startsOn: string
  readonly answer: string
  readonly autonomy: string
  readonly reasons: { readonly [reason: string]: string }
  readonly states: { readonly [state in OrderState]: string }
  readonly noReview: string
  readonly keys: string
  readonly site: string
  readonly since: string
  readonly deadline: string
  readonly why: string
  readonly candidate: (handle: string, witnesses: number) => string
  readonly unreadable: string
  readonly notAPlate: string
  readonly onItsWay: string
  readonly cropsStay: string
  readonly showCrops: string
  readonly cropsOfReview: (bay: string) => string
  readonly cropsOnRecord: string
  readonly noCrops: string
  readonly cropsAway: string
  readonly cropsNotAllowed: string
  readonly crop: (place: number, all: number) => string
  readonly readAs: (name: string) => string
  readonly readAsNothing: string
  readonly noReviewNow: string
  readonly allowsNone: string
  readonly allowsUnknown: string
  readonly roleMayNone: (role: string) => string
  readonly allowsNoAnswer: string
  readonly needsAccount: string
  readonly needsBay: string
  readonly needsReason: string
  readonly choose: string
  readonly notOurs: string
}

const ENGLISH: CentreWords = {
  language: 'en',
  reviewDesk: 'Reviews',
  ordersTo: (site) => `Orders to ${site}`,
  linked: 'Its gateway is linked.',
  away: 'Its gateway is away: an order waits until it links, or until its time is over.',
  bay: 'Bay',
  order: 'Order',
  account: 'Account that pays (to let charge)',
  reason: 'Reason',
  holds: 'Holds for',
  give: 'Give this order',
  given: 'Given',
  by: 'By',
  state: 'What became of it',
  noOrder: 'No order was given yet.',
  noBay: 'No bay of this site is on record yet.',
  again: 'Look again',
  orders: {
    authorize: 'let charge for an account',
    deny: 'deny',
    'release-lock': 'release the lock',
    'remote-stop': 'stop the charge',
    'out-of-service': 'take out of service',
    'in-service': 'put back in service',
    'learn-empty': 'learn the empty bay',
  },
  startsOff: 'automatic starts off (whole site)',
  startsOn: 'automatic starts on (whole site)',
  answer: 'answer a review',
  autonomy: 'how berth acts',
  reasons: {
    'driver-asked': 'a driver asked',
    'wrong-account': 'wrong account',
    maintenance: 'maintenance',
    blocked: 'blocked',
    emergency: 'emergency',
    test: 'test',
    other: 'another',
  },
  states: {
    waiting: 'waits to be sent',
    sent: 'sent, no answer yet',
    asked: 'waits for a second person at the site',
    done: 'done',
    refused: 'refused',
    expired: 'expired',
  },
  noReview: 'No read waits for a person at any site.',
  keys: 'Keys: J and K go down and up, 1 to 9 choose a candidate, U says unreadable, N says that it is no plate, P looks at it.',
  site: 'Site',
  since: 'Since',
  deadline: 'Decided without anybody at',
  why: 'Why',
  candidate: (handle, witnesses) => `${handle} (${witnesses === 1 ? '1 read' : `${witnesses} reads`})`,
  unreadable: 'Unreadable',
  notAPlate: 'No plate',
  onItsWay: 'Answers on their way',
  cropsStay:
    'Here vehicles have the names under which their site keeps them. Where a site allows it, the plate can be looked at; its picture comes from the gateway at that moment, and is kept nowhere here.',
  showCrops: 'Look at the plate',
  cropsOfReview: (bay: string) => `Plate in ${bay}`,
  cropsOnRecord: 'That you looked is on record at the site, with your name. Nothing of this is kept here.',
  noCrops: 'No picture is kept for this review.',
  cropsAway: 'Its gateway is away; the plate can be looked at once it is linked.',
  cropsNotAllowed: 'This site shows no plates at its centre; who must see one looks at the site’s own berth.',
  crop: (place: number, all: number) => `Picture ${place} of ${all}`,
  readAs: (name: string) => `read as ${name}`,
  readAsNothing: 'read as no vehicle that is known',
  noReviewNow: 'This review is not open any more.',
  allowsNone:
    'This site lets nobody at its centre order anything. Its operator says what may be ordered, under `centre.orders` of the site file.',
  allowsUnknown:
    'What this site lets its centre order is known once its gateway links; what it does not allow is refused there.',
  roleMayNone: (role) => `The role ${role} may give none of the orders that this site allows; ask a colleague who may.`,
  allowsNoAnswer: 'This site wants its reviews answered by its own people, at its own berth.',
  needsAccount: 'Say which account pays: without one nobody can be let charge.',
  needsBay: 'Choose a bay: this order is to one.',
  needsReason: 'Choose a reason: it goes on record.',
  choose: 'choose…',
  notOurs: 'Nothing was ordered: this form is not one of this page as it is now. Fill it in once more.',
}

const GERMAN: CentreWords = {
  language: 'de',
  reviewDesk: 'Rückfragen',
  ordersTo: (site) => `Anweisungen an ${site}`,
  linked: 'Sein Gateway ist verbunden.',
  away: 'Sein Gateway ist nicht verbunden: Eine Anweisung wartet, bis es sich verbindet oder ihre Zeit um ist.',
  bay: 'Ladeplatz',
  order: 'Anweisung',
  account: 'Konto, das zahlt (zum Ladenlassen)',
  reason: 'Grund',
  holds: 'Gilt',
  give: 'Anweisung geben',
  given: 'Gegeben',
  by: 'Von',
  state: 'Was daraus wurde',
  noOrder: 'Noch wurde keine Anweisung gegeben.',
  noBay: 'Von diesem Standort ist noch kein Ladeplatz bekannt.',
  again: 'Neu laden',
  orders: {
    authorize: 'für ein Konto laden lassen',
    deny: 'ablehnen',
    'release-lock': 'Bindung lösen',
    'remote-stop': 'Ladung beenden',
    'out-of-service': 'außer Betrieb nehmen',
    'in-service': 'in Betrieb nehmen',
    'learn-empty': 'leeren Platz lernen',
  },
  startsOff: 'automatische Starts aus (ganzer Standort)',
  startsOn: 'automatische Starts ein (ganzer Standort)',
  answer: 'Rückfrage beantworten',
  autonomy: 'wie berth handelt',
  reasons: {
    'driver-asked': 'auf Wunsch',
    'wrong-account': 'falsches Konto',
    maintenance: 'Wartung',
    blocked: 'zugestellt',
    emergency: 'Notfall',
    test: 'Probe',
    other: 'ein anderer',
  },
  states: {
    waiting: 'wartet auf das Senden',
    sent: 'gesendet, noch keine Antwort',
    asked: 'wartet auf einen Zweiten am Standort',
    done: 'ausgeführt',
    refused: 'abgelehnt',
    expired: 'abgelaufen',
  },
  noReview: 'An keinem Standort wartet eine Lesung auf einen Menschen.',
  keys: 'Tasten: J und K gehen ab und auf, 1 bis 9 wählen einen Kandidaten, U sagt unlesbar, N sagt kein Kennzeichen, P sieht es an.',
  site: 'Standort',
  since: 'Seit',
  deadline: 'Ohne jemanden entschieden um',
  why: 'Warum',
  candidate: (handle, witnesses) => `${handle} (${witnesses === 1 ? '1 Lesung' : `${witnesses} Lesungen`})`,
  unreadable: 'Unlesbar',
  notAPlate: 'Kein Kennzeichen',
  onItsWay: 'Antworten unterwegs',
  cropsStay:
    'Hier heißen Fahrzeuge so, wie ihr Standort sie führt. Wo ein Standort es erlaubt, lässt sich das Kennzeichen ansehen; sein Bild kommt in dem Moment vom Gateway und wird hier nirgends aufbewahrt.',
  showCrops: 'Kennzeichen ansehen',
  cropsOfReview: (bay) => `Kennzeichen auf ${bay}`,
  cropsOnRecord:
    'Dass Sie hingesehen haben, steht mit Ihrem Namen im Journal des Standorts. Hier wird nichts davon aufbewahrt.',
  noCrops: 'Zu dieser Rückfrage ist kein Bild aufbewahrt.',
  cropsAway: 'Sein Gateway ist nicht verbunden; das Kennzeichen lässt sich ansehen, sobald es verbunden ist.',
  cropsNotAllowed:
    'Dieser Standort zeigt an seiner Zentrale keine Kennzeichen; wer eines sehen muss, sieht am berth des Standorts nach.',
  crop: (place, all) => `Bild ${place} von ${all}`,
  readAs: (name) => `gelesen als ${name}`,
  readAsNothing: 'als kein bekanntes Fahrzeug gelesen',
  noReviewNow: 'Diese Rückfrage ist nicht mehr offen.',
  allowsNone:
    'Dieser Standort lässt an seiner Zentrale niemanden etwas anweisen. Was angewiesen werden darf, sagt sein Betreiber unter `centre.orders` der Standortdatei.',
  allowsUnknown:
    'Was dieser Standort seine Zentrale anweisen lässt, ist bekannt, sobald sich sein Gateway verbindet; was er nicht erlaubt, lehnt er ab.',
  roleMayNone: (role) =>
    `Die Rolle ${role} darf keine der Anweisungen geben, die dieser Standort erlaubt; fragen Sie jemanden, der es darf.`,
  allowsNoAnswer: 'Dieser Standort lässt seine Rückfragen nur von eigenen Leuten beantworten, an seinem eigenen berth.',
  needsAccount: 'Nennen Sie das Konto, das zahlt: Ohne eines kann niemand laden.',
  needsBay: 'Wählen Sie einen Ladeplatz: Diese Anweisung gilt einem.',
  needsReason: 'Wählen Sie einen Grund: Er steht dann im Journal.',
  choose: 'wählen…',
  notOurs:
    'Nichts wurde angewiesen: Dieses Formular gehört nicht zu dieser Seite, wie sie jetzt ist. Füllen Sie es noch einmal aus.',
}

/** The words in this language. */
export const centreWords = (language: CentreLanguage): CentreWords => (language === 'de' ? GERMAN : ENGLISH)

/** An order in words. */
export function orderInWords(
  words: CentreWords,
  order: { readonly type: CentralOrderType; readonly on?: boolean },
): string {
  switch (order.type) {
    case 'automatic-starts':
      return order.on === true ? words.startsOn : words.startsOff
    case 'answer-review':
      return words.answer
    case 'autonomy':
      return words.autonomy
    default:
      return words.orders[order.type]
  }
}
