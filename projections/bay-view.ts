import type { Service } from '../machines/bay-standing.ts'
import type { Json } from '../machines/events.ts'
import type { BlockedWhy } from '../machines/knowledge.ts'

/** A bay as HTTP, the live feed and the inspector show it. Times are ISO 8601 UTC. The plate is filled in (or masked) at the edge. */
export type BayView = {
  readonly bayId: string
  readonly version: number
  readonly state: 'vacant' | 'detecting' | 'authorizing' | 'charging-locked' | 'exiting'
  readonly detail: string
  readonly since: string
  readonly visit: VisitView | null
  readonly session: SessionView | null
  readonly lock: { readonly locked: boolean; readonly reasons: readonly string[] }
  readonly chargers: readonly ConnectorView[]
  readonly cameras: readonly {
    readonly cameraId: string
    readonly status: 'live' | 'lost' | 'unknown'
    readonly lastReadAt: string | null
    /** Seconds that its clock is behind ours (negative = ahead); null until learnt. */
    readonly skew_s?: number | null
    /** Why it says nothing of the bay now; null = it does. */
    readonly blind?: CameraBlindness | null
  }[]
  readonly service: Service
  readonly autonomy: 'observe' | 'suggest' | 'act'
  /** What brought the bay to what it is shown as: into its state, or out of service. Null where nothing has happened to it. */
  readonly why: WhyView | null
  /** The newest record, where it is not that of `why`: it was noted and left the bay as it is. */
  readonly noted: NotedView | null
  /** `by`: when the state changes by itself if nothing is heard until then, `what` that is; `others`: deadlines that change something else. */
  readonly next: {
    readonly expect: string
    readonly by: string | null
    readonly what: string | null
    readonly others: readonly DeadlineView[]
  }
  /** A vehicle takes the bay without charging (OCPI BLOCKED). */
  readonly blocked: { readonly why: BlockedWhy; readonly since: string } | null
  /** Two witnesses disagree: shown until it is resolved by rule. */
  readonly contradiction: { readonly kind: string; readonly since: string } | null
  /** All of them, oldest first. */
  readonly contradictions: readonly ContradictionView[]
  /** The site's switch: starts leave by themselves. */
  readonly automatic: boolean
  readonly alarms: readonly AlarmView[]
}

/** Why a camera says nothing of its bays: since when, in words, and what to do. */
export type CameraBlindness = {
  readonly cause: string
  readonly since: string
  readonly says: string
  readonly do: string
}

/** A moment at which something changes by itself. */
export type DeadlineView = { readonly what: string; readonly by: string }

/** Two witnesses that disagree. `says`: one sentence; `connector` null where it is not about one. */
export type ContradictionView = {
  readonly kind: string
  readonly since: string
  readonly connector: string | null
  readonly says: string
}

export type VisitView = {
  readonly visitId: string
  /** Vehicle handle in pure rooms; the edge replaces it by plate text, clear or masked by role. */
  readonly plate: string | null
  /** There was a plate, and it is forgotten by now: `plate` is null then, for everybody and whenever it is asked for. */
  readonly plateForgotten?: true
  readonly identifiedBy: 'plate' | 'card' | 'operator' | 'autocharge' | 'plug-and-charge' | 'guess' | null
  readonly accountId: string | null
  /** Somebody pays of whom this reader is not told: `accountId` is null then. */
  readonly accountHidden?: true
  readonly startedAt: string
  /** What speaks for and against this identity, strongest first. */
  readonly evidence: readonly EvidenceView[]
  /** Somebody asked that this vehicle be forgotten: honoured when the visit ends. */
  readonly erasurePending: boolean
  /** What the second reader answered; absent where none was asked, or its answer is awaited. */
  readonly secondRead?: SecondReadView
}

/** The second reader's word beside the first one's: handles in pure rooms, texts at the edge as of the visit's plate. */
export type SecondReadView = {
  /** Another vehicle than the first reader's or the same; `akin`: it reads by the same model, and is no second witness. */
  readonly says: 'other' | 'same' | 'akin' | 'unreadable' | 'unavailable'
  /** Null where it read none that counts, or its key is gone. */
  readonly plate: string | null
  /** What most witnesses of the first reader say; null where none was read, or its key is gone. */
  readonly first: string | null
}

/** One piece of evidence on identity. `agrees`: it names the vehicle or account that this visit goes by. */
export type EvidenceView = {
  readonly rank: 'plate' | 'card' | 'operator' | 'autocharge' | 'plug-and-charge' | 'guess'
  readonly source: string
  readonly accountId: string | null
  readonly agrees: boolean
  readonly since: string
  readonly last: string
  readonly times: number
}

export type SessionView = {
  readonly sessionId: string
  readonly transactionId: string | null
  readonly idToken: string | null
  /** Null for a reader who is not told of it. */
  readonly energy_Wh: number | null
  readonly startedAt: string
}

