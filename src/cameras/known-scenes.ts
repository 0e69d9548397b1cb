import type { PictureView } from '../../actors/zone-look.ts'

/** How a picture stands to the scene that is known; `unknown`: it shows too little to tell. */
export type SceneWord = 'same' | 'other' | 'unknown'

/** Below this likeness, in the light of a kept scene, the background is not the one that was there before. */
const OTHER_SCENE = 0.3
/** So much lighter, darker or flatter at once is another light (lamps, infrared at dusk, a new exposure). */
const OTHER_LIGHT = 0.25
/**
 * Between two lights the signs of steps turn over and their places stay: from here on it is the same scene in another light. Rendered: 0.41
 * to 0.97 through day, night, snow, infrared and exposure, with and without cars; at most 0.17 where the camera was moved besides.
 */
const SHARED_PLACES = 0.3
/** With steps smaller than this from cell to cell (root mean square, grey levels) noise and rounding are most of what there is. */
const LEAST_STEP = 2.5
/** With less of the picture outside the zones (share) nothing can be said. */
const LEAST_GROUND = 0.03
/** The scene is followed by this share a picture, at most one in a second. */
const FOLLOW = { share: 0.03, every_ms: 1_000 }
/** Lights that are kept. */
const MOST_LIGHTS = 8

type Scene = { readonly edges: Float64Array; mean: number; spread: number; at: number }

/** The scene of one camera as it is known in each light: what lies where does not change with the light, and does when the camera is moved. */
export class KnownScenes {
  #scenes: Scene[] = []

  /** What is shown next is the scene. */
  forget(): void {
    this.#scenes = []
  }

  /**
   * Holds a picture against every light that is known. Follows slow changes, and keeps a new light of the same scene; `isMoved`: the camera
   * was found moved, so that a new light is neither kept nor believed. `at`: arrival, ms since 1970.
   */
  judge({ look, mean, spread }: PictureView, at: number, isMoved: boolean): SceneWord {
    const edges = edgesOf(look)
    if (!showsGround(look) || stepOf(edges) < LEAST_STEP) return 'unknown'
    const now: Scene = { edges, mean, spread, at }
    const comparable = this.#scenes.filter((one) => one.edges.length === edges.length)
    if (comparable.length === 0) {
      this.#scenes = [now]
      return 'same'
    }
    const best = comparable
      .filter((one) => !isOtherLight(one, now))
      .map((scene) => ({ scene, likeness: likenessOf(scene.edges, edges) }))
      .reduce((most, one) => (one.likeness > most.likeness ? one : most), { scene: now, likeness: -1 })
    if (best.likeness >= OTHER_SCENE) {
      follow(best.scene, now)
      return 'same'
    }
    const places = placesOf(edges)
    const isNewLight = comparable.some(
      (one) => isOtherLight(one, now) && correlationOf(placesOf(one.edges), places) >= SHARED_PLACES,
    )
    if (isMoved || !isNewLight) return 'other'
    this.#keep(now)
    return 'same'
  }

  #keep(scene: Scene): void {
    this.#scenes.push(scene)
    if (this.#scenes.length > MOST_LIGHTS) this.#scenes.sort((a, b) => b.at - a.at).pop()
  }
}

function follow(scene: Scene, now: Scene): void {
  if (now.at - scene.at < FOLLOW.every_ms) return
  for (const [i, edge] of now.edges.entries())
    scene.edges[i] = (scene.edges[i] ?? 0) * (1 - FOLLOW.share) + edge * FOLLOW.share
  scene.mean += (now.mean - scene.mean) * FOLLOW.share
  scene.spread += (now.spread - scene.spread) * FOLLOW.share
  scene.at = now.at
}

const isOtherLight = (before: Scene, now: Scene): boolean =>
  isFar(before.mean, now.mean) || isFar(before.spread, now.spread)
const isFar = (before: number, now: number): boolean => Math.abs(now - before) > OTHER_LIGHT * Math.max(before, 8)

const outsideOf = ({ size, grey: text }: PictureView['look']): number =>
  Buffer.from(text, 'base64')
    .subarray(size * size, 2 * size * size)
    .filter((cell) => cell === 255).length

/** Where a zone is the whole picture every vehicle is another picture, and nothing says whether the camera stands where it stood. */
const showsGround = (look: PictureView['look']): boolean => outsideOf(look) >= LEAST_GROUND * look.size * look.size

/** Steps of grey to the right and downwards, between cells that lie in no zone (or all, where zones fill the picture). */
function edgesOf({ size, grey: text }: PictureView['look']): Float64Array {
  const bytes = Buffer.from(text, 'base64')
  const cells = size * size
  const outside = bytes.subarray(cells, 2 * cells)
  const isRoomy = outsideOf({ size, grey: text }) >= cells / 5
  const edges = new Float64Array(2 * cells)
  const counts = (i: number): boolean => !isRoomy || outside[i] === 255
  for (let i = 0; i < cells; i += 1) {
    if (!counts(i)) continue
    if ((i + 1) % size !== 0 && counts(i + 1)) edges[i] = (bytes[i + 1] ?? 0) - (bytes[i] ?? 0)
    if (i + size < cells && counts(i + size)) edges[cells + i] = (bytes[i + size] ?? 0) - (bytes[i] ?? 0)
  }
  return edges
}

/** How large the steps are that there are: root mean square, grey levels. */
function stepOf(edges: Float64Array): number {
  let [sum, count] = [0, 0]
  for (const edge of edges) {
    sum += edge * edge
    count += edge === 0 ? 0 : 1
  }
  return Math.sqrt(sum / Math.max(1, count))
}

/** Where steps are, whatever their sign, and however strong the light makes them: 0 to 1. */
function placesOf(edges: Float64Array): Float64Array {
  let [sum, count] = [0, 0]
  for (const edge of edges) {
    sum += Math.abs(edge)
    count += edge === 0 ? 0 : 1
  }
  const usual = sum / Math.max(1, count)
  return edges.map((edge) => Math.abs(edge) / (Math.abs(edge) + usual + Number.EPSILON))
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
  return first * second === 0 ? 0 : both / Math.sqrt(first * second)
}

/** -1 to 1: how far two sets of places rise and fall together, where either has any. */
function correlationOf(a: Float64Array, b: Float64Array): number {
  let [count, sumA, sumB] = [0, 0, 0]
  for (const [i, one] of a.entries()) {
    const other = b[i] ?? 0
    if (one === 0 && other === 0) continue
    count += 1
    sumA += one
    sumB += other
  }
  const [meanA, meanB] = [sumA / Math.max(1, count), sumB / Math.max(1, count)]
  let [both, first, second] = [0, 0, 0]
  for (const [i, one] of a.entries()) {
    const other = b[i] ?? 0
    if (one === 0 && other === 0) continue
    both += (one - meanA) * (other - meanB)
    first += (one - meanA) ** 2
    second += (other - meanB) ** 2
  }
  return first * second === 0 ? 0 : both / Math.sqrt(first * second)
}
