import { fieldOfView } from '../../../simulations/design/camera-geometry.ts'
import { cameraTable } from '../../../simulations/design/camera-table.ts'
import { type PlacedCamera, placeCameras } from '../../../simulations/design/design-cameras.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { acrossRows, baysOfRow, columnOf, rowOf } from '../../../simulations/design/row-layout.ts'
import { escaped } from '../../escaped-text.ts'
import { at, digits } from './html-text.ts'

const WIDTH = 960
/** Pixels of a metre where there is room for all. */
const LARGEST = 28
const MARGIN_M = 1.5
/** What a camera shows is drawn at least so far, m. */
const NEAREST_REACH_M = 11
/** Bays whose parked vehicles are read right in fewer frames by day stand out. */
export const READ_WELL = 0.8

/** The site from above: bays with the pixels of their plates, cameras, what each shows, and what stands in the way. */
export function planDrawing(scenario: DesignScenario): string {
  const { site, layout } = scenario
  const cameras = placeCameras(scenario)
  const poles = cameras.map((camera) => ground(scenario, camera, camera.view.at[0], camera.view.at[1]))
  const [xs, ys] = [poles.map(([px]) => px), poles.map(([, py]) => py)]
  const last_m = layout.rows === 1 ? 0 : -layout.aisle_m - site.bayLength_m
  const near_m = Math.min(-3, last_m, ...ys) - 2 * MARGIN_M
  const far_m = Math.max(site.bayLength_m, ...ys) + MARGIN_M
  const long_m = baysOfRow(scenario, 0).length * site.bayWidth_m
  const left_m = Math.min(0, ...xs) - MARGIN_M
  const right_m = Math.max(long_m, ...xs) + MARGIN_M
  const scale = Math.min(LARGEST, WIDTH / (right_m - left_m))
  const width = (right_m - left_m) * scale
  const x = (metres: number): number => (metres - left_m) * scale
  // The first row lies above the aisle, a second one below it.
  const y = (metres: number): number => (far_m - metres) * scale
  const height = y(near_m)
  const parts = [
    ...cameras.map((camera) => wedge(scenario, camera, x, y)),
    ...bays(scenario, x, y, scale),
    ...layout.obstacles.map(
      ({ at: [ox, oy], width_m, height_m }) =>
        `<rect class="obstacle" x="${at(x(ox - width_m / 2))}" y="${at(y(oy) - 5)}" width="${at(width_m * scale)}" height="10"/><text x="${at(x(ox))}" y="${at(y(oy) + 20)}" text-anchor="middle">${digits(height_m)} m high</text>`,
    ),
    ...cameras.map((camera) => cameraMark(scenario, camera, x, y)),
  ]
  const title = `Plan: ${site.bays} bays, ${cameras.length} cameras`
  return `<svg viewBox="0 0 ${at(width)} ${at(height)}" style="max-width:${at(width)}px" role="img" aria-label="${escaped(title)}"><title>${escaped(title)}</title>${parts.join('')}</svg>`
}

/** A place of a camera’s own row in the coordinates of the plan. */
const ground = (scenario: DesignScenario, { bays: covered }: PlacedCamera, x: number, y: number) =>
  acrossRows(scenario, rowOf(scenario, covered[0] ?? 0), x, y)

type Axis = (metres: number) => number

function bays(scenario: DesignScenario, x: Axis, y: Axis, scale: number): string[] {
  const { site } = scenario
  const sights = new Map(cameraTable(scenario).map((sight) => [sight.bay, sight]))
  const wide = site.bayWidth_m * scale
  const small = wide < 46
  return Array.from({ length: site.bays }, (_, index) => {
    const sight = sights.get(index + 1)
    const row = rowOf(scenario, index)
    const column = columnOf(scenario, index)
    const [left_m] = acrossRows(scenario, row, (column + row) * site.bayWidth_m, 0)
    const left = x(left_m)
    const middle = at(left + wide / 2)
    const kind = !sight ? 'unseen' : sight.day < READ_WELL ? 'narrow' : 'seen'
    const pixels = sight ? `${Math.round(sight.plate_px)}${small ? '' : ' px'}` : 'none'
    const angle = sight && !small ? `${Math.round(Math.max(sight.horizontal_deg, sight.vertical_deg))}°` : ''
    const top = y(row === 0 ? site.bayLength_m : -scenario.layout.aisle_m)
    const size = small ? Math.max(6, wide / 3.2) : 13
    const text = (line: number, words: string, bold = ''): string =>
      `<text x="${middle}" y="${at(top + 4 + line * size * 1.35)}" text-anchor="middle" font-size="${at(size)}"${bold}>${words}</text>`
    return `<g><rect class="bay ${kind}" x="${at(left)}" y="${at(top)}" width="${at(wide)}" height="${at(site.bayLength_m * scale)}"/>${text(1, String(index + 1), ' font-weight="bold"')}${text(2, pixels)}${text(3, angle)}</g>`
  })
}

