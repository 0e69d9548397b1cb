import { createActor } from 'xstate'
import { BayHost } from '../../actors/bay-actor.ts'
import { bay as machine } from '../../machines/bay.ts'
import { DEFAULT_POLICY } from '../../machines/events.ts'
import type { BayEvent } from '../../machines/learn.ts'
import type { Draft, FactRecord } from '../../machines/record.ts'
import { type BaySnapshot, eventOf, opened, step } from '../../machines/step.ts'

/** One line of `npm run bench`. */
export type BenchLine = {
  readonly name: string
  readonly value: string | number
  readonly note?: string | undefined
}

const CONNECTOR = 'CP-1/1'
const START = Date.parse('2026-11-22T10:00:00.000Z')

/** A visit as a bay hears it, over and over: 24 events. */
function* visits(count: number): Generator<BayEvent> {
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

const fresh = (events: readonly BayEvent[]): BayEvent[] => events.map((event) => ({ ...event }))

function timed(work: () => void): number {
  const from = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(from)
  return (user + system) / 1e6
}

const best = (rounds: number, work: () => number): number => Math.min(...Array.from({ length: rounds }, work))

/** Bay steps against plain `actor.send`, replay, and memory per live bay. */
export function bayBench(): BenchLine[] {
  const events = [...visits(400)]
  const plain = (): number => {
    const list = fresh(events)
    const actor = createActor(machine, { input: { bayId: 'bay-1' } }).start()
    const s = timed(() => {
      for (const event of list) actor.send(event)
    })
    actor.stop()
    return s
  }
  const sourced = (): number => {
    const list = fresh(events)
    const host = new BayHost('bay-1')
    return timed(() => {
      for (const event of list) host.tell(event)
    })
  }
  const drafts: Draft[] = []
  let snapshot: BaySnapshot = opened('bay-1')
  for (const event of fresh(events)) {
    const made = step(snapshot, event)
    snapshot = made.snapshot
    drafts.push(JSON.parse(JSON.stringify(made.draft)) as Draft)
  }
  const replay = (): number =>
    timed(() => {
      let state = opened('bay-1')
      for (const draft of drafts) state = step(state, eventOf(draft)).snapshot
    })
  plain()
  sourced()
  const [send, told, replayed] = [best(5, plain), best(5, sourced), best(5, replay)]
  const locked = drafts.filter((draft) => draft.state === 'charging-locked').length
  return [
    {
      name: 'bay steps, event-sourced : plain actor.send',
      value: (send / told).toFixed(2),
      note: `${Math.round(events.length / told)} against ${Math.round(events.length / send)} events per CPU-second; bar 0.85`,
    },
    {
      name: 'replayed bay records per CPU-second',
      value: String(Math.round(drafts.length / replayed)),
      note: `${locked} of ${drafts.length} while locked`,
    },
    {
      name: 'bytes of one record, canonical JSON without personal',
      value: String(Math.round(drafts.reduce((sum, draft) => sum + JSON.stringify(draft).length, 0) / drafts.length)),
    },
    { name: 'bytes per live bay, 10,000 bays', value: String(bytesPerBay(10_000)) },
  ]
}

function bytesPerBay(count: number): number {
  const collect = (globalThis as { gc?: () => void }).gc ?? (() => {})
  collect()
  const before = process.memoryUsage().heapUsed
  const hosts = Array.from({ length: count }, (_, index) => {
    const host = new BayHost(`bay-${index}`)
    let version = 0
    for (const event of visits(0)) {
      const draft = host.tell({ ...event, version: ++version })
      host.committedNext({ ...draft, seq: version } as unknown as FactRecord)
    }
    return host
  })
  collect()
  const after = process.memoryUsage().heapUsed
  return hosts.length === 0 ? 0 : Math.round((after - before) / count)
}
