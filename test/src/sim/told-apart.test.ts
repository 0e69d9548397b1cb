import { expect, test } from 'vitest'
import { answerOf } from '../../../src/commands/sim/design-answer.ts'
import type { Variant } from '../../../src/commands/sim/design-variant.ts'
import { CROWD, measured, ran } from './ran-variant.ts'

test('a handful of mistakes ranks no design', () => {
  const mistaken = (label: string, hits: number): Variant => {
    const { run } = ran(label, { 'run.replications': 2, 'run.days': 2 }, CROWD)
    const results = run.results.map((one) => ({
      ...one,
      metrics: { ...one.metrics, 'misread-accepted': { hits, of: 60 }, 'wrong-bay': { hits: 0, of: 60 } },
    }))
    return { label, run: { ...run, results } }
  }
  const little = answerOf([mistaken('a', 0), mistaken('b', 1)]).join(' ')
  expect(little).toContain('too few to tell the designs apart')
  expect(little).not.toContain('Most mistakes')
  expect(little).toContain('No dearer design was shown to help anybody: a is enough by this run.')
  expect(answerOf([mistaken('a', 0), mistaken('b', 20)]).join(' ')).toContain('Most mistakes are made with b')
})

test('a design that surely loses fewer vehicles helps, however unsure it is that it avoids fallbacks too', () => {
  const plain = measured('plain', 10, [20, 21, 19, 20], [30, 50, 10, 40])
  const more = measured('more', 12, [18, 19, 17, 18], [30, 10, 40, 20])
  const says = answerOf([plain, more]).join(' ')
  expect(says).toContain('more costs 2 EUR a day more than plain and loses 2 (2 to 2) vehicles a day fewer: 1 EUR')
  expect(says).not.toContain('No dearer design was shown to help')
})

test('who is turned away avoids no fallback: a dearer design that surely loses more is praised for none', () => {
  const plain = measured('plain', 10, [10, 11, 9, 10], [20, 22, 21, 20])
  const worse = measured('worse', 12, [30, 31, 29, 30], [15, 17, 16, 15])
  const says = answerOf([plain, worse]).join(' ')
  expect(says).toContain('worse costs 2 EUR a day more than plain and loses 20 (20 to 20) vehicles a day more')
  expect(says).not.toContain('EUR for each')
  expect(says).toContain('No dearer design was shown to help anybody')
})

test('most of a trouble is said of one design only where the same vehicles show it; others that may have as much are named', () => {
  const { run: short } = ran('short', { 'run.replications': 2, 'run.days': 1 }, CROWD)
  const run = { ...short, scenario: { ...short.scenario, run: { ...short.scenario.run, days: 30 } } }
  const [first] = run.results
  if (!first) throw new Error('nothing was run')
  const troubled = (label: string, name: string, hits: readonly number[]): Variant => {
    const results = hits.map((one, replication) => ({
      ...first,
      replication,
      metrics: { ...first.metrics, 'wrong-bay': { hits: 0, of: 900 }, [name]: { hits: one, of: 900 } },
    }))
    return { label, run: { ...run, results } }
  }
  const [little, much, more] = [
    [1, 2, 1, 1],
    [20, 9, 16, 14],
    [12, 19, 15, 20],
  ] as const
  const said = (name: string, ...hits: (readonly number[])[]): string =>
    answerOf(hits.map((one, index) => troubled('abc'[index] as string, name, one))).join(' ')
  for (const [name, words] of [
    ['wrong-payer', /is billed for a charge about [\d.]+ times a month/],
    ['drivers-hit', /Faults cost .* of the vehicles their place, their charge or their read/],
  ] as const) {
    expect(said(name, much, more)).toMatch(
      new RegExp(`${words.source} with b \\(this run does not tell the designs apart\\)`),
    )
    expect(said(name, little, much, more)).toMatch(
      new RegExp(`${words.source}, most with c \\(or b: this run does not tell them apart\\)`),
    )
    expect(said(name, little, more)).toMatch(new RegExp(`${words.source}, most with b[:,]`))
  }
  expect(said('misread-accepted', much, more)).toContain('Mistakes do not tell the designs apart: with b')
  expect(said('misread-accepted', little, much, more)).toContain(
    'Most mistakes are made with c (or b: this run does not tell them apart): ',
  )
})

test('what reviewers cost is as much chance as design: a dearer one is called so only where that is shown', () => {
  const costing = (label: string, costs: readonly number[], fallbacks: readonly number[]): Variant => {
    const variant = measured(label, 0, [10, 12, 9, 11], fallbacks)
    const results = variant.run.results.map((one, at) => ({
      ...one,
      metrics: { ...one.metrics, cost: costs[at] ?? 0 },
    }))
    return { label, run: { ...variant.run, results } }
  }
  const plain = costing('plain', [10, 10.4, 10.1, 10.2], [20, 21, 22, 20])
  const unsure = answerOf([plain, costing('more', [10.2, 10.1, 10.3, 10.3], [15, 16, 17, 16])]).join(' ')
  expect(unsure).toMatch(/more costs 0\.05 EUR a day \(-[\d.]+ to [\d.]+\), so not surely more, than plain/)
  const sure = answerOf([plain, costing('more', [11, 11.4, 11.1, 11.2], [15, 16, 17, 16])]).join(' ')
  expect(sure).toContain('more costs 1 EUR a day more than plain')
})

test('a dearer design that is not shown to avoid fallbacks has no price for each, and the next is held against the cheapest', () => {
  const designs = [
    measured('plain', 10, [9, 9, 9, 9], [20, 21, 22, 20]),
    measured('unsure', 11, [9, 9, 9, 9], [24, 15, 20, 22]),
    measured('sure', 13, [9, 9, 9, 9], [10, 11, 12, 10]),
  ]
  const says = answerOf(designs).join(' ')
  expect(says).toMatch(
    /unsure costs 1 EUR a day more than plain and is not shown to avoid fallbacks \(0\.5 a day, -[\d.]+ to [\d.]+\): more replications may tell\./,
  )
  expect(says).toContain(
    'sure costs 3 EUR a day more than plain and avoids 10 (10 to 10) fallbacks a day: 0.3 EUR for each',
  )
})

test('what the same vehicles do not show is not told beside what they do', () => {
  const plain = measured('plain', 10, [10, 30, 12, 20], [20, 21, 22, 20])
  const more = measured('more', 12, [30, 10, 21, 12], [15, 16, 17, 16])
  const says = answerOf([plain, more]).join(' ')
  expect(says).toContain('more costs 2 EUR a day more than plain and avoids 4.75')
  expect(says).not.toContain('instead of')
})
