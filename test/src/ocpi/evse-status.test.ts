import { expect, test } from 'vitest'
import type { BayView, ConnectorView } from '../../../projections/bay-view.ts'
import { evseStatus, evsesOf } from '../../../src/ocpi/evse-status.ts'

const free: ConnectorView = {
  chargePointId: 'CP-1',
  evse: 1,
  online: true,
  status: 'Available',
  current_A: 0,
  power_W: 0,
  at: null,
}
const bay = (fields: Partial<BayView>): BayView =>
  ({
    bayId: 'bay-1',
    state: 'vacant',
    detail: 'vacant',
    since: '2026-11-22T10:00:00.000Z',
    session: null,
    blocked: null,
    service: 'in-service',
    chargers: [free],
    ...fields,
  }) as BayView
const session = { sessionId: 's', transactionId: '1', idToken: null, energy_Wh: 1, startedAt: '' }

test('an EVSE is BLOCKED only where every bay that its cable reaches is occupied without a session', () => {
  const waiting = bay({ state: 'detecting', detail: 'collecting' })
  const standing = bay({ state: 'exiting', detail: 'still-here', session })
  const charging = bay({ state: 'charging-locked', detail: 'charging', session })
  const cases: readonly (readonly [string, readonly BayView[]])[] = [
    ['AVAILABLE', [bay({})]],
    ['BLOCKED', [waiting]],
    ['BLOCKED', [standing]],
    ['BLOCKED', [bay({ state: 'authorizing', detail: 'denied', blocked: { why: 'refused', since: '' } })]],
    ['AVAILABLE', [bay({ state: 'exiting', detail: 'unseen', session })]],
    ['AVAILABLE', [waiting, bay({ bayId: 'bay-2' })]],
    ['BLOCKED', [waiting, standing]],
    ['CHARGING', [charging]],
    ['CHARGING', [waiting, charging]],
  ]
  for (const [status, bays] of cases)
    expect(evseStatus(free, bays), bays.map(({ detail }) => detail).join()).toBe(status)
})

test('what is away, out of order or out of service says so, whoever stands there', () => {
  const waiting = [bay({ state: 'detecting', detail: 'collecting' })]
  const of = (fields: Partial<ConnectorView>) => evseStatus({ ...free, ...fields }, waiting)
  expect([
    of({ online: false }),
    of({ status: 'Faulted' }),
    of({ status: 'Unavailable' }),
    of({ status: 'Reserved' }),
  ]).toEqual(['UNKNOWN', 'OUTOFORDER', 'INOPERATIVE', 'RESERVED'])
  expect(evseStatus(free, [bay({ service: 'out-of-service' })])).toBe('INOPERATIVE')
  expect([of({ status: 'Charging' }), of({ status: 'SuspendedEV' })]).toEqual(['CHARGING', 'CHARGING'])
})

test('every EVSE is told once, whichever bays reach it', () => {
  const party = { country_code: 'GB', party_id: 'BRT' } as never
  const all = evsesOf({ siteId: 'depot', name: 'Depot', party }, [bay({}), bay({ bayId: 'bay-2' })], 0)
  expect(all).toEqual([
    {
      uid: 'CP-1/1',
      evse_id: 'GB*BRT*ECP*1*1',
      status: 'AVAILABLE',
      physical_reference: 'bay-1, bay-2',
      last_updated: '2026-11-22T10:00:00.000Z',
    },
  ])
})
