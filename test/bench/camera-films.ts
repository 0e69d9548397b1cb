import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { systemClock } from '../../src/clock.ts'
import { seededDice } from '../../src/demo/dice.ts'
import { bayZone, parkedPose, type Scene } from '../../src/demo/scene.ts'
import { developPicture, type Pixels, renderPixels } from '../../src/demo/scene-picture.ts'
import { type VehicleLook, vehicleLength } from '../../src/demo/vehicle-body.ts'
import { percentile } from '../../src/vision/reader-bench.ts'
import { journalOf, register, serveSite, until, writeSite } from '../src/serve/serving-line.ts'
import type { Figure } from './figure-table.ts'
import { readerBench } from './reader.bench.ts'

const CAMERAS = 4
const BAY_NUMBERS = ['1', '2', '3'] as const
const BAYS = 12
const cameraOf = (bay: number): number => Math.ceil(bay / 3)
const placeOf = (bay: number): number => (bay - 1) % 3
/** A drive-in: frames while the vehicle comes, ms; then it stands, and leaves after a while. */
const DRIVE_MS = 2_500
const STAND_MS = 20_000
const GONE_MS = 14_000

/** One vehicle's scenes, rendered before the clock runs: what is left for each frame is a camera's own grain, since no camera gives one picture twice. */
type Film = { readonly plate: string; readonly coming: readonly Pixels[]; readonly standing: Pixels }

/** A scene as the lens gives it, without grain. */
async function lensOf(scene: Scene): Promise<Pixels> {
  const { data, width, height } = await renderPixels(scene)
  const raw = { raw: { width, height, channels: 3 as const } }
  return { data: await sharp(data, raw).blur(0.6).raw().toBuffer(), width, height }
}

async function filmOf(bay: number, text: string, fps: number): Promise<Film> {
  const dice = seededDice(`film ${bay}`)
  const look: VehicleLook = {
    body: dice.pick(['hatch', 'saloon', 'suv']),
    colour: [dice.whole(200), dice.whole(200), dice.whole(200)],
    facing: 'rear',
    plate: { style: 'gb-rear', text },
  }
  const stand = parkedPose(placeOf(bay), vehicleLength(look))
  const scene = (left: number): Promise<Pixels> => {
    const moved = { ...stand, z: stand.z + 4 * left ** 2 }
    const smear_px = 3 * left
    const vehicles = [{ look, pose: moved, ...(smear_px > 0.3 ? { smear_px } : {}) }]
    return lensOf({ light: 'day', bayNumbers: BAY_NUMBERS, vehicles })
  }
  const frames = Math.round((DRIVE_MS / 1000) * fps)
  const coming: Pixels[] = []
  for (let frame = 0; frame < frames; frame++) coming.push(await scene(1 - frame / frames))
  return { plate: text.replace(' ', ''), coming, standing: await scene(0) }
}

const rest = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, Math.max(0, ms)))

/** Resident memory of a process and its children, MB. */
function memoryOf(pid: number): number {
  const one = (id: number): number => {
    try {
      return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0) / 1024
    } catch {
      // It ended meanwhile.
      return 0
    }
  }
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]) === pid
          ? [Number(name)]
          : []
      } catch {
        return []
      }
    })
  return one(pid) + children.reduce((sum, child) => sum + memoryOf(child), 0)
}

/** Processor time of a process and its children so far, seconds. Linux counts it in hundredths. */
function processorTimeOf(pid: number): number {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return ids.reduce((sum, id) => {
    try {
      const fields = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      const isOwn = Number(id) === pid || Number(fields[1]) === pid
      return isOwn ? sum + (Number(fields[11]) + Number(fields[12])) / 100 : sum
    } catch {
      return sum
    }
  }, 0)
}

/**
 * The small end: twelve bays before four cameras at so many frames a second each, on one server with one reader. From standstill to
 * authorized, processor time and memory. The floor of a frame is the same reader that reads each one whole, alone.
 */
