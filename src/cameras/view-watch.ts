import type { PictureView } from '../../actors/zone-look.ts'

/** What can be wrong with what a camera shows. */
export type ViewFault = 'dark' | 'blocked' | 'glare' | 'blurred' | 'moved'

/** A fault must last this long before it is one, and be gone as long before it is over: a van passes, headlights sweep. ms. */
const LASTS_MS: { readonly [fault in ViewFault]: number } = {
  dark: 30_000,
  blocked: 30_000,
  glare: 30_000,
  blurred: 60_000,
  moved: 120_000,
}
/** And be seen in so many pictures. */
const PICTURES = 3
/** What another scene shows belongs to no zone after so long already, ms. */
const ELSEWHERE_MS = 10_000
/** With these a picture shows nothing. */
const NOTHING: readonly ViewFault[] = ['dark', 'glare', 'blocked']
const DARK = { mean: 14, spread: 6 }
/** A lens behind a bag, a leaf or snow shows nearly one grey. */
const FLAT_SPREAD = 5
const GLARE = 0.35
/** Detail below this share of the camera's own habit is lost focus, dirt or fog: a change of light alone takes about half. */
const BLURRED = 0.3
/** The habit is the middle of so many pictures, taken this far apart, once there are a few. */
const HABIT = { pictures: 48, least: 5, every_ms: 20_000 }
/** Below this likeness the background is not the one that was there before. */
const OTHER_SCENE = 0.3
/** So much lighter, darker or flatter at once is the light (lamps, infrared at dusk), and the scene is learnt anew. */
const OTHER_LIGHT = 0.25
/** The scene is followed by this share a picture, at most one in a second. */
const FOLLOW = { share: 0.03, every_ms: 1_000 }

type Case = { since: number | null; pictures: number; goneSince: number | null; isOpen: boolean }

/** Watches the pictures of one camera. Pure but for its own memory: `at` is the arrival, ms since 1970. */
export class ViewWatch {
  readonly #cases = new Map<ViewFault, Case>()
  readonly #details: number[] = []
  #detailAt = Number.NEGATIVE_INFINITY
  #isElsewhere = false
  #scene: { edges: Float64Array; mean: number; spread: number; at: number } | null = null

