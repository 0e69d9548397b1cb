import type { BayView } from '../../projections/bay-view.ts'
import type { CameraView } from '../cameras/camera-sights.ts'
import type { SiteDesk } from '../site-desk.ts'

/** What goes down again, among what is counted. */
const LEVELS: ReadonlySet<string> = new Set([
  'relay_owed',
  'news_behind',
  'news_away_seconds',
  'centre_linked',
  'centre_behind_records',
  'live_pages',
])

const STATES = ['vacant', 'detecting', 'authorizing', 'charging-locked', 'exiting'] as const

/** Prometheus text of the site's gauges, how its cameras see, the desk's counters and the server's own (`counts`, monotonic). A counter's name may carry labels. */
export function prometheusText(
  desk: SiteDesk,
  counts: { readonly [name: string]: number },
  sights: readonly CameraView[] = [],
  isReady = desk.missing().length === 0,
): string {
  const bays = desk.bays()
  const gauges: readonly (readonly [string, string, readonly (readonly [string, number])[]])[] = [
    [
      'berth_bays',
      'Bays by state.',
      STATES.map((state) => [`{state="${state}"}`, bays.filter((bay) => bay.state === state).length]),
    ],
    ['berth_bays_locked', 'Bays locked to their vehicle.', [['', bays.filter((bay) => bay.lock.locked).length]]],
    ['berth_alarms_open', 'Alarms that wait for somebody.', [['', desk.alarms().length]]],
    [
      'berth_device_clock_behind_seconds',
      'Seconds that the clock of a device is behind this site (negative = ahead).',
      clocks(bays),
    ],
    [
      'berth_camera_frames_per_second',
      'Pictures that a camera gives in a second.',
      sights.flatMap(({ cameraId, fps }) => (fps === null ? [] : [[`{camera="${cameraId}"}`, round(fps)] as const])),
    ],
    [
      'berth_camera_fault',
      'What keeps a camera from seeing well, 1 for each fault that stands.',
      sights.flatMap(({ cameraId, faults }) =>
        faults.map(({ cause }) => [`{camera="${cameraId}",fault="${cause}"}`, 1] as const),
      ),
    ],
    ['berth_reviews_open', 'Reads that wait for a person.', [['', desk.reviews.all().length]]],
    ['berth_seq', 'Newest committed record.', [['', desk.seq()]]],
    ['berth_epoch', 'Times that this store was taken over.', [['', desk.epoch]]],
    ['berth_ready', 'Whether the site works.', [['', isReady ? 1 : 0]]],
  ]
  const lines = gauges.flatMap(([name, says, values]) => [
    `# HELP ${name} ${says}`,
    `# TYPE ${name} gauge`,
    ...values.map(([labels, value]) => `${name}${labels} ${value}`),
  ])
  const typed = new Set<string>()
  for (const [name, value] of Object.entries({ ...desk.counters(), ...counts })) {
    const [bare = '', labels = ''] = name.split(/(?=\{)/)
    const isGauge = LEVELS.has(bare)
    const safe = isGauge ? counterName(bare).replace(/_total$/, '') : counterName(bare)
    if (!typed.has(safe)) lines.push(`# TYPE ${safe} ${isGauge ? 'gauge' : 'counter'}`)
    typed.add(safe)
    lines.push(`${safe}${labels} ${value}`)
  }
  return `${lines.join('\n')}\n`
}

const round = (figure: number): number => Math.round(figure * 100) / 100

/** Each device once, however many bays it serves; only those whose clock is learnt. */
function clocks(bays: readonly BayView[]): readonly (readonly [string, number])[] {
  const known = new Map<string, number>()
  const note = (kind: string, device: string, skew_s: number | null | undefined): void => {
    if (skew_s !== null && skew_s !== undefined) known.set(`{kind="${kind}",device="${device}"}`, skew_s)
  }
  for (const bay of bays) {
    for (const { cameraId, skew_s } of bay.cameras) note('camera', cameraId, skew_s)
    for (const { chargePointId, skew_s } of bay.chargers) note('charge-point', chargePointId, skew_s)
  }
  return [...known]
}

/** `frames-read` gives `berth_frames_read_total`. */
function counterName(name: string): string {
  const words = name.replace(/[^a-zA-Z0-9]+/g, '_').replace(/^berth_|_total$/g, '')
  return `berth_${words}_total`
}
