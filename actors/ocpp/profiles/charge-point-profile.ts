/** What is known of one family of charge points beyond the protocol: which signal to trust, how long it waits, when to start it. */
export type ChargePointProfile = {
  readonly name: string
  /** Characters of the tokens that berth makes for it, 14 to 20 of 0-9A-F. */
  readonly tokenLength: number
  /** Seconds that it waits for a cable after an accepted start (`ConnectionTimeOut`). */
  readonly connectionTimeout_s: number
  /** `plug`: a start is only sent once the plug is seen. */
  readonly startOn: 'validation' | 'plug'
  /** Which measurand tells the current towards the car; `export` for boxes that have the directions exchanged. */
  readonly currentFrom: 'import' | 'export' | 'either'
  /** What to ask for after boot (`MeterValuesSampledData`, `MeterValueSampleInterval`). */
  readonly measurands: readonly string[]
  readonly sampleInterval_s: number
  /** Seconds between heartbeats, told in the boot answer. */
  readonly heartbeat_s: number
  /** A sample stamped longer ago than this (clock offset taken off) is past: accounting only. */
  readonly liveWithin_s: number
}
