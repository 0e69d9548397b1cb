import { describe, expect, test } from 'vitest'
import { bay } from '../../../machines/bay.ts'
import { DEFAULT_POLICY } from '../../../machines/events.ts'
import { QUESTIONS } from '../../../machines/guards.ts'
import type { BayView, GuardView, SecondReadView } from '../../../projections/bay-view.ts'
import { whyOf } from '../../../projections/view-of-bay.ts'
import { playStory } from '../../../simulations/player.ts'
import { SCENARIOS } from '../../../simulations/scenario-list.ts'
import { UNMET as UNMET_ENGLISH } from '../../../src/inspector/page/unmet-english.ts'
import { UNMET as UNMET_GERMAN } from '../../../src/inspector/page/unmet-german.ts'
import { ENGLISH } from '../../../src/inspector/page/why-english.ts'
import { GERMAN } from '../../../src/inspector/page/why-german.ts'
import { heldSays, unmetSentences, whyLine, whyParts } from '../../../src/inspector/page/why-words.ts'

type Sentences = { readonly [name: string]: string }
const CATALOGUES: readonly (readonly [english: Sentences, german: Sentences])[] = [
  [ENGLISH, GERMAN],
  [UNMET_ENGLISH, UNMET_GERMAN],
]
/** Every rule that a transition of the chart names. */
const RULES = new Set([...JSON.stringify(bay.config).matchAll(/"rule":"(\w+)"/g)].map(([, rule = '']) => rule))
const placeholders = (text = '') => [...text.matchAll(/\{\}|#/g)].map(([one]) => one).sort()

describe('why, in a sentence', () => {
  test('every rule of the chart has one, and every question one for its no', () => {
    expect(RULES.size).toBeGreaterThan(50)
    expect([...RULES].filter((rule) => rule !== 'note' && !(rule in ENGLISH))).toEqual([])
    expect(Object.keys(QUESTIONS).filter((name) => !(name in UNMET_ENGLISH))).toEqual([])
  })

  test('English and German name the same figures, and each is a whole sentence', () => {
    const all = CATALOGUES.flatMap(([english, german]) =>
      Object.entries(english).map(([name, text]) => ({ name, text, other: german[name] ?? '' })),
    )
    expect(all.filter(({ text, other }) => `${placeholders(text)}` !== `${placeholders(other)}`)).toEqual([])
    expect(all.flatMap(({ text, other }) => [text, other]).filter((one) => !/^[A-ZÄÖÜ{#].*\.$/.test(one))).toEqual([
      ENGLISH.strayStartOver,
    ])
  })

  test('whatever happens in the cases of the field is told whole: no figure is missing, no word is one of code', async () => {
    const unmet = await unmetSentences()
    const told = new Map<string, string>()
    for (const story of SCENARIOS.flatMap(({ stories }) => stories)) {
      const { records } = await playStory(story, { seed: 0 })
      for (const record of records.filter(({ bayId }) => bayId !== null)) {
        const why = whyOf(record, DEFAULT_POLICY)
        if (why.rule !== 'note') told.set(`${why.rule} ${JSON.stringify(why.guards.at(-1)?.value)}`, whyLine({ why }))
        for (const guard of why.guards)
          told.set(`${guard.name} ${guard.ok} ${guard.value}`, guard.ok ? heldSays(guard) : unmet(guard))
      }
    }
    expect(told.size).toBeGreaterThan(100)
    const isWhole = (text: string) => /\.$/.test(text) && !/[{}#]|true|false|null|undefined|[a-z][A-Z]|_/.test(text)
    expect([...told].filter(([, text]) => !isWhole(text))).toEqual([])
  }, 180_000)

  test('what a second reader came to is said as it was: another plate, the same, none, no answer, or no word of its own', () => {
    const why = { event: 'second.read', seq: 1, at: '', rule: 'secondAnswered', guards: [], evidence: [] }
    const said = (says: SecondReadView['says']) =>
      whyLine({ why, visit: { secondRead: { says, plate: 'AB12CDF', first: 'AB12CDE' } } as BayView['visit'] })
    const lines = (['other', 'same', 'unreadable', 'unavailable', 'akin'] as const).map(said)
    expect(lines.map((line) => line.split(':')[0])).toEqual([
      'The second reader read another plate than the first',
      'The second reader read the same plate as the first, and doubts remain',
      'The second reader could not read the plate',
      'No second reader had an answer',
      'The second reader reads by the first one’s model and is no second witness',
    ])
    expect(lines.join(' ')).not.toMatch(/AB12/)
  })

  test('plates stand in it only where both are told in clear and differ', () => {
    const why = { event: 'second.read', seq: 1, at: '', rule: 'secondAnswered', guards: [], evidence: [] }
    const parts = (plate: string | null, first: string | null, says: SecondReadView['says'] = 'other') =>
      whyParts({ why, visit: { secondRead: { says, plate, first } } as BayView['visit'] })
    expect(parts('AB12CDF', 'AB12CDE').join('')).toBe(
      'The second reader read AB12CDF, the first AB12CDE: a person is asked which it is.',
    )
    for (const masked of [parts('AB•••DF', 'AB•••DE'), parts(null, 'AB12CDE'), parts('AB12CDE', 'AB12CDE', 'same')])
      expect(masked).toHaveLength(1)
  })

  test('a figure says what was seen and what was needed, and a reading between them why it counts all the same', () => {
    const drawing = (value: GuardView['value'], ok = true) => heldSays({ name: 'drawing', ok, value, need: '>= 0.2 A' })
    expect(drawing(6.1)).toBe('Energy flows: 6.1 A, and from 0.2 A on it counts as charging.')
    expect(drawing(0)).toBe('Energy flowed a moment ago; one low sample (0 A) ends no charge.')
    expect(drawing(null)).toBe('Energy flows; how much the charge point does not say.')
    const left = { name: 'leftSeen', ok: true, value: '339 s', need: 'zone empty for 30 s, nothing charging' }
    expect(heldSays(left)).toBe('The vehicle left: seen empty for 5 min 39 s (30 s needed), and nothing charges.')
  })
})
