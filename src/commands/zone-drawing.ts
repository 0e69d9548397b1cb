import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import type { Polygon } from '../../actors/ports.ts'
import { FACE_CHARACTERS, glyphLines } from '../demo/plate-face.ts'
import type { SiteCamera } from '../site-cameras.ts'
import type { SiteFile } from '../site-file.ts'
import { decodePicture } from '../vision/picture.ts'

/** Where a camera's picture is not known: its shape is taken for this, pixels. */
const USUAL = { width: 1280, height: 720 }
/** Drawings are no wider than this. */
const WIDEST_px = 1920
const COLOURS = ['#1f9d55', '#2779bd', '#de751f', '#9561e2', '#cc1f1a', '#38a89d', '#b08a00', '#794acf']
const FACE = new Set(FACE_CHARACTERS)

/**
 * Draws one PNG a camera into `folder`: its zones at plate height, their outlines on the ground (dashed), what it ignores (grey). A
 * picture of the camera's in `pictures`, called `<camera>.jpg` or `.png`, is drawn over. Answers the files, in the cameras' order.
 */
export async function drawZones(site: SiteFile, folder: string, pictures: string | null): Promise<string[]> {
  await makeFolder(folder)
  const files: string[] = []
  for (const camera of site.cameras) {
    const file = join(folder, `${camera.id}.png`)
    await writeFile(file, await drawn(site, camera, pictures))
    files.push(file)
  }
  return files
}

/** Step by step: Node's own way never ends where the file system refuses a folder (/proc). */
async function makeFolder(folder: string): Promise<void> {
  const known = await stat(folder).catch(() => null)
  if (known?.isDirectory()) return
  if (dirname(folder) !== folder) await makeFolder(dirname(folder))
  await mkdir(folder)
}

async function drawn(site: SiteFile, camera: SiteCamera, pictures: string | null): Promise<Buffer> {
  const behind = pictures === null ? null : await pictureOf(camera.id, pictures)
  const { width, height } = behind ?? camera.picture ?? USUAL
  const size = { width, height }
  const canvas = behind
    ? sharp(behind.rgb, { raw: { ...size, channels: 3 } })
    : sharp({ create: { ...size, channels: 3, background: '#d8dcdf' } })
  const png = await canvas
    .composite([{ input: Buffer.from(zonesSvg(site, camera, size)) }])
    .png()
    .toBuffer()
  return sharp(png).resize({ width: WIDEST_px, withoutEnlargement: true }).png({ palette: true }).toBuffer()
}

/** The camera's picture in the folder, if there is one. Throws Fault PICTURE_UNREADABLE where it is none. */
async function pictureOf(cameraId: string, folder: string) {
  for (const ending of ['jpg', 'jpeg', 'png']) {
    const bytes = await readFile(join(folder, `${cameraId}.${ending}`)).catch(() => null)
    if (bytes) return decodePicture(bytes)
  }
  return null
}

type Size = { readonly width: number; readonly height: number }

function zonesSvg(site: SiteFile, camera: SiteCamera, size: Size): string {
  const line = Math.max(2, size.width / 500)
  const zones = site.bays.flatMap((bay) =>
    bay.zones.filter((zone) => zone.camera === camera.id).map((zone) => ({ ...zone, bay: bay.id })),
  )
  const shapes = zones.flatMap((zone, i) => {
    const colour = COLOURS[i % COLOURS.length] as string
    const ground = zone.lift
      ? [
          `<polygon points="${points(zone.lift.ground, size)}" fill="none" stroke="${colour}" stroke-width="${line}" stroke-dasharray="${4 * line} ${3 * line}"/>`,
        ]
      : []
    return [
      ...ground,
      `<polygon points="${points(zone.polygon, size)}" fill="${colour}" fill-opacity="0.22" stroke="${colour}" stroke-width="${1.5 * line}"/>`,
      label(zone.bay, zone.polygon, colour, size),
    ]
  })
  const ignored = camera.ignore.map(
    (mask) =>
      `<polygon points="${points(mask, size)}" fill="#444" fill-opacity="0.75" stroke="#000" stroke-width="${line}"/>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${shapes.join('')}${ignored.join('')}</svg>`
}

const points = (polygon: Polygon, { width, height }: Size): string =>
  polygon.map(([x, y]) => `${(x * width).toFixed(1)},${(y * height).toFixed(1)}`).join(' ')

/** The bay's name in its zone, in strokes: a machine may have no font at all. What the face lacks is a dash. */
function label(text: string, polygon: Polygon, colour: string, { width, height }: Size): string {
  const mean = (axis: 0 | 1): number =>
    polygon.reduce((sum, point) => sum + point[axis], 0) / Math.max(1, polygon.length)
  const high = width / 50
  const wide = 0.5 * high
  const pitch = 0.72 * high
  const shown = [...text.toUpperCase()].slice(0, 24)
  const from = mean(0) * width - (shown.length * pitch) / 2
  const base = mean(1) * height + high / 2
  const strokes = shown.flatMap((character, i) => {
    const lines = FACE.has(character)
      ? glyphLines(character, wide, high)
      : [
          [
            [0, high / 2],
            [wide, high / 2],
          ] as const,
        ]
    return lines.map((line) =>
      line.map(([u, v]) => `${(from + i * pitch + u).toFixed(1)},${(base - v).toFixed(1)}`).join(' '),
    )
  })
  const drawnAs = (stroke: string, thick: number): string =>
    strokes
      .map(
        (line) =>
          `<polyline points="${line}" fill="none" stroke="${stroke}" stroke-width="${thick}" stroke-linecap="round" stroke-linejoin="round"/>`,
      )
      .join('')
  return drawnAs('#fff', high / 3) + drawnAs(colour, high / 7)
}
