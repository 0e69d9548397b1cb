import { type Claims, foldClaims, type Holder, noClaims } from '../../machines/claims.ts'
import type { Cause, Effect, FactRecord } from '../../machines/record.ts'
import type { Lane, TwinLives } from './lane.ts'

type TriedClaimsParts = {
  readonly lives: TwinLives
  readonly lane: (bayId: string) => Lane
  /** Tells a tried life something that is not recorded. */
  readonly own: (lane: Lane, at: number, cause: Cause) => void
}

/** One plate, one live visit, among the tried lives: ruled where the journal ruled, and at once where it did not. */
export class TriedClaims {
  readonly #parts: TriedClaimsParts
  readonly #recorded: Claims = noClaims()
  /** Some claim was ruled otherwise, or on something else, than recorded. */
  #apart = false

  constructor(parts: TriedClaimsParts) {
    this.#parts = parts
  }

  /** A tried visit claims its vehicle or gives it back; `recorded`: the same record asked the same. */
  ordered(lane: Lane, effect: Effect, at: number, recorded: boolean): void {
    const asks = effect.type === 'claim.plate' ? 'asked' : 'released'
    const about = { handle: String(effect['handle']), bayId: lane.bayId, visitId: String(effect['visitId']) }
    if (recorded) return void lane.awaits.add(`${asks} ${about.handle}`)
    this.#apart = true
    this.#rule(asks, about, at, [])
  }

  /** A record of the `site` stream. */
  hear(record: FactRecord): void {
    const { cause } = record
    if (cause.type !== 'claim.asked' && cause.type !== 'claim.released') return
    foldClaims(this.#recorded, record)
    const asks = cause.type === 'claim.asked' ? 'asked' : 'released'
    const handle = String(cause['handle'])
    const lane = this.#parts.lane(String(cause['bayId']))
    const isAwaited = lane.awaits.delete(`${asks} ${handle}`)
    // After a restart claims of visits that are over are given back, though no bay asks for it.
    if (!isAwaited && (lane.mode === 'lost' || lane.apart)) {
      this.#apart = true
      return
    }
    const own = lane.apart ? this.#ownVisit(lane, handle) : null
    const about = { handle, bayId: lane.bayId, visitId: own ?? String(cause['visitId']) }
    this.#rule(asks, about, Date.parse(record.at), record.effects, cause['holderHolds'] === true)
  }

  #ownVisit(lane: Lane, handle: string): string | null {
    return (
      this.#parts.lives.claimsOf(lane.bayId).find((one) => one.handle === handle)?.visitId ??
      this.#parts.lives.standing(lane.bayId, 'tried').visitId
    )
  }

  #rule(asks: 'asked' | 'released', about: Holder, at: number, told: readonly Effect[], recordedHolds = false): void {
    const { lives, lane, own } = this.#parts
    const { holder } = lives.claimed(about.handle)
    const ruling = lives.rule(asks, about, holder !== null && this.#holds(holder, recordedHolds))
    for (const { news, ...news_ } of ruling.told) {
      const isRecorded = told.some(
        (effect) => effect['news'] === news && effect['bayId'] === news_.bayId && effect['handle'] === news_.handle,
      )
      if (isRecorded) continue
      this.#apart = true
      const { bayId, ...said } = news_
      own(lane(bayId), at, { type: news, id: 'tried', source: 'site', ...said })
    }
    if (told.length !== ruling.told.length) this.#apart = true
  }

  /** Whether the holder's bay is held: by record where its lives are one, so that older machines rule as they did. */
  #holds(holder: Holder, recordedHolds: boolean): boolean {
    const lane = this.#parts.lane(holder.bayId)
    const isRecorded = this.#recorded.held.get(holder.handle)?.visitId === holder.visitId
    if (!lane.apart && lane.mode !== 'lost' && !this.#apart && isRecorded) return recordedHolds
    const stand = this.#parts.lives.standing(holder.bayId, 'tried')
    return stand.visitId === holder.visitId && stand.holds
  }

  /** News of a claim as the tried life hears it; null where it is none there. */
  newsFor(lane: Lane, cause: Cause): Cause | null {
    if (!lane.apart && !this.#apart) return cause
    const handle = String(cause['handle'])
    const stand = this.#parts.lives.standing(lane.bayId, 'tried')
    if (stand.claim?.handle !== handle || stand.visitId === null) return null
    const { holder, waiting } = this.#parts.lives.claimed(handle)
    const isMine = holder?.visitId === stand.visitId
    const waits = waiting.some(({ visitId }) => visitId === stand.visitId)
    const isSo =
      cause.type === 'claim.granted' || cause.type === 'claim.doubled'
        ? isMine && (cause.type === 'claim.granted' || waiting.length > 0)
        : cause.type === 'claim.alone'
          ? isMine && waiting.length === 0
          : cause.type === 'claim.contested'
            ? waits
            : !isMine && !waits
    return isSo ? { ...cause, visitId: stand.visitId } : null
  }

  /** The bay's lives go on from one knowledge: what its tried visits still claimed is given back. */
  joined(lane: Lane, at: number): void {
    lane.awaits.clear()
    for (const stale of this.#parts.lives.claimsOf(lane.bayId)) this.#rule('released', stale, at, [])
  }

  /** Forgets that claims went apart once they say the same again. */
  settle(): void {
    if (!this.#apart) return
    const all = [...this.#recorded.held.values()]
    const isSame = (one: Holder): boolean => this.#parts.lives.claimed(one.handle).holder?.visitId === one.visitId
    const waits = this.#recorded.waiting.length === 0
    if (waits && all.every(isSame)) this.#apart = false
  }
}
