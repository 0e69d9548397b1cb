import sharp from 'sharp'
import type { Json } from '../../machines/events.ts'
import type { SessionRow } from '../../projections/bay-view.ts'
import { systemChance } from '../chance.ts'
import { systemClock } from '../clock.ts'
import type { ApiClient } from './api-client.ts'
import { apiClient } from './api-client.ts'
import { openChargePointClient } from './charge-point-client.ts'
import { seededDice } from './dice.ts'
import { makeDistractors } from './distractors.ts'
import type { Arrival, LaneParts } from './photo-arrival.ts'
import { arrive } from './photo-arrival.ts'
import { openFilm } from './photo-frames.ts'
import type { Photo } from './photo-set.ts'
import { readPhotos } from './photo-set.ts'
import { writePhotoSite } from './photo-site.ts'
import type { DemoServer } from './run-demo.ts'
import { developPicture, renderPixels } from './scene-picture.ts'

/** How a run over photographs ended. A photo is counted once: in the last four. */
export type PhotoCounts = {
  readonly photos: number
  readonly registered: number
  /** Started for the true plate's account. */
  readonly rightAccount: number
  /** Registered and not started. */
  readonly fallback: number
  /** Unregistered and not started. */
  readonly refused: number
  /** Started for anybody else's account. */
  readonly wrongAccount: number
}

/** What `--photos` was asked for; `register` = number of other people's plates. */
export type PhotoCall = {
  readonly register: number
  readonly json: boolean
  readonly port: number | null
  readonly token: string | null
}
export type RunningServer = DemoServer & { stop(): Promise<void> }

const LANES = 4
const BATCH = 2000
const OTHERS = 250
const LEARN_TRIES = 10
const EMPTY_WIDTH_PX = 320

/** Registered photos by matching key, each key with its account; and the keys that stay unregistered. */
type Registry = ReadonlyMap<string, string>

/** The command `berth demo --photos`: real photographs through the whole line. Prints the counts to stdout; progress to stderr on a terminal. */
export async function photos(
  folder: string,
  call: PhotoCall,
  siteFolder: string,
  open: (path: string) => Promise<RunningServer>,
  signal: AbortSignal,
): Promise<number> {
  const list = await readPhotos(folder)
  const { path, lanes } = await writePhotoSite(siteFolder, Math.min(LANES, list.length), call.port ?? 0, systemChance)
  const server = await open(path)
  const began = Date.now()
  const points = lanes.map((lane) =>
    openChargePointClient({
      url: server.ocppUrl,
      id: lane.chargePointId,
      clock: systemClock,
      reconnect_ms: 250,
      habits: { meterInterval_s: 5 },
    }),
  )
  try {
    const api = apiClient(server.url, call.token, signal)
    const registry = chooseRegistered(list)
    await register(api, list, registry, call.register)
    const parts = await Promise.all(
      lanes.map(async (lane, place): Promise<LaneParts> => {
        const point = points[place] as (typeof points)[number]
        return {
          lane,
          api,
          point,
          clock: systemClock,
          chance: systemChance,
          emptyPicture: await emptyPictures(lane.bayId),
        }
      }),
    )
    await Promise.all(parts.map(learnEmpty))
    const arrivals = await runLanes(parts, list, signal)
    const sessions = await allSessions(api)
    const counts = countUp(list, registry, arrivals, sessions)
    for (const line of wrongLines(list, registry, arrivals, sessions)) process.stderr.write(`${line}\n`)
    print(counts, call.json, (Date.now() - began) / 1000)
    return 0
  } finally {
    await Promise.all(points.map((point) => point.close()))
    await server.stop()
  }
}

/** Four of five true plates, by a seeded draw over the plates (not the photos: two photos of one car are one account). */
export function chooseRegistered(list: readonly Photo[]): Registry {
  const keys = [...new Set(list.map((photo) => photo.key))].sort()
  const drawn = seededDice('registered').shuffle(keys)
  return new Map(drawn.filter((_, place) => place % 5 !== 4).map((key, place) => [key, `photo-${place + 1}`]))
}

/** Registers the true plates and, around them, other people's. */
async function register(api: ApiClient, list: readonly Photo[], registry: Registry, others: number): Promise<void> {
  const plates = new Map(list.map((photo) => [photo.key, photo.plate]))
  const own = [...registry].map(([key, accountId]) => `${plates.get(key)},${accountId}`)
  const distractors = makeDistractors([...plates.values()], others, seededDice('distractors'))
  const rows = [...own, ...distractors.map(({ plate }, place) => `${plate},other-${(place % OTHERS) + 1}`)]
  for (let from = 0; from < rows.length; from += BATCH) {
    await api.postText(
      '/api/vehicles/import',
      'text/csv',
      `plate,accountId\n${rows.slice(from, from + BATCH).join('\n')}\n`,
    )
    progress(`registered ${Math.min(rows.length, from + BATCH)} of ${rows.length} plates`)
  }
}

