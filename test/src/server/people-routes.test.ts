import { describe, expect, test } from 'vitest'
import { problemOf } from './problem-answer.ts'
import { startServer } from './running-server.ts'

describe('the register', () => {
  test('accounts, vehicles and tokens are put, shown, listed and removed', async () => {
    const { ask, send } = await startServer()
    const cases = [
      ['/api/accounts/acc-1', { name: 'Fleet X' }, { accountId: 'acc-1', name: 'Fleet X' }],
      [
        '/api/vehicles/AB12CDE',
        { accountId: 'acc-1', hours: 'Mo-Fr 06:00-18:00' },
        { plate: 'AB12CDE', accountId: 'acc-1' },
      ],
      ['/api/tokens/04A2B3C4', { accountId: 'acc-1', blocked: true }, { idToken: '04A2B3C4', blocked: true }],
    ] as const
    for (const [path, body, shown] of cases) {
      expect((await ask(path)).status).toBe(404)
      const put = await send('PUT', path, body)
      expect([put.status, await put.json()]).toMatchObject([200, shown])
      expect(await (await ask(path)).json()).toMatchObject(shown)
      expect((await send('PUT', path, { ...body, strange: 1 })).status).toBe(400)
    }
    expect(await (await ask('/api/vehicles?limit=1')).json()).toMatchObject({
      items: [{ plate: 'AB12CDE' }],
      next: null,
    })
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
    expect(await (await ask('/api/accounts?limit=2')).json()).toMatchObject({
      items: [{ accountId: 'a' }, { accountId: 'b' }],
      next: 'b',
    })
    expect(await (await ask('/api/accounts?limit=2&after=b')).json()).toMatchObject({
      items: [{ accountId: 'c' }],
      next: null,
    })
    expect((await ask('/api/accounts?after=nope')).status).toBe(400)
  })

  test('a CSV is imported whole or not at all, and its refused lines are named', async () => {
    const { ask } = await startServer()
    const post = (body: string) =>
      ask('/api/vehicles/import', { method: 'POST', headers: { 'content-type': 'text/csv' }, body })
    const good = await post('plate,accountId,blocked\r\nAB12CDE,acc-1,false\r\n"XY34ZZZ",acc-2,true\r\n')
    expect([good.status, await good.json()]).toEqual([200, { imported: 2, refused: [] }])
    const bad = await post('plate,accountId\nCD56EFG,acc-1\nX,acc-1\n')
    expect(bad.status).toBe(422)
    expect(await problemOf(bad)).toMatchObject({
      code: 'BODY_INVALID',
      refused: [{ line: 3, says: 'A plate has two characters or more.' }],
    })
    expect((await ask('/api/vehicles/CD56EFG')).status).toBe(404)
    expect((await post('')).status).toBe(422)
    expect((await post('plate,owner\nA,B')).status).toBe(422)
  })
})

describe('what people settle', () => {
  const session = {
    sessionId: 's-1',
    visitId: 'visit-1',
    bayId: 'bay-1',
    accountId: 'acc-1',
    identifiedBy: 'plate',
    idToken: 'ABCDEF0123456789',
    transactionId: '17',
    transactions: ['17'],
    startedAt: '2026-11-22T10:00:00.000Z',
    endedAt: '2026-11-22T11:00:00.000Z',
    energy_Wh: 600,
    idle_s: 0,
    exit: 'exit-seen',
    disputed: null,
    corrections: [],
    settled: null,
    evidence: [],
  } as const

  test('sessions are filtered, paged, and given as CSV that no spreadsheet runs', async () => {
    const { ask, site } = await startServer()
    site.sessions.push(session, {
      ...session,
      sessionId: 's-2',
      bayId: 'bay-2',
      startedAt: '2026-11-23T10:00:00.000Z',
      accountId: '=HYPERLINK("http://evil","x")',
      disputed: 'said "no", twice',
    })
    const ids = async (query: string) =>
      ((await (await ask(`/api/sessions${query}`)).json()) as { items: { sessionId: string }[] }).items.map(
        (row) => row.sessionId,
      )
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
    expect((await send('POST', '/api/sessions/s-1/settle', { reason: 'refunded' })).status).toBe(204)
    expect(site.sessions[0]?.settled).toBe('refunded')
    const again = await send('POST', '/api/sessions/s-1/settle', { reason: 'refunded' })
    expect(again.status).toBe(422)
    expect(JSON.stringify(await again.json())).toContain('no open dispute')
    expect((await send('POST', '/api/sessions/s-9/settle', { reason: 'x' })).status).toBe(404)
    expect((await send('POST', '/api/sessions/s-1/dispute', {})).status).toBe(400)
  })

  test('a review is answered once, with a plate, as unreadable or as no plate', async () => {
    const { ask, send, site } = await startServer()
    site.plates.set('v-1', 'AB12CDE')
    const row = {
      bayId: 'bay-1',
      visitId: 'visit-1',
      since: '2026-11-22T10:00:00.000Z',
      by: null,
      reason: 'two plates',
      candidates: [{ plate: 'v-1', witnesses: 2 }],
    }
    site.reviews.push(...['r-1', 'r-2', 'r-3', 'r-4'].map((reviewId) => ({ ...row, reviewId })))
    expect(await (await ask('/api/reviews')).json()).toMatchObject({
      items: [{ reviewId: 'r-1', candidates: [{ plate: 'AB12CDE', witnesses: 2 }] }, {}, {}, {}],
      next: null,
    })
    expect((await send('POST', '/api/reviews/r-1/answer', { plate: 'AB12CDE' })).status).toBe(202)
    expect((await send('POST', '/api/reviews/r-1/answer', { plate: 'AB12CDE' })).status).toBe(404)
    expect((await send('POST', '/api/reviews/r-2/answer', { unreadable: true })).status).toBe(202)
    expect((await send('POST', '/api/reviews/r-3/answer', { notAPlate: false })).status).toBe(400)
    expect((await send('POST', '/api/reviews/r-3/answer', { notAPlate: true })).status).toBe(202)
    expect((await send('POST', '/api/reviews/r-4/answer', { plate: 'NOBODY1' })).status).toBe(422)
  })
})
