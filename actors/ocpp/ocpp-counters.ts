/** What is counted about charge points, monotonic since start. */
const OCPP_COUNTERS = [
  'connections',
  'replaced',
  'refused_path',
  'refused_unknown',
  'refused_password',
  'refused_protocol',
  'refused_rate',
  'refused_malformed',
  'refused_insecure',
  'refused_certificate',
  'refused_busy',
  'refused_tls',
  'calls_in',
  'calls_unanswered',
  'calls_twice',
  'call_errors_out',
  'not_implemented',
  'bad_messages',
  'fields_mended',
  'unknown_status',
  'samples_unusable',
  'flooded',
  'stuffed',
  'calls_out',
  'calls_silent',
  'calls_withdrawn',
  'starts_spared',
  'calls_expired',
  'late_answers',
  'config_rejected',
  'config_ignored',
  'config_differs',
  'events_repeated',
  'events_after_end',
  'event_gaps',
  'bay_sensor',
  'sends_dropped',
] as const

export type OcppCounter = (typeof OCPP_COUNTERS)[number]

/** Counters by name. */
export class OcppCounters {
  readonly #counts = new Map<OcppCounter, number>(OCPP_COUNTERS.map((name) => [name, 0]))

  add(name: OcppCounter, by = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by)
  }

  /** A copy, for /metrics. */
  read(): { readonly [name in OcppCounter]: number } {
    return Object.fromEntries(this.#counts) as { [name in OcppCounter]: number }
  }
}

/** One line for the site's log; never a token, a plate or a password. */
export type OcppLog = (line: {
  readonly level: 'info' | 'warn'
  readonly says: string
  readonly about: { readonly [key: string]: unknown }
}) => void
