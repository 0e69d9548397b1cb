import { TOY_PERSONALITIES, type ToyHabits } from '../toy-habits.ts'
import type { DesignScenario } from './design-scenario.ts'

/** Orders of messages as four families were measured to send them, and the one by the book. */
export const MESSAGE_ORDERS = TOY_PERSONALITIES
export type MessageOrder = keyof typeof MESSAGE_ORDERS

/** The charge point of one bay. */
export type BayChargePoint = {
  readonly power_W: number
  /** The phases (1 to 3) that a vehicle here draws from. */
  readonly phases: readonly number[]
  readonly startOn: 'validation' | 'plug'
  readonly connectionTimeout_s: number
  readonly answer_s: number
  readonly habits: ToyHabits
}

const ALL = [1, 2, 3] as const
const EACH = [[1], [2], [3]] as const

/** The charge point of every bay. Those of one phase take L1, L2 and L3 in turn, whatever stands between them. */
export function bayChargePoints({ site, chargers }: DesignScenario): BayChargePoint[] {
  let single = 0
  return Array.from({ length: site.bays }, (_, bay) => {
    const own = { ...chargers, ...chargers.others.find(({ bays }) => bays.includes(bay + 1)) }
    const { power_kW, startOn, connectionTimeout_s, answer_s } = own
    const turn = own.phases === 1 && chargers.wiring === 'rotate' ? single++ % 3 : 0
    return {
      power_W: power_kW * 1000,
      phases: own.phases === 3 ? ALL : (EACH[turn] as readonly number[]),
      startOn,
      connectionTimeout_s,
      answer_s,
      habits: MESSAGE_ORDERS[own.profile],
    }
  })
}
