import { expect, test } from 'vitest'
import { type Look, Looks, ONE_LOOK_ms } from '../../actors/looks.ts'
import type { Entry } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'

/** Looks over a list of what was written, on a clock that is set by hand. */
function openLooks() {
  const causes: Entry['cause'][] = []
  const hand = { now: 1_000_000, failing: false }
  const write = async (entries: readonly Entry[]) => {
    if (hand.failing) throw new Fault('STORE_UNWRITABLE')
    for (const { stream, cause } of entries) {
      expect(stream).toBe('audit')
      causes.push(cause)
    }
    return []
  }
  return { looks: new Looks({ now: () => hand.now }, () => ({ write })), causes, hand }
}

const look = (subjects: string[], more: Partial<Look> = {}): Look => ({
  by: 'anna',
  role: 'operator',
  what: 'bays',
  subjects,
  ...more,
})

test('who is shown a vehicle is on record once an hour, person and kind of call', async () => {
  const { looks, causes, hand } = openLooks()
  await looks.saw(look(['veh-1', 'veh-2', 'veh-1']))
  expect(causes).toEqual([
    { type: 'personal.seen', by: 'anna', role: 'operator', what: 'bays', subjects: ['veh-1', 'veh-2'], count: 2 },
  ])
  await looks.saw(look(['veh-2', 'veh-3']))
  expect(causes[1]).toMatchObject({ subjects: ['veh-3'], count: 1 })
  await looks.saw(look(['veh-1', 'veh-2', 'veh-3']))
  expect(causes.length).toBe(2)
  await looks.saw(look(['veh-1'], { by: 'bert' }))
  await looks.saw(look(['veh-1'], { what: 'journal' }))
  expect(causes.length).toBe(4)
  hand.now += ONE_LOOK_ms
  await looks.saw(look(['veh-1']))
  expect(causes.length).toBe(5)
})

test('a request that is verified by another proof, or by another person, is on record within the hour too', async () => {
  const { looks, causes } = openLooks()
  const proofs = [
    { by: 'account', accountId: 'acc-1', verifiedBy: 'anna' },
    { by: 'proof', kind: 'court', verifiedBy: 'anna' },
    { by: 'proof', kind: 'court', verifiedBy: 'boris' },
  ]
  for (const verified of [...proofs, ...proofs])
    await looks.saw(look(['veh-1'], { what: 'subject', more: { verified } }))
  expect(causes.map(({ verified }) => verified)).toEqual(proofs)
})

test('a crowd is counted and a hundred of it named; nobody shown is no record; a file stands for itself', async () => {
  const { looks, causes } = openLooks()
  await looks.saw(look(Array.from({ length: 250 }, (_, at) => `veh-${at}`)))
  expect(causes[0]).toMatchObject({ count: 250 })
  expect(causes[0]?.['subjects']).toHaveLength(100)
  await looks.saw(look([]))
  expect(causes.length).toBe(1)
  await looks.saw(look([], { what: 'export', about: 'march.jsonl', more: { records: 12 } }))
  expect(causes[1]).toMatchObject({ what: 'export', about: 'march.jsonl', records: 12, subjects: [], count: 0 })
})

test('a look that could not be written rejects, for everybody who waited for it, and is written the next time', async () => {
  const { looks, causes, hand } = openLooks()
  hand.failing = true
  const both = await Promise.allSettled([looks.saw(look(['veh-1'])), looks.saw(look(['veh-1']))])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  hand.failing = false
  await looks.saw(look(['veh-1']))
  expect(causes.length).toBe(1)
})
