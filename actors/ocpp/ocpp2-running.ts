import type { ChargePointNews, DeskAnswer, OpenTransaction } from '../ports.ts'
import type { ShownToken } from './ocpp2-reading.ts'
import type { ChargingState } from './ocpp2-words.ts'

export type Ended = Extract<ChargePointNews, { type: 'ended' }>

/** One transaction of a station as far as it has told. Times in ms since 1970. */
export type Running = {
  readonly transactionId: string
  evse: number | null
  token: ShownToken | null
  /** How the station calls that token where it names the start too: some cut it, or change its type. */
  alias: string | null
  /** What the desk said of its token. */
  standing: DeskAnswer['status'] | null
  /** `named`: heard of, and not begun for the bay; `open`: the bay has it; `over`. */
  stage: 'named' | 'open' | 'over'
  /** Its Started was heard. */
  begun: boolean
  /** An Ended that came before its Started. */
  early: Ended | null
  /** Its bay sensor has spoken. */
  sensed: boolean
  state: ChargingState | null
  first_Wh: number | null
  startedAt: number | null
  seqNo: number | null
  /** Marks of the events that were heard, newest last. */
  heard: string[]
}

/** One that was not heard of before. `open`: the bay has it already; `value`: the token of the start that it was announced for. */
export const newRunning = (transactionId: string, open: OpenTransaction | null, value: string | null): Running => ({
  transactionId,
  evse: open?.evse ?? null,
  token: value === null ? null : { value, own: true },
  alias: null,
  standing: open ? (open.accepted ? 'accepted' : 'invalid') : null,
  stage: open ? 'open' : 'named',
  begun: open !== null || value !== null,
  early: null,
  sensed: false,
  state: null,
  first_Wh: null,
  startedAt: null,
  seqNo: null,
  heard: [],
})
