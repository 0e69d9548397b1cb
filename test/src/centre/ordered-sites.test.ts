import { appendFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { expect, test, vi } from 'vitest'
import { LONGEST_LIFE_MS } from '../../../src/uplink/order-life.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { freePort } from '../serve/free-port.ts'
import { journalOf, type ServingProcess, serveSite, until, writeSite } from '../serve/serving-line.ts'
import { type CentreStage, openStage, ship, siteWith } from './link-stage.ts'
import { helloOf, openLink } from './raw-link.ts'

vi.setConfig({ testTimeout: 180_000 })

// biome-ignore lint/suspicious/noExplicitAny: what the centre answered
type Json = any

/** Asks the centre; answers status and JSON. */
async function ask({ centre }: CentreStage, method: string, path: string, body?: object): Promise<Json> {
  const answer = await fetch(`${centre.pageUrl}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  return { status: answer.status, ...((await answer.json()) as object) }
}

const ORDER = { id: 'order-0001', site: 'depot-north', type: 'out-of-service', bayId: 'bay-1', reason: 'maintenance' }

/** What becomes of an order, once it is known. */
async function ended(stage: CentreStage, id: string, states = ['done', 'refused', 'expired']): Promise<Json> {
  let order: Json = null
  await until(
    async () => {
      order = await ask(stage, 'GET', `/api/orders/${id}`)
      return states.includes(order.state)
    },
    60_000,
    () => `${id} ended; it is ${JSON.stringify(order)}`,
  )
  return order
}

/** A line between gateway and centre that can be cut; `deaf` swallows whatever the gateway sends. */
async function cuttable(port: number, to: number) {
  const { connect } = await import('node:net')
  const pairs = new Set<() => void>()
  let isOpen = true
  let isDeaf = false
  const server = createServer((near) => {
    near.on('error', () => {})
    if (!isOpen) return void near.destroy()
    const far = connect(to, '127.0.0.1')
    const cut = (): void => {
      near.destroy()
      far.destroy()
      pairs.delete(cut)
    }
    pairs.add(cut)
    far.on('error', cut).on('close', cut)
    near.on('close', cut)
    far.pipe(near)
    near.on('data', (bytes) => void (isDeaf || far.write(bytes)))
  })
  await new Promise<void>((go) => server.listen(port, '127.0.0.1', go))
  return {
    deafen() {
      isDeaf = true
    },
    cut() {
      isOpen = false
      for (const pair of pairs) pair()
    },
    mend() {
      isOpen = true
      isDeaf = false
    },
    close: () => server.close(),
  }
}

withPostgres('orders of the centre', (cluster) => {
  const database = async () => cluster().url(await cluster().newDatabase())

  /** A running site whose link can be cut. */
  async function served(stage: CentreStage) {
    const { token } = await stage.add('depot-north')
    const port = await freePort()
    const line = await cuttable(port, stage.centre.port)
    const site = await writeSite(2)
    const orders = 'out-of-service, in-service, answer-review'
    appendFileSync(site.path, `centre: { url: "ws://127.0.0.1:${port}/link", token: ${token}, orders: [${orders}] }\n`)
    const serving = await serveSite(site)
    // Greeted, not only linked: some of its records are here.
    await until(async () => (await ask(stage, 'GET', '/api/sites')).sites[0]?.seq > 0)
    return { line, site, serving }
  }

  const linked = async (stage: CentreStage) => (await ask(stage, 'GET', '/api/sites')).sites[0]?.linked
  const service = async (serving: ServingProcess, bay = 'bay-1') =>
    (await serving.ask('GET', `/api/bays/${bay}`)).body.service
  const commanded = async (serving: ServingProcess) =>
    (await journalOf(serving)).filter(({ cause }) => cause.type === 'operator.commanded').map(({ cause }) => cause)

  test('an order goes down the link, is carried out as a local one, and comes back as a record of the copy; cut links and lost answers make it neither two orders nor none', async () => {
    const stage = await openStage(await database())
    const { line, serving } = await served(stage)
    const given = await ask(stage, 'POST', '/api/orders', ORDER)
    expect(given).toMatchObject({ status: 202, id: 'order-0001', state: expect.stringMatching(/waiting|sent|done/) })
    const done = await ended(stage, 'order-0001')
    expect(done).toMatchObject({ state: 'done', by: 'local', seq: expect.any(Number), says: null })
    expect(await service(serving)).toBe('out-of-service')
    const name = new URL(stage.store).pathname.slice(1)
    await until(async () => {
      const rows = await cluster().ask(name, `SELECT content FROM berth.record WHERE seq = ${done.seq}`)
      return rows.some(({ content }) => JSON.parse(String(content)).cause.id === 'order-0001')
    }, 180_000)
    // The same again is the same order, whatever it says now.
    expect(await ask(stage, 'POST', '/api/orders', { ...ORDER, type: 'in-service' })).toMatchObject({ state: 'done' })

    // The gateway does it, and its answer is lost with the link.
    line.deafen()
    await ask(stage, 'POST', '/api/orders', { ...ORDER, id: 'order-0002', type: 'in-service' })
    await until(async () => (await service(serving)) === 'in-service')
    expect(await ask(stage, 'GET', '/api/orders/order-0002')).toMatchObject({ state: 'sent' })
    line.cut()
    line.mend()
    expect(await ended(stage, 'order-0002')).toMatchObject({ state: 'done' })
    expect((await commanded(serving)).map(({ id, by }: Json) => [id, by])).toEqual([
      ['order-0001', 'centre:local'],
      ['order-0002', 'centre:local'],
    ])

    // What the site does not allow, and what it cannot do, is told with its sentence.
    await ask(stage, 'POST', '/api/orders', { ...ORDER, id: 'order-0003', type: 'remote-stop' })
    expect(await ended(stage, 'order-0003')).toMatchObject({
      state: 'refused',
      says: expect.stringContaining('`centre.orders`'),
      seq: expect.any(Number),
    })
    await ask(stage, 'POST', '/api/orders', { ...ORDER, id: 'order-0004', bayId: 'bay-7' })
    expect(await ended(stage, 'order-0004')).toMatchObject({ state: 'refused', says: 'This site has no bay bay-7.' })
    await ask(stage, 'POST', '/api/orders', { ...ORDER, id: 'order-0005', expectVersion: 0 })
    expect(await ended(stage, 'order-0005')).toMatchObject({
      state: 'refused',
      says: expect.stringContaining('changed'),
    })
    line.close()
  })

  test('an order waits for a gateway that is away, is carried out when it comes back in time, and is told as expired when it does not', async () => {
    const stage = await openStage(await database())
    const { line, serving } = await served(stage)
    line.cut()
    await until(async () => (await linked(stage)) === false)
    await ask(stage, 'POST', '/api/orders', { ...ORDER, within_s: 5 })
    await ask(stage, 'POST', '/api/orders', { ...ORDER, id: 'order-0002', bayId: 'bay-2', within_s: 600 })
    expect(await ask(stage, 'GET', '/api/orders/order-0002')).toMatchObject({ state: 'waiting' })
    expect(await ended(stage, 'order-0001')).toMatchObject({
      state: 'expired',
      says: expect.stringContaining('never sent'),
    })
    line.mend()
    expect(await ended(stage, 'order-0002')).toMatchObject({ state: 'done' })
    expect([await service(serving), await service(serving, 'bay-2')]).toEqual(['in-service', 'out-of-service'])
    expect((await commanded(serving)).map(({ id }: Json) => id)).toEqual(['order-0002'])
    line.close()
  })

  test('an order that reached its gateway before the gateway died is told by it after its restart, though its time is over', async () => {
    const stage = await openStage(await database())
    const { line, site, serving } = await served(stage)
    line.deafen()
    const { expires } = await ask(stage, 'POST', '/api/orders', { ...ORDER, within_s: 20 })
    await until(async () => (await service(serving)) === 'out-of-service')
    await serving.kill()
    await new Promise((go) => setTimeout(go, Date.parse(expires) - Date.now() + 500))
    expect(await ask(stage, 'GET', '/api/orders/order-0001')).toMatchObject({ state: 'sent' })
    line.mend()
    const again = await serveSite(site)
    expect(await ended(stage, 'order-0001')).toMatchObject({ state: 'done' })
    expect((await commanded(again)).length).toBe(1)
    line.close()
  })

  test('an order is durable before it is answered, and another centre on the database goes on with it; a gateway of before is sent none', async () => {
    const store = await database()
    const first = await openStage(store)
    const { token } = await first.add('depot')
    const site = await siteWith(3)
    const old = await openLink(first.centre.url, token)
    await old.ask(helloOf(site))
    const order = { ...ORDER, site: 'depot', within_s: 600 }
    expect(await ask(first, 'POST', '/api/orders', order)).toMatchObject({ status: 202 })
    await new Promise((go) => setTimeout(go, 3_000))
    expect(await ask(first, 'GET', '/api/orders/order-0001')).toMatchObject({ state: 'waiting' })
    await first.centre.close()
    const second = await openStage(store)
    const heard: Json[] = []
    ship(site, second.centre.url, token, 'depot', 5_000, {
      order: async (body) => {
        heard.push(body)
        return { outcome: heard.length === 1 ? 'nonsense' : 'done', seq: 3 }
      },
    })
    expect(await ended(second, 'order-0001')).toMatchObject({ state: 'done', seq: 3 })
    expect(heard.length).toBe(2)
    expect(heard[0]).toMatchObject({ id: 'order-0001', by: 'local', role: 'admin', bayId: 'bay-1' })
    expect(Math.abs(Date.parse(heard[0].expires) - Date.now() - heard[0].remaining_ms)).toBeLessThan(20_000)
    expect(Object.keys(heard[0])).not.toContain('site')
  })

  test('what is no order, of no site, or of nobody who may is refused at the centre and kept by nobody', async () => {
    const stage = await openStage(await database())
    await stage.add('depot-north')
    const wrong: readonly (readonly [object, number])[] = [
      [{}, 400],
      [{ ...ORDER, type: 'correct-plate', plate: 'AB12CDE' }, 400],
      [{ ...ORDER, type: 'authorize' }, 400],
      [{ ...ORDER, within_s: LONGEST_LIFE_MS }, 400],
      [{ ...ORDER, within_s: '60' }, 400],
      [{ ...ORDER, bayId: undefined }, 400],
      [{ ...ORDER, site: 'elsewhere' }, 404],
    ]
    for (const [body, status] of wrong) expect(await ask(stage, 'POST', '/api/orders', body)).toMatchObject({ status })
    // Nobody gives himself another name or role.
    const given = await ask(stage, 'POST', '/api/orders', {
      ...ORDER,
      by: 'nora',
      role: 'viewer',
      expires: '2099-01-01',
    })
    expect(given).toMatchObject({ status: 202, by: 'local', role: 'admin' })
    expect(Date.parse(given.expires) - Date.now()).toBeLessThan(121_000)
    expect((await ask(stage, 'GET', '/api/orders')).items.length).toBe(1)
    expect(await ask(stage, 'GET', '/api/orders/nothing')).toMatchObject({ status: 404 })
    expect((await ask(stage, 'GET', '/api/orders?site=elsewhere')).items).toEqual([])
  })
})
