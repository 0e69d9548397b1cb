import { type Claims, foldClaims, noClaims, ruleClaim, ruleRelease } from './claims.ts'
import type { Json } from './events.ts'
import { type Exchange, foldExchange, noExchange, rulePair } from './exchange.ts'
import { mayHold } from './lock.ts'
import type { FactRecord } from './record.ts'
import { type BaySnapshot, eventOf, evidence, opened, pathOf, step } from './step.ts'

/** What a record says that was decided, and what these machines decide in its place. */
export type Evidence = { readonly recorded: Json; readonly now: Json }

/** A site that is lived again by these machines from its records alone, oldest first. */
export class RelivedSite {
  readonly bays = new Map<string, BaySnapshot>()
  readonly #claims: Claims = noClaims()
  readonly #exchange: Exchange = noExchange()

  /** Lives the next record; null where these machines decide as it says, or nothing is decided. */
  take(record: FactRecord): Evidence | null {
    const found = record.bayId === null ? this.#ruled(record) : this.#lived(record.bayId, record)
    foldExchange(this.#exchange, record)
    return found === null || isSame(found.recorded, found.now) ? null : found
  }

  #lived(bayId: string, record: FactRecord): Evidence {
    const { snapshot, draft } = step(this.bays.get(bayId) ?? opened(bayId), eventOf(record))
    this.bays.set(bayId, snapshot)
    return { recorded: evidence(record), now: evidence(draft) }
  }

  /** The site's own decisions: claims and exchanged pairs are ruled in log order; the log is the tie-break and replay follows it. */
  #ruled(record: FactRecord): Evidence | null {
    if (record.stream !== 'site') return null
    const { cause } = record
    if (cause.type === 'claim.asked' || cause.type === 'claim.released') return this.#claimed(record)
    const ruling = rulePair(this.#exchange, cause)
    return ruling && ruled(record, ruling.cause, ruling.decisions as Json, ruling.effects as Json)
  }

  #claimed(record: FactRecord): Evidence {
    const { cause } = record
    const asked = { handle: String(cause['handle']), bayId: String(cause['bayId']), visitId: String(cause['visitId']) }
    const holder = this.#claims.held.get(asked.handle)
    const bay = this.bays.get(holder?.bayId ?? '')?.context
    const holderHolds = bay !== undefined && bay.visit?.visitId === holder?.visitId && mayHold(bay)
    const isAsked = cause.type === 'claim.asked'
    const ruling = isAsked ? ruleClaim(this.#claims, asked, holderHolds) : ruleRelease(this.#claims, asked)
    foldClaims(this.#claims, record)
    const now = { type: cause.type, ...asked, ...(isAsked ? { holderHolds } : {}) }
    const told = ruling.told.map(({ news, ...about }) => ({ type: 'tell.bay', news, ...about }))
    return ruled(record, now, ruling.decisions as Json, told)
  }
}

/** Effects are compared without their ids: those are their place in the stream. */
function ruled(record: FactRecord, cause: Json, decisions: Json, effects: Json): Evidence {
  const ordered = record.effects.map(({ id: _id, ...effect }) => effect)
  return {
    recorded: { cause: record.cause as Json, decisions: record.decisions as Json, effects: ordered as Json },
    now: { cause, decisions, effects },
  }
}

/** Whether two values are written alike: the order of members does not count, one without a value is not there. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) || Array.isArray(other))
    return (
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, at) => isSame(item, other[at]))
    )
  const [left, right] = [one as { [name: string]: unknown }, other as { [name: string]: unknown }]
  for (const name in left) if (!isSame(left[name], right[name])) return false
  for (const name in right) if (right[name] !== undefined && left[name] === undefined) return false
  return true
}

/** One bay as people are shown it: `bay-1  charging-locked.charging  version 17  visit …, account …`. */
export function bayLine(bayId: string, snapshot: BaySnapshot): string {
  const { state, detail } = pathOf(snapshot.value)
  const { visit, version } = snapshot.context
  const path = `${state}${detail === state ? '' : `.${detail}`}`
  return `${bayId}  ${path}  version ${version}${visit ? `  visit ${visit.visitId}, account ${visit.payer?.accountId ?? 'none'}` : ''}`
}

/**
 * The same across a wall that lets only texts through: `take` is given a record as JSON and answers an Evidence as JSON, or '' where
 * there is no difference; `lines` is a JSON list of what `bayLine` says.
 */
export function relivedTexts(): { take(record: string): string; lines(): string } {
  const site = new RelivedSite()
  return {
    take(text) {
      const found = site.take(JSON.parse(text) as FactRecord)
      return found === null ? '' : JSON.stringify(found)
    },
    lines: () => JSON.stringify([...site.bays].map(([bayId, snapshot]) => bayLine(bayId, snapshot))),
  }
}
