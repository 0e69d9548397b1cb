import { type CameraClock, rememberedClock } from '../machines/age.ts'
import { iso } from '../machines/deeds.ts'
import type { Cause, FactRecord } from '../machines/record.ts'
import type { Clock, Entry, Scribe } from './ports.ts'
import { type Memory, memory } from './record-memory.ts'

/** A device whose clock is looked at. */
export type Device = { readonly kind: 'camera' | 'charge-point'; readonly device: string }

/** What is estimated now: ms that the device's clock is behind ours (negative = ahead), usual delay included; null until learnt. */
export type ClockEstimate = Device & { readonly offset_ms: number | null }

/** What is on record of a device's clock. `overSince`: ms since 1970 since when it is off by more than the limit, null within it. */
export type KnownClock = Device & { readonly offset_ms: number; readonly overSince: number | null }

export type ClockWatchPorts = {
  readonly clock: Clock
  readonly scribe: Scribe
  /** What is estimated now, of every device. */
  readonly estimates: () => Iterable<ClockEstimate>
  /** `clockSkew_s` of the policy. */
  readonly limit_s: () => number
}

/** After the record `seq`, or at the time (ISO 8601). */
export type Moment = { readonly seq: number } | { readonly time: string }

/** One change of what is known: from this record on. */
type Change = { readonly seq: number; readonly at: number; readonly offset_ms: number | null }

/** Makes estimates facts that people see. It orders nothing and drops nothing: no bay hears of it. */
export type ClockWatch = {
  /** Takes in a record, at rebuild and after each commit. */
  hear(record: FactRecord): void
  /** The site begins with these devices: alarms of others end. */
  begin(devices: readonly Device[]): void
  /** About once a second. */
  tick(): void
  /** The clock as it stands in the journal; null until learnt. */
  known(device: Device): KnownClock | null
  /** Seconds that a device's clock is behind ours (negative = ahead), to a tenth, as it was known then (absent = now); null until learnt. */
  skew_s(kind: Device['kind'], device: string, then?: Moment): number | null
  /** A camera's clock for a plate feed that begins anew: as the journal has it. Null until learnt. */
  cameraClock(cameraId: string): CameraClock | null
  /** What is remembered by records alone. */
  readonly memory: Memory
}

/** A change below this is drift and delay, and no news. */
const STEP_MS = 5_000
/** An alarm ends below this share of the limit: an offset at the limit must not ring every minute. */
const CALM_SHARE = 0.9
/** A clock that is set wrong stays wrong; delays of a mobile link, which look the same, come and go within minutes. So long must a change last. */
const HOLD_MS = 600_000
/** An offset of so many times the limit is no delay: it rings after this. */
const FAR = 10
const FAR_HOLD_MS = 60_000
/** Changes remembered of each device, for bays as they were: the newest. At one in ten minutes about a week. */
const REMEMBERED = 1_000
/** A record that could not be written is tried again after this. */
const AGAIN_MS = 30_000

const keyOf = ({ kind, device }: Device): string => `${kind} ${device}`
const alarmIdOf = ({ device }: Device): string => `site/clock-skew/${device}`

/**
 * Watches every device's clock. One `site` record when an offset is first learnt, and when it has moved by more than 5 s or crossed the
 * limit for ten minutes (a minute where it is off by ten limits; at once where nothing was known before).
 */
export function clockWatch({ clock, scribe, estimates, limit_s }: ClockWatchPorts): ClockWatch {
  const known = new Map<string, KnownClock>()
  const changes = new Map<string, Change[]>()
  /** When each camera was heard last, by the journal. */
  const heardAt = new Map<string, number>()
  /** Devices whose record is being written, or failed: not before this time again. */
  const notBefore = new Map<string, number>()
  /** Since when the estimate differs from what is known, by device. */
  const leaning = new Map<string, Leaning>()

  const write = (device: Device, entry: Entry): void => {
    notBefore.set(keyOf(device), clock.now() + AGAIN_MS)
    scribe.write([entry]).then(
      () => void notBefore.delete(keyOf(device)),
      () => {},
    )
  }
  const learn = (device: Device, offset_ms: number): void => {
    const before = known.get(keyOf(device)) ?? null
    const limit_ms = limit_s() * 1_000
    const wasSince = before?.overSince ?? null
    const over = Math.abs(offset_ms) > limit_ms * (wasSince === null ? 1 : CALM_SHARE)
    const crosses = over !== (wasSince !== null)
    const far = crosses && Math.abs(offset_ms) > limit_ms * FAR
    const moved = before !== null && Math.abs(offset_ms - before.offset_ms) > STEP_MS
    const now = clock.now()
    const since = leant(leaning.get(keyOf(device)), { crosses, far, moved }, now)
    leaning.set(keyOf(device), since)
    const lasted = (from: number | null, hold_ms: number): boolean => from !== null && now - from >= hold_ms
    const crossed = lasted(since.crosses, HOLD_MS) || lasted(since.far, before ? FAR_HOLD_MS : 0)
    if (before && !crossed && (crosses || !lasted(since.moved, HOLD_MS))) return
    if (now < (notBefore.get(keyOf(device)) ?? 0)) return
    const overSince = crossed ? (over ? since.crosses : null) : wasSince
    write(device, learntEntry({ ...device, offset_ms, overSince }, limit_ms, crossed))
  }
  return {
    memory: memory({ known, changes, heardAt }),
    hear({ stream, seq, at, cause }) {
      if (typeof cause['cameraId'] === 'string' && cause.type !== 'camera.lost')
        heardAt.set(cause['cameraId'], Date.parse(at))
      if (stream !== 'site') return
      const device = deviceOf(cause)
      if (!device || (cause.type !== 'clock.learnt' && cause.type !== 'clock.forgotten')) return
      const key = keyOf(device)
      const now = cause.type === 'clock.learnt' ? { ...device, ...clockOf(cause) } : null
      if (now) known.set(key, now)
      else known.delete(key)
      const change = { seq, at: Date.parse(at), offset_ms: now?.offset_ms ?? null }
      const all = changes.get(key) ?? []
      changes.set(key, all)
      all.push(change)
      if (all.length > REMEMBERED) all.shift()
    },
    begin(devices) {
      const here = new Set(devices.map(keyOf))
      for (const [key, one] of known) if (!here.has(key)) write(one, forgottenEntry(one))
    },
    tick() {
      for (const { kind, device, offset_ms } of estimates())
        if (offset_ms !== null) learn({ kind, device }, Math.round(offset_ms))
    },
    known: (device) => known.get(keyOf(device)) ?? null,
    skew_s(kind, device, then) {
      const all = changes.get(keyOf({ kind, device })) ?? []
      const last = then === undefined ? all.at(-1) : all.findLast((change) => isBy(change, then))
      const offset_ms = last?.offset_ms ?? null
      return offset_ms === null ? null : Math.round(offset_ms / 100) / 10
    },
    cameraClock(cameraId) {
      const learnt = known.get(keyOf({ kind: 'camera', device: cameraId }))
      return learnt ? rememberedClock(learnt.offset_ms, heardAt.get(cameraId) ?? 0) : null
    },
  }
}

