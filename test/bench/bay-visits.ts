import { DEFAULT_POLICY } from '../../machines/events.ts'
import type { BayEvent } from '../../machines/learn.ts'

const CONNECTOR = 'CP-1/1'
const START = Date.parse('2026-11-22T10:00:00.000Z')

/** A visit as a bay hears it, over and over: 24 events. */
export function* visits(count: number): Generator<BayEvent> {
  let at = START
  let version = 0
  const tick = (): { at: number; version: number } => {
    at += 500
    version += 1
    return { at, version }
  }
  const stamp = (told: object): BayEvent => ({ id: 'o', source: 'bench', ...told, ...tick() }) as BayEvent
  yield stamp({ type: 'policy.adopted', policy: DEFAULT_POLICY })
  yield stamp({
    type: 'profile.adopted',
    connectors: [
      { connector: CONNECTOR, chargePointId: 'CP-1', evse: 1, connectionTimeout_s: 60, startOn: 'validation' },
    ],
  })
  yield stamp({ type: 'zones.published', cameras: ['cam-1'] })
  for (let visit = 0; visit < count; visit++) {
    const plate = (type: string, witnesses: number) => ({
      type,
      cameraId: 'cam-1',
      trackId: 't',
      leader: 'veh-1',
      tally: [{ handle: 'veh-1', witnesses, share: 1, plausible: true, chance: null }],
      clear: true,
      fresh: true,
      windowFrom: at,
      thinned: 0,
    })
    const transactionId = String(visit + 1)
    const meter = (current_A: number, register_Wh: number) => ({
      type: 'meter.values',
      connector: CONNECTOR,
      transactionId,
      when: 'live',
      current_A,
      power_W: 230 * current_A,
      register_Wh,
      verdict: 'valid',
      max_A: null,
      thinned: 0,
    })
    yield stamp({ type: 'charger.online', chargePointId: 'CP-1' })
    yield stamp({ type: 'connector.status', connector: CONNECTOR, status: 'available', errorCode: null })
    yield stamp({ type: 'vehicle.seen', cameraId: 'cam-1' })
    yield stamp(plate('plate.seen', 1))
    yield stamp(plate('plate.agreed', 2))
    yield stamp({ type: 'claim.granted', handle: 'veh-1', visitId: `bay-1-${version - 2}`, rival: null })
    yield stamp({
      type: 'authorization.granted',
      ask: `ask-bay-1-${version}`,
      handle: 'veh-1',
      accountId: 'acc-1',
      confirm: false,
    })
    yield stamp({ type: 'start.accepted', startId: `bay-1-${version}` })
    yield stamp({ type: 'connector.status', connector: CONNECTOR, status: 'preparing', errorCode: null })
    yield stamp({
      type: 'transaction.started',
      connector: CONNECTOR,
      transactionId,
      token: { kind: 'start', startId: `bay-1-${version - 2}`, visitId: '', live: true },
      register_Wh: 1000,
      accepted: true,
    })
    yield stamp({ type: 'connector.status', connector: CONNECTOR, status: 'charging', errorCode: null })
    for (let i = 0; i < 8; i++) yield stamp(meter(6 + i / 10, 1000 + 100 * i))
    yield stamp({ type: 'transaction.ended', connector: CONNECTOR, transactionId, register_Wh: 1900, reason: 'Local' })
    yield stamp({ type: 'connector.status', connector: CONNECTOR, status: 'available', errorCode: null })
    yield stamp({ type: 'zone.empty', cameraId: 'cam-1' })
    at += 40_000
    yield stamp({ type: 'bay.wake' })
  }
}

/** Events of their own: what a guard answered is remembered for an event. */
export const fresh = (events: readonly BayEvent[]): BayEvent[] => events.map((event) => ({ ...event }))

/** CPU-seconds of some work. */
export function timed(work: () => void): number {
  const from = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(from)
  return (user + system) / 1e6
}

/** The least of some rounds. */
export const best = (rounds: number, work: () => number): number => Math.min(...Array.from({ length: rounds }, work))
