import type { AutomaticSwitch, SwitchState } from '../actors/automatic-switch.ts'
import { reasonOf } from './order-reading.ts'
import type { Caller, CommandAnswer } from './site-desk.ts'

/** An order to the whole site, as it comes from outside; `id` makes it idempotent. */
export type SiteCommand = {
  readonly id: string
  readonly type: 'automatic-starts'
  readonly on: boolean
  readonly reason?: string
}

/** The site's switch for automatic starts, for servers. */
export interface SwitchDesk {
  state(): SwitchState
  /** Resolves when durable. Rejects with Fault STORE_UNWRITABLE. */
  order(command: SiteCommand, by: Caller): Promise<CommandAnswer>
}

/** The switch of a running site. */
export const switchDesk = (automatic: AutomaticSwitch): SwitchDesk => ({
  state: () => automatic.state,
  async order({ id, on, reason }, by) {
    if (!id.isWellFormed())
      return { outcome: 'refused', why: 'The command id holds half a character; send plain text.' }
    const answer = await automatic.order({ id, on, by: by.name, reason: reasonOf(reason) })
    return answer === null
      ? { outcome: 'refused', why: 'This command id was used for another order; send a new id.' }
      : { outcome: 'done', seq: answer.seq }
  },
})
