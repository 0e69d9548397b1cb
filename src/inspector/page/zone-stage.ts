/** The picture of a camera with its zones over it. Corners of the chosen zone are buttons: a finger, a mouse and a keyboard move them alike. */
import type { Polygon } from '../../../actors/ports.ts'
import type { UsedZone } from '../../zones/zone-desk.ts'
import { make, makeSvg, mark, show } from './dom.ts'
import type { LivePicture } from './live-picture.ts'
import { isIn, middleOf, type Place, type Snapped, snapped, within } from './zone-snap.ts'
import { ZONE_WORDS as WORDS } from './zone-words.ts'

/** A zone as it is drawn: its corners where a person set them, and what berth makes of them. */
export type StageZone = {
  readonly bayId: string
  readonly corners: Polygon
  /** Corners on the ground: the outline of plates is another. */
  readonly isGround: boolean
  readonly used: UsedZone | null
  readonly isBad: boolean
}
/** What is shown. `corner`: the chosen one. */
export type StageView = {
  readonly zones: readonly StageZone[]
  readonly bayId: string | null
  readonly corner: number | null
  readonly ignore: readonly Polygon[]
  readonly aspect: number
  readonly mayDraw: boolean
}
/** What hands do. A corner that is still held is `moved`; let go it is `dropped`. */
export type StageHands = {
  choose(bayId: string, corner: number | null): void
  moved(corner: number, place: Place): void
  dropped(): void
  cancelled(): void
  added(after: number, place: Place): void
}

/** So near a corner is drawn to its neighbour’s, pixels of the screen. */
const SNAP_px = 10
const ZOOMS = [1, 1.5, 2, 3, 4, 6] as const

/** The stage; `paint` shows a view. */
export function zoneStage(picture: LivePicture, hands: StageHands) {
  const drawing = makeSvg('svg', {
    class: 'stage-drawing',
    viewBox: '0 0 1 1',
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  })
  const handles = make('div', { class: 'stage-handles' })
  const sheet = make('div', { class: 'stage-sheet' }, picture.image, drawing, handles)
  const root = make('div', { class: 'stage', role: 'group', 'aria-label': WORDS.stage, tabindex: '0' }, sheet)
  let view: StageView | null = null
  let zoom = 0
  const placeOf = (event: PointerEvent): Place => {
    const box = sheet.getBoundingClientRect()
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]
  }
  const snap = (wanted: Place, isFree: boolean): Snapped => {
    if (view === null || isFree) return { place: within(wanted), to: null }
    const others = view.zones.filter(({ bayId }) => bayId !== view?.bayId).map(({ corners }) => corners)
    return snapped(wanted, others, SNAP_px / Math.max(1, sheet.clientWidth), view.aspect)
  }
  const held = holding(sheet, placeOf, snap, hands)
  drawing.addEventListener('pointerdown', (event) => {
    const place = placeOf(event)
    const hit = view?.zones.findLast(({ corners }) => isIn(place, corners))
    if (hit !== undefined) hands.choose(hit.bayId, null)
  })
  const zoomTo = (next: number) => {
    zoom = Math.max(0, Math.min(ZOOMS.length - 1, next))
    sheet.style.setProperty('--zoom', String(ZOOMS[zoom] ?? 1))
    handles.querySelector<HTMLElement>('[aria-pressed=true]')?.scrollIntoView({ block: 'center', inline: 'center' })
  }
  return {
    root,
    paint(next: StageView) {
      view = next
      sheet.style.setProperty('--aspect', String(next.aspect))
      show(drawing, JSON.stringify(next), () => drawn(next))
      paintHandles(handles, next, held, hands)
    },
    /** Draws a corner to what is near it, without a pointer. */
    snapCorner: (place: Place): Snapped =>
      view === null
        ? { place, to: null }
        : snapped(
            place,
            view.zones.filter(({ bayId }) => bayId !== view?.bayId).map(({ corners }) => corners),
            0.04,
            view.aspect,
          ),
    focusCorner(corner: number) {
      handles.querySelector<HTMLElement>(`[data-corner="${corner}"]`)?.focus()
    },
    cancel: () => held.cancel(),
    zoomIn: () => zoomTo(zoom + 1),
    zoomOut: () => zoomTo(zoom - 1),
    zoomWhole: () => zoomTo(0),
    zoomed: (): number => ZOOMS[zoom] ?? 1,
  }
}

type Held = { begin(event: PointerEvent, corner: number): void; cancel(): boolean }

/** A corner in the hand: it follows the pointer until that lets go. */
function holding(
  sheet: HTMLElement,
  placeOf: (event: PointerEvent) => Place,
  snap: (place: Place, isFree: boolean) => Snapped,
  hands: StageHands,
): Held {
  let corner: number | null = null
  const drop = () => {
    corner = null
    mark(sheet, 'data-snap', '')
  }
  sheet.addEventListener('pointermove', (event) => {
    if (corner === null) return
    const { place, to } = snap(placeOf(event), event.altKey)
    mark(sheet, 'data-snap', to ?? '')
    hands.moved(corner, place)
  })
  sheet.addEventListener('pointerup', () => {
    if (corner === null) return
    drop()
    hands.dropped()
  })
  const cancel = (): boolean => {
    if (corner === null) return false
    drop()
    hands.cancelled()
    return true
  }
  sheet.addEventListener('pointercancel', cancel)
  return {
    begin(event, which) {
      if (event.button !== 0) return
      corner = which
      // Whatever lies under the pointer meanwhile: the sheet hears of it.
      sheet.setPointerCapture(event.pointerId)
    },
    cancel,
  }
}

