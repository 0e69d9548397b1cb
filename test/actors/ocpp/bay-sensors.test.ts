import { describe, expect, it } from 'vitest'
import { type BayKnown, SensorOffers } from '../../../actors/ocpp/sensor-offers.ts'
import { specified } from '../../contracts/ocpp-schemas.ts'
import { StationScene } from './station-scene.ts'

const presence = (scene: StationScene) => scene.site.bay('bay-1')?.here.presence
const sensor = (scene: StationScene) => scene.site.bay('bay-1')?.cameras['CP-1/1 sensor']

const notice = (more: object = {}, name = 'BayOccupancySensor', variable = 'Active') => ({
  generatedAt: '2026-11-22T10:00:00Z',
  seqNo: 0,
  eventData: [
    {
      eventId: 1,
      timestamp: '2026-11-22T10:00:00Z',
      trigger: 'Delta',
      actualValue: 'true',
      eventNotificationType: 'HardWiredNotification',
      component: { name, evse: { id: 1 } },
      variable: { name: variable },
      ...more,
    },
  ],
})

describe('the bay sensor of a 2.x station', () => {
  it('says by a notice that somebody stands there, and that nobody does', async () => {
    const scene = await StationScene.open('a voice')
    expect(presence(scene)).not.toBe('occupied')
    expect(await scene.call('NotifyEvent', notice())).toEqual({})
    expect(sensor(scene)).toMatchObject({ saw: 'occupied', live: true, lastReadAt: null })
    expect(presence(scene)).toBe('occupied')
    await scene.call('NotifyEvent', notice({ actualValue: 'FALSE' }))
    expect(presence(scene)).toBe('empty')
  })

  it.each([
    ['another component', notice({}, 'ConnectedEV')],
    ['another variable', notice({}, 'BayOccupancySensor', 'Percent')],
    ['a value that is none', notice({ actualValue: 'perhaps' })],
    ['no EVSE', notice({ component: { name: 'BayOccupancySensor' } })],
    ['an EVSE that no bay has', notice({ component: { name: 'BayOccupancySensor', evse: { id: 9 } } })],
    ['nothing', {}],
    ['nonsense', { eventData: [null, 7, { component: 'x' }] }],
  ])('that names %s says nothing of a bay, and is answered', async (_what, payload) => {
    const scene = await StationScene.open('a voice')
    expect(await scene.call('NotifyEvent', payload)).toEqual({})
    expect(sensor(scene)).toBeUndefined()
  })

  it('says by the triggers of a transaction that a vehicle came and went; repeats are no news', async () => {
    const { scene, idToken } = await StationScene.started()
    const token = { idToken: { idToken, type: 'Central' } }
    await scene.event('Started', 0, { triggerReason: 'EVDetected', ...token })
    expect(sensor(scene)).toMatchObject({ saw: 'occupied', live: true })
    const records = scene.site.journal.records.length
    await scene.event('Updated', 1, { triggerReason: 'EVDetected' })
    const seen = scene.site.journal.records.slice(records).filter(({ cause }) => cause.type === 'vehicle.seen')
    expect(seen).toEqual([])
    await scene.event('Updated', 2, { triggerReason: 'EVDeparted' })
    expect(sensor(scene)).toMatchObject({ saw: 'empty', live: true })
  })

  it('says nothing of now once its transaction is over, or its station is away', async () => {
    const { scene, idToken } = await StationScene.started()
    const token = { idToken: { idToken, type: 'Central' } }
    await scene.event('Started', 0, { triggerReason: 'EVDetected', ...token })
    await scene.event('Ended', 1, { triggerReason: 'StopAuthorized' })
    expect(sensor(scene)?.live).toBe(false)
    await scene.call('NotifyEvent', notice())
    expect(sensor(scene)?.live).toBe(true)
    await scene.drops()
    expect(sensor(scene)?.live).toBe(false)
  })

  it('is evidence of presence, and starts nothing by itself', async () => {
    const scene = await StationScene.open('a voice')
    await scene.call('NotifyEvent', notice())
    await scene.passes(60)
    expect(scene.calls.map(({ action }) => action)).not.toContain('RequestStartTransaction')
    expect(scene.site.bay('bay-1')?.visit?.payer ?? null).toBeNull()
  })
})

describe('what berth knows of a bay, offered to another back end', () => {
  function offered() {
    const sent: { chargePointId: string; payload: unknown }[] = []
    const deaf = { now: false }
    const offers = new SensorOffers(
      () => Date.parse('2026-11-22T10:00:00Z'),
      async (chargePointId, _action, payload) => {
        sent.push({ chargePointId, payload })
        return !deaf.now
      },
    )
    const values = () =>
      sent.map(({ payload }) =>
        (
          payload as { eventData: { component: { name: string }; variable: { name: string }; actualValue: string }[] }
        ).eventData.map((one) => `${one.component.name}.${one.variable.name}=${one.actualValue}`),
      )
    const show = (known: BayKnown, evse = 1) => offers.show({ chargePointId: 'CP-1', evse }, known)
    return { sent, values, show, offers, deaf }
  }

  it('is said once for each change, in calls that the specification takes in both versions', () => {
    const { sent, values, show } = offered()
    show({ occupied: false, token: null })
    show({ occupied: true, token: null })
    show({ occupied: true, token: null })
    show({ occupied: true, token: 'FLEETCARD1' })
    show({ occupied: false, token: null })
    show({ occupied: true, token: null }, 2)
    expect(values()).toEqual([
      ['BayOccupancySensor.Active=false'],
      ['BayOccupancySensor.Active=true'],
      ['VehicleIdSensor.Active=true', 'VehicleIdSensor.Token=FLEETCARD1'],
      ['BayOccupancySensor.Active=false', 'VehicleIdSensor.Active=false'],
      ['BayOccupancySensor.Active=true'],
    ])
    for (const { payload } of sent) {
      expect(specified('ocpp2.0.1')('NotifyEvent.req', payload)).toBeNull()
      expect(specified('ocpp2.1')('NotifyEventRequest', payload)).toBeNull()
    }
  })

  it('is said again where it was not heard, though nothing has changed since', async () => {
    const { values, show, deaf } = offered()
    deaf.now = true
    show({ occupied: true, token: null })
    await new Promise((resolve) => setImmediate(resolve))
    deaf.now = false
    show({ occupied: true, token: null })
    show({ occupied: true, token: null })
    expect(values()).toEqual([['BayOccupancySensor.Active=true'], ['BayOccupancySensor.Active=true']])
  })

  it('is said anew where the other back end may have lost it', () => {
    const { values, show, offers } = offered()
    show({ occupied: true, token: null })
    offers.forget('CP-1')
    show({ occupied: true, token: null })
    expect(values()).toHaveLength(2)
  })
})
