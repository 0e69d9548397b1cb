import { describe, expect, test, vi } from 'vitest'
import { parse, stringify } from 'yaml'
import { until } from '../serve/serving-line.ts'
import { box, drawn, zoneScene } from './zone-scene.ts'

vi.setConfig({ testTimeout: 180_000 })

const [ANN, BEN, EVE] = ['token-of-ann', 'token-of-ben', 'token-of-eve'] as const
const REDRAWN = drawn('bay-1', box(0.02, 0.05, 0.32, 0.95))
const ORDER = { id: 'draft-1', reason: 'camera-moved' }

/** A running site on which publishing zones takes two. */
async function scene(within_s = 600) {
  const site = await zoneScene({ twoPeople: within_s })
  const agree = (as: string, id = 'draft-1') => site.ask('POST', `/api/orders/${id}/agree`, {}, as)
  const waiting = async (as: string = BEN) => (await site.ask('GET', '/api/orders', undefined, as)).body.items
  const alarms = async () => (await site.ask('GET', '/api/alarms')).body.items
  return { ...site, agree, waiting, alarms }
}

describe('zones that two people must want', () => {
  test('are drawn by one and count once another agrees, with both names on record', async () => {
    const { publish, agree, waiting, alarms, zones, file, causes, ask } = await scene()
    const before = file()
    expect(await publish(REDRAWN, ORDER, ANN)).toMatchObject({
      status: 423,
      body: { code: 'SECOND_PERSON', until: expect.any(String) },
    })
    expect([(await zones()).version, file() === before]).toEqual([1, true])
    expect(await waiting()).toMatchObject([
      {
        id: 'draft-1',
        bayId: null,
        type: 'publish-zones',
        by: 'ann',
        reason: 'camera-moved',
        zones: { expectVersion: 1, putBack: null, bays: REDRAWN, tried: null },
        against: null,
      },
    ])
    expect(await alarms()).toMatchObject([
      { bayId: null, type: 'zones-second-person', says: expect.stringContaining('ann drew zones anew') },
    ])
    expect(await agree(BEN)).toMatchObject({ status: 202, body: { seq: expect.any(Number) } })
    const now = await zones()
    expect([now.version, now.bays[0]]).toEqual([2, REDRAWN[0]])
    expect([await waiting(), await alarms()]).toEqual([[], []])
    expect(await causes('order.asked', 'zones.ordered')).toMatchObject([
      { type: 'order.asked', id: 'draft-1', bayId: null, command: 'publish-zones', by: 'ann', bays: ['bay-1'] },
      { type: 'zones.ordered', id: 'draft-1', by: 'ann', role: 'installer', second: 'ben', reason: 'camera-moved' },
    ])
    expect((await ask('GET', '/api/zones/versions')).body.items[0]).toMatchObject({ by: 'ann', second: 'ben' })
    expect(await publish(REDRAWN, ORDER, ANN)).toMatchObject({ status: 201, body: { version: 2 } })
  })

  test('never count by one alone: not by agreeing to oneself, by giving the order again, or by who may not draw', async () => {
    const { publish, agree, waiting, zones, ask } = await scene()
    await publish(REDRAWN, ORDER, ANN)
    expect(await agree(ANN)).toMatchObject({ status: 422, body: { detail: expect.stringContaining('yourself') } })
    expect((await publish(REDRAWN, ORDER, ANN)).status).toBe(423)
    expect((await publish(REDRAWN, ORDER, BEN)).status).toBe(423)
    expect(await publish(drawn('bay-2', box(0.4, 0.1, 0.6, 0.9)), ORDER, BEN)).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('send a new id') },
    })
    expect([(await agree(EVE)).status, await waiting(EVE)]).toEqual([403, []])
    expect((await ask('DELETE', '/api/orders/draft-1', undefined, EVE)).status).toBe(403)
    expect([(await zones()).version, (await waiting()).length]).toEqual([1, 1])
  })

  test('are gone once they are taken back or their time is over, on record, and nobody can agree to them then', async () => {
    const { publish, agree, ask, waiting, zones, causes } = await scene(10)
    await publish(REDRAWN, ORDER, ANN)
    expect((await ask('DELETE', '/api/orders/draft-1', undefined, BEN)).status).toBe(204)
    expect(await agree(BEN)).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('does not wait any more') },
    })
    await publish(REDRAWN, { ...ORDER, id: 'draft-2' }, ANN)
    await until(async () => (await waiting()).length === 0)
    expect((await agree(BEN, 'draft-2')).status).toBe(422)
    expect((await zones()).version).toBe(1)
    expect(await causes('order.withdrawn')).toMatchObject([
      { id: 'draft-1', command: 'publish-zones', by: 'ben', asked: 'ann' },
      { id: 'draft-2', by: 'site', asked: 'ann', why: 'time-over' },
    ])
  })

  test('that were drawn over zones that count no more are refused with those that count, on record, and the others stay', async () => {
    const { publish, agree, waiting, zones, causes } = await scene()
    await publish(REDRAWN, ORDER, ANN)
    await publish(drawn('bay-2', box(0.4, 0.1, 0.6, 0.9)), { ...ORDER, id: 'draft-2' }, BEN)
    expect((await agree(ANN, 'draft-2')).status).toBe(202)
    expect(await waiting()).toMatchObject([{ id: 'draft-1', against: expect.stringContaining('Other zones count') }])
    expect(await agree(BEN)).toMatchObject({ status: 409, body: { code: 'VERSION_CONFLICT', newer: { version: 2 } } })
    expect([(await zones()).version, await waiting()]).toEqual([2, []])
    await until(async () => (await causes('order.withdrawn')).length === 1)
    expect(await causes('order.withdrawn')).toMatchObject([{ id: 'draft-1', by: 'site', why: 'zones-changed' }])
  })

  test('wait on where the site file changed by hand meanwhile: they are refused with a sentence, and nothing is written', async () => {
    const { publish, agree, waiting, file, write } = await scene()
    await publish(REDRAWN, ORDER, ANN)
    const site = parse(file())
    site.bays[1].zones[0].polygon = box(0.4, 0.2, 0.6, 0.9)
    const byHand = stringify(site)
    write(byHand)
    expect(await agree(BEN)).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('somebody changed the file') },
    })
    expect([file(), (await waiting()).length]).toEqual([byHand, 1])
  })

  test('are judged when they are given: a draft that could not be published waits for nobody', async () => {
    const { publish, waiting } = await scene()
    const crossed = [
      [0.1, 0.1],
      [0.3, 0.9],
      [0.3, 0.1],
      [0.1, 0.9],
    ] as const
    expect((await publish(drawn('bay-1', crossed), ORDER, ANN)).status).toBe(422)
    expect((await publish(REDRAWN, { ...ORDER, expectVersion: 7 }, ANN)).status).toBe(409)
    expect(await waiting()).toEqual([])
  })

  test('are at most three of one person at once', async () => {
    const { publish, waiting } = await scene()
    const draft = (at: number) => publish(REDRAWN, { ...ORDER, id: `draft-${at}` }, ANN)
    for (const at of [1, 2, 3]) expect((await draft(at)).status).toBe(423)
    expect(await draft(4)).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('3 drafts of yours') },
    })
    expect(await waiting()).toHaveLength(3)
  })
})

test('where two people are asked for commands alone, one person publishes zones', async () => {
  const { publish } = await zoneScene()
  expect((await publish(REDRAWN, ORDER)).status).toBe(201)
})
