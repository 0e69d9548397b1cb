/** What is chosen and drawn on the screen of zones: one camera, one bay, one corner, and the draft that hands change. */
import type { Polygon } from '../../../actors/ports.ts'
import type { CheckedDraft, ZoneCamera, ZonesNow } from '../../zones/zone-desk.ts'
import type { WrittenZone } from '../../zones/zone-versions.ts'
import { cornersOf, withCorners, ZoneDraft } from './zone-draft.ts'
import type { ListedBay } from './zone-list.ts'
import { middleOf, type Place, within } from './zone-snap.ts'
import type { StageView } from './zone-stage.ts'

/** A zone that somebody begins with, in the middle of the picture. */
const FIRST: Polygon = [
  [0.35, 0.35],
  [0.65, 0.35],
  [0.65, 0.65],
  [0.35, 0.65],
]
const LEAST_CORNERS = 3
const MOST_CORNERS = 40
/** A bay’s usual width, metres. */
const USUAL_SIDE_m = 2.5
const USUAL_ASPECT = 16 / 9

/** The editor; `changed` is told after each change of the draft, `painted` after each change of what is shown. */
export class ZoneEditor {
  readonly draft: ZoneDraft
  readonly mayDraw: boolean
  readonly #changed: () => void
  readonly #painted: () => void
  cameraId: string
  bayId: string | null = null
  corner: number | null = null
  checked: CheckedDraft
  /** A corner in the hand: drawn, and not in the draft before it is let go. */
  #held: { readonly corner: number; readonly corners: Polygon } | null = null

  constructor(
    site: string,
    now: ZonesNow,
    mayDraw: boolean,
    told: { readonly changed: () => void; readonly painted: () => void },
  ) {
    this.draft = new ZoneDraft(site, now)
    this.mayDraw = mayDraw
    this.#changed = told.changed
    this.#painted = told.painted
    this.cameraId = now.cameras[0]?.cameraId ?? ''
    this.checked = now
  }

  get camera(): ZoneCamera | null {
    return this.draft.now.cameras.find(({ cameraId }) => cameraId === this.cameraId) ?? null
  }

  get zone(): WrittenZone | null {
    return this.bayId === null ? null : this.draft.zone(this.bayId, this.cameraId)
  }

  /** Bays in the site’s order: those that this camera sees first. */
  bays(): readonly ListedBay[] {
    const all = this.draft.now.bays.map(({ bayId }): ListedBay => {
      const zone = this.draft.zone(bayId, this.cameraId)
      const problems = this.checked.problems.filter(
        (one) => one.bayId === bayId && (one.cameraId === null || one.cameraId === this.cameraId),
      )
      return {
        bayId,
        zone,
        isChanged: this.draft.isChanged(bayId),
        problems: zone === null ? problems.filter(({ bars }) => bars) : problems,
      }
    })
    return [...all.filter(({ zone }) => zone !== null), ...all.filter(({ zone }) => zone === null)]
  }

