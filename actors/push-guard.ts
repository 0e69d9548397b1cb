import { type EffectDraft, iso } from '../machines/deeds.ts'
import type { FactRecord } from '../machines/record.ts'
import { type AddressRange, isWithin } from './address-range.ts'
import type { Clock, Entry, Keys, Scribe } from './ports.ts'
import { type Memory, memory } from './record-memory.ts'

/** Who may push for one camera. `from` empty = any address; `deviceId` null = whatever the messages call themselves. */
export type PushRule = {
  readonly cameraId: string
  readonly from: readonly AddressRange[]
  readonly deviceId: string | null
}

/** One push as it comes in. `cameraId` null: nobody's path token. `deviceId` absent: not read yet, or the dialect carries none; null or an empty list: it could and does not; a list: all that it calls itself. */
export type Push = {
  readonly cameraId: string | null
  readonly address: string
  readonly dialect: string
  readonly deviceId?: string | null | readonly string[]
}

/** Why a push is not the camera's: nobody's path token, another source address, another device's id. */
export type PushReason = 'unknown-token' | 'address' | 'device'

export type PushGuardPorts = {
  readonly clock: Clock
  readonly scribe: Scribe
  /** Keyed: tells one source from another, and cannot be turned back. */
  readonly mark: Keys['mark']
  readonly rules: readonly PushRule[]
}

/** Keeps pushes that are not a camera's own from having any effect; counts them, and puts them on record, thinned. */
export type PushGuard = {
  /** Null = let in; else why not, counted. */
  judge(push: Push): PushReason | null
  /** Takes in a record, at rebuild and after each commit. */
  hear(record: FactRecord): void
  /** About once a second: writes what is due, and ends alarms after a quiet time. */
  tick(): void
  /** Quarantined pushes by name and labels, for metrics: `intake_quarantined{camera="cam-1",reason="address"}`. */
  counts(): { readonly [name: string]: number }
  /** What is remembered by records alone. */
  readonly memory: Memory
}

/** Between two records of one camera and reason; doubled with each while it goes on, so that an attack of a week is no flood. */
const FIRST_GAP_MS = 60_000
const LONGEST_GAP_MS = 3_600_000
/** The alarm ends after so long without another. */
const QUIET_MS = 600_000
/** Sources that one record names. */
const MOST_SOURCES = 4
const LONGEST_ADDRESS = 64

type Source = { readonly address: string; count: number }
/** What came since the last record. */
type Haul = {
  count: number
  from: number
  others: number
  readonly dialects: Set<string>
  readonly sources: Map<string, Source>
}
/** One camera and reason. */
type Case = {
  readonly cameraId: string | null
  readonly reason: PushReason
  total: number
  lastAt: number
  haul: Haul
  gap: number
  /** No record before this. */
  notBefore: number
  raised: boolean
  writing: boolean
}

const emptyHaul = (): Haul => ({ count: 0, from: 0, others: 0, dialects: new Set(), sources: new Map() })
const keyOf = (cameraId: string | null, reason: PushReason): string => `${cameraId ?? ''} ${reason}`

/** Opens the guard; see `PushGuard`. */
export const pushGuard = (ports: PushGuardPorts): PushGuard => new Guard(ports)

class Guard implements PushGuard {
  readonly #ports: PushGuardPorts
  readonly #rules: ReadonlyMap<string, PushRule>
  readonly #cases = new Map<string, Case>()
  readonly memory = memory({ cases: this.#cases })

  constructor(ports: PushGuardPorts) {
    this.#ports = ports
    this.#rules = new Map(ports.rules.map((rule) => [rule.cameraId, rule]))
  }

  judge(push: Push): PushReason | null {
    const reason = this.#reason(push)
    if (reason !== null) this.#note(this.#case(push.cameraId, reason), push)
    return reason
  }

  hear({ stream, at, cause }: FactRecord): void {
    if (stream !== 'site' || (cause.type !== 'push.quarantined' && cause.type !== 'push.ceased')) return
    const one = this.#case((cause['cameraId'] ?? null) as string | null, cause['reason'] as PushReason)
    one.raised = cause.type === 'push.quarantined'
    one.lastAt = Math.max(one.lastAt, Date.parse(at))
  }

  tick(): void {
    const now = this.#ports.clock.now()
    for (const one of this.#cases.values()) {
      if (one.haul.count > 0) this.#write(one, now)
      else if (one.raised && now - one.lastAt >= QUIET_MS) this.#cease(one, now)
    }
  }

  counts(): { readonly [name: string]: number } {
    const counts: { [name: string]: number } = {}
    for (const { cameraId, from, deviceId } of this.#rules.values()) {
      if (from.length > 0) counts[labelled(cameraId, 'address')] = 0
      if (deviceId !== null) counts[labelled(cameraId, 'device')] = 0
    }
    for (const { cameraId, reason, total } of this.#cases.values()) counts[labelled(cameraId, reason)] = total
    return counts
  }

  #reason({ cameraId, address, deviceId }: Push): PushReason | null {
    const rule = cameraId === null ? undefined : this.#rules.get(cameraId)
    if (!rule) return 'unknown-token'
    if (rule.from.length > 0 && !isWithin(address, rule.from)) return 'address'
    if (rule.deviceId === null || deviceId === undefined) return null
    const names = Array.isArray(deviceId) ? deviceId : [deviceId]
    if (!names.includes(rule.deviceId)) return 'device'
    return null
  }

  #case(cameraId: string | null, reason: PushReason): Case {
    const key = keyOf(cameraId, reason)
    const known = this.#cases.get(key)
    if (known) return known
    const fresh = { total: 0, lastAt: 0, haul: emptyHaul(), gap: FIRST_GAP_MS, notBefore: 0 }
    const one: Case = { cameraId, reason, ...fresh, raised: false, writing: false }
    this.#cases.set(key, one)
    return one
  }

  #note(one: Case, { address, dialect }: Push): void {
    const now = this.#ports.clock.now()
    const { haul } = one
    one.total += 1
    one.lastAt = now
    if (haul.count === 0) haul.from = now
    haul.count += 1
    haul.dialects.add(dialect)
    const text = address.slice(0, LONGEST_ADDRESS)
    const source = haul.sources.get(text)
    if (source) source.count += 1
    else if (haul.sources.size < MOST_SOURCES) haul.sources.set(text, { address: text, count: 1 })
    else haul.others += 1
    this.#write(one, now)
  }

