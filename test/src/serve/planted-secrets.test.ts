import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { tracesIn } from '../../clear-traces.ts'
import { berth, readsBody, serveSite, until, writeSite } from './serving-line.ts'

afterEach(() => void vi.unstubAllEnvs())

const SECRETS = {
  admin: 'PLANTED-admin-0815-token',
  master: 'c0ffee'.repeat(10).padEnd(64, '7'),
  password: 'PLANTED-password-0815-post',
  guess: 'PLANTED-guess-0815-token',
  camera: 'PLANTED-camera-0815-token',
  card: 'PLANTEDCARD0815',
  plate: 'QX77ZZT',
}

test('planted tokens, passwords, keys, cards and plates stand in no line that berth writes, whatever goes wrong; the commands for people who ask go through it', async () => {
  vi.stubEnv('BERTH_ADMIN_TOKEN', SECRETS.admin)
  vi.stubEnv('BERTH_MASTER_KEY', SECRETS.master)
  const site = await writeSite(1, { chargePoint: () => ({ password: SECRETS.password }) })
  const serving = await serveSite(site)
  const url = `http://127.0.0.1:${site.httpPort}`
  const call = async (method: string, path: string, body?: unknown, token = SECRETS.admin): Promise<number> => {
    const init = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    return (await fetch(url + path, { method, headers, ...init })).status
  }
  expect(await call('GET', '/api/bays', undefined, SECRETS.guess)).toBe(401)
  expect(await call('POST', '/api/login', { token: SECRETS.guess })).toBe(401)
  expect(await call('PUT', `/api/vehicles/${SECRETS.plate}`, { accountId: 'acc-1' })).toBe(200)
  expect(await call('PUT', `/api/vehicles/${SECRETS.plate}`, { accountId: 'acc-1', plate: 'OTHER11' })).toBe(400)
  expect(await call('PUT', `/api/tokens/${SECRETS.card}`, { accountId: 'acc-1', more: SECRETS.card })).toBe(400)
  expect(await call('POST', '/api/erasures', `{"plate": "${SECRETS.plate}", `)).toBe(400)
  expect(await call('POST', '/api/erasures', { plate: SECRETS.plate, account: 'acc-2' })).toBe(422)
  expect(
    await call(
      'POST',
      `/in/${SECRETS.camera}/reads`,
      readsBody(site, [{ bay: 1, plate: SECRETS.plate }], { frame: 'f' }),
    ),
  ).toBe(404)
  expect(await call('POST', '/in/cam-1-secret/reads', `{"reads": [{"plate": "${SECRETS.plate}"`)).toBe(400)
  for (const frame of ['1', '2', '3'])
    expect(await serving.post(readsBody(site, [{ bay: 1, plate: SECRETS.plate }], { frame }))).toBe(200)
  await closes(new WebSocket(`ws://CP-1:${SECRETS.guess}@127.0.0.1:${site.ocppPort}/ocpp/CP-1`, ['ocpp1.6']))
  await closes(new WebSocket(`ws://x:${SECRETS.guess}@127.0.0.1:${site.ocppPort}/ocpp/CP-NOBODY`, ['ocpp1.6']))

  const who = ['--plate', SECRETS.plate, '--account', 'acc-1', '--verified-by', 'Anna', '--site', site.path]
  const out = join(site.folder, 'for-them')
  const told = [await berth('object', ...who), await berth('subject', ...who, '--out', out)]
  expect(told.map(({ code, err }) => [code, err])).toEqual([
    [0, ''],
    [0, ''],
  ])
  expect(JSON.parse(readFileSync(join(out, 'subject.json'), 'utf8')).content).toMatchObject({
    plate: SECRETS.plate,
    objects: true,
  })
  expect(readFileSync(join(out, 'subject.html'), 'utf8')).toContain(SECRETS.plate)
  const waits = await berth('erase', ...who)
  expect([waits.code, waits.err]).toEqual([1, expect.stringContaining('still stands in bay-1')])
  const nobody = await berth('erase', '--plate', SECRETS.plate, '--verified-by', 'Anna', '--site', site.path)
  expect([nobody.code, nobody.err]).toEqual([2, expect.stringContaining('a plate is not a person')])
  expect(await serving.stop()).toBe(0)

  const lines = [serving.said(), ...[...told, waits, nobody].flatMap(({ out: said, err }) => [said, err])].join('\n')
  expect(lines).toContain('inspector and API at')
  for (const secret of Object.values(SECRETS))
    expect(tracesIn('what it said', Buffer.from(lines), { plates: [secret], pictures: [] })).toEqual([])

  // Nobody serves any more: the same command takes the store, and still the visit needs the vehicle.
  const alone = await berth('erase', ...who)
  expect([alone.code, alone.err]).toEqual([1, expect.stringContaining('still stands in bay-1')])
}, 180_000)

async function closes(socket: WebSocket): Promise<void> {
  let isOver = false
  socket.on('error', () => {})
  socket.on('close', () => {
    isOver = true
  })
  await until(() => isOver)
}
