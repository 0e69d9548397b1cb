import { expect, test } from 'vitest'
import { livedPast } from '../../projections/lived-past.ts'
import { startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { live, openPage, there } from './opened-page.ts'

/** Everything that can be said of a bay's state: records that moved one, each kind once, as the tiles are told of them. */
async function everyWhy(): Promise<readonly object[]> {
  const past = [...(await livedPast(5, 0.4)), ...(await livedPast(6, 0.4))]
  const kinds = new Map<string, object>()
  for (const { bayId, cause, rule, state, detail, seq, at } of past)
    if (bayId !== null && rule != null && rule !== 'note')
      kinds.set(`${cause.type} ${rule} ${detail}`, {
        state,
        detail,
        why: { event: cause.type, seq, at, rule, guards: [], evidence: [] },
      })
  return [...kinds.values()]
}

/** Runs in the page, with its own modules: what is cut when each is painted. As text, for a test's imports are none of the page's. */
const PAINT = `async ([told, quiet]) => {
  const at = (name) => import(performance.getEntriesByType('resource').find((one) => one.name.includes('/' + name + '.')).name)
  const { paintTile } = await at('tile-paint')
  const { tileOf } = await at('tile-words')
  const { gridOf } = await at('bay-grid')
  const context = document.createElement('canvas').getContext('2d')
  const written = []
  context.fillText = (text) => written.push(text)
  const grid = gridOf(null, ['bay-1'], { width: 163, height: 2000, em: 16 })
  if (grid.level !== 'full') return ['the narrowest full tile is wider than that']
  const palette = new Proxy({}, { get: () => '#000' })
  const family = getComputedStyle(document.body).fontFamily
  return told.flatMap((one) => {
    written.length = 0
    const tile = tileOf({ ...quiet, ...one }, false)
    paintTile({ context, palette, em: 16, family }, grid, { bayId: 'bay-1', x: 0, y: 0 }, tile, '59 min', false)
    const whole = written.join(' ')
    return !whole.includes('…') && whole.includes(tile.detail) && whole.includes(tile.whys.at(-1)) ? [] : [whole + ' | ' + tile.whys[0]]
  })
}`

test.skipIf(!there)(
  'in the narrowest tile of a wall and of a phone nothing of a state and why it is so is cut, in English and in German',
  async () => {
    const site = await busySite()
    const told = await everyWhy()
    expect(told.length).toBeGreaterThan(40)
    const [quiet] = site.desk.bays()
    const { server } = await startServer({ site })
    const cut: string[] = []
    for (const locale of ['en-GB', 'de-DE']) {
      const { page } = await openPage(server.url, { locale })
      await live(page)
      cut.push(...(await page.evaluate<string[]>(`(${PAINT})(${JSON.stringify([told, { ...quiet, visit: null }])})`)))
    }
    expect(cut).toEqual([])
  },
  120_000,
)

const SPANS = ['59 s', '59 min', '23 h 59', '1 d 10 h', '99 d 23 h', '400 d 23 h'] as const
/** How long or how much, or the longest unit of it alone. */
const forms = (text: string) => [text, text.split(' ').slice(0, 2).join(' ')]

/** As `PAINT`, in the narrowest tile of each level: what is written of a bay that draws `amps` for so long. */
const NUMBERS = `async ([bay, spans, amps]) => {
  const at = (name) => import(performance.getEntriesByType('resource').find((one) => one.name.includes('/' + name + '.')).name)
  const { paintTile } = await at('tile-paint')
  const { tileOf } = await at('tile-words')
  const context = document.createElement('canvas').getContext('2d')
  let written = []
  context.fillText = (text) => written.push(text)
  const palette = new Proxy({}, { get: () => '#000' })
  const brush = { context, palette, em: 16, family: getComputedStyle(document.body).fontFamily }
  const rooms = { small: [51, 75], short: [105, 75], full: [163, 134] }
  return Object.entries(rooms).flatMap(([level, [width, height]]) =>
    spans.map((since) => {
      written = []
      const tile = { ...tileOf(bay, false), amps }
      paintTile(brush, { width, height, level, saysSince: true }, { bayId: 'bay-1', x: 0, y: 0 }, tile, since, false)
      return { level, since, written }
    }),
  )
}`

test.skipIf(!there)(
  'in the narrowest tile of each level a duration or a current is whole, or a shorter true one, and never cut',
  async () => {
    const site = await busySite()
    const [bay] = site.desk.bays()
    const { server } = await startServer({ site })
    const { page } = await openPage(server.url)
    await live(page)
    for (const amps of ['6.1 A', '125.5 A']) {
      const told = await page.evaluate<{ level: string; since: string; written: string[] }[]>(
        `(${NUMBERS})(${JSON.stringify([bay, SPANS, amps])})`,
      )
      expect(told).toHaveLength(18)
      const says = (texts: readonly string[], written: readonly string[]) =>
        texts.some((text) => written.includes(text))
      expect(told.filter(({ since, written }) => !says(forms(since), written))).toEqual([])
      expect(told.filter(({ level, written }) => level !== 'small' && !written.includes(amps))).toEqual([])
    }
  },
  120_000,
)
