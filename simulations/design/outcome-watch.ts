import type { Json } from '../../machines/events.ts'
import type { Decision, Effect } from '../../machines/record.ts'
import { isLegible, readVehicle } from './arrival-reads.ts'
import type { AskedPayers } from './asked-payers.ts'
import { stopCharge } from './bay-power.ts'
import { ordered } from './charge-start.ts'
import type { AskPayer } from './design-bays.ts'
import { bodyOf, inquiryDraws, type Stage } from './design-stage.ts'
import { payingAccount, sendToPay } from './driver-payment.ts'
import type { ParkedVehicle } from './parked-vehicle.ts'
import type { Trouble } from './visit-ledger.ts'

/** A bay that lets go of its visit later than this after its grace is late, ms. */
const LATE_MS = 60_000
/** A vehicle that stands there when a visit ends is read anew after this, ms. */
const LOOK_AGAIN_MS = 1000
/** From an order to stop to the end of the charge, ms. */
const STOP_MS = 1000
/** Words that send a driver to another way to pay. */
const PAY_OTHERWISE = new Set(['present-card', 'denied', 'refused'])

/** Looks on: whose visit each is, and what of what is decided is wrong. It knows the truth; the bays do not. */
export class OutcomeWatch {
  readonly #stage: () => Stage
  readonly #owners = new Map<string, ParkedVehicle | null>()
  readonly #charges = new Map<string, ParkedVehicle>()
  #deskFreeAt = 0
  #ofNobody = 0

  constructor(stage: () => Stage) {
    this.#stage = stage
  }

  /** Asks who pays, and notes whose read was in vain because nobody answered. */
  asking(payers: AskedPayers): AskPayer {
    return (question, at, told) => {
      const bay = bayOf(question.bayId)
      const draws = inquiryDraws(this.#stage(), bodyOf(this.#stage(), bay).vehicle)
      return payers.ask(question, draws, at, (answer, now) => {
        const here = bodyOf(this.#stage(), bay).vehicle
        if (here && !answer.granted && answer.reason === 'unanswered') here.row.hit = true
        told(answer, now)
      })
    }
  }

  decided(bay: number, decision: Decision, at: number): void {
    const stage = this.#stage()
    const visitId = String(decision['visitId'])
    switch (decision.type) {
      case 'VisitOpened':
        this.#owners.set(visitId, bodyOf(stage, bay).vehicle)
        return
      case 'PlateAgreed':
        return this.#agreed(stage, bay, decision['handle'])
      case 'SessionBilled':
        return this.#billed(decision)
      case 'VisitEnded':
        return this.#ended(stage, bay, visitId, at)
      default:
        return
    }
  }

  carryOut(bay: number, effect: Effect, at: number): void {
    const stage = this.#stage()
    switch (effect.type) {
      case 'start.charging':
        return ordered(stage, bay, effect, at)
      case 'stop.charging':
        return stage.later(at + STOP_MS, (now) => stopCharge(stage, bay, now, 'Remote'))
      case 'open.review':
        return this.#review(stage, bay, String(effect['review']), at)
      case 'raise.alarm':
        if (stage.ledger.counts(at - stage.start)) stage.ledger.alarms += 1
        return
      case 'tell.driver': {
        const { vehicle: here, plugged } = bodyOf(stage, bay)
        const vehicle = here ?? plugged
        if (vehicle && !vehicle.leaving && PAY_OTHERWISE.has(String(effect['message']))) sendToPay(stage, vehicle, at)
        return
      }
      default:
        return
    }
  }

  #agreed(stage: Stage, bay: number, handle: Json | undefined): void {
    const here = bodyOf(stage, bay).vehicle
    if (here?.vehicle.handle === handle) return
    const elsewhere = stage.bodies
      .map(({ vehicle, coming }) => vehicle ?? coming)
      .find((one) => one?.vehicle.handle === handle)
    if (elsewhere) note(elsewhere, 'wrong-bay')
    else if (here) note(here, 'misread-accepted')
  }

  /** A charge began: whose it truly is. */
  began(transactionId: string, parked: ParkedVehicle): void {
    this.#charges.set(transactionId, parked)
  }

  /** Whoever stood there when it was charged must pay, whatever visit it was billed in. */
  #billed(decision: Decision): void {
    const accountId = decision['accountId']
    if (typeof accountId !== 'string' || Number(decision['energy_Wh']) <= 0) return
    for (const transactionId of decision['transactions'] as readonly string[]) {
      const charged = this.#charges.get(transactionId)
      if (charged && accountId !== payingAccount(charged)) note(charged, 'wrong-payer')
    }
  }

