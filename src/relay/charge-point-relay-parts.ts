import type { OcppLog } from '../../actors/ocpp/ocpp-counters.ts'
import type { Chance, Clock } from '../../actors/ports.ts'
import type { ChargePointMemory } from './charge-point-memory.ts'
import type { IdMap } from './id-map.ts'
import type { RedialBell } from './redial-bell.ts'
import type { RelayCounters } from './relay-counters.ts'
import type { RelayNews } from './relay-news.ts'
import type { RelayStore } from './relay-store.ts'
import type { TokenTable } from './token-table.ts'
import type { TransactionPayers } from './transaction-payers.ts'
import type { SeqSource } from './transaction-queue.ts'
import type { UpstreamTlsFiles } from './upstream-line.ts'

/** What one charge point’s relay is made of; most of it is shared by all. */
export type ChargePointRelayParts = {
  readonly chargePointId: string
  /** Its back end; the charge point's id is put behind it. */
  readonly upstream: string
  /** What it must show, as the site file has it. */
  readonly password?: string
  readonly tls?: UpstreamTlsFiles
  readonly clock: Clock
  readonly chance: Chance
  readonly store: RelayStore
  readonly tokens: TokenTable
  readonly ids: IdMap
  readonly payers: TransactionPayers
  readonly memory: ChargePointMemory
  readonly seqs: SeqSource
  readonly counters: RelayCounters
  /** What ids of berth's own calls begin with: the same after a restart, so that no late answer is taken for the back end's. */
  readonly prefix: string
  readonly news: (news: RelayNews) => void
  readonly log: OcppLog
  readonly redial_ms: number
  /** Shared by all whose back end is the same host. */
  readonly bell: RedialBell
  readonly patience_ms: number
  readonly answerWithin_ms: number
  readonly overridesRefusals: boolean
  readonly cardsHearError: boolean
  /** OCPP 2's type of the aliases. */
  readonly aliasType: string
}
