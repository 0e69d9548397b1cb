/**
 * German for the server's sentences. The English sentence, with `{}` where it names something, is its stable code, and what stood there are
 * its parameters, which are said in German themselves where they can be. A test takes every sentence out of the server's sources and
 * fails on one that is not here.
 */
import { BAY_SENTENCES } from './bay-sentences-german.ts'
import { CAMERA_SENTENCES } from './camera-sentences-german.ts'
import { CENTRAL_SENTENCES } from './central-sentences-german.ts'
import { FINDING_SENTENCES } from './finding-sentences-german.ts'
import { FAULT_SENTENCES, REFUSAL_SENTENCES } from './refusal-sentences-german.ts'
import { REGISTER_SENTENCES } from './register-sentences-german.ts'
import { TROUBLE_SENTENCES } from './trouble-sentences-german.ts'
import { WATCH_SENTENCES } from './watch-sentences-german.ts'

/** An English sentence and the German one; `{}` names what is said, `{2}` the second of them. */
export type Pair = readonly [english: string, german: string]

type Form = { readonly fits: RegExp; readonly german: string }

const ALL: readonly Pair[] = [
  ...BAY_SENTENCES,
  ...CAMERA_SENTENCES,
  ...WATCH_SENTENCES,
  ...TROUBLE_SENTENCES,
  ...REFUSAL_SENTENCES,
  ...REGISTER_SENTENCES,
  ...FINDING_SENTENCES,
  ...CENTRAL_SENTENCES,
]
const plain = new Map<string, string>(ALL.filter(([english]) => !english.includes('{}')))
/** The longest first: it says most of what it fits. */
const forms: readonly Form[] = ALL.filter(([english]) => english.includes('{}'))
  .toSorted(([a], [b]) => b.length - a.length)
  .map(([english, german]) => ({ fits: formOf(english), german }))
const known = new Map<string, string | null>()
/** No sentence is longer, characters. What others sent may be, and looking for its words would take as long as they want. */
const LONGEST = 1_000
/** Sentences that are kept: a page of a wall stays small. */
const MOST = 500

function formOf(english: string): RegExp {
  const parts = english.split('{}').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('([^]+?)')}$`)
}

/** The sentence in German; null where there is none. */
export function inGerman(sentence: string): string | null {
  if (sentence.length > LONGEST) return null
  const found = known.get(sentence)
  if (found !== undefined) return found
  const german = plain.get(sentence) ?? byForm(sentence)
  if (known.size >= MOST) known.clear()
  known.set(sentence, german)
  return german
}

function byForm(sentence: string): string | null {
  for (const { fits, german } of forms) {
    const match = fits.exec(sentence)
    if (match === null) continue
    const said = match.slice(1).map(parameter)
    let next = 0
    return german.replaceAll(/\{(\d?)\}/g, (_, place: string) => said[place === '' ? next++ : Number(place) - 1] ?? '')
  }
  return null
}

/** What a sentence names: a number with its comma, a sentence of its own, or a name as it is. */
function parameter(text: string): string {
  const whole = inGerman(text)
  if (whole !== null) return whole
  if (/^\d+\.\d+$/.test(text)) return text.replace('.', ',')
  return text.includes(', ') ? text.split(', ').map(parameter).join(', ') : text
}

/** What a fault of this code means at all; null for one that this page does not know. */
export const faultInGerman = (code: string): string | null =>
  (FAULT_SENTENCES as { readonly [code: string]: string })[code] ?? null