/** Since when the estimate stands on the other side of the limit, far over it, or elsewhere; null where it does not. ms since 1970. */
type Leaning = { readonly crosses: number | null; readonly far: number | null; readonly moved: number | null }

const leant = (
  before: Leaning | undefined,
  { crosses, far, moved }: { readonly [side in keyof Leaning]: boolean },
  now: number,
): Leaning => ({
  crosses: crosses ? (before?.crosses ?? now) : null,
  far: far ? (before?.far ?? now) : null,
  moved: moved ? (before?.moved ?? now) : null,
})

const isBy = ({ seq, at }: Change, then: Moment): boolean =>
  'seq' in then ? seq <= then.seq : at <= Date.parse(then.time)

function deviceOf(cause: Cause): Device | null {
  const { kind, device } = cause
  return (kind === 'camera' || kind === 'charge-point') && typeof device === 'string' ? { kind, device } : null
}

function clockOf(cause: Cause): Omit<KnownClock, keyof Device> {
  const overSince = cause['overSince']
  return {
    offset_ms: Number(cause['offset_ms']),
    overSince: typeof overSince === 'string' ? Date.parse(overSince) : null,
  }
}

/** The fact that a clock was learnt, with its alarm: raised, told in newer words, or cleared. */
function learntEntry(now: KnownClock, limit_ms: number, crossed: boolean): Entry {
  const { kind, device, offset_ms, overSince } = now
  const alarmId = alarmIdOf(now)
  const raise = { type: 'raise.alarm', alarmId, alarm: 'clock-skew', ...skewWords(now, limit_ms) }
  return {
    stream: 'site',
    cause: {
      type: 'clock.learnt',
      kind,
      device,
      offset_ms,
      limit_ms,
      overSince: overSince === null ? null : iso(overSince),
    },
    decisions: [],
    effects: overSince !== null ? [raise] : crossed ? [{ type: 'clear.alarm', alarmId }] : [],
    personal: {},
  }
}

function forgottenEntry(was: KnownClock): Entry {
  return {
    stream: 'site',
    cause: { type: 'clock.forgotten', kind: was.kind, device: was.device },
    decisions: [],
    effects: was.overSince === null ? [] : [{ type: 'clear.alarm', alarmId: alarmIdOf(was) }],
    personal: {},
  }
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Time zones lie this far apart at least, and no further than 14 h from UTC. */
const ZONE_STEP_MS = 30 * MINUTE_MS
const FURTHEST_ZONES_MS = 26 * HOUR_MS
/** How near to a whole step an offset must be to look like a time zone. */
const NEAR_MS = 2 * MINUTE_MS
/** Nobody sets a clock a year wrong: it starts at its factory date whenever it loses power. */
const YEAR_MS = 365 * 24 * HOUR_MS

/** The alarm in words: how far off and since when; what to do. */
function skewWords({ kind, device, offset_ms, overSince }: KnownClock, limit_ms: number): { says: string; do: string } {
  const off = Math.abs(offset_ms)
  const name = `${kind === 'camera' ? 'camera' : 'charge point'} ${device}`
  const since = overSince === null ? '' : `, noticed ${iso(overSince).slice(0, 16).replace('T', ' ')} UTC`
  const rest = Math.abs(off - Math.round(off / ZONE_STEP_MS) * ZONE_STEP_MS)
  const zone = off >= ZONE_STEP_MS - NEAR_MS && off <= FURTHEST_ZONES_MS && rest <= NEAR_MS
  const looks = zone
    ? '; it looks like a wrong time zone or summer time (DST)'
    : off > YEAR_MS
      ? '; it looks as if it was never set since it lost power'
      : ''
  const first = zone ? 'its time zone and summer time first, then ' : ''
  return {
    says: `The clock of ${name} is ${spanOf(off)} ${offset_ms > 0 ? 'behind' : 'ahead of'} this site's${since}${looks}; the limit is ${spanOf(limit_ms)}.`,
    do: `Set ${first}the clock of ${name} and keep it in step by NTP (where several devices are off alike, the clock of this machine); meanwhile only the times that it claims are wrong, berth goes by its own.`,
  }
}

/** `3 h 2 min`, `90 s`, `412 days`: the two largest units that say something. */
function spanOf(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours >= 48) return `${Math.round(hours / 24)} days`
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
}
