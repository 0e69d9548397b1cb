import type { ChargePointNews, DeskAnswer, OpenTransaction } from '../ports.ts'
import type { ShownToken, TransactionEvent } from './ocpp2-reading.ts'
import type { ChargingState } from './ocpp2-words.ts'

export type Ended = Extract<ChargePointNews, { type: 'ended' }>

/** One transaction of a station as far as it has told. Times in ms since 1970. */
export type Running = {
  readonly transactionId: string
  /** The site's name for it. */
  name: string
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
  /** Its Ended was told: nothing that comes later ends it again. */
  ended: boolean
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
export const newRunning = (
  called: Pick<Running, 'transactionId' | 'name'>,
  open: OpenTransaction | null,
  value: string | null,
): Running => ({
  ...called,
  name: open?.transactionId ?? called.name,
  evse: open?.evse ?? null,
  token: value === null ? null : { value, own: true },
  alias: null,
  standing: open ? (open.accepted ? 'accepted' : 'invalid') : null,
  stage: open ? 'open' : 'named',
  begun: open !== null || value !== null,
  early: null,
  ended: false,
  sensed: false,
  state: null,
  first_Wh: null,
  startedAt: null,
  seqNo: null,
  heard: [],
})

/** Its register rose between these two, Wh. */
export const gave = (first_Wh: number | null, last_Wh: number | null): boolean =>
  first_Wh !== null && last_Wh !== null && last_Wh > first_Wh

/** This Started uses the name of an earlier transaction for another one: with another time or token, and with both while that one runs. */
export function isNext(one: Running, { kind, happenedAt, token }: TransactionEvent): boolean {
  if (one.stage === 'named' || kind !== 'started') return false
  const isOther = token !== null && one.token !== null && ![one.token.value, one.alias].includes(token.value)
  const isLater = happenedAt !== null && one.startedAt !== null && happenedAt !== one.startedAt
  return one.stage === 'over' ? isOther || isLater : isOther && isLater
}

/** The oldest of a map go until it holds no more than `most`. */
export function trim<K>(map: Map<K, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return
    map.delete(key)
  }
}
