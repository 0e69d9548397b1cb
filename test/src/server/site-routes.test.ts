import { describe, expect, test } from 'vitest'
import { problemOf } from './problem-answer.ts'
import { startServer } from './running-server.ts'

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
      siteId: 'depot-north',
      site: { id: 'depot-north', name: 'Depot North', timezone: 'Europe/London' },
      epoch: 1,
      seq: 1,
      caller: { name: 'local', role: 'admin' },
    })
  })

  test('metrics are Prometheus text with gauges and counters', async () => {
    const { ask } = await startServer()
    const answer = await ask('/metrics')
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    const text = await answer.text()
    expect(text).toContain('berth_bays{state="vacant"} 3\n')
    expect(text).toContain('# TYPE berth_reads_seen_total counter\nberth_reads_seen_total 7\n')
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? -?\d+(\.\d+)?)$/)
  })

  test('alarms come oldest first', async () => {
    const { ask, site } = await startServer()
    const alarm = { bayId: null, type: 'camera-lost', says: 'Camera cam-1 is silent.', do: 'Check its cable.' }
    site.alarms.push(
      { ...alarm, alarmId: 'b', since: '2026-11-22T10:05:00.000Z' },
      { ...alarm, alarmId: 'a', since: '2026-11-22T10:00:00.000Z' },
    )
    const { items } = (await (await ask('/api/alarms')).json()) as { items: { alarmId: string }[] }
    expect(items.map((item) => item.alarmId)).toEqual(['a', 'b'])
  })

  test('an unknown address is a 404 problem, a wrong method too, and security headers stand on every answer', async () => {
    const { ask } = await startServer()
    for (const [path, method] of [
      ['/api/nothing', 'GET'],
      ['/api/bays', 'DELETE'],
      ['/.env', 'GET'],
      ['/%ff', 'GET'],
      ['/page/..%2fhttp-server.ts', 'GET'],
    ] as const) {
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
