import { describe, expect, test } from 'vitest'
import { startServer } from './running-server.ts'

const visit = { visitId: 'visit-1', plate: 'v-1', identifiedBy: 'plate', accountId: 'acc-1', startedAt: '2026-11-22T10:00:00.000Z' } as const
const problemOf = async (answer: Response) => {
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  return (await answer.json()) as { code: string; status: number; detail: string; bay?: { version: number }; refused?: unknown[] }
}

describe('what the site says of itself', () => {
  test('live and ready answer 200, and ready answers 503 with what is missing', async () => {
    const { ask, site } = await startServer()
    expect((await ask('/health/live')).status).toBe(200)
    expect((await ask('/health/ready')).status).toBe(200)
    site.missing.push('journal')
    const answer = await ask('/health/ready')
    expect(answer.status).toBe(503)
    expect(await answer.json()).toEqual({ status: 'not-ready', missing: ['journal'] })
  })

  test('the site names its epoch, the seq of its newest record and who asks', async () => {
    const { ask, site } = await startServer()
    await site.note('site', { type: 'policy.adopted' })
    expect(await (await ask('/api/site')).json()).toMatchObject({
      siteId: 'depot-north', site: { id: 'depot-north', name: 'Depot North', timezone: 'Europe/London' }, epoch: 1, seq: 1, caller: { name: 'local', role: 'admin' },
    })
  })

  test('metrics are Prometheus text with gauges and counters', async () => {
    const { ask } = await startServer()
    const answer = await ask('/metrics')
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    const text = await answer.text()
    expect(text).toContain('berth_bays{state="vacant"} 3\n')
    expect(text).toContain('# TYPE berth_reads_seen_total counter\nberth_reads_seen_total 7\n')
    for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? -?\d+(\.\d+)?)$/)
  })

  test('alarms come oldest first', async () => {
    const { ask, site } = await startServer()
    const alarm = { bayId: null, type: 'camera-lost', says: 'Camera cam-1 is silent.', do: 'Check its cable.' }
    site.alarms.push({ ...alarm, alarmId: 'b', since: '2026-11-22T10:05:00.000Z' }, { ...alarm, alarmId: 'a', since: '2026-11-22T10:00:00.000Z' })
    const { items } = (await (await ask('/api/alarms')).json()) as { items: { alarmId: string }[] }
    expect(items.map((item) => item.alarmId)).toEqual(['a', 'b'])
  })

  test('an unknown address is a 404 problem, a wrong method too, and security headers stand on every answer', async () => {
    const { ask } = await startServer()
    for (const [path, method] of [['/api/nothing', 'GET'], ['/api/bays', 'DELETE'], ['/.env', 'GET'], ['/%ff', 'GET'], ['/page/..%2fhttp-server.ts', 'GET']] as const) {
      const answer = await ask(path, { method })
      expect([400, 404]).toContain(answer.status)
      expect(['NOT_FOUND', 'BODY_INVALID']).toContain((await problemOf(answer)).code)
    }
    const { headers } = await ask('/api/bays')
    expect(headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('content-security-policy')).not.toContain('unsafe')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
  })
})

