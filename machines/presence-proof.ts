import type { FactRecord } from './record.ts'

/**
 * Whether a site's cameras can be believed that a bay is empty: hours in which a charge was under way, and so a vehicle stood there, and
 * in which a camera said of that bay that somebody stands there; and how often it said meanwhile that nobody did. Hours in which it was
 * lost, blind or did not know show nothing, nor do those before it could have said so: its empty bay was not learnt, and it had never
 * called that bay empty.
 */
export type PresenceProof = {
  /** What each camera has shown of each bay, by `proofKey`. */
  readonly shares: { readonly [cameraAndBay: string]: ProofShare }
  /** Charges that run, by bay. */
  readonly charging: { readonly [bayId: string]: true }
}
/** `since`: it says that a vehicle stands there, while a charge runs, since then (ms since 1970); null where it does not. */
export type ProofShare = {
  readonly bayId: string
  readonly occupied_ms: number
  readonly falseEmpties: number
  readonly says: 'occupied' | 'empty' | 'unknown'
  readonly since: number | null
  /** It can call this bay empty: that was learnt, or it did. */
  readonly isAble: boolean
}

export const NO_PROOF: PresenceProof = { shares: {}, charging: {} }

/** Occupied hours that the cameras of a site must have watched together, and for how many of them one false word may stand. */
export const PROOF_HOURS = 1_000
/** And each camera of each bay by itself, since that bay was learnt or its zone drawn: another's hours do not vouch for a new one. */
export const OWN_HOURS = 20
const HOUR_MS = 3_600_000
const NO_SHARE = { occupied_ms: 0, falseEmpties: 0, says: 'unknown', since: null, isAble: false } as const

export const proofKey = (cameraId: string, bayId: string): string => `${cameraId.length} ${cameraId} ${bayId}`

/** Folds one record of the journal. */
export function foldProof(proof: PresenceProof, record: FactRecord): PresenceProof {
  const { bayId, cause, decisions } = record
  const at = Date.parse(record.at)
  if (cause.type === 'zone.learnt') {
    const [cameraId, known] = [String(cause['cameraId']), String(cause['bayId'])]
    return withShare(proof, cameraId, known, (share) => ({
      ...share,
      occupied_ms: 0,
      falseEmpties: 0,
      since: null,
      isAble: true,
    }))
  }
  if (bayId === null) return proof
  const told = foldWord(proof, record, at)
  const hasLocked = decisions.some(({ type }) => type === 'BayLocked')
  const hasEnded = decisions.some(({ type }) => type === 'BayUnlocked' || type === 'VisitEnded')
  if (hasEnded) {
    const { [bayId]: _, ...charging } = told.charging
    return { ...sharesOf(told, bayId, (share) => counted(share, at, false)), charging }
  }
  if (!hasLocked) return told
  const charging = { ...told.charging, [bayId]: true as const }
  return { ...sharesOf(told, bayId, (share) => counted(share, at, share.says === 'occupied')), charging }
}

/** What a camera says of the bay from now on, if this record says it. */
function foldWord(proof: PresenceProof, { bayId: bay, cause }: FactRecord, at: number): PresenceProof {
  const bayId = bay as string
  // After a gap nobody knows who was there meanwhile: what ran shows nothing, and each camera must speak again.
  if (cause.type === 'site.resumed')
    return sharesOf(proof, bayId, (share) => ({ ...share, says: 'unknown', since: null }))
  // Its zone lies elsewhere: what the old one showed is not about it.
  if (cause.type === 'zones.published')
    return sharesOf(proof, bayId, (share) => ({ ...share, occupied_ms: 0, falseEmpties: 0, since: null }))
  const [says, cameraId] = [wordOf(cause), cause['cameraId']]
  if (says === null || typeof cameraId !== 'string') return proof
  const isCharging = proof.charging[bayId] === true
  return withShare(proof, cameraId, bayId, (share) => ({
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
): PresenceProof {
  const key = proofKey(cameraId, bayId)
  return { ...proof, shares: { ...proof.shares, [key]: change(proof.shares[key] ?? { bayId, ...NO_SHARE }) } }
}

function sharesOf(proof: PresenceProof, bayId: string, change: (share: ProofShare) => ProofShare): PresenceProof {
  const shares = Object.entries(proof.shares).map(([key, share]) => [
    key,
    share.bayId === bayId ? change(share) : share,
  ])
  return { ...proof, shares: Object.fromEntries(shares) }
}

/** All that the cameras of the site have shown together. */
export function pooledProof({ shares }: PresenceProof): Pick<ProofShare, 'occupied_ms' | 'falseEmpties'> {
  let [occupied_ms, falseEmpties] = [0, 0]
  for (const share of Object.values(shares)) {
    occupied_ms += share.occupied_ms
    falseEmpties += share.falseEmpties
  }
  return { occupied_ms, falseEmpties }
}

/**
 * Shown of this camera and bay: the site's cameras watched long enough, with at most one false word in a thousand occupied hours, and this
 * one has its own share in that, and is no worse.
 */
export function isShown(proof: PresenceProof, cameraId: string, bayId: string): boolean {
  const own = proof.shares[proofKey(cameraId, bayId)]
  const all = pooledProof(proof)
  if (!own || all.occupied_ms < PROOF_HOURS * HOUR_MS || own.occupied_ms < OWN_HOURS * HOUR_MS) return false
  return [own, all].every((one) => one.falseEmpties * PROOF_HOURS * HOUR_MS <= one.occupied_ms)
}

/** False words in 1,000 occupied hours: as counted, and between which rates that leaves the true one (95 %, Wilson, an hour a trial). */
export function falseRate({ occupied_ms, falseEmpties }: Pick<ProofShare, 'occupied_ms' | 'falseEmpties'>): {
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