  #ended(stage: Stage, bay: number, visitId: string, at: number): void {
    const owner = this.#owners.get(visitId)
    this.#owners.delete(visitId)
    const { vehicle, last } = bodyOf(stage, bay)
    // As on a live site its reads begin anew with the end of a visit: who stands there now is read once more.
    if (vehicle && !vehicle.leaving) stage.later(at + LOOK_AGAIN_MS, (now) => this.#again(stage, vehicle, now))
    if (!owner) return
    if (!owner.gone) {
      if (!owner.leaving) note(owner, 'false-release')
      return
    }
    if (last?.vehicle !== owner || vehicle) return
    if (at - last.at > stage.scenario.policy.exitGrace_s * 1000 + LATE_MS) note(owner, 'late-release')
  }

  #again(stage: Stage, parked: ParkedVehicle, at: number): void {
    if (parked.gone || parked.leaving) return
    const { blindUntil } = bodyOf(stage, parked.bay)
    if (at < blindUntil) return stage.later(blindUntil + LOOK_AGAIN_MS, (now) => this.#again(stage, parked, now))
    parked.looks += 1
    readVehicle(stage, parked, at, parked.looks)
  }

  /** One person at the desk, who takes one after the other. */
  #review(stage: Stage, bay: number, review: string, at: number): void {
    const { reviewers } = stage.scenario.policy
    const answer = (
      now: number,
      verdict: 'plate' | 'unreadable' | 'no-reviewer',
      parked: ParkedVehicle | null,
    ): void => {
      if (stage.bays.bay(bay).visit?.review?.review !== review) return
      const named = verdict === 'plate' && parked ? parked.vehicle : null
      stage.bays.tell(
        bay,
        {
          type: 'review.answered',
          ...stage.bays.origin('review'),
          review,
          verdict,
          handle: named?.handle ?? null,
          accountId: named?.accountId ?? null,
          by: verdict === 'no-reviewer' ? 'site' : 'reviewer',
        },
        now,
      )
    }
    if (reviewers === false) return stage.later(at, (now) => answer(now, 'no-reviewer', null))
    const parked = bodyOf(stage, bay).vehicle
    const draws = parked
      ? stage.streams.of(`review ${parked.reviews++}`, parked.wanted.index)
      : stage.streams.of('review of nobody', this.#ofNobody++)
    const { answer_s, handling_s } = stage.scenario.review
    const taken = Math.max(at + Math.round(draws.exponential(answer_s * 1000)), this.#deskFreeAt)
    const handling = Math.round(draws.exponential(handling_s * 1000))
    this.#deskFreeAt = taken + handling
    if (parked) parked.row.reviewed = true
    if (stage.ledger.counts(at - stage.start)) stage.ledger.review(handling)
    stage.later(taken + handling, (now) => {
      const isHere = parked !== null && bodyOf(stage, bay).vehicle === parked
      answer(now, isHere && isLegible(stage, parked, now) ? 'plate' : 'unreadable', parked)
    })
  }
}

/** The number of a bay by its name; 0 where nobody named one. */
const bayOf = (bayId: string | null): number => (bayId === null ? 0 : Number(bayId.slice(4)) - 1)

const note = (parked: ParkedVehicle, trouble: Trouble): void => void parked.row.troubles.add(trouble)