  view(aspect: number | null): StageView {
    const { camera, bayId, corner, mayDraw } = this
    const zones = this.bays().flatMap(({ bayId: id, zone, problems }) => {
      if (zone === null) return []
      const held = id === bayId ? (this.#held?.corners ?? null) : null
      const used = this.checked.used.find((one) => one.bayId === id && one.cameraId === this.cameraId) ?? null
      const corners = held ?? cornersOf(zone, camera?.picture ?? null)
      return [{ bayId: id, corners, isGround: 'ground' in zone, used, isBad: problems.some(({ bars }) => bars) }]
    })
    const picture = camera?.picture ?? null
    const shape = aspect ?? (picture === null ? USUAL_ASPECT : picture.width / picture.height)
    return { zones, bayId, corner, ignore: camera?.ignore ?? [], aspect: shape, mayDraw }
  }

  chooseCamera(cameraId: string): void {
    Object.assign(this, { cameraId, bayId: null, corner: null })
    this.#held = null
    this.#painted()
  }

  choose(bayId: string | null, corner: number | null): void {
    if (this.bayId === bayId && this.corner === corner) return
    this.bayId = bayId
    this.corner = corner
    this.#painted()
  }

  /** The bay so many places further down the list. */
  stepBay(by: number): void {
    const bays = this.bays()
    const at = bays.findIndex(({ bayId }) => bayId === this.bayId)
    const next = bays[at < 0 ? (by > 0 ? 0 : bays.length - 1) : (at + by + bays.length) % bays.length]
    if (next) this.choose(next.bayId, null)
  }

  stepCorner(by: number): void {
    const { length } = this.#corners()
    if (length > 0) this.choose(this.bayId, this.corner === null ? 0 : (this.corner + by + length) % length)
  }

  /** A corner follows the hand. */
  hold(corner: number, place: Place): void {
    const corners = this.#held?.corners ?? this.#corners()
    this.#held = { corner, corners: corners.map((one, at) => (at === corner ? place : one)) }
    this.#painted()
  }

  /** Half way between two corners a new one begins in the hand. */
  holdNew(after: number, place: Place): void {
    const corners = this.#corners()
    if (!this.#mayAdd()) return
    this.corner = after + 1
    this.#held = { corner: after + 1, corners: [...corners.slice(0, after + 1), place, ...corners.slice(after + 1)] }
    this.#painted()
  }

  drop(): void {
    const held = this.#held
    this.#held = null
    if (held !== null) this.#draw(held.corners)
  }

  letGo(): void {
    this.#held = null
    this.#painted()
  }

  /** Moves the chosen corner, shares of the picture. */
  nudge(dx: number, dy: number): void {
    const place = this.place()
    if (place !== null) this.put([place[0] + dx, place[1] + dy])
  }

  /** Where the chosen corner lies. */
  place(): Place | null {
    return this.corner === null ? null : (this.#corners()[this.corner] ?? null)
  }

  put(place: Place): void {
    if (this.corner !== null) this.#draw(this.#corners().map((one, at) => (at === this.corner ? within(place) : one)))
  }

  /** A corner behind the chosen one; a whole zone where the bay has none yet. */
  add(): void {
    if (!this.mayDraw || this.bayId === null) return
    if (this.zone === null) {
      this.corner = 0
      return this.#write({ cameraId: this.cameraId, polygon: FIRST })
    }
    if (!this.#mayAdd()) return
    const corners = this.#corners()
    const at = this.corner ?? corners.length - 1
    const [from, to] = [corners[at], corners[(at + 1) % corners.length]]
    if (!from || !to) return
    this.corner = at + 1
    this.#draw([...corners.slice(0, at + 1), middleOf(from, to), ...corners.slice(at + 1)])
  }

  remove(): void {
    const corners = this.#corners()
    if (this.corner === null || this.zone === null || 'ground' in this.zone || corners.length <= LEAST_CORNERS) return
    const without = corners.filter((_, at) => at !== this.corner)
    this.corner = Math.min(this.corner, without.length - 1)
    this.#draw(without)
  }

  takeAway(): void {
    this.corner = null
    if (this.zone !== null) this.#write(null)
  }

  /** Whether berth knows how this camera hangs, so that it can lift corners from the ground. */
  isMeasured(): boolean {
    return this.camera?.picture != null && this.camera.height_m !== null
  }

  /** Whether this zone could be given by corners on the ground. */
  canLift(): boolean {
    const { zone } = this
    return this.isMeasured() && zone !== null && 'polygon' in zone && zone.polygon.length === 4
  }

  /** Corners on the ground become the outline of plates that berth made of them, and the other way round. */
  turn(): void {
    const { zone, cameraId } = this
    if (zone === null) return
    this.corner = null
    if ('polygon' in zone) return this.#write({ cameraId, ground: zone.polygon, side_m: USUAL_SIDE_m })
    const used = this.checked.used.find((one) => one.bayId === this.bayId && one.cameraId === cameraId)?.polygon
    if (used && used.length >= LEAST_CORNERS) this.#write({ cameraId, polygon: used.map(within) })
  }

  setSide(side_m: number): void {
    const { zone } = this
    if (zone !== null && 'ground' in zone && side_m > 0 && side_m <= 100) this.#write({ ...zone, side_m })
  }

  undo(): void {
    this.draft.undo()
    this.#clamp()
  }

  redo(): void {
    this.draft.redo()
    this.#clamp()
  }

  /** Back one step: the corner in the hand, the corner, the bay. False where nothing was left to let go of. */
  leave(): boolean {
    if (this.corner !== null) this.choose(this.bayId, null)
    else if (this.bayId !== null) this.choose(null, null)
    else return false
    return true
  }

  #corners(): Polygon {
    return this.zone === null ? [] : cornersOf(this.zone, this.camera?.picture ?? null)
  }

  #mayAdd(): boolean {
    return this.mayDraw && this.zone !== null && 'polygon' in this.zone && this.zone.polygon.length < MOST_CORNERS
  }

  #clamp(): void {
    const { length } = this.#corners()
    if (this.corner !== null && this.corner >= length) this.corner = length === 0 ? null : length - 1
    this.#changed()
  }

  #draw(corners: Polygon): void {
    if (this.zone !== null) this.#write(withCorners(this.zone, corners.map(within)))
  }

  #write(zone: WrittenZone | null): void {
    if (!this.mayDraw || this.bayId === null) return
    this.draft.draw(this.bayId, this.cameraId, zone)
    this.#changed()
  }
}
