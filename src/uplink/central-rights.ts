import { demand, demandCommand } from '../server/roles.ts'
import type { Caller } from '../site-desk.ts'
import type { CentralOrderType } from './central-order.ts'

/** The right that an order needs is the one that it needs at the site; asked at the centre, and once more at the gateway. Throws Fault FORBIDDEN. */
export function demandOrder(caller: Caller, type: CentralOrderType): void {
  if (type === 'automatic-starts') demand(caller, 'tune')
  if (type === 'automatic-starts' || type === 'answer-review') demand(caller, 'operate')
  else demandCommand(caller, type)
}
