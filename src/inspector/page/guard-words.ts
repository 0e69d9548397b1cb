/** Names of a bay's chart: English is the chart's own words, German is loaded where it is read. */
import { language } from './language.ts'
import { inWords, nameWord } from './told-words.ts'

type Names = { readonly [name: string]: string }
type Pairs = { readonly [name: string]: readonly [word: string, need: string] }

const german = language === 'de' ? await import('./chart-german.ts') : null
const QUESTIONS: Pairs = german?.QUESTIONS ?? {}
const [OTHERS, EVENTS, PLACES]: readonly Names[] = [german?.OTHERS ?? {}, german?.EVENTS ?? {}, german?.PLACES ?? {}]
const spaced = (name: string): string => name.replaceAll('.', ' ').replaceAll('-', ' ')

/** A guard, rule or timer: `hasQuorum` is `has quorum`. */
export const guardWord = (name: string): string =>
  name.startsWith('after ') && german
    ? guardWord(name.slice(6))
    : (QUESTIONS[name]?.[0] ?? OTHERS?.[name] ?? spaced(name.replace(/([a-z])([A-Z])/g, '$1 $2')).toLowerCase())

/** What a guard needs, as the server said it, or the same in German with the server's figure. */
export const needWord = (name: string, need: string): string =>
  QUESTIONS[name]?.[1].replace('#', /\d[\d.]*(?: [As]\b)?/.exec(need)?.[0] ?? '').replace('.', ',') ?? inWords(need)

/** What happened. */
export const toldWord = (type: string): string => EVENTS?.[type] ?? spaced(nameWord('notes', type))

/** A state of the chart, or where a bay stands within one. */
export const placeWord = (place: string): string => PLACES?.[place] ?? spaced(place)
