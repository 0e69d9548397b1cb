import { expect, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { offerSensors } from '../../src/sensors-offered.ts'
import { openArrayDesk } from './server/array-desk.ts'

test('each bay of one EVSE is offered as it is and as it changes, with the token of who pays it now and never a plate', async () => {
  const site = openArrayDesk({ clock: systemClock, count: 1 })
  const sent: string[] = []
  const tokens = new Map([['bay-1', 'FLEETCARD1']])
  const end = offerSensors({
    desk: site.desk,
    clock: systemClock,
    tokenOf: (bayId) => tokens.get(bayId) ?? null,
    notify: async (chargePointId, action, payload) => sent.push(JSON.stringify([chargePointId, action, payload])) > 0,
  })
  expect(sent).toHaveLength(1)
  expect(sent[0]).toContain('"actualValue":"false"')
  const visit = {
    visitId: 'v-1',
    plate: 'veh-1',
    identifiedBy: 'plate',
    accountId: 'acc-1',
    startedAt: '2026-11-22T10:00:00.000Z',
  }
  await site.change('bay-1', { type: 'plate.agreed' }, { state: 'authorizing', visit: visit as never })
  expect(sent).toHaveLength(2)
  expect(sent[1]).toContain('"actualValue":"FLEETCARD1"')
  // Another card takes the bill over: the sensor says what is true now.
  tokens.set('bay-1', 'CARD-7')
  await site.change('bay-1', { type: 'token.presented' }, { visit: { ...visit, accountId: 'acc-7' } as never })
  expect(sent).toHaveLength(3)
  expect(sent[2]).toContain('"actualValue":"CARD-7"')
  expect(sent[2]).not.toContain('FLEETCARD1')
  tokens.clear()
  await site.change('bay-1', { type: 'token.presented' }, { visit: { ...visit, accountId: 'acc-8' } as never })
  expect(sent[3]).toMatch(/"actualValue":"false".*VehicleIdSensor/)
  expect(sent.join()).not.toContain('AB12CDE')
  end()
  await site.change('bay-1', { type: 'zone.empty' }, { state: 'vacant', visit: null })
  expect(sent).toHaveLength(4)
})
