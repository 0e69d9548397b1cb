import { expect, test } from 'vitest'
import { DEFAULT_POLICY, type Policy } from '../../machines/events.ts'
import type { BayEvent } from '../../machines/learn.ts'
import type { Draft } from '../../machines/record.ts'
import { opened, step } from '../../machines/step.ts'
import { visits } from '../bench/bay-visits.ts'

const CURRENT_ALONE: Policy = { ...DEFAULT_POLICY, lock: { ...DEFAULT_POLICY.lock, by: ['current'] } }

/** A bay in mid-charge under this policy, whose vehicle is full: no current flows, the transaction stays open and the cable in. `tell` goes on. */
function fullVehicle(policy: Policy) {
  const events = [...visits(1)]
  let snapshot = opened('bay-1')
  let [at, version] = [0, 0]
  const drafts: Draft[] = []
  const tell = (told: object, later_ms = 0): Draft => {
    at = Math.max(at + later_ms, 'at' in told ? Number(told.at) : 0)
    version += 1
    const next = step(snapshot, { id: 'o', source: 'test', ...told, at, version } as unknown as BayEvent)
    snapshot = next.snapshot
    drafts.push(next.draft)
    return next.draft
  }
  const meters = events.filter(({ type }) => type === 'meter.values')
  const last = meters.at(-1) as BayEvent & { type: 'meter.values' }
  for (const event of events) {
    tell(event.type === 'policy.adopted' ? { ...event, policy } : event)
    if (event === last) break
  }
  const dry = { ...last, current_A: 0, power_W: 0 }
  for (let sample = 0; sample < 2; sample++) tell({ ...dry, at: at + 10_000 })
  return { tell, drafts, bay: () => snapshot.context, state: () => drafts.at(-1)?.state, last }
}

const agreed = (leader: string, at: number): object => ({
  type: 'plate.agreed',
  cameraId: 'cam-1',
  trackId: 't2',
  leader,
  tally: [{ handle: leader, witnesses: 3, share: 1, plausible: true, chance: null }],
  clear: true,
  fresh: true,
  windowFrom: at,
  thinned: 0,
})

test('locked by current alone, a full vehicle still keeps its bay while its transaction is open, whatever the camera sees', () => {
  for (const policy of [DEFAULT_POLICY, CURRENT_ALONE]) {
    const { tell, bay } = fullVehicle(policy)
    const visitId = bay().visit?.visitId
    tell({ type: 'zone.empty', cameraId: 'cam-1' }, 1000)
    for (let minutes = 0; minutes < 60; minutes++) tell({ type: 'bay.wake' }, 60_000)
    expect(visitId).toBeDefined()
    expect(bay().visit?.visitId).toBe(visitId)
  }
})

test('what the transaction in lock.by adds: while a full vehicle stands there no camera can hand its visit to another plate', () => {
  const kept = fullVehicle(DEFAULT_POLICY)
  expect(kept.state()).toBe('charging-locked')
  const visitId = kept.bay().visit?.visitId
  kept.tell(agreed('veh-2', kept.last.at), 60_000)
  expect(kept.bay().visit?.visitId).toBe(visitId)
  expect(kept.bay().visit?.payer?.handle).toBe('veh-1')

  const open = fullVehicle(CURRENT_ALONE)
  expect(open.state()).toBe('exiting')
  const before = open.bay().visit?.visitId
  open.tell(agreed('veh-2', open.last.at), 60_000)
  expect(open.bay().visit?.visitId).not.toBe(before)
})
