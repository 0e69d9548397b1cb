import type { PictureView } from '../../actors/zone-look.ts'
import { KnownScenes } from './known-scenes.ts'

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
const DARK = { mean: 14, spread: 6 }
/** A lens behind a bag, a leaf or snow shows nearly one grey. */
const FLAT_SPREAD = 5
const GLARE = 0.35
/** Detail below this share of the camera's own habit is lost focus, dirt or fog: a change of light alone takes about half. */
const BLURRED = 0.3
/** The habit is the middle of so many pictures, taken this far apart, once there are a few. */
const HABIT = { pictures: 48, least: 5, every_ms: 20_000 }
/** Detail is learnt from at most one picture in a second while there is little of it. */
const LEARN_ms = 1_000

type Case = { since: number | null; pictures: number; goneSince: number | null; isOpen: boolean }

/** Watches the pictures of one camera. Pure but for its own memory: `at` is the arrival, ms since 1970. */
export class ViewWatch {
  readonly #cases = new Map<ViewFault, Case>()
  readonly #details: number[] = []
  #detailAt = Number.NEGATIVE_INFINITY
  #isElsewhere = false
  readonly #scenes = new KnownScenes()

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
    this.#scenes.forget()
    this.#isElsewhere = false
    this.#cases.delete('moved')
  }

  see(view: PictureView, at: number): void {
    const { seen, unsaid } = this.#judge(view, at)
    for (const fault of Object.keys(LASTS_MS) as ViewFault[])
      if (!unsaid.includes(fault)) this.#note(fault, seen.has(fault), at)
    const { isOpen, since, pictures } = this.#cases.get('moved') ?? { isOpen: false, since: null, pictures: 0 }
    this.#isElsewhere = isOpen || (since !== null && pictures >= PICTURES && at - since >= ELSEWHERE_MS)
  }

  /** What is wrong with a picture, and of what it says nothing, not even that it is as it was. */
  #judge(
    view: PictureView,
    at: number,
  ): { readonly seen: ReadonlySet<ViewFault>; readonly unsaid: readonly ViewFault[] } {
    const { mean, spread, glare, sharpness } = view
    const seen = new Set<ViewFault>()
    if (mean < DARK.mean && spread < DARK.spread) seen.add('dark')
    else if (glare > GLARE) seen.add('glare')
    else if (spread < FLAT_SPREAD) seen.add('blocked')
    if (seen.size > 0) return { seen, unsaid: ['blurred', 'moved'] }
    const habit = this.#habit()
    // Out of focus, in fog or with a lamp in the lens it cannot be told what lies where: nothing is learnt from it either.
    if (habit !== null && sharpness < BLURRED * habit) return { seen: seen.add('blurred'), unsaid: ['moved'] }
    this.#learnDetail(sharpness, at)
    const word = this.#scenes.judge(view, at, this.#cases.get('moved')?.isOpen === true)
    if (word === 'other') seen.add('moved')
    return { seen, unsaid: word === 'unknown' ? ['moved'] : [] }
  }

  #habit(): number | null {
    if (this.#details.length < HABIT.least) return null
    return [...this.#details].sort((a, b) => a - b)[this.#details.length >> 1] ?? null
  }

  #learnDetail(sharpness: number, at: number): void {
    const isFew = this.#details.length < HABIT.least
    if (at - this.#detailAt < (isFew ? LEARN_ms : HABIT.every_ms)) return
    this.#detailAt = at
    this.#details.push(sharpness)
    if (this.#details.length > HABIT.pictures) this.#details.shift()
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