export type ConnectorView = {
  readonly chargePointId: string
  readonly evse: number
  readonly online: boolean
  /** Capitalized OCPP word, or `Unknown`. */
  readonly status: string
  readonly current_A: number | null
  readonly power_W: number | null
  readonly at: string | null
  /** Seconds that its clock is behind ours (negative = ahead); null until learnt. */
  readonly skew_s?: number | null
}

/** One guard as asked: what it saw and what it needed. */
export type GuardView = { readonly name: string; readonly ok: boolean; readonly value: Json; readonly need: string }

export type WhyView = {
  readonly event: string
  readonly seq: number
  readonly at: string
  /** The rule of the chart that it met; of a bay that cannot be used `out-of-service` or `faulted`. */
  readonly rule: string
  readonly guards: readonly GuardView[]
  readonly evidence: readonly string[]
}

/** A record that explains nothing of the state. */
export type NotedView = Pick<WhyView, 'event' | 'seq' | 'at' | 'rule'>

export type AlarmView = {
  readonly alarmId: string
  readonly bayId: string | null
  readonly type: string
  /** One sentence: what happened. */
  readonly says: string
  /** One sentence: what to do. */
  readonly do: string
  readonly since: string
  readonly about?: Json
}

/** A late end: what was billed before, what the charge point reported, and whether the difference was billed. */
export type CorrectionView = {
  readonly transactionId: string
  readonly at: string
  readonly billed_Wh: number
  readonly reported_Wh: number
  readonly difference_Wh: number
  readonly billed: boolean
}

/** One visit's charging, as billed. */
export type SessionRow = {
  readonly sessionId: string
  readonly visitId: string
  readonly bayId: string
  readonly accountId: string | null
  readonly identifiedBy: string | null
  readonly idToken: string | null
  readonly transactionId: string | null
  readonly transactions: readonly string[]
  readonly startedAt: string
  readonly endedAt: string | null
  readonly energy_Wh: number
  readonly idle_s: number
  readonly exit: 'exit-seen' | 'exit-inferred' | 'exit-unconfirmed' | null
  readonly disputed: string | null
  /** What charge points reported after the bill, oldest first; `energy_Wh` holds what of it was billed. */
  readonly corrections: readonly CorrectionView[]
  /** How the dispute was settled; null while none was opened, or one is open. */
  readonly settled: string | null
  readonly evidence: readonly string[]
}

/** A read that waits for a person. */
export type ReviewRow = {
  readonly reviewId: string
  readonly bayId: string
  readonly visitId: string
  readonly since: string
  readonly by: string | null
  readonly reason: string
  /** The camera did not say where: in which of these it stands is asked, and `bayId` is empty. Absent = the bay is known. */
  readonly bays?: readonly string[]
  /** Candidate handles; the edge shows texts to roles that may see them. */
  readonly candidates: readonly { readonly plate: string; readonly witnesses: number }[]
}

/** A review as people see it in the queue. Times are ISO 8601 UTC. */
export type ReviewView = ReviewRow & {
  /** Nobody waits for it: a person checks a clear case, and is not shown what was read. */
  readonly blind: boolean
  /** Crops that can be looked at. */
  readonly crops: number
  /** Who works on it, and until when nobody else may answer; null where it is free. */
  readonly claim: { readonly by: string; readonly until: string } | null
}

/** One read as a person may weigh it. `plate` and `text` are clear only for roles that may see them. */
export type ReviewRead = {
  readonly text: string
  readonly cameraId: string | null
  /** Who read: `device`, `berth`, or the second reader. */
  readonly reader: string
  readonly frame: string
  readonly at: string
  readonly confidence: number
  readonly characters: readonly number[]
}

/** What one reader makes of all its frames. `witnesses`: frames that say so; `of`: frames that it read. */
export type ReaderOpinion = {
  readonly reader: string
  readonly text: string | null
  readonly witnesses: number
  readonly of: number
  readonly confidence: number | null
  /** In words, where it said none: `unreadable`, `unavailable`. */
  readonly outcome: string
}

/** Everything that a person sees of one review. */
export type ReviewDetail = ReviewView & {
  /** What each crop was read as, in the order of the crops; null where nobody was told of that text. */
  readonly shown: readonly { readonly plate: string | null; readonly at: string }[]
  readonly votes: readonly {
    readonly plate: string
    readonly witnesses: number
    readonly registered: boolean
    readonly accountId: string | null
    /** Visits in which this vehicle charged here. */
    readonly charges: number
  }[]
  readonly reads: readonly ReviewRead[]
  readonly opinions: readonly ReaderOpinion[]
  /** Registered plates one character away from what was read, which a person may mean. */
  readonly near: readonly { readonly plate: string; readonly accountId: string; readonly of: string }[]
  /** What the driver is offered at the same time. */
  readonly offered: readonly ('card' | 'qr')[]
}
