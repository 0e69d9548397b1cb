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
