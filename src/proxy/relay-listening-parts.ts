import type { FrameBox } from '../../actors/ocpp/frame-box.ts'
import type { OcppLog } from '../../actors/ocpp/ocpp-counters.ts'
import type { ChargePointProfile } from '../../actors/ocpp/profiles/charge-point-profile.ts'
import type { ChargePointDesk, Clock, DeskAnswer } from '../../actors/ports.ts'
import type { Listening } from '../charge-point-door.ts'
import type { RelaySettings } from '../relay/relay.ts'
import type { RelayNews, RelayState } from '../relay/relay-news.ts'
import type { Aliases } from './aliases.ts'

export type RelayListeningOptions = {
  readonly settings: RelaySettings
  readonly clock: Clock
  readonly desk: ChargePointDesk
  /** Keeps frames as evidence. */
  readonly frames: FrameBox
  readonly log: OcppLog
  readonly profile: (chargePointId: string) => ChargePointProfile
  readonly evses: (chargePointId: string) => readonly number[]
  /** What the back end knows a start's payer by; null = nothing: it is not sent then. */
  readonly aliasOf: Aliases['ofStart']
  /** What the relay says beside frames and connections. */
  readonly told: (news: RelayNews) => Promise<void>
  /** How the relay stands, when it has come up and every few seconds; null when it is gone: it comes back by itself. */
  readonly stands: (state: RelayState | null) => void
}

export type RelayListening = Listening & {
  /** What the back end says of an alias at this charge point, before anything starts; null where it does not say. */
  authorizeAlias(chargePointId: string, alias: string): Promise<DeskAnswer['status'] | null>
  readonly port: number
  readonly tlsPort: number | null
  /** The relay takes these passwords; it reads certificates by itself. No connection is touched. */
  reload(chargePoints: readonly { readonly id: string; readonly password?: string }[]): void
  /** A token is dead: from now on the relay starts nothing with it. */
  bury(token: string): void
  /** Nothing of this subject stays in the relay's file but what is still owed to the back end: resolves when that is so, rejects where it is not within 10 s. */
  forget(subject: string): Promise<void>
  /** Ends berth's part and the relay with all its connections. */
  close(): Promise<void>
}
