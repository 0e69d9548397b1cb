/** What the server says in English, in the page's language: its names and its sentences. German is loaded where it is read. */
import { decimal, language } from './language.ts'
import type { NameKind } from './names-german.ts'

const german =
  language === 'de'
    ? await Promise.all([
        import('./names-german.ts'),
        import('./sentences-german.ts'),
        import('./alarm-german.ts'),
      ] as const)
    : null

/** English names of records, once somebody lists records. */
let english: { readonly [kind: string]: { readonly [name: string]: string } | undefined } = {}

/** Brings the words for what records say; where they cannot be loaded their own names are spelt out. */
export async function recordWords(): Promise<void> {
  if (german === null)
    english = await import('./names-english.ts').then(
      ({ NAMES }) => NAMES,
      () => english,
    )
}

/** What could not be done, from the code of the fault and its own sentence: the code says it where the page knows no such sentence. */
export function faultWords(sentence: string, code: string): string {
  if (german === null) return sentence
  return german[1].inGerman(sentence) ?? german[1].faultInGerman(code) ?? sentence
}

/** A name of the journal; as it is where it has no other, and in words where it is one of code. */
export function nameWord(kind: NameKind, name: string): string {
  const names: { readonly [name: string]: string } = german?.[0].NAMES[kind] ?? english[kind] ?? {}
  return names[name] ?? (kind === 'decisions' ? spelt(name) : name)
}

/** `PlateAgreed` is `plate agreed`. */
const spelt = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()

/** A sentence of the server; as it is where this page has no other. */
export const inWords = (sentence: string): string => german?.[1].inGerman(sentence) ?? sentence

/** The same as a sentence begins. */
export function asSentence(text: string): string {
  const said = inWords(text)
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}`
}

/** Why a bay is locked: `transaction-open`, `current-6.1A`. */
export function lockWord(reason: string): string {
  const current = /^current-([\d.]+)A$/.exec(reason)?.[1]
  if (current !== undefined) return `${german ? 'Strom' : 'current'} ${decimal(Number(current), 1)} A`
  if (german === null) return reason.replace('-', ' ')
  return reason === 'transaction-open' ? 'offene Transaktion' : reason === 'current' ? 'Strom' : reason
}

/** A piece of evidence: a record of a stream (`bay:bay-1@23`), or what it decided. */
export function evidenceWord(piece: string): string {
  const [, stream, version] = /^(?:bay:)?(.+)@(\d+)$/.exec(piece) ?? []
  if (stream === undefined) return nameWord('decisions', piece)
  return german === null ? piece : `${stream}, Stand ${version}`
}

/** What an alarm of this type is at all, and what to do; null where its own sentences say it. */
export function alarmWords(type: string): readonly [says: string, todo: string] | null {
  const known: { readonly [type: string]: readonly [string, string] } = german?.[2].ALARMS ?? {}
  return known[type] ?? null
}