  /** Faults that have lasted long enough. */
  faults(): readonly ViewFault[] {
    return [...this.#cases].filter(([, one]) => one.isOpen).map(([fault]) => fault)
  }

  /** Its pictures are of another place, for long enough that it is no vehicle that passes: before `moved` is a fault. */
  get isElsewhere(): boolean {
    return this.#isElsewhere
  }

  /** What it shows from now on is its scene. */
  learnScene(): void {
    this.#scene = null
    this.#isElsewhere = false
    this.#cases.delete('moved')
  }

  see(view: PictureView, at: number): void {
    const seen = this.#judge(view, at)
    // A picture that shows nothing says nothing of focus and place, not even that they are as they were.
    const showsNothing = NOTHING.some((fault) => seen.has(fault))
    for (const fault of Object.keys(LASTS_MS) as ViewFault[])
      if (!showsNothing || NOTHING.includes(fault)) this.#note(fault, seen.has(fault), at)
    const { isOpen, since, pictures } = this.#cases.get('moved') ?? { isOpen: false, since: null, pictures: 0 }
    this.#isElsewhere = isOpen || (since !== null && pictures >= PICTURES && at - since >= ELSEWHERE_MS)
  }

  #judge(view: PictureView, at: number): ReadonlySet<ViewFault> {
    const { mean, spread, glare, sharpness } = view
    const seen = new Set<ViewFault>()
    if (mean < DARK.mean && spread < DARK.spread) seen.add('dark')
    else if (glare > GLARE) seen.add('glare')
    else if (spread < FLAT_SPREAD) seen.add('blocked')
    if (seen.size > 0) return seen
    const habit = this.#habit()
    if (habit !== null && sharpness < BLURRED * habit) seen.add('blurred')
    else this.#learnDetail(sharpness, at)
    if (this.#isOtherScene(view, at)) seen.add('moved')
    return seen
  }

  #habit(): number | null {
    if (this.#details.length < HABIT.least) return null
    return [...this.#details].sort((a, b) => a - b)[this.#details.length >> 1] ?? null
  }

  #learnDetail(sharpness: number, at: number): void {
    const isFew = this.#details.length < HABIT.least
    if (at - this.#detailAt < (isFew ? FOLLOW.every_ms : HABIT.every_ms)) return
    this.#detailAt = at
    this.#details.push(sharpness)
    if (this.#details.length > HABIT.pictures) this.#details.shift()
  }

  #isOtherScene({ look, mean, spread }: PictureView, at: number): boolean {
    const edges = edgesOf(look)
    const known = this.#scene
    const isLight = known !== null && (isFar(known.mean, mean) || isFar(known.spread, spread))
    // A camera that was found moved does not learn its new place with the next change of light.
    const isMoved = this.#cases.get('moved')?.isOpen === true
    if (known === null || known.edges.length !== edges.length || (isLight && !isMoved)) {
      this.#scene = { edges, mean, spread, at }
      return false
    }
    if (likenessOf(known.edges, edges) < OTHER_SCENE) return true
    if (at - known.at >= FOLLOW.every_ms) {
      for (const [i, edge] of edges.entries())
        known.edges[i] = (known.edges[i] ?? 0) * (1 - FOLLOW.share) + edge * FOLLOW.share
      known.mean += (mean - known.mean) * FOLLOW.share
      known.spread += (spread - known.spread) * FOLLOW.share
      known.at = at
    }
    return false
  }

  #note(fault: ViewFault, isSeen: boolean, at: number): void {
    const one = this.#cases.get(fault) ?? { since: null, pictures: 0, goneSince: null, isOpen: false }
    this.#cases.set(fault, one)
    if (isSeen) {
      one.since ??= at
      one.pictures += 1
      one.goneSince = null
      if (one.pictures >= PICTURES && at - one.since >= LASTS_MS[fault]) one.isOpen = true
      return
    }
    one.goneSince ??= at
    if (one.isOpen && at - one.goneSince < LASTS_MS[fault]) return
    Object.assign(one, { since: null, pictures: 0, isOpen: false })
  }
}

const isFar = (before: number, now: number): boolean => Math.abs(now - before) > OTHER_LIGHT * Math.max(before, 8)

/** Steps of grey to the right and downwards, between cells that lie in no zone (or all, where zones fill the picture). */
function edgesOf({ size, grey: text }: PictureView['look']): Float64Array {
  const bytes = Buffer.from(text, 'base64')
  const cells = size * size
  const outside = bytes.subarray(cells, 2 * cells)
  const isRoomy = outside.filter((cell) => cell === 255).length >= cells / 5
  const edges = new Float64Array(2 * cells)
  const counts = (i: number): boolean => !isRoomy || outside[i] === 255
  for (let i = 0; i < cells; i += 1) {
    if (!counts(i)) continue
    if ((i + 1) % size !== 0 && counts(i + 1)) edges[i] = (bytes[i + 1] ?? 0) - (bytes[i] ?? 0)
    if (i + size < cells && counts(i + size)) edges[cells + i] = (bytes[i + size] ?? 0) - (bytes[i] ?? 0)
  }
  return edges
}

/** -1 to 1: how alike two sets of steps are, whatever their strength. */
function likenessOf(a: Float64Array, b: Float64Array): number {
  let [both, first, second] = [0, 0, 0]
  for (const [i, one] of a.entries()) {
    const other = b[i] ?? 0
    both += one * other
    first += one * one
    second += other * other
  }
  return first * second === 0 ? 1 : both / Math.sqrt(first * second)
}
