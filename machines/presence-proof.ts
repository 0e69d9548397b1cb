import type { FactRecord } from './record.ts'

/**
 * Whether a site's cameras can be believed that a bay is empty: hours in which a charge was under way, and so a vehicle stood there, and
 * in which a camera said of that bay that somebody stands there; and how often it said meanwhile that nobody did. Hours in which it was
 * lost, blind or did not know show nothing, nor do those before it could have said so: its empty bay was not learnt, and it had never
 * called that bay empty.
 */
export type PresenceProof = {
  /** What each camera has shown of each bay, by bay and camera. */
  readonly shares: Map<string, Map<string, ProofShare>>
  /** Bays in which a charge runs. */
  readonly charging: Set<string>
  /** What all of them have shown together. */
  readonly pooled: Shown
}
/** Occupied hours that were watched, and the false words in them. */
export type Shown = { occupied_ms: number; falseEmpties: number }
/** `since`: it says that a vehicle stands there, while a charge runs, since then (ms since 1970); null where it does not. */
export type ProofShare = Readonly<Shown> & {
  readonly says: 'occupied' | 'empty' | 'unknown'
  readonly since: number | null
  /** It can call this bay empty: that was learnt, or it did. */
  readonly isAble: boolean
}

/** Nothing is shown yet. */
export const noProof = (): PresenceProof => ({
  shares: new Map(),
  charging: new Set(),
  pooled: { occupied_ms: 0, falseEmpties: 0 },
})

/** Occupied hours that the cameras of a site must have watched together, and for how many of them one false word may stand. */
export const PROOF_HOURS = 1_000
/** And each camera of each bay by itself, since that bay was learnt or its zone drawn: another's hours do not vouch for a new one. */
export const OWN_HOURS = 20
const HOUR_MS = 3_600_000
const NO_SHARE: ProofShare = { occupied_ms: 0, falseEmpties: 0, says: 'unknown', since: null, isAble: false }

/** What this camera has shown of this bay. */
export const shareOf = (proof: PresenceProof, cameraId: string, bayId: string): ProofShare | undefined =>
  proof.shares.get(bayId)?.get(cameraId)

/** Folds one record of the journal into the proof, which it changes: a site has thousands of shares, and a record is about those of one bay. */
export function foldProof(proof: PresenceProof, record: FactRecord): PresenceProof {
  const { bayId, cause, decisions } = record
  const at = Date.parse(record.at)
  if (cause.type === 'zone.learnt')
    withShare(proof, String(cause['cameraId']), String(cause['bayId']), (share) => ({
      ...share,
      occupied_ms: 0,
      falseEmpties: 0,
      since: null,
      isAble: true,
    }))
  else if (bayId !== null) {
    foldWord(proof, record, at)
    const hasLocked = decisions.some(({ type }) => type === 'BayLocked')
    const hasEnded = decisions.some(({ type }) => type === 'BayUnlocked' || type === 'VisitEnded')
    if (hasEnded || hasLocked)
      sharesOf(proof, bayId, (share) => counted(share, at, !hasEnded && share.says === 'occupied'))
    if (hasEnded) proof.charging.delete(bayId)
    else if (hasLocked) proof.charging.add(bayId)
  }
  return proof
}

/** What a camera says of the bay from now on, if this record says it. */
function foldWord(proof: PresenceProof, { bayId: bay, cause }: FactRecord, at: number): void {
  const bayId = bay as string
  // After a gap nobody knows who was there meanwhile: what ran shows nothing, and each camera must speak again.
  if (cause.type === 'site.resumed')
    return sharesOf(proof, bayId, (share) => ({ ...share, says: 'unknown', since: null }))
  // Its zone lies elsewhere: what the old one showed is not about it.
  if (cause.type === 'zones.published')
    return sharesOf(proof, bayId, (share) => ({ ...share, occupied_ms: 0, falseEmpties: 0, since: null }))
  const [says, cameraId] = [wordOf(cause), cause['cameraId']]
  if (says === null || typeof cameraId !== 'string') return
  const isCharging = proof.charging.has(bayId)
  withShare(proof, cameraId, bayId, (share) => ({
    ...counted(share, at, isCharging && says === 'occupied'),
    says,
    isAble: share.isAble || says === 'empty',
    falseEmpties: share.falseEmpties + (isCharging && says === 'empty' ? 1 : 0),
  }))
}

/** A plate that was read there now is a vehicle there: the feed says so no second time. */
function wordOf(cause: FactRecord['cause']): ProofShare['says'] | null {
  if (cause.type === 'vehicle.seen') return 'occupied'
  if (cause.type === 'zone.empty') return 'empty'
  if (cause.type === 'zone.unknown' || cause.type === 'camera.lost' || cause.type === 'camera.back') return 'unknown'
  const isRead = cause.type.startsWith('plate.') && cause.type !== 'plate.lost'
  return isRead && cause['fresh'] === true && cause['clear'] === true ? 'occupied' : null
}

/** Takes in the hours until now; `goesOn`: from now on more are counted. */
function counted(share: ProofShare, at: number, goesOn: boolean): ProofShare {
  const passed = share.since === null ? 0 : Math.max(0, at - share.since)
  return { ...share, occupied_ms: share.occupied_ms + (share.isAble ? passed : 0), since: goesOn ? at : null }
}

function withShare(
  proof: PresenceProof,
  cameraId: string,
  bayId: string,
  change: (share: ProofShare) => ProofShare,
): void {
  const cameras = proof.shares.get(bayId) ?? new Map<string, ProofShare>()
  const before = cameras.get(cameraId) ?? NO_SHARE
  const after = change(before)
  proof.shares.set(bayId, cameras.set(cameraId, after))
  proof.pooled.occupied_ms += after.occupied_ms - before.occupied_ms
  proof.pooled.falseEmpties += after.falseEmpties - before.falseEmpties
}

function sharesOf(proof: PresenceProof, bayId: string, change: (share: ProofShare) => ProofShare): void {
  for (const cameraId of proof.shares.get(bayId)?.keys() ?? []) withShare(proof, cameraId, bayId, change)
}

/**
 * Shown of this camera and bay: the site's cameras watched long enough, with at most one false word in a thousand occupied hours, and this
 * one has its own share in that, and is no worse.
 */
export function isShown(proof: PresenceProof, cameraId: string, bayId: string): boolean {
  const own = shareOf(proof, cameraId, bayId)
  const all = proof.pooled
  if (!own || all.occupied_ms < PROOF_HOURS * HOUR_MS || own.occupied_ms < OWN_HOURS * HOUR_MS) return false
  return [own, all].every((one) => one.falseEmpties * PROOF_HOURS * HOUR_MS <= one.occupied_ms)
}

/** False words in 1,000 occupied hours: as counted, and between which rates that leaves the true one (95 %, Wilson, an hour a trial). */
export function falseRate({ occupied_ms, falseEmpties }: Readonly<Shown>): {
  readonly low: number
  readonly high: number
} {
  const hours = Math.max(occupied_ms / HOUR_MS, falseEmpties)
  if (hours === 0) return { low: 0, high: 1_000 }
  const [z2, share] = [1.96 ** 2, falseEmpties / hours]
  const middle = share + z2 / (2 * hours)
  const reach = 1.96 * Math.sqrt((share * (1 - share)) / hours + z2 / (4 * hours * hours))
  const of = (value: number): number => Math.round(Math.min(1, Math.max(0, value / (1 + z2 / hours))) * 1e6) / 1e3
  return { low: of(middle - reach), high: of(middle + reach) }
}