describe('bays', () => {
  test('a bay is shown with its plate in clear for an admin, and an unknown one is 404', async () => {
    const { ask, site } = await startServer()
    site.plates.set('v-1', 'AB12CDE')
    await site.change('bay-1', { type: 'plate.agreed' }, { state: 'authorizing', detail: 'asking', visit })
    const { items, next } = (await (await ask('/api/bays')).json()) as { items: { bayId: string; visit: { plate: string } }[]; next: null }
    expect(items.map((bay) => bay.bayId)).toEqual(['bay-1', 'bay-2', 'bay-3'])
    expect(next).toBeNull()
    expect(items[0]?.visit.plate).toBe('AB12CDE')
    expect(await (await ask('/api/bays/bay-1')).json()).toMatchObject({ bayId: 'bay-1', version: 1, state: 'authorizing' })
    expect((await problemOf(await ask('/api/bays/bay-9'))).code).toBe('NOT_FOUND')
    site.plates.delete('v-1')
    expect(await (await ask('/api/bays/bay-1')).json()).toMatchObject({ visit: { plate: null } })
  })

  test('the bay as it was is asked by seq or by time, not by both or neither', async () => {
    const { ask, site } = await startServer()
    const seq = await site.change('bay-1', { type: 'vehicle.seen' }, { state: 'detecting', detail: 'collecting' })
    await site.change('bay-1', { type: 'zone.empty' }, { state: 'vacant', detail: 'vacant' })
    expect(await (await ask(`/api/bays/bay-1/at?seq=${seq}`)).json()).toMatchObject({ state: 'detecting', version: 1 })
    expect(await (await ask('/api/bays/bay-1/at?time=2099-01-01T00:00:00Z')).json()).toMatchObject({ state: 'vacant', version: 2 })
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
    expect(await problemOf(refused)).toMatchObject({ code: 'COMMAND_REFUSED', detail: '6.1 A flow in the cable; stop the transaction first.' })
    expect((await send('POST', '/api/bays/bay-9/commands', { id: 'c', type: 'in-service' })).status).toBe(404)
    const wrong = [{ type: 'in-service' }, { id: 'd', type: 'explode' }, { id: 'e', type: 'in-service', more: 1 }, { id: 'f', type: 'autonomy' }, { id: 'g', type: 'authorize' }, { id: 'h', type: 'correct-plate' }, [], null, 'x']
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
    const post = (body: string, type = 'application/json') => ask('/api/bays/bay-1/commands', { method: 'POST', headers: { 'content-type': type }, body })
    expect((await post('{"id":')).status).toBe(400)
    expect((await post('')).status).toBe(400)
    expect((await post('{"id":"a","type":"in-service","__proto__":{"polluted":true}}')).status).toBe(400)
    expect((await post('{"id":"a","type":"in-service","constructor":{"prototype":{"polluted":true}}}')).status).toBe(400)
    expect((await post('id=a', 'application/x-www-form-urlencoded')).status).toBe(415)
    expect((await post(JSON.stringify({ id: 'a'.repeat(2 << 20) }))).status).toBe(413)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  test('what nobody foresaw is a 500 problem without a trace of the inside, and is logged', async () => {
    const { ask, site, logged } = await startServer()
    Object.assign(site.desk, { bays: () => { throw new TypeError('secret inside') } })
    const answer = await ask('/api/bays')
    expect(answer.status).toBe(500)
    expect(JSON.stringify(await problemOf(answer))).not.toMatch(/secret|\.ts|TypeError/)
    expect(logged.join()).toContain('secret inside')
  })
})

describe('the journal', () => {
  test('pages by seq forwards and backwards, for the site and for one bay', async () => {
    const { ask, site } = await startServer()
    for (let at = 0; at < 6; at += 1) await site.change(at % 2 ? 'bay-1' : 'bay-2', { type: 'vehicle.seen', at }, {})
    const seqs = async (path: string) => {
      const { items, next } = (await (await ask(path)).json()) as { items: { seq: number }[]; next: string | null }
      return [items.map((item) => item.seq), next]
    }
    expect(await seqs('/api/journal')).toEqual([[1, 2, 3, 4, 5, 6], null])
    expect(await seqs('/api/journal?limit=4')).toEqual([[1, 2, 3, 4], '4'])
    expect(await seqs('/api/journal?after=4&limit=4')).toEqual([[5, 6], null])
    expect(await seqs('/api/journal?before=4&limit=2')).toEqual([[2, 3], null])
    expect(await seqs('/api/journal?before=100&limit=2')).toEqual([[5, 6], null])
    expect(await seqs('/api/bays/bay-1/journal')).toEqual([[2, 4, 6], null])
    expect(await seqs('/api/bays/bay-1/journal?after=2&limit=1')).toEqual([[4], '4'])
    expect(await seqs('/api/bays/bay-1/journal?after=3')).toEqual([[4, 6], null])
    expect(await seqs('/api/bays/bay-1/journal?after=6')).toEqual([[], null])
    expect(await seqs('/api/bays/bay-1/journal?before=6&limit=1')).toEqual([[4], null])
    expect(await seqs('/api/bays/bay-1/journal?before=1')).toEqual([[], null])
    expect(await seqs('/api/journal?stream=bay:bay-2')).toEqual([[1, 3, 5], null])
    expect((await ask('/api/journal?after=-1')).status).toBe(400)
    expect((await ask('/api/journal?after=1&before=2')).status).toBe(400)
    expect((await ask('/api/journal?limit=0')).status).toBe(400)
    expect((await ask('/api/bays/bay-9/journal')).status).toBe(404)
  })
})

describe('the register', () => {
  test('accounts, vehicles and tokens are put, shown, listed and removed', async () => {
    const { ask, send } = await startServer()
    const cases = [
      ['/api/accounts/acc-1', { name: 'Fleet X' }, { accountId: 'acc-1', name: 'Fleet X' }],
      ['/api/vehicles/AB12CDE', { accountId: 'acc-1', hours: 'Mo-Fr 06:00-18:00' }, { plate: 'AB12CDE', accountId: 'acc-1' }],
      ['/api/tokens/04A2B3C4', { accountId: 'acc-1', blocked: true }, { idToken: '04A2B3C4', blocked: true }],
    ] as const
    for (const [path, body, shown] of cases) {
      expect((await ask(path)).status).toBe(404)
      const put = await send('PUT', path, body)
      expect([put.status, await put.json()]).toMatchObject([200, shown])
      expect(await (await ask(path)).json()).toMatchObject(shown)
      expect((await send('PUT', path, { ...body, strange: 1 })).status).toBe(400)
    }
    expect(await (await ask('/api/vehicles?limit=1')).json()).toMatchObject({ items: [{ plate: 'AB12CDE' }], next: null })
    expect(await (await ask('/api/accounts')).json()).toMatchObject({ items: [{ accountId: 'acc-1' }], next: null })
    for (const [path] of cases) {
      expect((await ask(path, { method: 'DELETE' })).status).toBe(204)
      expect((await ask(path, { method: 'DELETE' })).status).toBe(404)
    }
  })

  test('a plate that looks the same and belongs to another answers 409', async () => {
    const { send } = await startServer()
    await send('PUT', '/api/vehicles/AB12CDE', { accountId: 'acc-1' })
    const answer = await send('PUT', '/api/vehicles/A812CDE', { accountId: 'acc-2' })
    expect(answer.status).toBe(409)
    expect((await problemOf(answer)).code).toBe('PLATE_TAKEN')
  })

  test('lists go on from their cursor and refuse one that is not theirs', async () => {
    const { ask, send } = await startServer()
    for (const id of ['a', 'b', 'c']) await send('PUT', `/api/accounts/${id}`, {})
    expect(await (await ask('/api/accounts?limit=2')).json()).toMatchObject({ items: [{ accountId: 'a' }, { accountId: 'b' }], next: 'b' })
    expect(await (await ask('/api/accounts?limit=2&after=b')).json()).toMatchObject({ items: [{ accountId: 'c' }], next: null })
    expect((await ask('/api/accounts?after=nope')).status).toBe(400)
  })

  test('a CSV is imported whole or not at all, and its refused lines are named', async () => {
    const { ask } = await startServer()
    const post = (body: string) => ask('/api/vehicles/import', { method: 'POST', headers: { 'content-type': 'text/csv' }, body })
    const good = await post('plate,accountId,blocked\r\nAB12CDE,acc-1,false\r\n"XY34ZZZ",acc-2,true\r\n')
    expect([good.status, await good.json()]).toEqual([200, { imported: 2, refused: [] }])
    const bad = await post('plate,accountId\nCD56EFG,acc-1\nX,acc-1\n')
    expect(bad.status).toBe(422)
    expect(await problemOf(bad)).toMatchObject({ code: 'BODY_INVALID', refused: [{ line: 3, says: 'A plate has two characters or more.' }] })
    expect((await ask('/api/vehicles/CD56EFG')).status).toBe(404)
    expect((await post('')).status).toBe(422)
    expect((await post('plate,owner\nA,B')).status).toBe(422)
  })
})

describe('what people settle', () => {
  const session = {
    sessionId: 's-1', visitId: 'visit-1', bayId: 'bay-1', accountId: 'acc-1', identifiedBy: 'plate', idToken: 'ABCDEF0123456789', transactionId: '17', transactions: ['17'],
    startedAt: '2026-11-22T10:00:00.000Z', endedAt: '2026-11-22T11:00:00.000Z', energy_Wh: 600, idle_s: 0, exit: 'exit-seen', disputed: null, evidence: [],
  } as const

  test('sessions are filtered, paged, and given as CSV that no spreadsheet runs', async () => {
    const { ask, site } = await startServer()
    site.sessions.push(session, { ...session, sessionId: 's-2', bayId: 'bay-2', startedAt: '2026-11-23T10:00:00.000Z', accountId: '=HYPERLINK("http://evil","x")', disputed: 'said "no", twice' })
    const ids = async (query: string) => ((await (await ask(`/api/sessions${query}`)).json()) as { items: { sessionId: string }[] }).items.map((row) => row.sessionId)
    expect(await ids('')).toEqual(['s-1', 's-2'])
    expect(await ids('?from=2026-11-23T00:00:00Z')).toEqual(['s-2'])
    expect(await ids('?to=2026-11-23')).toEqual(['s-1'])
    expect(await ids('?bay=bay-2')).toEqual(['s-2'])
    expect(await ids('?account=acc-1')).toEqual(['s-1'])
    expect((await ask('/api/sessions?from=lately')).status).toBe(400)
    const csv = await (await ask('/api/sessions.csv')).text()
    expect(csv.split('\r\n')[0]).toMatch(/^sessionId,visitId,bayId/)
    expect(csv).toContain(`"'=HYPERLINK(""http://evil"",""x"")"`)
    expect(csv).toContain('"said ""no"", twice"')
  })

  test('a session is disputed with a reason', async () => {
    const { send, site } = await startServer()
    site.sessions.push(session)
    expect((await send('POST', '/api/sessions/s-1/dispute', { reason: 'not my car' })).status).toBe(204)
    expect(site.sessions[0]?.disputed).toBe('not my car')
    expect((await send('POST', '/api/sessions/s-9/dispute', { reason: 'x' })).status).toBe(404)
    expect((await send('POST', '/api/sessions/s-1/dispute', {})).status).toBe(400)
  })

  test('a review is answered once, with a plate, as unreadable or as no plate', async () => {
    const { ask, send, site } = await startServer()
    site.plates.set('v-1', 'AB12CDE')
    const row = { bayId: 'bay-1', visitId: 'visit-1', since: '2026-11-22T10:00:00.000Z', by: null, reason: 'two plates', candidates: [{ plate: 'v-1', witnesses: 2 }] }
    site.reviews.push(...['r-1', 'r-2', 'r-3', 'r-4'].map((reviewId) => ({ ...row, reviewId })))
    expect(await (await ask('/api/reviews')).json()).toMatchObject({ items: [{ reviewId: 'r-1', candidates: [{ plate: 'AB12CDE', witnesses: 2 }] }, {}, {}, {}], next: null })
    expect((await send('POST', '/api/reviews/r-1/answer', { plate: 'AB12CDE' })).status).toBe(202)
    expect((await send('POST', '/api/reviews/r-1/answer', { plate: 'AB12CDE' })).status).toBe(404)
    expect((await send('POST', '/api/reviews/r-2/answer', { unreadable: true })).status).toBe(202)
    expect((await send('POST', '/api/reviews/r-3/answer', { notAPlate: false })).status).toBe(400)
    expect((await send('POST', '/api/reviews/r-3/answer', { notAPlate: true })).status).toBe(202)
    expect((await send('POST', '/api/reviews/r-4/answer', { plate: 'NOBODY1' })).status).toBe(422)
  })
})
