/** What is counted about the relay, monotonic since its start. */
const RELAY_COUNTERS = [
  'frames_up',
  'frames_down',
  'frames_rewritten',
  'frames_too_large',
  'answered_locally',
  'tokens_answered',
  'starts_unbilled',
  'repeats_held',
  'sent_again',
  'given_up',
  'queue_dropped',
  'answers_dropped',
  'passing_dropped',
  'connections',
  'replaced',
  'upgrades_refused',
  'upstream_opened',
  'upstream_lost',
  'upstream_dial_failed',
  'calls_own',
  'calls_own_late',
  'calls_upstream_refused',
  'copies_dropped',
  'logic_connections',
  'logic_words_bad',
  'stuffed',
  'pauses',
  'store_failed',
  'surprises',
] as const

export type RelayCounter = (typeof RELAY_COUNTERS)[number]

/** Counters by name. */
export class RelayCounters {
  readonly #counts = new Map<RelayCounter, number>(RELAY_COUNTERS.map((name) => [name, 0]))

  add(name: RelayCounter, by = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by)
  }

  /** A copy, for /metrics. */
  read(): { readonly [name in RelayCounter]: number } {
    return Object.fromEntries(this.#counts) as { [name in RelayCounter]: number }
  }
}
