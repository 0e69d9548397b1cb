import type { ConnectorKey, Handle } from './events.ts'

/** Two witnesses that disagree: since when, at which connector, about which card, on which transaction. */
export type Doubt = {
  readonly kind: 'plug-without-vehicle' | 'available-with-transaction' | 'other-token'
  readonly since: number
  readonly connector: ConnectorKey | null
  readonly handle: Handle | null
  readonly transactionId?: string
}

/** A billed transaction whose end is not known: what was billed, until when its visit ran, where the register stood when the next began. */
export type Owed = {
  readonly sessionId: string
  readonly visitId: string
  readonly transactionId: string
  readonly connector: ConnectorKey
  readonly accountId: string | null
  readonly startedAt: number
  readonly first_Wh: number | null
  readonly energy_Wh: number
  readonly until: number
  readonly next_Wh: number | null
}

/** The transaction that ended last: what is measured under its name soon after is accounting only. */
export type LastEnded = {
  readonly transactionId: string
  readonly at: number
  /** Register at its end. */
  readonly register_Wh?: number | null
  /** Live samples since that say current flows. */
  readonly draws?: number
  /** They are believed: the charge point gives energy without a transaction. */
  readonly drawsOn?: boolean
}
