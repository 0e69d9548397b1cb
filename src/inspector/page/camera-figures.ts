/** How cameras are and were: a row for each, and pictures, share read and clock of the chosen one over the last day. */
import type { CameraView } from '../../cameras/camera-sights.ts'
import type { CameraMinute } from '../../server/figure-history.ts'
import { make, say, show, wantStyle } from './dom.ts'
import { choiceTable } from './figure-choice.ts'
import { FIGURE_WORDS as WORDS } from './figure-words.ts'
import type { Figures } from './figures-screen.ts'
import { decimal, percent } from './language.ts'
import { makePlot } from './plot.ts'
import { address, ask } from './server-call.ts'
import { atSite } from './server-time.ts'
import { type Shown, zoneOf } from './store.ts'

/** Asked anew so often: a figure is taken once a minute. */
const EVERY_MS = 30_000

/** The part of the figures. */
export function cameraFigures(shown: Shown): Figures {
  wantStyle(new URL('./figures.css', import.meta.url))
  const zone = zoneOf(shown)
  const common = {
    form: 'line',
    place: (at: number) => atSite(at, zone, true),
    short: (at: number) => atSite(at, zone).slice(0, 5),
  } as const
  const pictures = makePlot({ ...common, title: WORDS.pictures, unit: '', digits: 1 })
  const reads = makePlot({ ...common, title: WORDS.readShare, unit: '%', digits: 0, most: 100 })
  const clock = makePlot({ ...common, title: WORDS.clock, unit: 's', digits: 1 })
  const says = make('p', { role: 'status' }, WORDS.asking)
  const name = make('h3', {})
  const plots = make('div', {}, name, pictures.root, reads.root, clock.root)
  let chosen: string | null = null
  let askedAt = Number.NEGATIVE_INFINITY
  const table = choiceTable(WORDS.parts.cameras, (cameraId) => {
    chosen = cameraId
    void look()
  })
  const look = async () => {
    askedAt = performance.now()
    const told = await ask<{ readonly items: readonly CameraView[] }>(address('cameras'))
    if (!told.ok) return say(says, told.says)
    const cameras = told.body.items.toSorted(
      (one, other) => Number(one.status === 'live') - Number(other.status === 'live'),
    )
    say(says, cameras.length === 0 ? WORDS.noCameras : '')
    chosen = cameras.some(({ cameraId }) => cameraId === chosen) ? chosen : (cameras[0]?.cameraId ?? null)
    table.show(
      HEADS,
      cameras.map((camera) => [camera.cameraId, ...cellsOf(camera, zone)]),
      chosen,
    )
    plots.hidden = chosen === null
    if (chosen !== null) await lookAt(chosen)
  }
  const lookAt = async (cameraId: string) => {
    const told = await ask<{ readonly items: readonly CameraMinute[] }>(address('cameras', cameraId, 'history'))
    // Another one was chosen meanwhile.
    if (chosen !== cameraId) return
    if (!told.ok) return say(says, told.says)
    const { items } = told.body
    const at = items.map((one) => Date.parse(one.at))
    show(name, cameraId, () => [WORDS.lastDay(cameraId)])
    const line = (of: (one: CameraMinute) => number | null) => ({
      at,
      lines: [{ name: cameraId, values: items.map(of) }],
    })
    pictures.show(line(({ fps }) => fps))
    reads.show(line(({ readShare }) => (readShare === null ? null : readShare * 100)))
    clock.show(line(({ skew_s }) => skew_s))
  }
  const cardOf = make('section', { class: 'card', 'aria-label': WORDS.parts.cameras }, says, table.root, plots)
  void look()
  return {
    root: cardOf,
    update() {},
    tick(now) {
      if (now !== null && performance.now() - askedAt > EVERY_MS) void look()
    },
    end() {
      for (const plot of [pictures, reads, clock]) plot.end()
    },
  }
}

const { columns } = WORDS
const HEADS = [
  columns.camera,
  columns.standing,
  columns.pictures,
  columns.usual,
  columns.read,
  columns.usual,
  columns.clock,
  columns.seen,
]

function cellsOf({ status, blind, fps, usual_fps, readRate, skew_s, lastSeenAt, faults }: CameraView, zone: string) {
  const number = (value: number | null, digits: number) => (value === null ? '–' : decimal(value, digits))
  const { standing } = WORDS
  const word =
    blind !== null || status === 'lost' ? standing.blind : status === 'unknown' ? standing.unheard : standing.sees
  return [
    faults.length > 0 && blind === null ? standing.badly : word,
    number(fps, 1),
    number(usual_fps, 1),
    readRate === null || readRate.of === 0 ? '–' : `${percent(readRate.read / readRate.of)} (${readRate.of})`,
    readRate?.usual == null ? '–' : percent(readRate.usual),
    skew_s === null ? '–' : `${decimal(skew_s, 1)} s`,
    lastSeenAt === null ? WORDS.never : atSite(lastSeenAt, zone, true),
  ]
}
