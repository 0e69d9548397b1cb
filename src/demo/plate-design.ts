import type { Point2 } from './plate-face.ts'
import { glyphLines } from './plate-face.ts'

/** Where a plate comes from: decides its proportions, colours and extras. */
export type PlateStyle = 'gb-front' | 'gb-rear' | 'de' | 'nl' | 'fr' | 'us' | 'br'

/** What a plate shows. `text` holds its characters and spaces; `cover` what hides them. */
export type Plate = { readonly style: PlateStyle; readonly text: string; readonly cover?: 'mud' | 'snow' }

/** A shape on the plate's plane: metres, origin in the middle, u to the right, v up. */
export type PlateShape =
  | { readonly kind: 'fill'; readonly points: readonly Point2[]; readonly colour: string; readonly opacity?: number }
  | { readonly kind: 'line'; readonly points: readonly Point2[]; readonly colour: string; readonly width_m: number }

type Design = {
  readonly width_m: number
  readonly height_m: number
  readonly ground: string
  readonly ink: string
  /** Part of the width, left and right, that bands take. */
  readonly bands: readonly [number, number]
  readonly topBand?: string
  readonly bandLetters?: string
  /** Small line above the characters. */
  readonly heading?: { readonly text: string; readonly colour: string }
  readonly glyph: {
    readonly width_m: number
    readonly height_m: number
    readonly pitch_m: number
    readonly low_m: number
  }
  readonly space_m: number
}

const BLUE = '#1d3f94'
const WIDE = {
  width_m: 0.67,
  height_m: 0.15,
  glyph: { width_m: 0.05, height_m: 0.092, pitch_m: 0.077, low_m: -0.046 },
  space_m: 0.033,
}

/**
 * Plates are drawn larger than life (by a quarter in Europe, more for the small formats), so that a 1280×720 picture of three bays holds
 * 90 pixels of text: what a site gets that follows the advice for its cameras.
 */
const DESIGNS: { readonly [style in PlateStyle]: Design } = {
  'gb-front': { ...WIDE, ground: '#f4f4f0', ink: '#141414', bands: [0, 0] },
  'gb-rear': { ...WIDE, ground: '#f3c612', ink: '#141414', bands: [0, 0] },
  de: { ...WIDE, ground: '#f4f4f0', ink: '#141414', bands: [0.085, 0], bandLetters: 'D' },
  nl: { ...WIDE, ground: '#f2b90c', ink: '#141414', bands: [0.085, 0], bandLetters: 'NL' },
  fr: { ...WIDE, width_m: 0.71, ground: '#f4f4f0', ink: '#141414', bands: [0.07, 0.07], bandLetters: 'F' },
  us: {
    width_m: 0.62,
    height_m: 0.28,
    ground: '#e9eef2',
    ink: '#1b2a55',
    bands: [0, 0],
    heading: { text: 'EVERGREEN', colour: '#1f7a4a' },
    glyph: { width_m: 0.052, height_m: 0.122, pitch_m: 0.08, low_m: -0.09 },
    space_m: 0.033,
  },
  br: {
    width_m: 0.63,
    height_m: 0.205,
    ground: '#f4f4f0',
    ink: '#141414',
    bands: [0, 0],
    topBand: BLUE,
    heading: { text: 'BRASIL', colour: '#f4f4f0' },
    glyph: { width_m: 0.055, height_m: 0.106, pitch_m: 0.084, low_m: -0.087 },
    space_m: 0,
  },
}

/** Share of a glyph's height that its stroke is wide. */
const STROKE = 0.155

/** Width and height of a plate in metres. */
export function plateSize(style: PlateStyle): { readonly width_m: number; readonly height_m: number } {
  return DESIGNS[style]
}

/** Every shape of a plate, first drawn first. */
export function plateShapes(plate: Plate): PlateShape[] {
  const design = DESIGNS[plate.style]
  const { width_m: width, height_m: height } = design
  const shapes: PlateShape[] = [
    {
      kind: 'fill',
      points: rectangle(-width / 2 - 0.012, -height / 2 - 0.012, width / 2 + 0.012, height / 2 + 0.012),
      colour: '#1a1a1a',
    },
    { kind: 'fill', points: rectangle(-width / 2, -height / 2, width / 2, height / 2), colour: design.ground },
  ]
  shapes.push(...bandShapes(design))
  const [left, right] = design.bands
  const middle = ((left - right) * width) / 2
  shapes.push(...textShapes(plate.text, design, middle))
  if (plate.cover !== undefined) shapes.push(...coverShapes(plate.cover, width, height))
  return shapes
}