export async function filmCameras({ minutes, fps }: { minutes: number; fps: number }): Promise<readonly Figure[]> {
  const [bare] = await readerBench(8)
  const folder = mkdtempSync(join(tmpdir(), 'berth-cameras-'))
  const cleanups: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  try {
    const site = await writeSite(BAYS, { folder, cameraOf, zones: (bay) => bayZone(placeOf(bay)) })
    const serving = await serveSite(site, { finish: (clean) => void cleanups.unshift(clean) })
    const clients = Array.from({ length: BAYS }, (_, i) =>
      serving.charge(i + 1, { clock: systemClock, habits: { connectionTimeout_s: 600, meterInterval_s: 60 } }),
    )
    const LETTERS = 'ABCEFHJKLMNPRTUVWXY'
    const films: Film[] = []
    for (let bay = 1; bay <= BAYS; bay++) {
      const at = (step: number): string => LETTERS[(bay * step) % LETTERS.length] ?? 'A'
      films.push(await filmOf(bay, `${at(1)}${at(3)}${bay % 10}${(bay * 7) % 10} ${at(5)}${at(7)}${at(11)}`, fps))
    }
    for (const [i, { plate }] of films.entries()) await register(serving, plate, `acc-${i}`)
    await until(() => clients.every((client) => client.online), 60_000)
    await until(async () => (await serving.ask('GET', '/health/ready')).status === 200, 60_000)
    const empty = await lensOf({ light: 'day', bayNumbers: BAY_NUMBERS, vehicles: [] })
    const post = async (camera: number, picture: Buffer): Promise<number> => {
      const address = `http://127.0.0.1:${site.httpPort}/in/cam-${camera}-secret/frame`
      const answer = await fetch(address, { method: 'POST', body: new Blob([new Uint8Array(picture)]) })
      await answer.arrayBuffer()
      return answer.status
    }
    const stood: { bay: number; at: number }[] = []
    const counts = { sent: 0, taken: 0 }
    const memory: number[] = []
    const end = Date.now() + minutes * 60_000
    const send = (camera: number, scene: Pixels): void => {
      counts.sent += 1
      const picture = developPicture(scene, { seed: counts.sent, noise: 4, blur_px: 0 })
      picture
        .then((developed) => post(camera, developed))
        .then(
          (status) => {
            if (status === 200) counts.taken += 1
          },
          () => undefined,
        )
    }
    const camera = async (number: number): Promise<void> => {
      let turn = 0
      await rest(number * 1_700)
      while (Date.now() < end) {
        const bay = (number - 1) * 3 + (turn % 3) + 1
        const film = films[bay - 1] as Film
        const began = Date.now()
        let hasStood = false
        for (let frame = 0; Date.now() - began < DRIVE_MS + STAND_MS + GONE_MS; frame++) {
          const passed = Date.now() - began
          const left = passed >= DRIVE_MS + STAND_MS
          if (passed >= DRIVE_MS && !hasStood) stood.push({ bay, at: began + DRIVE_MS })
          hasStood ||= passed >= DRIVE_MS
          const coming = film.coming[Math.floor((passed / DRIVE_MS) * film.coming.length)]
          send(number, left ? empty : (coming ?? film.standing))
          await rest(began + ((frame + 1) * 1000) / fps - Date.now())
        }
        turn += 1
      }
    }
    const began = { at: Date.now(), cpu_s: processorTimeOf(serving.child.pid ?? 0) }
    const watching = setInterval(() => memory.push(memoryOf(serving.child.pid ?? 0)), 2_000)
    await Promise.all(Array.from({ length: CAMERAS }, (_, i) => camera(i + 1)))
    clearInterval(watching)
    const cores = (processorTimeOf(serving.child.pid ?? 0) - began.cpu_s) / ((Date.now() - began.at) / 1000)
    await rest(3_000)
    const granted = (await journalOf(serving)).filter((record) => record.cause.type === 'authorization.granted')
    const waits = stood.map(({ bay, at }) => {
      const own = granted
        .filter((record) => record.bayId === `bay-${bay}`)
        .map((record) => Date.parse(record.recordedAt))
      const first = own.filter((time) => time >= at - DRIVE_MS - 500 && time < at + STAND_MS).sort((a, b) => a - b)[0]
      return first === undefined ? null : (first - at) / 1000
    })
    const known = waits.flatMap((wait) => (wait === null ? [] : [wait]))
    const s = (value: number): string => value.toFixed(2)
    const cpu_ms = (cores * minutes * 60_000) / counts.taken
    const fifth = memory.at(Math.floor(memory.length / 5)) ?? 0
    return [
      {
        name: 'drive-ins before four cameras, authorized',
        value: known.length,
        floor: waits.length,
        ratio: known.length / waits.length,
        bound: 'all',
        broken: known.length < waits.length,
        note: `floor: all; in ${minutes} min`,
      },
      {
        name: 'standstill to authorized, s p50 / p95 / worst',
        value: `${s(percentile(known, 0.5))} / ${s(percentile(known, 0.95))} / ${s(Math.max(...known))}`,
      },
      {
        name: 'frames read, of those sent',
        value: counts.taken,
        floor: counts.sent,
        ratio: counts.taken / counts.sent,
        note: 'the others gave way to newer ones',
      },
      {
        name: 'processor time of a frame, server and reader, ms',
        value: cpu_ms.toFixed(1),
        floor: bare?.value,
        ratio: cpu_ms / Number(bare?.value),
        note: 'floor: the reader alone, each frame read whole',
      },
      { name: 'processor, server and reader, cores', value: s(cores), bound: '≤ 2', broken: cores > 2 },
      {
        name: 'memory of server and reader at the end, MB',
        value: Math.round(memory.at(-1) ?? 0),
        floor: Math.round(fifth),
        ratio: (memory.at(-1) ?? 0) / fifth,
        note: `floor: after a fifth of the time; ${Math.round(Math.max(...memory))} at most`,
      },
    ]
  } finally {
    for (const clean of cleanups) await clean()
  }
}
