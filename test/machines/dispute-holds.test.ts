import { expect, test } from 'vitest'
import { foldDisputes, noDisputes, sessionsOf } from '../../machines/dispute-holds.ts'

const at = '2026-11-23T06:00:00.000Z'

test('a name leads to its charges, also where it was named after the bill, and an account to those that it pays', () => {
  const holds = noDisputes()
  const say = (...decisions: { type: string; [field: string]: string }[]) => foldDisputes(holds, { at, decisions })
  say({ type: 'PlateAgreed', visitId: 'v-1', handle: 'veh-1' })
  say({ type: 'SessionBilled', visitId: 'v-1', sessionId: 'ses-1', accountId: 'acc-1' })
  say({ type: 'PlateAgreed', visitId: 'v-1', handle: 'veh-2' })
  say({ type: 'SessionBilled', visitId: 'v-1', sessionId: 'ses-2' })
  say({ type: 'VisitEnded', visitId: 'v-1' })
  say({ type: 'PlateAgreed', visitId: 'v-2', handle: 'veh-1' }, { type: 'VisitEnded', visitId: 'v-2' })
  say({ type: 'SessionBilled', visitId: 'v-3', sessionId: 'ses-3', accountId: 'acc-1' })
  say(
    { type: 'VisitAuthorized', visitId: 'v-3', handle: 'veh-3', card: 'card-3' },
    { type: 'VisitEnded', visitId: 'v-3' },
  )
  const names = ['veh-1', 'veh-2', 'veh-3', 'card-3', 'acc-1', 'acc-2']
  expect(names.map((name) => sessionsOf(holds, name))).toEqual([
    ['ses-1', 'ses-2'],
    ['ses-1', 'ses-2'],
    ['ses-3'],
    ['ses-3'],
    ['ses-1', 'ses-3'],
    [],
  ])
  expect([holds.visits.size, holds.billed.size]).toEqual([0, 0])
})

test('to forget a crowd takes no look through every bill that was ever written: it takes less than to write them', () => {
  const holds = noDisputes()
  const names = Array.from({ length: 20_000 }, (_, one) => `veh-${one}`)
  const began = performance.now()
  for (const handle of names) {
    const of = { visitId: `v-${handle}`, handle, sessionId: `ses-${handle}` }
    foldDisputes(holds, {
      at,
      decisions: [
        { type: 'SessionBilled', ...of },
        { type: 'VisitEnded', visitId: of.visitId },
      ],
    })
  }
  const written = performance.now()
  const found = names.slice(0, 500).map((name) => sessionsOf(holds, name))
  const took = performance.now() - written
  expect(found).toEqual(names.slice(0, 500).map((name) => [`ses-${name}`]))
  expect(took).toBeLessThan(written - began)
})
