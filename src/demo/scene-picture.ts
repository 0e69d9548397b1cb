import sharp from 'sharp'
import { seededDice } from './dice.ts'
import type { Light, Scene } from './scene.ts'
import { groundSvg, LENS, vehiclesSvg } from './scene.ts'

/** What a lens and a sensor add: noise as a standard deviation in grey values, blur as a sigma in pixels. */
export type Grain = { readonly seed: number; readonly noise: number; readonly blur_px: number }

/** Raw pixels, three bytes each. */
export type Pixels = { readonly data: Buffer; readonly width: number; readonly height: number }

const PIXELS = LENS.width * LENS.height * 3
const GRAIN_LENGTH = 1 << 20
const JPEG_QUALITY = 88

/** Grounds are drawn once per light and camera. */
const grounds = new Map<string, Promise<Buffer>>()
let grainTable: Int8Array | null = null

/** Renders a scene to raw pixels, without grain. */
export async function renderPixels(scene: Scene): Promise<Pixels> {
  const ground = await groundPixels(scene.light, scene.bayNumbers)
  const raw = { raw: { width: LENS.width, height: LENS.height, channels: 3 as const } }
  if (scene.vehicles.length === 0) return { data: Buffer.from(ground), width: LENS.width, height: LENS.height }
  const data = await sharp(ground, raw)
    .composite([{ input: Buffer.from(vehiclesSvg(scene)) }])
    .removeAlpha()
    .raw()
    .toBuffer()
  return { data, width: LENS.width, height: LENS.height }
}

/** A camera's picture of rendered pixels: blurred, noisy, JPEG. `pixels` stays as it is. */
export async function developPicture(pixels: Pixels, grain: Grain): Promise<Buffer> {
  const raw = { raw: { width: pixels.width, height: pixels.height, channels: 3 as const } }
  const blurred =
    grain.blur_px >= 0.3 ? await sharp(pixels.data, raw).blur(grain.blur_px).raw().toBuffer() : Buffer.from(pixels.data)
  addGrain(blurred, grain)
  return sharp(blurred, raw).jpeg({ quality: JPEG_QUALITY }).toBuffer()
}

/** Adds noise in place; the same seed adds the same noise. */
export function addGrain(pixels: Buffer, grain: Grain): void {
  if (grain.noise <= 0) return
  grainTable ??= makeGrain()
  const table = grainTable
  let at = (Math.imul(grain.seed, 0x9e3779b1) >>> 0) % GRAIN_LENGTH
  for (let place = 0; place < pixels.length; place++) {
    const value = (pixels[place] as number) + ((table[at] as number) * grain.noise) / 32
    pixels[place] = Math.max(0, Math.min(255, value))
    at = at + 1 === GRAIN_LENGTH ? 0 : at + 1
  }
}

/** Numbers about a bell curve with a standard deviation of 32. */
function makeGrain(): Int8Array {
  const dice = seededDice('grain')
  return Int8Array.from(
    { length: GRAIN_LENGTH },
    () => (dice.next() + dice.next() + dice.next() + dice.next() - 2) * 55.4,
  )
}

function groundPixels(light: Light, bayNumbers: readonly string[]): Promise<Buffer> {
  const key = `${light} ${bayNumbers.join(' ')}`
  const known = grounds.get(key)
  if (known !== undefined) return known
  const made = sharp(Buffer.from(groundSvg(light, bayNumbers)))
    .removeAlpha()
    .raw()
    .toBuffer()
    .then(roughen)
  grounds.set(key, made)
  return made
}

/** Gives the ground the texture of asphalt and hedges: fixed, so that an empty bay looks the same again. */
function roughen(pixels: Buffer): Buffer {
  if (pixels.length !== PIXELS) throw new RangeError(`The ground has ${pixels.length} bytes, not ${PIXELS}.`)
  const dice = seededDice('asphalt')
  for (let place = 0; place < pixels.length; place += 3) {
    const shift = dice.between(-7, 7)
    for (let channel = place; channel < place + 3; channel++)
      pixels[channel] = Math.max(0, Math.min(255, (pixels[channel] as number) + shift))
  }
  return pixels
}
