import fastify from 'fastify'
import { expect, test, vi } from 'vitest'
import type { Json } from '../../../machines/events.ts'
import { removeSite } from '../../../src/centre/centre-book.ts'
import { CentreLinks } from '../../../src/centre/centre-links.ts'
import { type GivenOrder, OrderBook } from '../../../src/centre/order-book.ts'
import { OrderPost } from '../../../src/centre/order-post.ts'
import { orderRoutes } from '../../../src/centre/order-routes.ts'
import type { SiteOnBoard } from '../../../src/centre/sites-board.ts'
import { systemClock } from '../../../src/clock.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { until } from '../serve/serving-line.ts'
import { type CentreStage, openStage, ship, siteWith } from './link-stage.ts'

vi.setConfig({ testTimeout: 120_000 })

/** An order as the centre keeps it, given so many ms ago. */
function given(id: string, site: string, ago = 0, life_ms = 120_000): GivenOrder {
  const at = Date.now() - ago
  return {
    ...{ id, site, type: 'authorize', bayId: 'bay-1', accountId: 'acc-1', by: 'anna (2489)', role: 'operator' },
    given: new Date(at).toISOString(),
    expires: new Date(at + life_ms).toISOString(),
  }
}

async function give({ centre }: CentreStage, id: string, site: string): Promise<void> {
  const body = JSON.stringify({ id, site, type: 'out-of-service', bayId: 'bay-1' })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${centre.pageUrl}/api/orders`, { method: 'POST', headers, body })
  expect(answer.status).toBe(202)
}

withPostgres('orders of the centre, site by site', (cluster) => {
  const stage = async () => openStage(cluster().url(await cluster().newDatabase()))
  const idOf = (body: Json) => (body as { id: string }).id

  test('a site whose gateway answers nothing holds up its own orders alone', async () => {
    const open = await stage()
    const hung: string[] = []
    const { token } = await open.add('hung')
    ship(await siteWith(3, 'hung'), open.centre.url, token, 'hung', 5_000, {
      order: (body) => {
        hung.push(idOf(body))
        return new Promise(() => {})
      },
    })
    const quick = await open.add('quick')
    ship(await siteWith(3, 'quick'), open.centre.url, quick.token, 'quick', 5_000, {
      order: async () => ({ outcome: 'done', seq: 3 }),
    })
    for (let i = 10; i < 22; i++) await give(open, `hung-00${i}`, 'hung')
    await until(() => hung.length > 0)
    const book = new OrderBook(open.line, systemClock)
    await give(open, 'quick-0001', 'quick')
    await until(async () => (await book.one('quick-0001'))?.state === 'done')
    // And what it does not answer keeps none of its own later orders from being sent.
    await until(() => hung[1] !== undefined)
    expect(hung.slice(0, 2)).toEqual(['hung-0010', 'hung-0011'])
  })

  test('an order whose time is over is asked after more and more seldom, and every look until then', async () => {
    const { line, add } = await stage()
    await add('depot')
    const begun = Date.now()
    let ahead = 0
    const clock = { now: () => begun + ahead }
    const book = new OrderBook(line, clock)
    const asked: number[] = []
    const request = async (): Promise<null> => {
      asked.push(ahead / 1000)
      return null
    }
    const links = { request, takes: () => true, onReady: () => {} }
    const post = new OrderPost({ book, links, clock, log: () => {} })
    await book.give({ ...given('order-0001', 'depot'), expires: new Date(begun + 5_000).toISOString() })
    for (; ahead <= 200_000; ahead += 2_500) {
      await post.look()
      // Calls of a line go one after the other: what this look sends is sent.
      await line.read('SELECT 1')
    }
    expect(asked).toEqual([0, 2.5, 5, 10, 20, 40, 80, 160])
  })

  test('with its site an order ends, so that no other gateway of that name gets it, and none is kept for a site that is gone', async () => {
    const { line, add } = await stage()
    await add('depot')
    const book = new OrderBook(line, systemClock)
    await book.give(given('order-0001', 'depot'))
    await removeSite(line, 'depot', new Date().toISOString())
    await expect(book.give(given('order-0002', 'depot'))).rejects.toThrow(/No such site/)
    await add('depot')
    expect(await book.open()).toEqual([])
    expect(await book.one('order-0001')).toMatchObject({
      state: 'expired',
      says: expect.stringContaining('site was removed'),
    })
  })

  test('orders whose end is known are kept for ninety days, the others for good; of many that are open each site has its share', async () => {
    const { line, add } = await stage()
    for (const site of ['depot', 'other']) await add(site)
    const book = new OrderBook(line, systemClock)
    const day = 86_400_000
    for (const [id, ago] of [
      ['order-old1', 91 * day],
      ['order-old2', 91 * day],
      ['order-new1', 89 * day],
    ] as const)
      await book.give(given(id, 'depot', ago, 92 * day))
    for (const id of ['order-old1', 'order-new1']) await book.heard(id, { outcome: 'done', seq: 1 })
    await book.clean()
    const kept = await Promise.all(['order-old1', 'order-old2', 'order-new1'].map((id) => book.one(id)))
    expect(kept.map((one) => one?.state)).toEqual([undefined, 'waiting', 'done'])
    for (let i = 100; i < 180; i++) await book.give(given(`order-0${i}`, 'depot'))
    await book.give(given('order-last', 'other'))
    const open = await book.open()
    expect(open.map(({ id }) => id)).toContain('order-last')
    expect(open.length).toBe(65)
  })

  test('who only watches is shown neither who gave an order nor who pays by it', async () => {
    const { line, add } = await stage()
    await add('depot')
    const book = new OrderBook(line, systemClock)
    await book.give(given('order-0001', 'depot'))
    const shown = async (role: 'viewer' | 'fleet' | 'operator') => {
      const app = fastify()
      orderRoutes(app, {
        ...{ book, clock: systemClock, post: book, board: { reviews: () => [], bays: () => [] } },
        links: new CentreLinks({ lines: [line], clock: systemClock, log: () => {} }),
        sitesOf: async () => [{ site: 'depot' } as SiteOnBoard],
        demand: async () => ({ name: 'vic', role }),
      })
      const [one, all] = [await app.inject('/api/orders/order-0001'), await app.inject('/api/orders')]
      expect(all.json().items).toEqual([one.json()])
      return one.json()
    }
    for (const role of ['viewer', 'fleet'] as const) {
      const order = await shown(role)
      expect(order).toMatchObject({ id: 'order-0001', state: 'waiting', by: null })
      expect(JSON.stringify(order)).not.toMatch(/acc-1|anna/)
    }
    expect(await shown('operator')).toMatchObject({ by: 'anna (2489)', accountId: 'acc-1' })
  })
})
