import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Polygon } from '../../actors/ports.ts'
import { systemClock } from '../../src/clock.ts'
import type { ChargePointClient } from '../../src/demo/charge-point-client.ts'
import type { Plate } from '../../src/demo/plate-design.ts'
import { bayZone, parkedPose } from '../../src/demo/scene.ts'
import { developPicture, type Pixels, renderPixels } from '../../src/demo/scene-picture.ts'
import { vehicleLength } from '../../src/demo/vehicle-body.ts'
import { journalOf, register, type ServingProcess, serveSite, until, writeSite } from '../src/serve/serving-line.ts'
import { type Figure, times } from './figure-table.ts'
import { FlushProbe } from './flush-probe.ts'
import { Latencies } from './latencies.ts'

/** Starts of each kind, over all bays. */
const STARTS = 48
/** One round. */
const WARM_UP = 12
/** Three for each of four cameras; a plate seen at the next one ends its visit here, and the last ones leave before the next round. */
const BAYS = 12
const cameraOf = (bay: number): number => Math.ceil(bay / 3)
const placeOf = (bay: number): number => (bay - 1) % 3
const PLATES: readonly Plate[] = [
  { style: 'gb-rear', text: 'AB12 CDE' },
  { style: 'gb-front', text: 'KL34 MNP' },
  { style: 'de', text: 'M KX 4821' },
]
const plateText = (bay: number): string => (PLATES[placeOf(bay)] as Plate).text.replaceAll(' ', '')

/** One start: from sending the message that makes the reads agree to the RemoteStart at the charge point, and how long each part took, ms. */
type Start = { readonly whole: number; readonly sight: number; readonly commits: number; readonly dispatch: number }

/** The time from a camera's message that makes the reads agree to the start on the wire: a process of its own, real sockets, a store on disk, nothing else going on. */
export async function lineBench(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-line-'))
  const cleanups: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const finish = (clean: () => unknown): void => void cleanups.unshift(clean)
  try {
    const site = await writeSite(BAYS, { folder, cameraOf, zones: (bay) => bayZone(placeOf(bay)) })
    const serving = await serveSite(site, { finish })
    const numbers = Array.from({ length: BAYS }, (_, index) => index + 1)
    const clients = numbers.map((bay) =>
      serving.charge(bay, { clock: systemClock, habits: { connectionTimeout_s: 0.1, meterInterval_s: 60 } }),
    )
    for (const bay of [1, 2, 3]) await register(serving, plateText(bay), `acc-${bay}`)
    await until(() => clients.every((client) => client.online))
    await until(async () => (await serving.ask('GET', '/health/ready')).status === 200, 60_000)
    await rest(500)
    const pictures = await Promise.all([1, 2, 3].map(scene))
    const addressOf = (bay: number, dialect: string): string =>
      `http://127.0.0.1:${site.httpPort}/in/cam-${cameraOf(bay)}-secret/${dialect}`
    let shot = 0
    const frame = async (bay: number): Promise<() => Promise<unknown>> => {
      const picture = await developPicture(pictures[placeOf(bay)] as Pixels, { seed: ++shot, noise: 4, blur_px: 0.6 })
      const body = new Blob([new Uint8Array(picture)])
      return () => fetch(addressOf(bay, 'frame'), { method: 'POST', body })
    }
    const reads = async (bay: number): Promise<() => Promise<unknown>> => {
      const [x, y] = middleOf(bayZone(placeOf(bay)))
      const read = { plate: plateText(bay), confidence: 0.97, box: [x - 0.02, y - 0.02, 0.04, 0.04] }
      const body = JSON.stringify({ reads: [read], frame: `reads-${++shot}` })
      return () => fetch(addressOf(bay, 'reads'), { method: 'POST', body })
    }
    const floor = await bareLine(serving, folder)
    return [
      ...(await measure('frame that decides to the start on the wire', serving, clients, frame, floor)),
      ...(await measure('`reads` message that decides to the start on the wire', serving, clients, reads, floor)),
    ]
  } finally {
    for (const clean of cleanups) await clean()
  }
}

function scene(bay: number): Promise<Pixels> {
  const look = { body: 'saloon', colour: [60, 90, 150], facing: 'rear', plate: PLATES[bay - 1] as Plate } as const
  return renderPixels({
    light: 'day',
    bayNumbers: ['1', '2', '3'],
    vehicles: [{ look, pose: parkedPose(bay - 1, vehicleLength(look)) }],
  })
}