/** The characters, spread around `middle`. */
function textShapes(text: string, design: Design, middle: number): PlateShape[] {
  const { width_m, height_m, pitch_m, low_m } = design.glyph
  const steps = [...text].map((character) => (character === ' ' ? design.space_m : pitch_m))
  const total = steps.reduce((sum, step) => sum + step, 0) - (pitch_m - width_m)
  let at = middle - total / 2
  return [...text].flatMap((character, place) => {
    const from = at
    at += steps[place] as number
    if (character === ' ') return []
    return glyphLines(character, width_m, height_m).map((line) => ({
      kind: 'line' as const,
      colour: design.ink,
      width_m: height_m * STROKE,
      points: line.map(([u, v]): Point2 => [u + from, v + low_m]),
    }))
  })
}

/** Side bands with their country letters, a top band, a heading. */
function bandShapes(design: Design): PlateShape[] {
  const { width_m: width, height_m: height, bands } = design
  const shapes: PlateShape[] = []
  const [left, right] = bands
  if (left > 0)
    shapes.push({
      kind: 'fill',
      points: rectangle(-width / 2, -height / 2, -width / 2 + left * width, height / 2),
      colour: BLUE,
    })
  if (right > 0)
    shapes.push({
      kind: 'fill',
      points: rectangle(width / 2 - right * width, -height / 2, width / 2, height / 2),
      colour: BLUE,
    })
  if (design.topBand !== undefined) {
    shapes.push({
      kind: 'fill',
      points: rectangle(-width / 2, height / 2 - height * 0.24, width / 2, height / 2),
      colour: design.topBand,
    })
  }
  if (design.bandLetters !== undefined) {
    shapes.push(...smallText(design.bandLetters, '#f4f4f0', -width / 2 + (left * width) / 2, -height * 0.36, 0.024))
  }
  if (design.heading !== undefined)
    shapes.push(...smallText(design.heading.text, design.heading.colour, 0, height / 2 - height * 0.17, 0.022))
  return shapes
}

function smallText(text: string, colour: string, middle: number, low: number, height: number): PlateShape[] {
  const pitch = height * 0.8
  const from = middle - ((text.length - 1) * pitch + height * 0.5) / 2
  return [...text].flatMap((character, place) =>
    glyphLines(character, height * 0.5, height).map((line) => ({
      kind: 'line' as const,
      colour,
      width_m: height * 0.17,
      points: line.map(([u, v]): Point2 => [u + from + place * pitch, v + low]),
    })),
  )
}

/** Dirt or snow over most of the plate: a few characters' edges stay visible, no more. */
function coverShapes(cover: 'mud' | 'snow', width: number, height: number): PlateShape[] {
  const colour = cover === 'mud' ? '#4c3d2c' : '#eef2f6'
  const blobs: readonly (readonly [number, number, number, number])[] = [
    [-0.36, 0.02, 0.2, 0.62],
    [-0.12, -0.1, 0.19, 0.6],
    [0.12, 0.06, 0.2, 0.58],
    [0.36, -0.04, 0.19, 0.62],
    [0, 0.1, 0.3, 0.42],
    [0.24, 0.1, 0.2, 0.5],
  ]
  return blobs.map(([u, v, across, up]) => ({
    kind: 'fill' as const,
    colour,
    opacity: 0.96,
    points: Array.from({ length: 12 }, (_, place): Point2 => {
      const turn = (place / 12) * 2 * Math.PI
      const bulge = 1 + 0.12 * Math.sin(3 * turn + u * 20)
      return [(u + across * bulge * Math.cos(turn)) * width, (v + up * bulge * Math.sin(turn)) * height]
    }),
  }))
}

function rectangle(left: number, low: number, right: number, high: number): Point2[] {
  return [
    [left, low],
    [right, low],
    [right, high],
    [left, high],
  ]
}
