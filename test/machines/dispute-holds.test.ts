import { expect, test } from 'vitest'
import {
  type DisputeHolds,
  disputedOf,
  disputesOf,
  foldDisputes,
  learnNeeded,
  noDisputes,
} from '../../machines/dispute-holds.ts'

const at = '2026-11-23T06:00:00.000Z'
type Said = { type: string; [field: string]: string }
const say = (holds: DisputeHolds, ...decisions: Said[]) => foldDisputes(holds, { at, decisions })
const NAMES = ['veh-1', 'veh-2', 'veh-3', 'card-3', 'acc-1', 'acc-2']
const openOf = (holds: DisputeHolds) => NAMES.map((name) => disputesOf(holds, name).map(({ sessionId }) => sessionId))

test('a dispute needs whoever its visit names, also after the bill, and the account that pays', () => {
  const holds = noDisputes()
  say(holds, { type: 'PlateAgreed', visitId: 'v-1', handle: 'veh-1' })
  say(holds, { type: 'SessionBilled', visitId: 'v-1', sessionId: 'ses-1', accountId: 'acc-1' })
  say(holds, { type: 'SessionDisputed', sessionId: 'ses-1' })
  say(holds, { type: 'PlateAgreed', visitId: 'v-1', handle: 'veh-2' })
  say(holds, { type: 'VisitEnded', visitId: 'v-1' })
  expect(openOf(holds)).toEqual([['ses-1'], ['ses-1'], [], [], ['ses-1'], []])
  say(holds, { type: 'SessionSettled', sessionId: 'ses-1' })
  expect(openOf(holds).flat()).toEqual([])
  expect(NAMES.map((name) => disputedOf(holds, name))).toEqual([['ses-1'], ['ses-1'], [], [], ['ses-1'], []])
})

test('a dispute of a visit that is over keeps everybody until it is learnt from its bill whom it needs', () => {
  const holds = noDisputes()
  say(
    holds,
    { type: 'VisitAuthorized', visitId: 'v-3', handle: 'veh-3', card: 'card-3' },
    { type: 'SessionBilled', visitId: 'v-3', sessionId: 'ses-3', accountId: 'acc-1' },
    { type: 'VisitEnded', visitId: 'v-3' },
  )
  say(holds, { type: 'SessionDisputed', sessionId: 'ses-3' })
  expect([...holds.unknown]).toEqual(['ses-3'])
  expect(openOf(holds)).toEqual(NAMES.map(() => ['ses-3']))
  learnNeeded(holds, 'ses-3', { handles: new Set(['veh-3', 'card-3']), payer: 'acc-1' })
  learnNeeded(holds, 'ses-3', { handles: new Set(['veh-1']), payer: null })
  expect(holds.unknown.size).toBe(0)
  expect(openOf(holds)).toEqual([[], [], ['ses-3'], ['ses-3'], ['ses-3'], []])
})

test('what was disputed as it ran needs whoever it is billed to', () => {
  const holds = noDisputes()
  say(holds, { type: 'PlateAgreed', visitId: 'v-1', handle: 'veh-1' })
  say(holds, { type: 'SessionDisputed', sessionId: 'ses-v-1' })
  learnNeeded(holds, 'ses-v-1', { handles: new Set(), payer: null })
  say(holds, { type: 'SessionBilled', visitId: 'v-1', sessionId: 'ses-v-1', accountId: 'acc-2' })
  expect(openOf(holds)).toEqual([['ses-v-1'], [], [], [], [], ['ses-v-1']])
})

test('of charges that nobody disputes nothing is kept once their visits are over', () => {
  const holds = noDisputes()
  for (let one = 0; one < 20_000; one++)
    say(
      holds,
      { type: 'PlateAgreed', visitId: `v-${one}`, handle: `veh-${one}` },
      { type: 'SessionBilled', visitId: `v-${one}`, sessionId: `ses-${one}`, accountId: 'acc-1' },
      { type: 'VisitEnded', visitId: `v-${one}` },
    )
  expect(Object.values(holds).map(({ size }) => size)).toEqual([0, 0, 0, 0, 0])
})
