import type { TokenRef } from '../../machines/events.ts'
import { begin } from './charge-start.ts'
import { bodyOf, chargePointOf, inquiryDraws, type Stage, say, takes_ms, works } from './design-stage.ts'
import { PARKS_MS, type ParkedVehicle } from './parked-vehicle.ts'

/** The driver was told to pay otherwise: who can takes the time for it that people take. */
export function sendToPay(stage: Stage, parked: ParkedVehicle, at: number): void {
  parked.row.fellBack = true
  if (parked.asked || parked.wallet === null || parked.ice) return
  parked.asked = true
  const { card_s, qr_s } = stage.scenario.drivers
  const takes = takes_ms(stage.streams.of('pay', parked.wanted.index), parked.wallet === 'card' ? card_s : qr_s)
  const from = Math.max(at, parked.enteredAt + PARKS_MS)
  stage.later(from + takes, (now) => pay(stage, parked, now))
}

/** A card or code is presented. Whose account only the operator's back end knows is asked about there first. */
export function pay(stage: Stage, parked: ParkedVehicle, at: number): void {
  parked.asked = false
  const token = tokenOf(parked)
  if (!mayPay(stage, parked)) return
  if (token.kind !== 'card' || !isFar(stage, parked)) return present(stage, parked, token, at)
  stage.plates.holdFar(token.handle, payingAccount(parked))
  const where = { bayId: null, chargePointId: chargePointOf(parked.plugBay), evse: 1 }
  const question = {
    id: token.handle,
    handle: token.handle,
    presented: 'card' as const,
    idToken: token.handle,
    ...where,
  }
  stage.payers.ask(question, inquiryDraws(stage, parked), at, (answer, now) => {
    if (!mayPay(stage, parked)) return
    const by = answer.by === 'register' ? {} : { by: answer.by }
    if (answer.granted)
      return present(stage, parked, { ...token, ...by, ...(answer.kept ? { kept: true as const } : {}) }, now)
    // The charge point says that the card is not valid; its driver may try again.
    parked.row.hit ||= answer.reason === 'unanswered'
    shown(stage, parked, { ...token, accountId: null, standing: 'unknown', ...by }, now)
  })
}

const mayPay = (stage: Stage, { gone, leaving, plugBay, row }: ParkedVehicle): boolean =>
  !(gone || leaving || bodyOf(stage, plugBay).transaction || row.powerMs !== null) && works(stage, plugBay)

/** Whether only the back end knows who pays with this driver's card. Codes are berth's own, and strangers' cards are of both kinds. */
function isFar({ scenario, plates, streams }: Stage, { wallet, vehicle, wanted, ways }: ParkedVehicle): boolean {
  const { accounts } = scenario.backEnd
  if (accounts === 0 || wallet !== 'card' || ways.has('strayCard')) return false
  if (vehicle.accountId !== null) return plates.farAccount(vehicle.handle) !== null
  return streams.of('far card', wanted.index).uniform() < accounts
}

function present(stage: Stage, parked: ParkedVehicle, token: TokenRef, at: number): void {
  parked.paid = true
  parked.token = token
  shown(stage, parked, token, at)
  if (bodyOf(stage, parked.plugBay).plugged === parked) byWallet(stage, parked, at)
}

const shown = (stage: Stage, { plugBay }: ParkedVehicle, token: TokenRef, at: number): void =>
  say(stage, plugBay, at, (origin) => ({
    type: 'token.presented',
    ...origin,
    chargePointId: chargePointOf(plugBay),
    token,
  }))

/** The charge point begins by what its driver paid with. */
export const byWallet = (stage: Stage, parked: ParkedVehicle, at: number): void =>
  begin(stage, parked.plugBay, at, () => parked.token ?? tokenOf(parked))

/** Whom a driver's card or code stands for: the account of the vehicle, or one of its own. */
export const payingAccount = ({ vehicle, wanted }: ParkedVehicle): string => vehicle.accountId ?? `own-${wanted.index}`

const tokenOf = (parked: ParkedVehicle): TokenRef => {
  const isStray = parked.ways.has('strayCard')
  return {
    kind: 'card',
    handle: `${parked.wallet}-${parked.wanted.index}`,
    accountId: isStray ? null : payingAccount(parked),
    standing: isStray ? 'unknown' : 'accepted',
  }
}
