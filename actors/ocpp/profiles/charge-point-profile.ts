/**
 * What is known of one family of charge points beyond the protocol. Every trait is written down because a box in the field behaves so;
 * `default.ts` says what is safe where nothing is known, a family's file only what differs from that, and which public report says so.
 */
export type ChargePointProfile = {
  readonly name: string

  /** Characters of the tokens that berth makes for it, 14 to 20; always of 0-9A-F, which every known family takes. Some cut or refuse longer ones. */
  readonly tokenLength: number
  /** Before the vehicle's own address (12 hex digits) in a token that the vehicle brought itself (Autocharge), as `VID:`; null where it sends none. */
  readonly autochargePrefix: string | null

  /** Seconds that it waits for a cable after an accepted start, or for a start after a cable (`ConnectionTimeOut`). */
  readonly connectionTimeout_s: number
  /** `plug`: a start is only sent once the plug is seen, since an earlier one is lost or forgotten. */
  readonly startOn: 'validation' | 'plug'
  /** Once it says Finishing it starts nothing until the plug was out and in again: a start is not even sent, the driver is asked to re-plug. */
  readonly replug: boolean

  /** It asks once more before a remote start begins (`AuthorizeRemoteTxRequests`): one that was withdrawn meanwhile begins nothing. */
  readonly authorizesRemote: boolean
  /** Whom it lets charge while it cannot ask: cards that it knows, whoever comes, or nobody. */
  readonly offline: 'known' | 'everybody' | 'nobody'

  /** Which signal of drawing is honest. Others fill in where it is not sent (`register`, `status` and `transaction` stand alone). */
  readonly drawingBy: 'current' | 'power' | 'register' | 'status' | 'transaction'
  /** `may-draw`: it says SuspendedEVSE although energy may flow; `withheld`: it gives nothing then, and nobody idles. */
  readonly suspendedEvse: 'withheld' | 'may-draw'
  /** It sends no meter values while it says SuspendedEV: the last ones are not true any more. */
  readonly silentWhenSuspended: boolean
  /** `may-withhold`: it ends transactions by itself when it may give too little, and Finishing then says nothing of the vehicle: nobody idles. */
  readonly finishing: 'done' | 'may-withhold'
  /** `ended`: Available is its only word for the end of a transaction; `orphan`: with an open one it proves nothing by itself. */
  readonly availableMay: 'orphan' | 'ended'
  /** `ends-the-open`: a stop with an id that nobody gave (-1, 0, unknown) ends the only open transaction, where time and register fit; `noted`: it ends none. */
  readonly strayStop: 'noted' | 'ends-the-open'
  /** Seconds between questions for its status while a connector is not Available, since it forgets to tell; null = never asked. */
  readonly statusEvery_s: number | null

  /** Which measurand tells the current towards the car; `export` for boxes that have the directions exchanged. */
  readonly currentFrom: 'import' | 'export' | 'either'
  /** `neutral`: the current comes on the neutral conductor, although other lines may be sent as 0; `lines`: N counts only where nothing else is sent. */
  readonly currentOn: 'lines' | 'neutral'
  /** True amperes for each ampere that it says. */
  readonly currentTimes: number
  /** True watts for each watt that it says: 1000 where it sends kilowatts and calls them W. */
  readonly powerTimes: number
  /** Its register slips between Wh and kWh whatever the unit says: values are put back beside the last ones. */
  readonly registerSlips: boolean

  /** What to ask for after boot (`MeterValuesSampledData`, `MeterValueSampleInterval`). */
  readonly measurands: readonly string[]
  readonly sampleInterval_s: number
  /** Seconds between heartbeats, told in the boot answer. */
  readonly heartbeat_s: number
  /** A sample stamped longer ago than this (clock offset taken off) is past: accounting only. */
  readonly liveWithin_s: number
  /** How its display takes a text for the driver (1.6 has no call for it); absent = it shows none. */
  readonly tellBy?: { readonly kind: 'data-transfer'; readonly vendorId: string; readonly messageId: string }
}

/** What a profile may say beside its name. */
export type ProfileTraits = Partial<Omit<ChargePointProfile, 'name'>>

/** One family as data. */
export type ProfileFamily = {
  /** As `chargePoints[].profile` of a site file says it. */
  readonly name: string
  /** Which charge points, for people. */
  readonly family: string
  /** What was seen of them, for people. */
  readonly because: string
  /** Boot words that suggest it: regular expressions, case-blind, vendor and model both. They only ever propose. */
  readonly matches: readonly { readonly vendor: string; readonly model: string }[]
  readonly traits: ProfileTraits
}
