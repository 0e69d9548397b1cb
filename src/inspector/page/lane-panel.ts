/** Records around a place as lanes side by side: who was heard, and where something was decided. */
import type { ShortRecord } from '../../server/replay-routes.ts'
import { make, makeSvg, show } from './dom.ts'
import { REPLAY_WORDS as WORDS } from './replay-words.ts'

const LANES = ['camera', 'meter', 'ocpp', 'decisions', 'operator', 'site'] as const
/** A short journal does not fill the drawing: a record is always as wide. */
const SLOTS = 121
/** Size of one record in the drawing. */
const STEP = 10
const HIGH = 18

/** The lanes; `go` is told which record was pressed. The slider and the steps beside it do the same by keyboard. */
export function lanePanel(go: (seq: number) => void) {
  const drawing = make('div', { class: 'lanes-drawing' })
  const names = make(
    'div',
    { class: 'lanes-names', 'aria-hidden': 'true' },
    ...LANES.map((lane) => make('span', {}, WORDS.lanes[lane])),
  )
  const body = make('div', { class: 'lanes' }, names, drawing)
  const root = make('details', { class: 'fold' }, make('summary', {}, WORDS.lanesTitle), body)
  let rows: readonly ShortRecord[] = []
  let place = 0
  const paint = () => {
    if (!root.open) return
    show(drawing, `${rows[0]?.seq} ${rows.length} ${place}`, () => [draw(rows, place, go)])
  }
  root.addEventListener('toggle', paint)
  return {
    root,
    paint(newer: readonly ShortRecord[], at: number) {
      rows = newer
      place = at
      paint()
    },
  }
}

function draw(rows: readonly ShortRecord[], place: number, go: (seq: number) => void): SVGSVGElement {
  const width = Math.max(SLOTS, rows.length) * STEP
  const counts = LANES.map((lane) => `${WORDS.lanes[lane]} ${rows.filter((row) => isIn(row, lane)).length}`)
  const marks = rows.flatMap((row, at) =>
    LANES.flatMap((lane, high) =>
      isIn(row, lane)
        ? [
            makeSvg('rect', {
              x: at * STEP + 1,
              y: high * HIGH + 3,
              width: STEP - 2,
              height: HIGH - 6,
              class: lane === 'decisions' ? 'decided' : 'heard',
            }),
          ]
        : [],
    ),
  )
  const here = rows.findLastIndex((row) => row.seq <= place)
  const line = makeSvg('rect', {
    x: Math.max(0, here) * STEP,
    y: 0,
    width: STEP,
    height: LANES.length * HIGH,
    class: 'here',
  })
  const svg = makeSvg(
    'svg',
    {
      viewBox: `0 0 ${width} ${LANES.length * HIGH}`,
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': `${WORDS.lanesSay(rows.length)}: ${counts.join(', ')}`,
    },
    line,
    ...marks,
  )
  svg.addEventListener('click', ({ clientX }) => {
    const { left, width: wide } = svg.getBoundingClientRect()
    const row = rows[Math.floor(((clientX - left) / wide) * Math.max(SLOTS, rows.length))]
    if (row !== undefined) go(row.seq)
  })
  return svg
}

const isIn = ({ lane: heard, decisions }: ShortRecord, lane: (typeof LANES)[number]): boolean =>
  lane === 'decisions' ? decisions.length > 0 : heard === lane
