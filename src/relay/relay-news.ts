/** The number of a line of the relay, and when it was said, ms since 1970. Gaps in `n` are told. */
export type Numbered<T> = T & { readonly n: number; readonly at: number }

/**
 * A copy of a frame. `up` and `down` are the charge point's and the back end's, `local` what the relay answered itself, `own` berth's
 * calls. `text` is what the charge point sent or got; `rewritten` what the back end got or sent, where that differs. `epoch` counts
 * the charge point's connections.
 */
export type FrameCopy = {
  readonly event: 'frame'
  readonly chargePointId: string
  readonly direction: 'up' | 'down' | 'local' | 'own'
  readonly text: string
  readonly rewritten?: string
  readonly epoch: number
}

/** What the relay tells the logic. */
export type RelayNews =
  | FrameCopy
  | { readonly event: 'online'; readonly chargePointId: string; readonly epoch: number; readonly protocol: string }
  | { readonly event: 'offline'; readonly chargePointId: string; readonly epoch: number }
  | { readonly event: 'upstream'; readonly chargePointId: string; readonly up: boolean }
  /** The back end has heard of a transaction of berth's; both ids are the same but for one that began in its absence. */
  | {
      readonly event: 'transaction.billed'
      readonly chargePointId: string
      readonly startId: string
      readonly transactionId: string
      readonly upstreamTransactionId: string
    }
  /** A transaction began with a dead token; the charge point was told Invalid, the back end nothing. */
  | {
      readonly event: 'start.unbilled'
      readonly chargePointId: string
      readonly startId: string
      readonly transactionId: string
    }
  /** The back end does not want the alias. `heard`: the charge point was told so (it was not where the start was answered here). */
  | {
      readonly event: 'alias.refused'
      readonly chargePointId: string
      readonly startId: string
      readonly status: string
      readonly heard: boolean
    }
  /** One side began a frame over 1 MiB: its connection was closed with 1009, and the frame is lost. */
  | {
      readonly event: 'frame.too-large'
      readonly chargePointId: string
      readonly from: 'charge-point' | 'back-end'
    }
  /** A message of a transaction that the back end does not take: for a person. */
  | { readonly event: 'message.given-up'; readonly chargePointId: string; readonly text: string; readonly why: string }

/** What nobody would ever learn from anybody else: bills and alarms hang on it. Frames and connections tell of themselves. */
export const isLasting = ({ event }: RelayNews): boolean =>
  event !== 'frame' && event !== 'online' && event !== 'offline' && event !== 'upstream' && event !== 'frame.too-large'

/** How a call of berth's own ended. `silent`: sent, outcome unknown. `never`: the charge point has not got it. */
export type CallEnd =
  | { readonly kind: 'result'; readonly payload: unknown }
  | { readonly kind: 'error'; readonly code: string; readonly says: string }
  | { readonly kind: 'silent'; readonly why: string }
  | { readonly kind: 'never'; readonly why: 'offline' | 'expired' | 'withdrawn' | 'unknown' }

/** What the logic tells the relay. `ref` comes back in the answer. Times in ms since 1970. */
export type LogicWord =
  /** The first line: news after this number of this run are wanted; a run that is not ours (any more) means all that nobody has `heard`. */
  | { readonly do: 'hello'; readonly ref: string; readonly run: string | null; readonly after: number }
  | {
      readonly do: 'token.put'
      readonly ref: string
      /** Where alone the token means anything: at every other charge point it passes as a stranger's. */
      readonly chargePointId: string
      /** The EVSEs (1.6: connectors) there that it is good at; absent or none = all. */
      readonly evses?: readonly number[]
      readonly token: string
      readonly alias: string
      readonly startId: string
      /** Whose it is, for `subject.forget`. */
      readonly subject?: string
    }
  | { readonly do: 'token.dead'; readonly ref: string; readonly token: string }
  /** Somebody asked to be forgotten: their tokens go, and what was sent of them. */
  | { readonly do: 'subject.forget'; readonly ref: string; readonly subject: string }
  /** What charge points must show from now on, by their ids, as the site file has it; one that is not named shows what it showed. */
  | { readonly do: 'passwords'; readonly ref: string; readonly passwords: { readonly [chargePointId: string]: string } }
  | {
      readonly do: 'call'
      readonly ref: string
      readonly chargePointId: string
      readonly action: string
      readonly payload: object
      readonly deadline: number
      readonly answerWithin_ms: number
      /** When its turn comes the relay says `turn`, and sends it after `go`. Absent = it leaves by itself. */
      readonly asks?: boolean
    }
  /** Calls the back end in a charge point's name. */
  | {
      readonly do: 'upward'
      readonly ref: string
      readonly chargePointId: string
      readonly action: string
      readonly payload: object
      readonly answerWithin_ms: number
    }
  /** The answer to `turn`: the call with this ref may leave, or is taken back. */
  | { readonly do: 'go'; readonly ref: string; readonly call: string; readonly go: boolean }
  /** News up to this number are dealt with: a logic that begins anew gets those after it. */
  | { readonly do: 'heard'; readonly ref: string; readonly n: number }
  /** Takes the call with this ref back, unless it has left. */
  | { readonly do: 'withdraw'; readonly ref: string; readonly call: string }
  | { readonly do: 'state'; readonly ref: string }
  | { readonly do: 'stop'; readonly ref: string }

/** How the relay stands. */
export type RelayState = {
  readonly run: string
  /** Number of its newest news. */
  readonly last: number
  /** What a logic has dealt with; one that begins anew gets the rest. */
  readonly heard: number
  readonly pid: number
  /** The settings it was started with, hashed. */
  readonly settings: string
  readonly port: number
  /** Port with TLS; null where there is none. */
  readonly tlsPort: number | null
  /** It was started for itself (`berth relay`), and does not end with the logic. */
  readonly kept: boolean
  /** CPU time that its process has used, ms. */
  readonly cpu_ms: number
  /** Memory that it holds, bytes. */
  readonly rss: number
  readonly counters: { readonly [name: string]: number }
  /** Tokens that start something now, and whose they are. */
  readonly tokens: readonly { readonly token: string; readonly startId: string }[]
  readonly chargePoints: readonly {
    readonly id: string
    readonly online: boolean
    readonly upstream: boolean
    /** A file of its client certificate that cannot be read: its back end is not dialled without it. Absent = nothing is missing. */
    readonly lacks?: string
    readonly epoch: number
    readonly protocol: string
    /** Messages that the back end has not answered. */
    readonly owed: number
    /** The back end is dialled in its name; where it is not, only the charge point itself can bring what is owed. */
    readonly dialled: boolean
  }[]
}

/** An answer to one word of the logic. */
export type RelayAnswer =
  | {
      readonly ref: string
      readonly ok: true
      readonly state?: RelayState
      readonly withdrawn?: boolean
      readonly end?: CallEnd
    }
  | { readonly ref: string; readonly ok: false; readonly says: string }

/** News that the logic cannot get any more: so many, between these two numbers. */
export type Gap = { readonly event: 'gap'; readonly dropped: number; readonly after: number; readonly before: number }

/** It is the turn of the call with this ref. */
export type Turn = { readonly event: 'turn'; readonly call: string }

/** A line from the relay to the logic. */
export type RelayLine = RelayAnswer | Numbered<RelayNews> | Gap | Turn