type Shot = (bay: number) => Promise<() => Promise<unknown>>

async function measure(
  name: string,
  serving: ServingProcess,
  clients: readonly ChargePointClient[],
  shot: Shot,
  floor: number,
): Promise<Figure[]> {
  const starts: Start[] = []
  for (let turn = 0; turn < STARTS + WARM_UP; turn++) {
    const bay = (turn % BAYS) + 1
    const start = await oneStart(serving, clients[bay - 1] as ChargePointClient, bay, shot)
    if (turn >= WARM_UP) starts.push(start)
    if (bay === BAYS) await leave(serving)
  }
  const part = (key: keyof Start): string => `${at(starts, key, 0.5)} / ${at(starts, key, 0.99)}`
  const note = `floor: an answered request and ${FLUSHES} bare flushes; p50 / p99 of ${starts.length} starts ${part('whole')}; until the reads are heard ${part('sight')}, records ${part('commits')}, last commit and sending ${part('dispatch')}`
  return [{ name: `${name}, ms p50`, ...times(Number(at(starts, 'whole', 0.5)), floor), note }]
}

/** Commits that stand one behind the other between the read and the start: agreed, claimed, granted. */
const FLUSHES = 3

/** The least that such a way takes here, ms: a request that the same server answers from memory, and that many flushes of the same disk; medians. */
async function bareLine(serving: ServingProcess, folder: string): Promise<number> {
  const asked = new Latencies()
  for (let turn = 0; turn < 100; turn++) {
    const from = performance.now()
    await serving.ask('GET', '/health/live')
    asked.note(performance.now() - from)
  }
  const probe = new FlushProbe()
  const running = probe.run(join(folder, 'flushed'))
  await rest(5_000)
  probe.end()
  await running
  return asked.told().p50_ms + FLUSHES * probe.times.told().p50_ms
}

function at(starts: readonly Start[], key: keyof Start, share: number): string {
  const sorted = starts.map((start) => start[key]).sort((a, b) => a - b)
  return String(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))])
}

/** A vehicle comes, is seen twice and started; it never plugs in. */
async function oneStart(serving: ServingProcess, client: ChargePointClient, bay: number, shot: Shot): Promise<Start> {
  const before = client.frames.length
  const first = await shot(bay)
  const firstAt = Date.now()
  await first()
  const second = await shot(bay)
  await rest(300)
  const sentAt = Date.now()
  const sending = second()
  const startOf = () =>
    client.frames
      .slice(before)
      .find(({ way, frame }) => way === 'in' && frame[0] === 2 && frame[2] === 'RemoteStartTransaction')
  await until(
    () => startOf() !== undefined,
    10_000,
    () => `bay-${bay} starts ${plateText(bay)}`,
  )
  const startedAt = startOf()?.at ?? Number.NaN
  await sending
  const records = (await journalOf(serving)).filter((record) => Date.parse(record.at) >= firstAt)
  const agreed = records.find((record) => record.cause.type === 'plate.agreed')
  const granted = records.find((record) => record.cause.type === 'authorization.granted')
  const [heard, last] = [Date.parse(agreed.at), Date.parse(granted.recordedAt)]
  // Where both recognisers read the first frame alike, no second is waited for.
  const from = heard < sentAt ? firstAt : sentAt
  return { whole: startedAt - from, sight: heard - from, commits: last - heard, dispatch: startedAt - last }
}

/** The last camera sees that all of its bays are empty. */
async function leave(serving: ServingProcess): Promise<void> {
  const bays = [BAYS - 2, BAYS - 1, BAYS]
  await until(async () => {
    const address = `http://127.0.0.1:${serving.site.httpPort}/in/cam-${cameraOf(BAYS)}-secret/reads`
    await fetch(address, {
      method: 'POST',
      body: JSON.stringify({ reads: [], vehicles: [], frame: `empty-${Date.now()}` }),
    })
    await rest(200)
    const { body } = await serving.ask('GET', '/api/bays')
    return bays.every((bay) => body.items[bay - 1].state === 'vacant')
  }, 20_000)
}

function middleOf(polygon: Polygon): readonly [number, number] {
  const mean = (axis: 0 | 1): number => polygon.reduce((sum, point) => sum + point[axis], 0) / polygon.length
  return [mean(0), mean(1)]
}

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
