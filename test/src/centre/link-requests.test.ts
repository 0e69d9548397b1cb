import { createServer } from 'node:http'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { takeOver } from '../../../src/centre/centre-book.ts'
import { CentreLinks } from '../../../src/centre/centre-links.ts'
import { systemClock } from '../../../src/clock.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { until } from '../journal/appended-batches.ts'
import { openStage, ship, siteWith } from './link-stage.ts'
import { helloOf, openLink } from './raw-link.ts'

vi.setConfig({ testTimeout: 180_000 })

withPostgres('what a centre asks of its gateways', (cluster) => {
  /** A centre's links without the rest of it. */
  async function openLinks() {
    const stage = await openStage(cluster().url(await cluster().newDatabase()))
    const links = new CentreLinks({ lines: [stage.line], clock: systemClock, log: () => {} })
    const sockets = new WebSocketServer({ noServer: true })
    const server = createServer()
    server.on('upgrade', (request, socket, head) => void links.upgrade(sockets, request, socket, head))
    await new Promise<void>((go) => server.listen(0, '127.0.0.1', go))
    onTestFinished(async () => {
      links.close()
      await links.end()
      server.close()
    })
    const ready: string[] = []
    links.onReady((site) => ready.push(site))
    return { stage, links, ready, url: `ws://127.0.0.1:${(server.address() as { port: number }).port}/link` }
  }

  test('a gateway is asked over its own link once it was greeted, and one that is away, or knows nothing of it, is not', async () => {
    const { stage, links, ready, url } = await openLinks()
    const { token } = await stage.add('depot')
    expect(await links.request('depot', 'twice', 1, 5_000)).toBeNull()
    const { uplink } = ship(await siteWith(3), url, token, 'depot', 5_000, { twice: async (body) => [body, body] })
    await until(() => ready.length === 1)
    expect(await links.request('depot', 'twice', { a: 1 }, 5_000)).toEqual({ ok: true, body: [{ a: 1 }, { a: 1 }] })
    expect(await links.request('depot', 'other', 1, 5_000)).toBeNull()
    expect(await links.request('elsewhere', 'twice', 1, 5_000)).toBeNull()
    await until(() => uplink.place.sent === 3)
    await uplink.close()
    await until(() => !links.isLinked('depot'))
    expect(await links.request('depot', 'twice', 1, 5_000)).toBeNull()
  })

  test('nobody knows what becomes of a request that is not answered in time, or whose link ends; one of before there were requests is asked nothing', async () => {
    const { stage, links, ready, url } = await openLinks()
    const { token } = await stage.add('depot')
    const site = await siteWith(3)
    const old = await openLink(url, token)
    await old.ask(helloOf(site))
    expect(await links.request('depot', 'order', 1, 5_000)).toBeNull()
    const link = await openLink(url, token)
    await link.ask({ ...helloOf(site), takes: ['order', 'Not a kind', 7] })
    expect(await old.closed()).toBe(4409)
    await until(() => ready.length === 2)
    const asked = new Promise((resolve) => link.socket.once('message', (data) => resolve(JSON.parse(String(data)))))
    expect(await links.request('depot', 'order', { of: 'bay-1' }, 100)).toBeNull()
    expect(await asked).toEqual({ type: 'request', id: 'r1', kind: 'order', body: { of: 'bay-1' } })
    // An answer that comes too late, or to nothing, harms nobody.
    for (const id of ['r1', 'r99']) link.socket.send(JSON.stringify({ type: 'response', id, ok: true, body: null }))
    const waiting = links.request('depot', 'order', 1, 60_000)
    link.socket.send(JSON.stringify({ type: 'response', id: 'r2', ok: false, why: 'no such word', says: '' }))
    expect(await link.closed()).toBe(4400)
    expect(await waiting).toBeNull()
  })

  test('a gateway that was taken over is asked nothing more, and its link ends, also before the next one is there', async () => {
    const { stage, links, ready, url } = await openLinks()
    const { token } = await stage.add('depot')
    const site = await siteWith(3)
    const hello = { ...helloOf(site), takes: ['order'] }
    const former = await openLink(url, token)
    await former.ask(hello)
    await until(() => links.takes('depot', 'order'))
    const heard: unknown[] = []
    const listen = (socket: WebSocket, name: string) =>
      socket.on('message', (data) => {
        const { type, id } = JSON.parse(String(data)) as { readonly type: string; readonly id: string }
        heard.push([name, type])
        if (type === 'request') socket.send(JSON.stringify({ type: 'response', id, ok: true, body: name }))
      })
    listen(former.socket, 'former')
    expect(await links.request('depot', 'order', 1, 5_000)).toEqual({ ok: true, body: 'former' })
    const taken = await takeOver(stage.line, 'depot', '2026-11-23T12:00:00.000Z')
    const next = await openLink(url, taken.token)
    // From the moment on in which the next one is let in.
    expect(links.isLinked('depot')).toBe(true)
    expect(await links.request('depot', 'order', 1, 300)).toBeNull()
    await next.ask(hello)
    expect(await former.closed()).toBe(4410)
    await until(() => links.takes('depot', 'order'))
    listen(next.socket, 'next')
    expect(await links.request('depot', 'order', 1, 5_000)).toEqual({ ok: true, body: 'next' })
    expect(heard).toEqual([
      ['former', 'request'],
      ['next', 'request'],
    ])

    // Where nobody follows, the next look ends it; linked again, it may ship and is asked nothing.
    await takeOver(stage.line, 'depot', '2026-11-23T12:00:00.000Z')
    const look = setInterval(() => void links.look(), 100)
    onTestFinished(() => clearInterval(look))
    expect(await next.closed()).toBe(4410)
    expect(links.isLinked('depot')).toBe(false)
    const again = await openLink(url, taken.token)
    expect(await again.ask(hello)).toMatchObject({ type: 'head', epoch: 2, current: 3 })
    listen(again.socket, 'again')
    expect([links.isLinked('depot'), links.takes('depot', 'order')]).toEqual([false, false])
    expect(await links.request('depot', 'order', 1, 300)).toBeNull()
    await links.look()
    expect([heard.length, again.socket.readyState, ready.length]).toEqual([2, again.socket.OPEN, 2])
  })
})
