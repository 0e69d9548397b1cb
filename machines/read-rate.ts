import type { EffectDraft } from './deeds.ts'
import type { Cause, Decision, FactRecord } from './record.ts'

/**
 * How often each camera reads the vehicles that it sees (E11): of its newest visits, those in which a vehicle was seen and those in which
 * a plate was agreed, against half of them and against the camera's own habit. Snow, dirt or a turned camera show here before anybody complains.
 */
export type ReadRates = {
  readonly cameras: Map<string, CameraRate>
  /** Cameras that saw or read the vehicle of the visit that runs, by bay. */
  readonly running: Map<string, { readonly saw: Set<string>; readonly read: Set<string> }>
  /** Cameras that ever read a plate: one that only watches who is there (an overview) is never judged. */
  readonly readers: Set<string>
  /** Cameras of which something should be on record and is not yet. */
  readonly due: Set<string>
  /** How many of the running visits each camera has read. */
  readonly here: Map<string, number>
}
/** `older`: visits before the newest, its habit; those of a bad time are not among them. */
type CameraRate = { readonly visits: boolean[]; readonly older: boolean[]; low: boolean; told: boolean }

/** One record for the `site` stream. */
export type RateRuling = {
  readonly cause: Cause
  readonly decisions: readonly Decision[]
  readonly effects: readonly EffectDraft[]
}

/** Visits that are looked at: about a day of a busy bay. */
const NEWEST = 20
/** Fewer say nothing: three cars without a plate in a row are no camera's fault. */
const FEWEST = 10
/** Below this share somebody should look; above the other it works again. */
const LOW = 0.5
const GOOD = 0.7
/** Visits that a camera's habit is made of, and the fewest that make one. */
const OLDER = 200
const HABIT = 40
/** Below its own habit by so much somebody should look; nearer to it than the other it works again. */
const FALLEN = 0.3
const NEAR = 0.15

export const noRates = (): ReadRates => ({
  cameras: new Map(),
  running: new Map(),
  readers: new Set(),
  due: new Set(),
  here: new Map(),
})

/** Folds one record. Changes and returns the same value: it has one owner. */
export function foldRates(rates: ReadRates, record: FactRecord): ReadRates {
  const { bayId, cause } = record
  if (record.stream === 'site' && (cause.type === 'reads.few' || cause.type === 'reads.enough')) {
    const cameraId = String(cause['cameraId'])
    cameraOf(rates, cameraId).told = cause.type === 'reads.few'
    judge(rates, cameraId)
  }
  if (record.stream === 'site' && cause.type === 'reads.forgotten') {
    rates.cameras.delete(String(cause['cameraId']))
    rates.readers.delete(String(cause['cameraId']))
    rates.due.delete(String(cause['cameraId']))
  }
  if (bayId === null) return rates
  // A record that ends a visit speaks of the next one: at a silent swap it is the new vehicle that was read.
  if (record.decisions.some((decision) => decision.type === 'VisitEnded')) settle(rates, bayId)
  const cameraId = cause['cameraId']
  if (typeof cameraId !== 'string') return rates
  // `plate.lost` says that it is not seen any more.
  const isRead = cause.type.startsWith('plate.') && cause.type !== 'plate.lost'
  if (!isRead && cause.type !== 'vehicle.seen') return rates
  const visit = rates.running.get(bayId) ?? { saw: new Set(), read: new Set() }
  rates.running.set(bayId, visit)
  visit.saw.add(cameraId)
  if (isRead) rates.readers.add(cameraId)
  if (cause.type === 'plate.agreed' && !visit.read.has(cameraId)) {
    visit.read.add(cameraId)
    counts(rates, cameraId, 1)
  }
  return rates
}

function settle(rates: ReadRates, bayId: string): void {
  const visit = rates.running.get(bayId)
  rates.running.delete(bayId)
  for (const each of visit?.read ?? []) counts(rates, each, -1)
  for (const each of visit?.saw ?? []) if (rates.readers.has(each)) note(rates, each, visit?.read.has(each) === true)
}

function cameraOf({ cameras }: ReadRates, cameraId: string): CameraRate {
  const camera = cameras.get(cameraId) ?? { visits: [], older: [], low: false, told: false }
  cameras.set(cameraId, camera)
  return camera
}

