import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import jsQR from 'jsqr'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { qr } from '../../../src/commands/code-sheet-file.ts'
import { serve } from '../../../src/compose.ts'
import { type CodeSheet, sheetPdf, sheetSvg } from '../../../src/driver/door/code-sheet.ts'
import { checkSiteFile, checkSiteFileAt } from '../../../src/site-file.ts'
import { runCommand } from '../journal/run-command.ts'
import { writeSite } from '../serve/serving-line.ts'

const DOTS_PER_MM = 6
const sheet = (count: number): CodeSheet => ({
  siteName: 'Depot <North> & Söhne',
  bays: Array.from({ length: count }, (_, at) => ({
    bayId: `bay-${at + 1}`,
    url: `https://charge.depot-north.example/b/Ab_-${String(at).padStart(12, 'x')}`,
  })),
})

/** What an independent decoder reads in the cell of a bay of the printed sheet. */
async function decoded(svg: string, place: number): Promise<string | undefined> {
  const [row, column] = [Math.floor(place / 2) % 3, place % 2]
  const page = Math.floor(place / 6)
  const [width, height] = [95 * DOTS_PER_MM, Math.floor((277 / 3) * DOTS_PER_MM)]
  const { data } = await sharp(Buffer.from(svg), { unlimited: true, density: 150 })
    .resize({ width: 210 * DOTS_PER_MM })
    .extract({
      left: Math.round((10 + column * 95) * DOTS_PER_MM),
      top: Math.round((297 * page + 10 + (row * 277) / 3) * DOTS_PER_MM),
      width,
      height,
    })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return jsQR.default(new Uint8ClampedArray(data), width, height)?.data
}

test('each code of the printed sheet says its own bay’s address, on every page, to another program’s decoder', async () => {
  const asked = sheet(8)
  const svg = sheetSvg(asked)
  for (const place of [0, 1, 5, 6, 7]) expect(await decoded(svg, place)).toBe(asked.bays[place]?.url)
  expect(svg).toContain('>bay-8</text>')
  expect(svg).toContain('>charge.depot-north.example/b/Ab_-xxxxxxxxxxx7</text>')
  expect(svg).toContain('Depot &lt;North&gt; &amp; Söhne')
}, 180_000)

test('the PDF has a page for each six bays, its table of objects is right, and it draws the same modules', () => {
  const pdf = sheetPdf(sheet(7)).toString('latin1')
  expect(pdf.startsWith('%PDF-1.4\n')).toBe(true)
  expect(pdf).toContain('/Count 2 ')
  const at = Number(/startxref\n(\d+)/.exec(pdf)?.[1])
  expect(pdf.slice(at, at + 4)).toBe('xref')
  const places = [...pdf.slice(at).matchAll(/(\d{10}) 00000 n /g)].map(([, place]) => Number(place))
  expect(places).toHaveLength(8)
  for (const [index, place] of places.entries())
    expect(pdf.slice(place, place + 8)).toMatch(new RegExp(`^${index + 1} 0 obj`))
  for (const [, length, body = ''] of pdf.matchAll(/\/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/g))
    expect(body.length).toBe(Number(length))
  const drawn = (text: string, mark: RegExp) => [...text.matchAll(mark)].length
  expect(drawn(pdf, / re$/gm)).toBe(drawn(sheetSvg(sheet(7)), /M[\d.]+ [\d.]+h/g))
  expect(pdf).toContain('(Depot <North> & S\xf6hne) Tj')
  expect(pdf).toContain('(Scannen: Laden starten, ansehen, beenden) Tj')
})

/** A site file with more under `http`. */
async function siteWith(http: object): Promise<string> {
  const { path } = await writeSite(2)
  const file = parse(readFileSync(path, 'utf8')) as { http: object }
  writeFileSync(path, stringify({ ...file, http: { ...file.http, ...http } }))
  return path
}

test('berth qr prints the very codes that the site then answers to, and the API downloads the same sheet', async () => {
  const path = await siteWith({ publicUrl: 'https://charge.depot-north.example/' })
  const out = path.replace(/site\.yaml$/, 'sheet.svg')
  expect(await runCommand(qr, '--site', path, '--out', out)).toMatchObject({ code: 0 })
  const svg = readFileSync(out, 'utf8')
  const serving = await serve(path, { env: {}, readerFollows: true })
  onTestFinished(() => serving.stop())
  const address = (await decoded(svg, 1)) ?? ''
  expect(address).toMatch(/^https:\/\/charge\.depot-north\.example\/b\/[\w-]{16}$/)
  const page = await (await fetch(`${serving.url}${new URL(address).pathname}`)).text()
  expect(page).toContain('<strong>bay-2</strong>')
  expect(await (await fetch(`${serving.url}/api/driver-codes.svg`)).text()).toBe(svg)
  // Beside the process that serves the site.
  expect(await runCommand(qr, '--site', path, '--out', out.replace('svg', 'pdf'))).toMatchObject({ code: 0 })
  expect(readFileSync(out.replace('svg', 'pdf'), 'latin1').slice(0, 8)).toBe('%PDF-1.4')
}, 180_000)

test('a site whose centre passes driver pages on has codes that lead there', async () => {
  const centre = { url: 'wss://centre.example/link', token: 'a-token-of-a-centre-12345', driverPages: true }
  const path = await siteWith({ codes: true })
  const file = parse(readFileSync(path, 'utf8')) as { site: object }
  const checked = (more: object, id = 'depot-north') =>
    checkSiteFile(stringify({ ...file, site: { ...file.site, id }, ...more }), path, {})
  expect(checked({ centre }).site?.http.publicUrl).toBe('https://depot-north.centre.example')
  expect(checked({ centre: { ...centre, driverPages: false } }).errors.map((one) => one.path)).toEqual(['http.codes'])
  const here = { ...centre, url: 'ws://127.0.0.1:9400/link' }
  expect(checked({ centre: here }).errors[0]?.says).toBe('a phone that asks depot-north.localhost asks itself')
  expect(checked({ centre }, 'depot.north').errors.map((one) => one.path)).toEqual(
    expect.arrayContaining(['centre.driverPages']),
  )
})

test('no sheet and no site with codes at its bays where phones reach nothing, or themselves', async () => {
  for (const http of [{}, { publicUrl: 'http://127.0.0.1:8081' }, { publicUrl: 'http://localhost:8081' }]) {
    const path = await siteWith({ ...http, codes: true })
    const { errors } = await checkSiteFileAt(path, {})
    expect(errors.map((one) => one.path)).toEqual([`http.${'publicUrl' in http ? 'publicUrl' : 'codes'}`])
    const plain = await siteWith(http)
    expect((await checkSiteFileAt(plain, {})).errors).toEqual([])
    const made = await runCommand(qr, '--site', plain, '--out', plain.replace('yaml', 'svg'))
    expect([made.code, made.err]).toEqual([1, expect.stringContaining('http.publicUrl')])
    expect(existsSync(plain.replace('yaml', 'svg'))).toBe(false)
    // To try it at this very machine it is made, and says so; without an address there is nothing to try.
    const trial = await runCommand(qr, '--site', plain, '--out', plain.replace('yaml', 'svg'), '--here')
    const isThere = 'publicUrl' in http
    expect([trial.code, existsSync(plain.replace('yaml', 'svg'))]).toEqual([isThere ? 0 : 1, isThere])
    expect(trial.err).toContain(isThere ? 'and no phone' : 'http.publicUrl')
  }
})