/** Pictures of a lane's bay without a vehicle; no two are the same. Small ones: there is nothing to read in them. */
async function emptyPictures(bayId: string): Promise<() => Promise<Uint8Array>> {
  const dice = seededDice(`empty ${bayId}`)
  const whole = await renderPixels({ light: 'day', bayNumbers: ['', '', ''], vehicles: [] })
  const raw = { width: whole.width, height: whole.height, channels: 3 as const }
  const { data, info } = await sharp(whole.data, { raw })
    .resize({ width: EMPTY_WIDTH_PX })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const small = { data, width: info.width, height: info.height }
  return () => developPicture(small, { seed: dice.whole(1 << 30), noise: 3, blur_px: 0 })
}

/** Shows the empty bay until berth has learnt it. Throws the server's refusal when it never does. */
async function learnEmpty({ api, lane, emptyPicture, chance }: LaneParts): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await api.postPicture(`/in/${lane.cameraToken}/frame`, await emptyPicture())
    try {
      await api.post(`/api/bays/${lane.bayId}/commands`, { id: `learn-${chance.hex(12)}`, type: 'learn-empty' })
      return
    } catch (broken) {
      if (attempt >= LEARN_TRIES) throw broken
    }
  }
}

/** The photographs, each by the next free lane; the answer has their order. */
async function runLanes(lanes: readonly LaneParts[], list: readonly Photo[], signal: AbortSignal): Promise<Arrival[]> {
  const arrivals: Arrival[] = []
  let next = 0
  let done = 0
  const work = async (parts: LaneParts): Promise<void> => {
    while (next < list.length) {
      signal.throwIfAborted()
      const place = next++
      const photo = list[place] as Photo
      arrivals[place] = await arrive(
        parts,
        await openFilm(photo.file, seededDice(`film ${photo.key} ${place}`)),
        signal,
      )
      done += 1
      progress(`${done} of ${list.length} photographs`)
    }
  }
  await Promise.all(lanes.map(work))
  progress('')
  return arrivals
}

/** Every session of the run, page by page. */
async function allSessions(api: ApiClient): Promise<SessionRow[]> {
  const sessions: SessionRow[] = []
  let after: string | null = null
  do {
    const page = (await api.get(`/api/sessions${after === null ? '' : `?after=${encodeURIComponent(after)}`}`)) as {
      readonly [key: string]: Json
    }
    sessions.push(...(page['items'] as unknown as readonly SessionRow[]))
    after = (page['next'] as string | null) ?? null
  } while (after !== null)
  return sessions
}

/** Judges every photo by what was seen at its bay and by what was billed: one session for somebody else is enough to be wrong. */
export function countUp(
  list: readonly Photo[],
  registry: Registry,
  arrivals: readonly Arrival[],
  sessions: readonly SessionRow[],
): PhotoCounts {
  const counts = { photos: list.length, registered: 0, rightAccount: 0, fallback: 0, refused: 0, wrongAccount: 0 }
  for (const [place, photo] of list.entries()) {
    const own = registry.get(photo.key) ?? null
    const payers = payersOf(arrivals[place] as Arrival, sessions)
    if (own !== null) counts.registered += 1
    if (payers.some((payer) => payer !== own)) counts.wrongAccount += 1
    else if (payers.length > 0) counts.rightAccount += 1
    else if (own !== null) counts.fallback += 1
    else counts.refused += 1
  }
  return counts
}

/** Everybody for whom an arrival was started or billed. */
function payersOf(arrival: Arrival, sessions: readonly SessionRow[]): string[] {
  const billed = sessions.filter((session) => arrival.visitIds.includes(session.visitId))
  const payers = [...(arrival.started ? [arrival.startedFor] : []), ...billed.map((session) => session.accountId)]
  return payers.filter((payer) => payer !== null)
}

/** Names each photo that was started for somebody else, and for whom: what to look into first. */
function wrongLines(
  list: readonly Photo[],
  registry: Registry,
  arrivals: readonly Arrival[],
  sessions: readonly SessionRow[],
): string[] {
  return list.flatMap((photo, place) => {
    const own = registry.get(photo.key) ?? null
    const wrong = payersOf(arrivals[place] as Arrival, sessions).find((payer) => payer !== own)
    if (wrong === undefined) return []
    return [`${photo.file} (${photo.plate}, ${own ?? 'unregistered'}) was started for ${wrong}.`]
  })
}

function print(counts: PhotoCounts, json: boolean, seconds: number): void {
  if (json) process.stdout.write(`${JSON.stringify({ ...counts, duration_s: Math.round(seconds * 10) / 10 })}\n`)
  else
    process.stdout.write(
      `${[...Object.entries(counts), ['seconds', seconds.toFixed(0)]].map(([name, value]) => `${String(name).padEnd(14)}${String(value).padStart(6)}`).join('\n')}\n`,
    )
}

/** One line that is written over, only where somebody watches. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text.padEnd(60)}${text === '' ? '\r' : ''}`)
}
