import type { Visitor } from './cast.ts'
import {
  FIRST_VISITOR,
  NEIGHBOUR,
  NEIGHBOURED_VISITOR,
  PHONED,
  REGULARS,
  REVIEWED,
  UNREADABLE,
  UNREGISTERED,
} from './cast.ts'
import type { DemoBay } from './demo-site.ts'
import type { Dice } from './dice.ts'
import type { Plan, Surroundings } from './driver.ts'
import { drive } from './driver.ts'
import { rest } from './rest.ts'

/** A visit of the opening: seconds after the first arrival. */
type Opening = {
  readonly at_s: number
  readonly bayId: string
  readonly visitor: Visitor
  readonly plugAfter_s: number
  readonly charge_s: number
  readonly side: -1 | 1
}

/** Everybody whom the demo promises, within the first minute and a half. */
export const OPENING: readonly Opening[] = [
  { at_s: 0, bayId: 'bay-2', visitor: FIRST_VISITOR, plugAfter_s: 2, charge_s: 27, side: -1 },
  { at_s: 8, bayId: 'bay-5', visitor: NEIGHBOURED_VISITOR, plugAfter_s: 3, charge_s: 60, side: 1 },
  { at_s: 22, bayId: 'bay-4', visitor: NEIGHBOUR, plugAfter_s: 3, charge_s: 35, side: -1 },
  { at_s: 34, bayId: 'bay-1', visitor: UNREADABLE, plugAfter_s: 3, charge_s: 40, side: -1 },
  { at_s: 48, bayId: 'bay-3', visitor: UNREGISTERED, plugAfter_s: 4, charge_s: 10, side: 1 },
  { at_s: 62, bayId: 'bay-6', visitor: REVIEWED, plugAfter_s: 3, charge_s: 35, side: 1 },
]
const OPENING_ENDS_S = 85
/** Where somebody waits for the driver page, from then on. */
export const PAGE_BAY = 'bay-3'
/** So many bays are taken at most afterwards: the board stays readable and the reader has time. */
const MOST_VISITS = 5
/** A bay, and the vehicle that was in it, stay away for so long after a visit: the exit has to be seen first. */
const BAY_PAUSE_MS = 14_000

/** Runs the opening, then regular traffic until the signal ends. */
export async function runTimetable(
  bays: readonly DemoBay[],
  around: Surroundings,
  dice: Dice,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = around
  const taken = new Set<string>()
  const present = new Set<Visitor>()
  const visits = new Set<Promise<void>>()
  const visit = (plan: Plan): void => {
    taken.add(plan.bay.bayId)
    present.add(plan.visitor)
    const running = drive(plan, around, signal)
      .then(() => rest(clock, BAY_PAUSE_MS, signal))
      .catch((reason: unknown) => {
        if (!signal.aborted)
          around.say(
            `${plan.bay.bayId}  the visit broke off (${reason instanceof Error ? reason.message : String(reason)})`,
          )
      })
      .finally(() => {
        taken.delete(plan.bay.bayId)
        present.delete(plan.visitor)
        visits.delete(running)
      })
    visits.add(running)
  }
  const began = clock.now()
  try {
    for (const { at_s, bayId, ...plan } of OPENING) {
      await rest(clock, began + at_s * 1000 - clock.now(), signal)
      const bay = bays.find((one) => one.bayId === bayId)
      if (bay !== undefined) visit({ bay, ...plan })
    }
    await rest(clock, began + OPENING_ENDS_S * 1000 - clock.now(), signal)
    for (;;) {
      const page = bays.find(({ bayId }) => bayId === PAGE_BAY && !taken.has(bayId))
      if (page !== undefined) visit({ bay: page, visitor: PHONED, plugAfter_s: 3, charge_s: 0, side: 1 })
      const plan = taken.size < MOST_VISITS ? nextPlan(bays, taken, present, dice) : null
      if (plan !== null) visit(plan)
      await rest(clock, dice.between(7, 16) * 1000, signal)
    }
  } catch (reason) {
    if (!signal.aborted) throw reason
  }
  await Promise.all(visits)
}

/** Somebody for a free bay: mostly regulars, sometimes one of the hard cases. */
export function nextPlan(
  bays: readonly DemoBay[],
  taken: ReadonlySet<string>,
  present: ReadonlySet<Visitor>,
  dice: Dice,
): Plan | null {
  const free = bays.filter((bay) => !taken.has(bay.bayId))
  if (free.length === 0) return null
  const chance = dice.next()
  const wanted =
    chance < 0.08 ? UNREADABLE : chance < 0.16 ? UNREGISTERED : chance < 0.3 ? REVIEWED : dice.pick(REGULARS)
  const here = new Set([...present].map((visitor) => visitor.look.plate.text))
  const visitor = [wanted, ...dice.shuffle(REGULARS)].find((one) => !here.has(one.look.plate.text))
  if (visitor === undefined) return null
  const side = dice.next() < 0.5 ? -1 : 1
  return {
    bay: dice.pick(free),
    visitor: { ...visitor, across_m: dice.between(-0.12, 0.12) },
    plugAfter_s: dice.between(2, 6),
    charge_s: dice.between(25, 70),
    side,
  }
}
