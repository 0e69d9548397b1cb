import { describe, expect, test } from 'vitest'
import { problemOf } from './problem-answer.ts'
import { startServer } from './running-server.ts'

const visit = {
  visitId: 'visit-1',
  plate: 'v-1',
  identifiedBy: 'plate',
  evidence: [],
  erasurePending: false,
  accountId: 'acc-1',
  startedAt: '2026-11-22T10:00:00.000Z',
} as const

describe('bays', () => {
  test('a bay is shown with its plate in clear for an admin, and an unknown one is 404', async () => {
    const { ask, site } = await startServer()
    site.plates.set('v-1', 'AB12CDE')
    await site.change('bay-1', { type: 'plate.agreed' }, { state: 'authorizing', detail: 'asking', visit })
    const { items, next } = (await (await ask('/api/bays')).json()) as {
      items: { bayId: string; visit: { plate: string } }[]
      next: null
    }
    expect(items.map((bay) => bay.bayId)).toEqual(['bay-1', 'bay-2', 'bay-3'])
    expect(next).toBeNull()
    expect(items[0]?.visit.plate).toBe('AB12CDE')
    expect(await (await ask('/api/bays/bay-1')).json()).toMatchObject({
      bayId: 'bay-1',
      version: 1,
      state: 'authorizing',
    })
    expect((await problemOf(await ask('/api/bays/bay-9'))).code).toBe('NOT_FOUND')
    site.plates.delete('v-1')
    expect(await (await ask('/api/bays/bay-1')).json()).toMatchObject({ visit: { plate: null } })
  })

  test('the bay as it was is asked by seq or by time, not by both or neither', async () => {
    const { ask, site } = await startServer()
    const seq = await site.change('bay-1', { type: 'vehicle.seen' }, { state: 'detecting', detail: 'collecting' })
    await site.change('bay-1', { type: 'zone.empty' }, { state: 'vacant', detail: 'vacant' })
    expect(await (await ask(`/api/bays/bay-1/at?seq=${seq}`)).json()).toMatchObject({ state: 'detecting', version: 1 })
    expect(await (await ask('/api/bays/bay-1/at?time=2099-01-01T00:00:00Z')).json()).toMatchObject({
      state: 'vacant',
      version: 2,
    })
    for (const query of ['', `?seq=1&time=2099-01-01T00:00:00Z`, '?time=yesterday', '?seq=one', '?seq=0']) {
      expect((await ask(`/api/bays/bay-1/at${query}`)).status).toBe(400)
    }
    expect((await ask('/api/bays/bay-1/at?time=2001-01-01T00:00:00Z')).status).toBe(404)
  })

  test('a command is answered 202 once, and the same id again has the same answer and no second effect', async () => {
    const { send, site } = await startServer()
    const command = { id: 'c-1', type: 'out-of-service', reason: 'maintenance', expectVersion: 0 }
    const first = await send('POST', '/api/bays/bay-1/commands', command)
    expect(first.status).toBe(202)
    const second = await send('POST', '/api/bays/bay-1/commands', command)
    expect([second.status, await second.json()]).toEqual([202, await first.json()])
    expect(site.effects).toHaveLength(1)
  })

  test('409 carries the newer bay, 422 says why not, 404 and 400 what is wrong', async () => {
    const { send, site } = await startServer()
    await site.change('bay-1', { type: 'meter.values' }, { lock: { locked: true, reasons: ['current-6.1A'] } })
    const at = '/api/bays/bay-1/commands'
    const conflict = await send('POST', at, { id: 'a', type: 'in-service', expectVersion: 0 })
    expect(conflict.status).toBe(409)
    expect(await problemOf(conflict)).toMatchObject({ code: 'VERSION_CONFLICT', bay: { version: 1 } })
    const refused = await send('POST', at, { id: 'b', type: 'release-lock' })
    expect(refused.status).toBe(422)
    expect(await problemOf(refused)).toMatchObject({
      code: 'COMMAND_REFUSED',
      detail: '6.1 A flow in the cable; stop the transaction first.',
    })
    expect((await send('POST', '/api/bays/bay-9/commands', { id: 'c', type: 'in-service' })).status).toBe(404)
    const wrong = [
      { type: 'in-service' },
      { id: 'd', type: 'explode' },
      { id: 'e', type: 'in-service', more: 1 },
      { id: 'f', type: 'autonomy' },
      { id: 'g', type: 'authorize' },
      { id: 'h', type: 'correct-plate' },
      [],
      null,
      'x',
    ]
    for (const body of wrong) {
      const answer = await send('POST', at, body)
      expect(answer.status).toBe(400)
      expect((await problemOf(answer)).code).toBe('BODY_INVALID')
    }
  })

  test('a store that cannot be written answers 503 with Retry-After', async () => {
    const { send, site } = await startServer()
    site.failing = true
    const answer = await send('POST', '/api/bays/bay-1/commands', { id: 'a', type: 'in-service' })
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
    expect((await problemOf(answer)).code).toBe('STORE_UNWRITABLE')
  })

  test('broken JSON, a wrong content type, a huge body and a polluted prototype are 4xx problems', async () => {
    const { ask } = await startServer()
    const post = (body: string, type = 'application/json') =>
      ask('/api/bays/bay-1/commands', { method: 'POST', headers: { 'content-type': type }, body })
    expect((await post('{"id":')).status).toBe(400)
    expect((await post('')).status).toBe(400)
    expect((await post('{"id":"a","type":"in-service","__proto__":{"polluted":true}}')).status).toBe(400)
    expect((await post('{"id":"a","type":"in-service","constructor":{"prototype":{"polluted":true}}}')).status).toBe(
      400,
    )
    expect((await post('id=a', 'application/x-www-form-urlencoded')).status).toBe(415)
    expect((await post(JSON.stringify({ id: 'a'.repeat(2 << 20) }))).status).toBe(413)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  test('what nobody foresaw is a 500 problem without a trace of the inside, and is logged', async () => {
    const { ask, site, logged } = await startServer()
    Object.assign(site.desk, {
      bays: () => {
        throw new TypeError('secret inside')
      },
    })
    const answer = await ask('/api/bays')
    expect(answer.status).toBe(500)
    expect(JSON.stringify(await problemOf(answer))).not.toMatch(/secret|\.ts|TypeError/)
    expect(logged.join()).toContain('secret inside')
  })
})
