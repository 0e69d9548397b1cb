import type { Autonomy, CommandType, ConnectorStatus } from '../../machines/events.ts'

/** Which of the bay's two connectors; a bay with one hears everything on that one. */
export type Evse = 1 | 2
/** Which transaction news is about: one that is open, the first of all, one that its visit left behind, the one that ended last, one nobody announced, none. */
export type Which = 'open' | 'old' | 'orphan' | 'ended' | 'unannounced' | 'none'

/** One thing that happens to a bay. */
export type Move =
  | { readonly kind: 'tell'; readonly told: { readonly type: string; readonly [field: string]: unknown } }
  | { readonly kind: 'plate'; readonly news: { readonly type: string }; readonly age_ms: number }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'crash'; readonly ms: number }
  | { readonly kind: 'status'; readonly evse: Evse; readonly status: ConnectorStatus }
  | {
      readonly kind: 'start'
      readonly by: 'live-start' | 'any-start' | 'card-a' | 'card-b' | 'bad-card'
      readonly evse: Evse
      readonly first_Wh: number
    }
  | {
      readonly kind: 'end'
      readonly which: Which
      readonly evse: Evse
      readonly drew_Wh: number
      readonly back_Wh?: number
    }
  | { readonly kind: 'update'; readonly which: Which; readonly evse: Evse; readonly ongoing: boolean }
  | {
      readonly kind: 'meter'
      readonly which: Which
      readonly evse: Evse
      readonly current_A: number | null
      readonly drew_Wh: number
      /** The message says so much less than the meter. */
      readonly back_Wh?: number
      readonly past: boolean
    }
  | { readonly kind: 'answer'; readonly yes: boolean; readonly confirm?: boolean }
  | {
      readonly kind: 'start-answer'
      readonly says: 'accepted' | 'rejected' | 'unanswered' | 'expired'
      /** The answer is to the first start that was called back, or came to nothing, meanwhile. */
      readonly late?: boolean
    }
  | { readonly kind: 'withdraw' }
  | { readonly kind: 'claim-news'; readonly says: 'lost' | 'granted' }
  | { readonly kind: 'ambiguous'; readonly evse: Evse }
  | {
      readonly kind: 'command'
      readonly command: CommandType
      readonly handle: string | null
      readonly accountId: string | null
      readonly level: Autonomy
    }

/** One observation, told as it is. */
export const tell = (told: { readonly type: string; readonly [field: string]: unknown }): Move => ({
  kind: 'tell',
  told,
})
