import type { SiteDesk } from '../site-desk.ts'

const STATES = ['vacant', 'detecting', 'authorizing', 'charging-locked', 'exiting'] as const

/** Prometheus text of the site's gauges, the desk's counters and the server's own (`counts`, monotonic). */
export function prometheusText(desk: SiteDesk, counts: { readonly [name: string]: number }): string {
  const bays = desk.bays()
  const gauges: readonly (readonly [string, string, readonly (readonly [string, number])[]])[] = [
    [
      'berth_bays',
      'Bays by state.',
      STATES.map((state) => [`{state="${state}"}`, bays.filter((bay) => bay.state === state).length]),
    ],
    ['berth_bays_locked', 'Bays locked to their vehicle.', [['', bays.filter((bay) => bay.lock.locked).length]]],
    ['berth_alarms_open', 'Alarms that wait for somebody.', [['', desk.alarms().length]]],
    ['berth_reviews_open', 'Reads that wait for a person.', [['', desk.reviews().length]]],
    ['berth_seq', 'Newest committed record.', [['', desk.seq()]]],
    ['berth_epoch', 'Times that this store was taken over.', [['', desk.epoch]]],
    ['berth_ready', 'Whether the site works.', [['', desk.missing().length === 0 ? 1 : 0]]],
  ]
  const lines = gauges.flatMap(([name, says, values]) => [
    `# HELP ${name} ${says}`,
    `# TYPE ${name} gauge`,
    ...values.map(([labels, value]) => `${name}${labels} ${value}`),
  ])
  for (const [name, value] of Object.entries({ ...desk.counters(), ...counts })) {
    const safe = counterName(name)
    lines.push(`# TYPE ${safe} counter`, `${safe} ${value}`)
  }
  return `${lines.join('\n')}\n`
}

/** `frames-read` gives `berth_frames_read_total`. */
function counterName(name: string): string {
  const words = name.replace(/[^a-zA-Z0-9]+/g, '_').replace(/^berth_|_total$/g, '')
  return `berth_${words}_total`
}
