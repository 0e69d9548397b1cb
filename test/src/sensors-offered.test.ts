import { expect, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { offerSensors } from '../../src/sensors-offered.ts'
import { openArrayDesk } from './server/array-desk.ts'

test('each bay of one EVSE is offered as it is and as it changes, with the alias of who pays and never a plate', async () => {
  const site = openArrayDesk({ clock: systemClock, count: 1 })
  site.plates.set('veh-1', 'AB12CDE')
  await site.desk.register.putVehicle(
    'AB12CDE',
    { accountId: 'acc-1', alias: 'FLEETCARD1' },
    { name: 'op', role: 'operator' },
  )
  const sent: string[] = []
  const end = offerSensors({
    desk: site.desk,
    clock: systemClock,
    notify: (chargePointId, action, payload) => void sent.push(JSON.stringify([chargePointId, action, payload])),
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
  expect(sent.join()).not.toContain('AB12CDE')
  end()
  await site.change('bay-1', { type: 'zone.empty' }, { state: 'vacant', visit: null })
  expect(sent).toHaveLength(2)
})