const pointsOf = (polygon: Polygon): string => polygon.map(([x, y]) => `${x},${y}`).join(' ')

function drawn({ zones, bayId, ignore }: StageView): readonly SVGElement[] {
  const chosen = zones.find((zone) => zone.bayId === bayId)
  const others = zones.filter((zone) => zone !== chosen)
  const masks = ignore.map((polygon) => makeSvg('polygon', { class: 'stage-ignored', points: pointsOf(polygon) }))
  const shapes = [...others, ...(chosen ? [chosen] : [])].flatMap((zone) => zoneShapes(zone, zone === chosen))
  return [hatching(), ...masks, ...shapes, ...(chosen ? overlaps(chosen, others) : [])]
}

/** The outline that counts for plates, twice: dark under light it is seen on any picture. On the ground it is dashed, with the way up to the plates. */
function zoneShapes({ corners, isGround, used, isBad }: StageZone, isChosen: boolean): readonly SVGElement[] {
  const plates = isGround ? (used?.polygon ?? []) : corners
  const kind = `${isChosen ? ' is-chosen' : ''}${isBad ? ' is-bad' : ''}`
  const outline = pointsOf(plates)
  const ground = isGround
    ? [
        makeSvg('polygon', { class: 'stage-casing', points: pointsOf(corners) }),
        makeSvg('polygon', { class: `stage-ground${kind}`, points: pointsOf(corners) }),
      ]
    : []
  return [
    ...ground,
    makeSvg('polygon', { class: 'stage-casing', points: outline }),
    makeSvg('polygon', { class: `stage-zone${kind}`, points: outline }),
  ]
}

function hatching(): SVGElement {
  const line = makeSvg('path', { class: 'stage-hatch', d: 'M0 0L.012 .012' })
  const pattern = { id: 'stage-hatching', patternUnits: 'userSpaceOnUse', width: 0.012, height: 0.012 }
  return makeSvg('defs', {}, makeSvg('pattern', pattern, line))
}

/** Where the chosen zone lies over another. */
function overlaps(chosen: StageZone, others: readonly StageZone[]): readonly SVGElement[] {
  const plates = ({ isGround, used, corners }: StageZone) => (isGround ? (used?.polygon ?? []) : corners)
  const clip = makeSvg('clipPath', { id: 'stage-chosen' }, makeSvg('polygon', { points: pointsOf(plates(chosen)) }))
  const over = others.map((other) =>
    makeSvg('polygon', { class: 'stage-overlap', points: pointsOf(plates(other)), 'clip-path': 'url(#stage-chosen)' }),
  )
  return [makeSvg('defs', {}, clip), ...over]
}

/** One button a corner of the chosen zone, and a smaller mark half way to the next one for who points. */
function paintHandles(root: HTMLElement, view: StageView, held: Held, hands: StageHands): void {
  const { zones, bayId, corner, mayDraw } = view
  const zone = mayDraw ? zones.find((one) => one.bayId === bayId) : undefined
  const corners = zone?.corners ?? []
  const names = zones.filter((one) => one.corners.length > 0)
  show(root, JSON.stringify([bayId, corners.length, zone?.isGround, names.map((one) => one.bayId)]), () => [
    ...names.map((one) =>
      make('span', { class: 'stage-name', 'data-name': one.bayId, 'aria-hidden': 'true' }, one.bayId),
    ),
    ...(zone === undefined || zone.isGround ? [] : corners.map((_, at) => middleHandle(at, root, held, hands))),
    ...corners.map((_, at) => cornerHandle(at, held, () => hands.choose(bayId ?? '', at))),
  ])
  const put = (element: HTMLElement | null, [x, y]: Place) => {
    if (element === null) return
    element.style.insetInlineStart = `${x * 100}%`
    element.style.insetBlockStart = `${y * 100}%`
  }
  for (const one of names) put(root.querySelector(`[data-name="${CSS.escape(one.bayId)}"]`), footOf(one.corners))
  for (const [at, place] of corners.entries()) {
    const button = root.querySelector<HTMLElement>(`[data-corner="${at}"]`)
    put(button, place)
    put(root.querySelector(`[data-middle="${at}"]`), middleOf(place, corners[(at + 1) % corners.length] ?? place))
    if (button === null) continue
    mark(button, 'aria-label', WORDS.corner(at + 1, corners.length, bayId ?? '', place[0], place[1]))
    mark(button, 'aria-pressed', String(at === corner))
  }
}

function cornerHandle(at: number, held: Held, choose: () => void): HTMLElement {
  const button = make('button', { type: 'button', class: 'stage-corner', 'data-corner': at })
  button.addEventListener('focus', choose)
  button.addEventListener('pointerdown', (event) => {
    event.preventDefault()
    button.focus({ preventScroll: true })
    held.begin(event, at)
  })
  return button
}

/** Pulled, it becomes a corner. A keyboard adds one by its key. */
function middleHandle(at: number, root: HTMLElement, held: Held, hands: StageHands): HTMLElement {
  const dot = make('span', { class: 'stage-middle', 'data-middle': at, 'aria-hidden': 'true' })
  dot.addEventListener('pointerdown', (event) => {
    event.preventDefault()
    const box = root.getBoundingClientRect()
    hands.added(at, within([(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]))
    held.begin(event, at + 1)
  })
  return dot
}

/** Where the name of a bay stands: above the lower edge of its zone, off the plate. */
function footOf(polygon: Polygon): Place {
  const bottom = Math.max(...polygon.map(([, y]) => y))
  const low = polygon.filter(([, y]) => y > bottom - 0.05).map(([x]) => x)
  return [(Math.min(...low) + Math.max(...low)) / 2, Math.max(0, bottom - 0.035)]
}
