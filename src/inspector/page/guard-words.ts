/** Names of a bay's chart: English is the chart's own words, German is loaded where it is read. */
import { language } from './language.ts'
import { nameWord } from './told-words.ts'

type Names = { readonly [name: string]: string }

/** Rules that ask nothing. */
const RULES: Names = {
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
const { QUESTIONS = {}, OTHERS = RULES, EVENTS = {}, PLACES = {} }: { readonly [kind: string]: Names } = german ?? {}
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
