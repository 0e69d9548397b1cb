/** Names of a bay's chart: English is the chart's own words, German is loaded where it is read. */
import { language } from './language.ts'
import { nameWord } from './told-words.ts'
import type { RuleSentences } from './why-english.ts'

type Names = { readonly [name: string]: string }

/** What the chart's own words say too little of, and rules that ask nothing. */
const SHORT: Names & Partial<RuleSentences> = {
  held: 'energy or a transaction',
  drawing: 'energy flows',
  strangerStarts: 'another card started',
  orphanRevives: 'energy on an old transaction',
  arrives: 'a vehicle came',
  agreed: 'plate agreed',
  anotherCar: 'another vehicle',
  disputed: 'a second plate',
  personRead: 'a person read it',
  doubtful: 'reads disagree',
  someReads: 'too few reads agree',
  secondAgrees: 'second reader agrees',
  secondAnswered: 'a person is asked',
  reviewOver: 'no plate named',
  claimGranted: 'at no other bay',
  claimLost: 'at another bay',
  mustWait: 'a person confirms',
  refused: 'may not charge',
  withdrawn: 'may not charge any more',
  granted: 'may charge',
  grantedReady: 'may charge, start sent',
  operatorReady: 'let charge, start sent',
  operatorPays: 'let charge',
  startAccepted: 'start accepted',
  leftSeen: 'seen to leave',
  leftInferred: 'taken for gone',
  absent: 'no sign of it',
  lostSight: 'lost from sight',
  cableForgotten: 'only a cable left',
  linkDown: 'charge point away',
  contradicted: 'witnesses disagree',
  stillPlugged: 'cable still in',
  stillHere: 'vehicle still seen',
  zoneEmpty: 'nobody seen',
  resumedStart: 'started anew',
  ask: 'asks who pays',
  askSecond: 'asks the second reader',
  claimAgain: 'claims anew',
  unlock: 'charge over',
  offerAnonymous: 'no plate read',
  askReview: 'a person is asked',
  offerUnread: 'no answer',
  refuseClaim: 'claim not settled',
  offerTimeout: 'nothing came in time',
}
const german = language === 'de' ? await import('./chart-german.ts') : null
const { QUESTIONS = {}, OTHERS = SHORT, EVENTS = {}, PLACES = {} }: { readonly [kind: string]: Names } = german ?? {}
const spaced = (name: string): string => name.replaceAll('.', ' ').replaceAll('-', ' ')

/** A guard, rule or timer: `hasQuorum` is `has quorum`. */
export const guardWord = (name: string): string =>
  name.startsWith('after ') && german
    ? guardWord(name.slice(6))
    : (QUESTIONS[name] ?? OTHERS[name] ?? spaced(name.replace(/([a-z])([A-Z])/g, '$1 $2')).toLowerCase())

/** What happened. */
export const toldWord = (type: string): string => EVENTS[type] ?? spaced(nameWord('notes', type))

/** A state of the chart, or where a bay stands within one. */
export const placeWord = (place: string): string => PLACES[place] ?? spaced(place)
