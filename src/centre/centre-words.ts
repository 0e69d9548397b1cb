import type { CentralOrderType } from '../uplink/central-order.ts'
import type { OrderState } from './order-book.ts'

/** Languages of the centre's pages. */
export type CentreLanguage = 'en' | 'de'

/** What the pages of orders and of the review desk say. */
export type CentreWords = {
  readonly language: CentreLanguage
  readonly sites: string
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
}

const ENGLISH: CentreWords = {
  language: 'en',
  sites: 'Sites',
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
  keys: 'Keys: J and K go down and up, 1 to 9 choose a candidate, U says unreadable, N says that it is no plate.',
  site: 'Site',
  since: 'Since',
  deadline: 'Decided without anybody at',
  why: 'Why',
  candidate: (handle, witnesses) => `${handle} (${witnesses === 1 ? '1 read' : `${witnesses} reads`})`,
  unreadable: 'Unreadable',
  notAPlate: 'No plate',
  onItsWay: 'Answers on their way',
  cropsStay:
    'Plates and their pictures stay at the sites: here vehicles have the names under which the site keeps them. Who must see the picture answers at the site’s own berth.',
}

const GERMAN: CentreWords = {
  language: 'de',
  sites: 'Standorte',
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
  keys: 'Tasten: J und K gehen ab und auf, 1 bis 9 wählen einen Kandidaten, U sagt unlesbar, N sagt kein Kennzeichen.',
  site: 'Standort',
  since: 'Seit',
  deadline: 'Ohne jemanden entschieden um',
  why: 'Warum',
  candidate: (handle, witnesses) => `${handle} (${witnesses === 1 ? '1 Lesung' : `${witnesses} Lesungen`})`,
  unreadable: 'Unlesbar',
  notAPlate: 'Kein Kennzeichen',
  onItsWay: 'Antworten unterwegs',
  cropsStay:
    'Kennzeichen und ihre Bilder bleiben an den Standorten: Hier heißen Fahrzeuge so, wie der Standort sie führt. Wer das Bild sehen muss, antwortet am berth des Standorts.',
}

/** In the language that a browser asks for first, of those that there are. */
export function centreWords(acceptLanguage: string | undefined): CentreWords {
  const asked = (acceptLanguage ?? '').toLowerCase().split(',')
  const first = asked.map((one) => one.trim().slice(0, 2)).find((one) => one === 'de' || one === 'en')
  return first === 'de' ? GERMAN : ENGLISH
}

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
