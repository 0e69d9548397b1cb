import type { Clock } from '../../actors/ports.ts'
import type { BayView } from '../../projections/bay-view.ts'
import type { Board } from './board.ts'
import type { Visitor } from './cast.ts'
import type { ChargePointClient } from './charge-point-client.ts'
import type { Say } from './commentary.ts'
import type { DemoBay } from './demo-site.ts'
import { rest } from './rest.ts'
import type { Stage } from './stage.ts'

/** What a driver can do at a charge point. */
export type DriverPost = Pick<ChargePointClient, 'plug' | 'unplug' | 'tapCard' | 'drive'>

/** What a driver needs around them. */
export type Surroundings = {
  readonly clock: Clock
  readonly stage: Stage
  readonly board: Board
  readonly chargePoint: (chargePointId: string) => DriverPost
  readonly say: Say
}

/** One visit as its driver plans it, seconds. `charge_s` counts from the moment that the bay is locked. */
export type Plan = {
  readonly bay: DemoBay
  readonly visitor: Visitor
  readonly plugAfter_s: number
  readonly charge_s: number
  readonly side: -1 | 1
}

/** How long a driver waits for the charge point to start before trying something else, or going. */
const PATIENCE_MS = 45_000
const UNWANTED_PATIENCE_MS = 14_000
/** Who waits for the person at the screen has time: for an answer to a review, or a press on the driver page. */
const SCREEN_PATIENCE_MS = 170_000
const PAGE_PATIENCE_MS = 20 * 60_000
const CARD_AFTER_MS = 5_000
/** Between pulling the cable and driving away. */
const STOW_MS = 1_500

/** Drives in, plugs, taps the card if there is one, charges, unplugs, drives away. Rejects only when the signal ends. */
export async function drive(plan: Plan, around: Surroundings, signal: AbortSignal): Promise<void> {
  const { bay, visitor } = plan
  const { clock, stage, say } = around
  say(`${bay.bayId}  ${visitor.look.plate.text} arrives${remark(visitor)}`)
  await rest(clock, stage.enter(bay, visitor, plan.side), signal)
  await rest(clock, plan.plugAfter_s * 1000, signal)
  const point = around.chargePoint(bay.chargePointId)
  point.drive(bay.evse, visitor.draws_A)
  point.plug(bay.evse)
  if (visitor.card !== null) await payByCard(plan, point, visitor.card, around, signal)
  const patience = patienceOf(visitor)
  const locked = await around.board.until(bay.bayId, (view) => view.state === 'charging-locked', patience, signal)
  // Whoever began at the page is the one to stop it there.
  if (locked && visitor.kind === 'phoned')
    await around.board.until(
      bay.bayId,
      (view) => view.state !== 'charging-locked' || !draws(view),
      PAGE_PATIENCE_MS,
      signal,
    )
  else if (locked) await rest(clock, plan.charge_s * 1000, signal)
  else say(`${bay.bayId}  ${visitor.look.plate.text} gives up: nothing charges`)
  point.unplug(bay.evse)
  await rest(clock, STOW_MS, signal)
  say(`${bay.bayId}  ${visitor.look.plate.text} drives away`)
  await rest(clock, stage.leave(bay, plan.side), signal)
}

/** Waits a little for the plate to do it, then holds the card to the reader. */
async function payByCard(
  plan: Plan,
  point: DriverPost,
  card: string,
  around: Surroundings,
  signal: AbortSignal,
): Promise<void> {
  const { bay, visitor } = plan
  const locked = await around.board.until(bay.bayId, (view) => view.state === 'charging-locked', CARD_AFTER_MS, signal)
  if (locked) return
  around.say(`${bay.bayId}  the driver of ${visitor.look.plate.text} taps a card`)
  point.tapCard(bay.evse, card)
}

function patienceOf({ kind }: Visitor): number {
  if (kind === 'unregistered') return UNWANTED_PATIENCE_MS
  if (kind === 'phoned') return PAGE_PATIENCE_MS
  return kind === 'reviewed' ? SCREEN_PATIENCE_MS : PATIENCE_MS
}

const draws = ({ lock }: BayView): boolean => lock.reasons.includes('transaction-open')

function remark(visitor: Visitor): string {
  switch (visitor.kind) {
    case 'neighbour':
      return ' and parks near the line: the zone of bay-5 shows its plate too'
    case 'unreadable':
      return ', its plate covered in mud'
    case 'phoned':
      return ', its plate covered in mud, and no card: it waits for its driver page'
    case 'unregistered':
      return ', a plate that nobody registered'
    case 'reviewed':
      return `, with the plate ${visitor.look.rackPlate?.text ?? ''} on its bicycle rack`
    default:
      return ''
  }
}
