/** Why a bay is what it is, in sentences: the rule that fired, and what was asked before it. */
import type { BayView, GuardView } from '../../../projections/bay-view.ts'
import { eventWord, value } from './bay-words.ts'
import { language, words } from './language.ts'
import { span } from './server-time.ts'
import { ENGLISH, type WhySentences } from './why-english.ts'

const WORDS = words({
  en: {
    nothingYet: 'Nothing has happened here yet.',
    since: (event: string) => `Nothing has changed here since: ${event}.`,
  },
  de: {
    nothingYet: 'Hier ist noch nichts geschehen.',
    since: (event) => `Hier hat sich nichts geändert seit: ${event}.`,
  },
})

type Sentences = { readonly [name: string]: string | undefined }
const SAYS: WhySentences = language === 'de' ? (await import('./why-german.ts')).GERMAN : ENGLISH
/** A figure of the policy in what a guard needs: `0.2 A`, `30 s`, `2`. */
const FIGURE = /\d[\d.]*(?: [As]\b)?/

/** What the page knows of a bay's why; what a second reader read stands with the visit. */
type Explained = Pick<BayView, 'why'> & Partial<Pick<BayView, 'visit'>>

/** Why the bay is as it is, in one sentence: the rule that it met, with what was seen and what was needed. It names no plate. */
export function whyLine({ why, visit }: Explained): string {
  if (why === null) return WORDS.nothingYet
  if (why.rule === 'secondAnswered' && visit?.secondRead) return SAYS[`secondAnswered.${visit.secondRead.says}`]
  const [, , timer] = /^xstate\.(after)\.(\w+)/.exec(why.event) ?? []
  const met = why.guards.find((guard) => guard.ok && guard.name === why.rule)
  const says: Sentences = SAYS
  const sentence = met ? guardSays(says, met) : (says[`${why.rule}.${timer}`] ?? says[why.rule])
  return sentence ?? WORDS.since(eventWord(why.event))
}

/** The same for who may see plates: in pieces, of which those at odd places are plates, where two readers disagree. */
export function whyParts(bay: Explained): readonly string[] {
  const { says, plate, first } = bay.visit?.secondRead ?? {}
  if (bay.why?.rule !== 'secondAnswered' || says !== 'other' || !plate || !first || /•/.test(plate + first))
    return [whyLine(bay)]
  const [before = '', between = '', after = ''] = SAYS['secondAnswered.plates'].split(/\{\}|#/)
  return [before, plate, between, first, after]
}

/** What a guard that held came to. */
export const heldSays = (guard: GuardView): string => guardSays(SAYS, guard) ?? guard.need

/** What each guard that did not hold came to, and what it would have taken; brought when somebody asks. Rejects where it could not be loaded. */
export async function unmetSentences(): Promise<(guard: GuardView) => string> {
  const { UNMET }: { readonly UNMET: Sentences } =
    language === 'de' ? await import('./unmet-german.ts') : await import('./unmet-english.ts')
  return (guard) => guardSays(UNMET, guard) ?? guard.need
}

/** The sentence of one guard with its value and its figure; undefined for one that this page does not know. */
function guardSays(says: Sentences, { name, ok, value: saw, need }: GuardView): string | undefined {
  const figure = FIGURE.exec(need)?.[0] ?? need
  const isNumber = typeof saw === 'number'
  const kind = isNumber
    ? ok && saw < Number.parseFloat(figure)
      ? 'low'
      : 'number'
    : saw === null || saw === ok
      ? 'nothing'
      : ''
  const sentence = says[`${name}.${kind}`] ?? says[name]
  return sentence?.replaceAll('{}', amount(saw)).replaceAll('#', amount(figure))
}

/** `30 s`, `0.2 A` and numbers as the page writes them; a longer time in minutes and hours. */
function amount(thing: unknown): string {
  const seconds = /^(\d+) s$/.exec(String(thing))?.[1]
  if (seconds !== undefined) return span(Number(seconds) * 1000)
  return language === 'de' && /^\d+\.\d+ A$/.test(String(thing)) ? String(thing).replace('.', ',') : value(thing)
}
