import { encode } from 'uqr'
import { escaped } from '../../escaped-text.ts'

/** One bay on the sheet; `url` is what its code says. */
export type SheetBay = { readonly bayId: string; readonly url: string }
/** A sheet that is printed and cut: A4, six bays a page. */
export type CodeSheet = { readonly siteName: string; readonly bays: readonly SheetBay[] }

/** A4 in mm; two bays beside each other, three below each other. */
const PAGE = { width: 210, height: 297, margin: 10, columns: 2, rows: 3 }
const CELL = {
  width: (PAGE.width - 2 * PAGE.margin) / PAGE.columns,
  height: (PAGE.height - 2 * PAGE.margin) / PAGE.rows,
}
/** Edge of a code with its quiet zone, mm: read by a phone from an arm's length. */
const CODE = 58
/** White modules around a code, as the standard wants them. */
const QUIET = 4
/** A code alone tells nobody why to scan it; both languages of the pages, since paper cannot ask. */
const WHAT_FOR = ['Scan to start, see or stop your charge', 'Scannen: Laden starten, ansehen, beenden']
const EACH_PAGE = PAGE.columns * PAGE.rows

/** A line of text on the sheet: its middle in mm from the top left, its size in mm. */
type Line = {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly size: number
  readonly bold: boolean
}
/** One bay as it is drawn: black runs of modules, and lines of text. */
type Drawn = {
  readonly runs: readonly { x: number; y: number; width: number; height: number }[]
  readonly lines: readonly Line[]
}

/** Black modules of the code, row by row, without its quiet zone. A quarter of a sign may be dirty and it still reads. */
export const modulesOf = (text: string): readonly (readonly boolean[])[] => encode(text, { ecc: 'Q', border: 0 }).data

function drawn({ bayId, url }: SheetBay, siteName: string, place: number): Drawn {
  const column = place % PAGE.columns
  const row = Math.floor(place / PAGE.columns) % PAGE.rows
  const [left, top] = [PAGE.margin + column * CELL.width, PAGE.margin + row * CELL.height]
  const middle = left + CELL.width / 2
  const modules = modulesOf(url)
  const edge = CODE / (modules.length + 2 * QUIET)
  const [x0, y0] = [middle - CODE / 2 + QUIET * edge, top + 15 + QUIET * edge]
  const runs = modules.flatMap((cells, y) =>
    runsOf(cells).map(({ from, to }) => ({
      x: x0 + from * edge,
      y: y0 + y * edge,
      width: (to - from) * edge,
      height: edge,
    })),
  )
  const lines = [
    { text: siteName, x: middle, y: top + 6, size: 3.5, bold: false },
    { text: bayId, x: middle, y: top + 14, size: 8, bold: true },
    { text: short(url), x: middle, y: top + 15 + CODE + 4, size: url.length > 52 ? 2.6 : 3.2, bold: false },
    ...WHAT_FOR.map((text, line) => ({ text, x: middle, y: top + 15 + CODE + 9 + 4.2 * line, size: 3, bold: false })),
  ]
  return { runs, lines }
}

/** What a person types who has no camera: without the scheme. */
const short = (url: string): string => url.replace(/^https?:\/\//, '')

function runsOf(cells: readonly boolean[]): readonly { readonly from: number; readonly to: number }[] {
  const runs: { from: number; to: number }[] = []
  for (const [at, black] of cells.entries()) {
    const last = runs.at(-1)
    if (!black) continue
    if (last && last.to === at) last.to = at + 1
    else runs.push({ from: at, to: at + 1 })
  }
  return runs
}

const mm = (value: number): string => String(Math.round(value * 1000) / 1000)

/** The sheet as one SVG, its pages below each other. */
export function sheetSvg({ siteName, bays }: CodeSheet): string {
  const pages = Math.max(1, Math.ceil(bays.length / EACH_PAGE))
  const height = pages * PAGE.height
  const cells = bays.map((bay, place) => {
    const { runs, lines } = drawn(bay, siteName, place)
    const down = Math.floor(place / EACH_PAGE) * PAGE.height
    const path = runs.map(({ x, y, width, height: h }) => `M${mm(x)} ${mm(y)}h${mm(width)}v${mm(h)}h-${mm(width)}z`)
    const texts = lines.map(
      ({ text, x, y, size, bold }) =>
        `<text x="${mm(x)}" y="${mm(y)}" font-size="${size}"${bold ? ' font-weight="700"' : ''}>${escaped(text)}</text>`,
    )
    return `<g id="${escaped(bay.bayId)}" transform="translate(0 ${down})"><path d="${path.join('')}" shape-rendering="crispEdges"/>${texts.join('')}</g>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${PAGE.width}mm" height="${height}mm" viewBox="0 0 ${PAGE.width} ${height}" font-family="Helvetica, Arial, sans-serif" text-anchor="middle"><rect width="100%" height="100%" fill="#fff"/>${cells.join('\n')}</svg>\n`
}

/** Points of a PDF in a mm. */
const POINT = 72 / 25.4

/** The sheet as PDF 1.4: drawn modules and Helvetica, which every reader has. Characters beyond Latin-1 print as `?`. */
export function sheetPdf({ siteName, bays }: CodeSheet): Buffer {
  const pages = Array.from({ length: Math.max(1, Math.ceil(bays.length / EACH_PAGE)) }, (_, page) =>
    bays.slice(page * EACH_PAGE, (page + 1) * EACH_PAGE).map((bay, place) => pdfCell(drawn(bay, siteName, place))),
  )
  const kids = pages.map((_, page) => `${5 + 2 * page} 0 R`).join(' ')
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>',
    ...pages.flatMap((cells, page) => {
      const drawing = cells.join('\n')
      const box = `${(PAGE.width * POINT).toFixed(2)} ${(PAGE.height * POINT).toFixed(2)}`
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${box}] /Contents ${6 + 2 * page} 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>`,
        `<< /Length ${Buffer.byteLength(drawing, 'latin1')} >>\nstream\n${drawing}\nendstream`,
      ]
    }),
  ]
  let text = '%PDF-1.4\n'
  const places = objects.map((object, index) => {
    const at = Buffer.byteLength(text, 'latin1')
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(at).padStart(10, '0')} 00000 n \n`
  })
  const table = Buffer.byteLength(text, 'latin1')
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join('')}`
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`
  return Buffer.from(text, 'latin1')
}

function pdfCell({ runs, lines }: Drawn): string {
  const up = (y: number): string => ((PAGE.height - y) * POINT).toFixed(3)
  const along = (x: number): string => (x * POINT).toFixed(3)
  const boxes = runs.map(
    ({ x, y, width, height }) => `${along(x)} ${up(y + height)} ${along(width)} ${along(height)} re`,
  )
  const texts = lines.map(({ text, x, y, size, bold }) => {
    const plain = latin1(text)
    // Helvetica is a little over half as wide as it is high.
    const left = x - (plain.length * size * (bold ? 0.58 : 0.52)) / 2
    const shown = plain.replace(/[\\()]/g, '\\$&')
    return `BT /F${bold ? 2 : 1} ${along(size)} Tf ${along(Math.max(2, left))} ${up(y)} Td (${shown}) Tj ET`
  })
  return `${boxes.join('\n')}\nf\n${texts.join('\n')}`
}

const latin1 = (text: string): string => text.replace(/[^\x20-\x7e\xa0-\xff]/g, '?')