/**
 * Where the words at a camera begin (m across the aisle) and on which side of that they stand (1 = below on the page): behind it if that is
 * free, else before it; over a row of bays they begin at its edge.
 */
function besideBays(
  scenario: DesignScenario,
  cy: number,
  behind: 1 | -1,
  scale: number,
): { side: 1 | -1; from_m: number } {
  const rows = bayDepths(scenario)
  const over = rows.findIndex(([near, far]) => cy > near && cy < far)
  if (over === 0) return { side: 1, from_m: rows[0]?.[0] ?? cy }
  if (over === 1) return { side: -1, from_m: rows[1]?.[1] ?? cy }
  const before: 1 | -1 = behind === 1 ? -1 : 1
  const isFree = (side: number): boolean => {
    const end_m = cy - (side * MARK_PX) / scale
    return !rows.some(([near, far]) => Math.max(cy, end_m) > near && Math.min(cy, end_m) < far)
  }
  return { side: isFree(behind) || !isFree(before) ? behind : before, from_m: cy }
}

/** From where to where the rows of bays lie, across the aisle, m. */
function bayDepths({ site, layout }: DesignScenario): readonly (readonly [number, number])[] {
  const first = [0, site.bayLength_m] as const
  return layout.rows === 1 ? [first] : [first, [-layout.aisle_m - site.bayLength_m, -layout.aisle_m]]
}

/** What the camera's picture is wide, to the far end of the bays. */
function wedge(scenario: DesignScenario, camera: PlacedCamera, x: Axis, y: Axis): string {
  const { view } = camera
  const [cx, cy] = view.at
  const along = Math.atan2(view.axis[0], view.axis[1])
  const half = (fieldOfView(view) * Math.PI) / 360
  const reach = Math.max(NEAREST_REACH_M, scenario.site.bayLength_m - cy)
  const point = (angle: number, far: number): string => {
    const [px, py] = ground(scenario, camera, cx + far * Math.sin(angle), cy + far * Math.cos(angle))
    return `${at(x(px))},${at(y(py))}`
  }
  return `<polygon class="wedge" points="${point(0, 0)} ${point(along - half, reach)} ${point(along + half, reach)}"/>`
}

/** Room that the words at a camera take, pixels from its middle. */
const MARK_PX = 38

/**
 * Its name behind it, its height where there is room. A camera that hangs over bays has its words before it: in the aisle, where they
 * cover no bay's.
 */
function cameraMark(scenario: DesignScenario, camera: PlacedCamera, x: Axis, y: Axis): string {
  const { cameraId, view, bays } = camera
  const cz = view.at[2]
  const [cx, cy] = ground(scenario, camera, view.at[0], view.at[1])
  const [px, py] = [x(cx), y(cy)]
  const { side, from_m } = besideBays(scenario, cy, rowOf(scenario, bays[0] ?? 0) === 0 ? 1 : -1, x(1) - x(0))
  const from = y(from_m)
  const room = bays.length * (x(1) - x(0)) * 2.5 > 130
  const line = (number: number, words: string): string =>
    `<text class="mark" x="${at(px)}" y="${at(side > 0 ? from + 8 + number * 13 : from - 12 - (room ? 2 - number : 0) * 13)}" text-anchor="middle" font-size="11">${words}</text>`
  const lens = room ? line(2, `${digits(cz)} m high, ${digits(view.focal_mm)} mm`) : ''
  return `<circle class="camera" cx="${at(px)}" cy="${at(py)}" r="6"/>${line(1, escaped(cameraId))}${lens}`
}