function note(rates: ReadRates, cameraId: string, wasRead: boolean): void {
  const camera = cameraOf(rates, cameraId)
  camera.visits.push(wasRead)
  const oldest = camera.visits.length > NEWEST ? camera.visits.shift() : undefined
  // A bad time does not become the habit.
  if (oldest !== undefined && !camera.low) camera.older.push(oldest)
  if (camera.older.length > OLDER) camera.older.shift()
  const share = shareOf(camera.visits)
  const habit = habitOf(camera)
  if (camera.visits.length >= FEWEST && share < Math.max(LOW, habit - FALLEN)) camera.low = true
  if (share >= Math.max(GOOD, habit - NEAR)) camera.low = false
  judge(rates, cameraId)
}

function judge({ cameras, due }: ReadRates, cameraId: string): void {
  const camera = cameras.get(cameraId)
  if (camera && camera.low !== camera.told) due.add(cameraId)
  else due.delete(cameraId)
}

const counts = ({ here }: ReadRates, cameraId: string, more: 1 | -1): void =>
  void here.set(cameraId, (here.get(cameraId) ?? 0) + more)

const shareOf = (visits: readonly boolean[]): number => visits.filter(Boolean).length / visits.length
/** The share that it used to read; 0 until it has a habit. */
const habitOf = ({ older }: CameraRate): number => (older.length < HABIT ? 0 : shareOf(older))

/** Of a camera's newest vehicles, how many it read, and the share that it is used to (null until it has a habit). */
export type ReadRate = { readonly read: number; readonly of: number; readonly usual: number | null }

/**
 * A camera's read rate, for people: vehicles that are gone, and those that stand there and were read; one that stands there unread may be
 * read yet. Null before its first.
 */
export function readRateOf({ cameras, here: running }: ReadRates, cameraId: string): ReadRate | null {
  const { visits = [], older = [] } = cameras.get(cameraId) ?? {}
  const here = running.get(cameraId) ?? 0
  if (visits.length + here === 0) return null
  const usual = older.length < HABIT ? null : shareOf(older)
  return { read: visits.filter(Boolean).length + here, of: visits.length + here, usual }
}

/** Cameras that the site file names no more: nobody can clean them, and an alarm of theirs ends. */
export const goneRates = ({ cameras }: ReadRates, cameraIds: ReadonlySet<string>): RateRuling[] =>
  [...cameras.keys()]
    .filter((cameraId) => !cameraIds.has(cameraId))
    .map((cameraId) => ({
      cause: { type: 'reads.forgotten', cameraId },
      decisions: [],
      effects: cameras.get(cameraId)?.told ? [{ type: 'clear.alarm', alarmId: `site/read-rate/${cameraId}` }] : [],
    }))

/** What should be on record and is not yet. */
export function dueRates({ cameras, due }: ReadRates): RateRuling[] {
  return [...due].flatMap((cameraId) => {
    const camera = cameras.get(cameraId)
    return camera ? [camera.low ? few(cameraId, camera) : enough(cameraId, camera)] : []
  })
}

const numbers = (cameraId: string, { visits }: CameraRate) => ({
  cameraId,
  visits: visits.length,
  read: visits.filter(Boolean).length,
})

function few(cameraId: string, camera: CameraRate): RateRuling {
  const { visits, read } = numbers(cameraId, camera)
  const habit = habitOf(camera)
  const used = habit > 0 ? `; it used to read ${Math.round(habit * 100)} %` : ''
  const raise = {
    type: 'raise.alarm',
    alarmId: `site/read-rate/${cameraId}`,
    alarm: 'read-rate',
    says: `Camera ${cameraId} read the plates of ${read} of its newest ${visits} vehicles${used}.`,
    do: 'Look at its picture: dirt, snow, glare, focus, or a camera that was turned; drivers use cards meanwhile.',
  }
  return { cause: { type: 'reads.few', ...numbers(cameraId, camera) }, decisions: [], effects: [raise] }
}

const enough = (cameraId: string, camera: CameraRate): RateRuling => ({
  cause: { type: 'reads.enough', ...numbers(cameraId, camera) },
  decisions: [],
  effects: [{ type: 'clear.alarm', alarmId: `site/read-rate/${cameraId}` }],
})
