/** A crop with its contrast raised: what an eye cannot part in fog or at night, it may part then. Nothing leaves the page. */
import { make } from './dom.ts'

/** Twice as wide as the crop, at most, px. */
const WIDEST = 640
/** So many of a thousand darkest and brightest pixels count as black and white. */
const CLIPPED = 20

/** A canvas that draws the picture in grey from black to white, once it is there. */
export function raisedCrop(picture: HTMLImageElement, label: string): HTMLCanvasElement {
  const canvas = make('canvas', { role: 'img', 'aria-label': label, width: 1, height: 1 })
  const draw = () => {
    const { naturalWidth, naturalHeight } = picture
    if (naturalWidth === 0) return
    const scale = Math.min(2, WIDEST / naturalWidth)
    canvas.width = Math.round(naturalWidth * scale)
    canvas.height = Math.round(naturalHeight * scale)
    const brush = canvas.getContext('2d', { willReadFrequently: true })
    if (brush === null) return
    brush.imageSmoothingQuality = 'high'
    brush.drawImage(picture, 0, 0, canvas.width, canvas.height)
    const pixels = brush.getImageData(0, 0, canvas.width, canvas.height)
    stretch(pixels.data)
    brush.putImageData(pixels, 0, 0)
  }
  if (picture.complete) draw()
  else picture.addEventListener('load', draw)
  return canvas
}

/** Turns RGBA pixels grey and stretches them over the whole range. */
function stretch(data: Uint8ClampedArray): void {
  const counts = new Array<number>(256).fill(0)
  for (let at = 0; at < data.length; at += 4) {
    const grey = Math.round(0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0))
    data[at] = grey
    counts[grey] = (counts[grey] ?? 0) + 1
  }
  const clipped = (data.length / 4) * (CLIPPED / 1000)
  const low = edge(counts, clipped)
  const high = 255 - edge(counts.toReversed(), clipped)
  const span = Math.max(1, high - low)
  for (let at = 0; at < data.length; at += 4) {
    const grey = ((data[at] ?? 0) - low) * (255 / span)
    data[at] = data[at + 1] = data[at + 2] = grey
  }
}

/** The first level up to which more pixels lie than are clipped. */
function edge(counts: readonly number[], clipped: number): number {
  let sum = 0
  for (const [level, count] of counts.entries()) {
    sum += count
    if (sum > clipped) return level
  }
  return 0
}
