/** What is to be seen of a bay now: its camera’s newest picture with zones, plates and the vehicles that the camera tells of, each plate cut out with how sure each character is, and the votes of the visit. */
import type { Polygon } from '../../../actors/ports.ts'
import type { BaySight } from '../../server/bay-sight.ts'
import { make, makeSvg, say, show, wantStyle } from './dom.ts'
import { percent } from './language.ts'
import { livePicture } from './live-picture.ts'
import { PICTURE_WORDS as WORDS } from './picture-words.ts'
import { address, ask } from './server-call.ts'

type Camera = BaySight['cameras'][number]
type Plate = Camera['plates'][number]
type Vehicle = Camera['vehicles'][number]

/** Plates and votes are asked for so often while the picture is open. */
const EVERY_MS = 1_500
const CROP_px = { width: 200, height: 56 }

/** The panel of one bay; it asks for nothing before `follow(true)`. */
export const bayPicture = (bayId: string): BayPicture => new BayPicture(bayId)

class BayPicture {
  readonly #bayId: string
  readonly #picture = livePicture(() => this.#paint())
  readonly #drawing = makeSvg('svg', {
    class: 'sight-drawing',
    viewBox: '0 0 1 1',
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  })
  /** Words over the drawing: within it they would be stretched. */
  readonly #labels = make('div', { class: 'sight-labels', 'aria-hidden': 'true' })
  readonly #sheet = make('div', { class: 'sight-sheet' }, this.#picture.image, this.#drawing, this.#labels)
  readonly #vehicles = make('p', { class: 'faint' })
  readonly #choice = make('select', { id: 'sight-camera' })
  readonly #label = make('label', { for: 'sight-camera' }, WORDS.camera)
  readonly #cameras = make('p', { class: 'sight-cameras', hidden: true }, this.#label, this.#choice)
  readonly #says = make('p', { class: 'faint', role: 'status' })
  readonly #plates = make('ul', { class: 'sight-plates', 'aria-label': WORDS.plates })
  readonly #votes = make('ul', { class: 'sight-votes', 'aria-label': WORDS.votes })
  readonly root: HTMLElement
  #seen: BaySight | null = null
  #isOpen = false
  #askedAt = Number.NEGATIVE_INFINITY

  constructor(bayId: string) {
    wantStyle(new URL('./picture.css', import.meta.url))
    this.#bayId = bayId
    const votes = make('h3', {}, WORDS.votes)
    const { caption } = this.#picture
    const parts = [this.#cameras, this.#sheet, caption, this.#says, this.#vehicles, this.#plates, votes, this.#votes]
    this.root = make('div', { class: 'sight-panel' }, ...parts)
    this.#choice.addEventListener('change', () => {
      this.#picture.follow(this.#choice.value)
      this.#paint()
    })
  }

  follow(isOpen: boolean): void {
    this.#isOpen = isOpen
    if (isOpen) void this.#look()
    else this.#picture.follow(null)
  }

  tick(now: number | null, zone: string): void {
    if (!this.#isOpen) return
    this.#picture.tick(now, zone)
    if (now !== null && !document.hidden && performance.now() - this.#askedAt > EVERY_MS) void this.#look()
  }

  end(): void {
    this.#isOpen = false
    this.#picture.close()
  }

  async #look(): Promise<void> {
    this.#askedAt = performance.now()
    const told = await ask<BaySight>(address('bays', this.#bayId, 'sight'))
    if (!this.#isOpen) return
    if (!told.ok) return say(this.#says, `${WORDS.silent}${told.says}`)
    this.#seen = told.body
    const names = told.body.cameras.map(({ cameraId }) => cameraId)
    show(this.#choice, names.join('\n'), () => names.map((name) => make('option', { value: name }, name)))
    this.#cameras.hidden = names.length < 2
    this.#picture.follow(this.#camera()?.cameraId ?? null)
    this.#paint()
  }

  #camera(): Camera | null {
    const cameras = this.#seen?.cameras ?? []
    return cameras.find(({ cameraId }) => cameraId === this.#choice.value) ?? cameras[0] ?? null
  }

  #paint(): void {
    const camera = this.#camera()
    this.#sheet.hidden = camera === null
    this.#sheet.style.setProperty('--aspect', String(this.#picture.aspect() ?? 16 / 9))
    const isEmpty = camera?.cameAt != null && camera.plates.length === 0
    say(this.#says, camera === null ? WORDS.noCamera : isEmpty ? WORDS.none : '')
    const drawn = JSON.stringify([camera?.zones, camera?.plates.map(({ quad }) => quad), camera?.vehicles])
    show(this.#drawing, drawn, () => (camera === null ? [] : shapes(camera, this.#bayId)))
    const vehicles = camera?.vehicles ?? []
    show(this.#labels, JSON.stringify(vehicles), () => vehicles.map(vehicleLabel))
    say(this.#vehicles, vehicles.length === 0 ? '' : WORDS.vehicles(vehicles.map(({ bayId }) => bayId)))
    const clear = this.#picture.isClear() ? this.#picture.image : null
    paintPlates(this.#plates, camera?.plates ?? [], this.#bayId, clear)
    const votes = this.#seen?.votes ?? []
    const none = make('li', { class: 'faint' }, WORDS.noVotes)
    show(this.#votes, JSON.stringify(votes), () => (votes.length === 0 ? [none] : votes.map(voteRow)))
  }
}

const pointsOf = (polygon: Polygon): string => polygon.map(([x, y]) => `${x},${y}`).join(' ')

/** Zones twice, dark under light, so that they are seen on any picture; this bay’s zone and plates stand out. */
function shapes({ zones, plates, vehicles }: Camera, bayId: string): readonly SVGElement[] {
  const line = (polygon: Polygon, name: string) => [
    makeSvg('polygon', { class: 'sight-casing', points: pointsOf(polygon) }),
    makeSvg('polygon', { class: name, points: pointsOf(polygon) }),
  ]
  const isMine = (one: { readonly bayId: string }) => one.bayId === bayId
  return [
    ...vehicles.flatMap(({ box }) => line(corners(box), 'sight-vehicle')),
    ...zones.filter((zone) => !isMine(zone)).flatMap(({ polygon }) => line(polygon, 'sight-zone')),
    ...zones.filter(isMine).flatMap(({ polygon }) => line(polygon, 'sight-zone is-mine')),
    ...plates.flatMap((plate) => line(around(plate.quad), isMine(plate) ? 'sight-plate is-mine' : 'sight-plate')),
  ]
}

const corners = ([x, y, width, height]: Vehicle['box']): Polygon => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
]

function vehicleLabel({ box: [x, y], bayId }: Vehicle): HTMLElement {
  const label = make('span', { class: 'sight-label' }, WORDS.vehicle(bayId))
  label.style.setProperty('--x', String(x))
  label.style.setProperty('--y', String(y))
  return label
}

/** The box around a plate leaves its letters free. */
function around(quad: Polygon): Polygon {
  const [xs, ys] = [quad.map(([x]) => x), quad.map(([, y]) => y)]
  const [cx, cy] = [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2]
  return quad.map(([x, y]) => [cx + (x - cx) * 1.15, cy + (y - cy) * 1.7] as const)
}

/** This bay’s plates first. The crops are cut from the picture that is shown, and stay in this page. */
function paintPlates(
  root: HTMLElement,
  plates: readonly Plate[],
  bayId: string,
  image: HTMLCanvasElement | null,
): void {
  const sorted = plates.toSorted((a, b) => Number(b.bayId === bayId) - Number(a.bayId === bayId))
  show(root, JSON.stringify([sorted, image !== null]), () =>
    sorted.map((plate) => plateRow(plate, bayId, image !== null)),
  )
  if (image === null) return
  for (const [at, canvas] of [...root.querySelectorAll('canvas')].entries()) {
    const plate = sorted[at]
    if (plate) cut(canvas, image, plate.quad)
  }
}

function plateRow(plate: Plate, bayId: string, hasCrop: boolean): HTMLElement {
  const { text, confidence, characters } = plate
  const letters = [...text.replaceAll(/\s/g, '')]
  const isWhole = letters.length === characters.length
  const bars = characters.map((share, at) => {
    const letter = isWhole ? (letters[at] ?? '') : '•'
    const bar = make('span', { class: 'sight-bar' })
    bar.style.setProperty('--share', String(Math.max(0, Math.min(1, share))))
    return make(
      'li',
      { title: WORDS.character(letter, percent(share)) },
      bar,
      make('span', { class: 'plate' }, letter),
      make('span', { class: 'unseen' }, percent(share)),
    )
  })
  const where = plate.bayId === bayId ? WORDS.here : WORDS.beside(plate.bayId)
  return make(
    'li',
    { class: plate.bayId === bayId ? 'is-mine' : '' },
    hasCrop && make('canvas', { ...CROP_px, class: 'sight-crop', role: 'img', 'aria-label': WORDS.crop(text) }),
    make('p', {}, make('span', { class: 'plate', dir: 'ltr' }, text), ` ${where}, ${WORDS.sure(percent(confidence))}`),
    make('ol', { class: 'sight-bars', dir: 'ltr' }, ...bars),
  )
}

/** A plate and a little around it, upright. */
function cut(canvas: HTMLCanvasElement, image: HTMLCanvasElement, quad: Polygon): void {
  const [xs, ys] = [quad.map(([x]) => x * image.width), quad.map(([, y]) => y * image.height)]
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top]
  const drawing = canvas.getContext('2d')
  if (drawing === null || width < 1 || height < 1) return
  const scale = Math.min(CROP_px.width / (width * 1.2), CROP_px.height / (height * 1.3))
  const [wide, high] = [CROP_px.width / scale, CROP_px.height / scale]
  drawing.drawImage(
    image,
    left + width / 2 - wide / 2,
    top + height / 2 - high / 2,
    wide,
    high,
    0,
    0,
    CROP_px.width,
    CROP_px.height,
  )
}

function voteRow({ plate, reads, ofReads, confidence }: BaySight['votes'][number]): HTMLElement {
  const bar = make('span', { class: 'sight-share', 'aria-hidden': 'true' })
  bar.style.setProperty('--share', String(ofReads === 0 ? 0 : reads / ofReads))
  return make(
    'li',
    {},
    make('span', { class: 'plate', dir: 'ltr' }, plate),
    bar,
    make('span', {}, `${WORDS.vote(reads, ofReads)}, ${WORDS.sure(percent(confidence))}`),
  )
}