  #write(one: Case, now: number): void {
    if (one.writing || now < one.notBefore) return
    const { haul } = one
    one.haul = emptyHaul()
    one.notBefore = now + one.gap
    one.gap = Math.min(LONGEST_GAP_MS, one.gap * 2)
    this.#record(one, this.#quarantined(one, haul, now), () => {
      // Nothing of it is on record: it counts again with what comes next.
      one.haul = joined(haul, one.haul)
    })
  }

  #cease(one: Case, now: number): void {
    if (one.writing || now < one.notBefore) return
    const { cameraId, reason, total } = one
    one.gap = FIRST_GAP_MS
    // A new one after the quiet is put on record at once.
    one.notBefore = 0
    const cause = { type: 'push.ceased', cameraId, reason, total }
    const effects = [{ type: 'clear.alarm', alarmId: alarmIdOf(one) }]
    this.#record(one, { stream: 'site', cause, decisions: [], effects, personal: {} }, () => {
      one.notBefore = now + FIRST_GAP_MS
    })
  }

  #record(one: Case, entry: Entry, failed: () => void): void {
    one.writing = true
    this.#ports.scribe
      .write([entry])
      .catch(failed)
      .finally(() => {
        one.writing = false
      })
  }

  /** The address of a source is evidence and may be a person's: it is sealed under its own key, and only its mark lies open. */
  #quarantined(one: Case, haul: Haul, now: number): Entry {
    const { cameraId, reason, total } = one
    const sources = [...haul.sources.values()].map(({ address, count }) => ({
      mark: this.#ports.mark(address),
      address,
      count,
    }))
    return {
      stream: 'site',
      cause: {
        type: 'push.quarantined',
        cameraId,
        reason,
        count: haul.count,
        from: iso(haul.from),
        to: iso(now),
        dialects: [...haul.dialects].sort(),
        sources: sources.map(({ mark, count }) => ({ mark, count })),
        others: haul.others,
      },
      decisions: [],
      effects: [alarmOf(one, total)],
      personal: Object.fromEntries(sources.map(({ mark, address }) => [mark, { address }])),
    }
  }
}

/** Two hauls as one: sources beyond the most that are named count among the others. */
function joined(first: Haul, then: Haul): Haul {
  const sources = new Map([...first.sources].map(([text, source]) => [text, { ...source }]))
  let others = first.others + then.others
  for (const [text, { address, count }] of then.sources) {
    const known = sources.get(text)
    if (known) known.count += count
    else if (sources.size < MOST_SOURCES) sources.set(text, { address, count })
    else others += count
  }
  const dialects = new Set([...first.dialects, ...then.dialects])
  return { count: first.count + then.count, from: first.from, others, dialects, sources }
}

const labelled = (cameraId: string | null, reason: PushReason): string =>
  `intake_quarantined{camera="${cameraId ?? ''}",reason="${reason}"}`

const alarmIdOf = ({ cameraId, reason }: Pick<Case, 'cameraId' | 'reason'>): string =>
  cameraId === null ? `site/forged-push/${reason}` : `site/forged-push/${cameraId}/${reason}`

/** The alarm in words: what comes in, and what to do. Counts are since the start of berth. */
function alarmOf(one: Case, total: number): EffectDraft {
  const pushes = total === 1 ? 'A push' : `${total} pushes`
  const { says, does } = WORDS[one.reason](pushes, one.cameraId ?? '')
  return { type: 'raise.alarm', alarmId: alarmIdOf(one), alarm: 'forged-push', says, do: does }
}

type Words = (pushes: string, camera: string) => { readonly says: string; readonly does: string }
const SEE = 'the records `push.quarantined` of the stream `site` keep the source addresses'
const WORDS: { readonly [reason in PushReason]: Words } = {
  'unknown-token': (pushes) => ({
    says: `${pushes} came in under a path that is no camera's; nothing of it reached a bay.`,
    does: `If a camera was given a new token, set its push address; else find out who sends: ${SEE}.`,
  }),
  address: (pushes, camera) => ({
    says: `${pushes} for camera ${camera} came in from an address that is not in its \`from\`; nothing of it reached a bay.`,
    does: `If the camera has a new address, name it in \`from\`; else give the camera a new token and find out who sends: ${SEE}.`,
  }),
  device: (pushes, camera) => ({
    says: `${pushes} for camera ${camera} named another device, or none; nothing of it reached a bay.`,
    does: `If the camera was replaced, set its \`deviceId\`; if two cameras have their tokens exchanged, set them right; else find out who sends: ${SEE}.`,
  }),
}
