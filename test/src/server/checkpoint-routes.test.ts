import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { signCheckpoint } from '../../../src/journal/checkpoint.ts'
import { CheckpointCourier } from '../../../src/journal/checkpoint-courier.ts'
import { signerOf } from '../../../src/privacy/signing-key.ts'
import { problemOf } from './problem-answer.ts'
import { ROLE_TOKENS, startServer } from './running-server.ts'

const signer = signerOf(Buffer.alloc(32, 3))
const point = (seq: number, hash = 'a'.repeat(64)) =>
  signCheckpoint({ siteId: 'north', seq, hash, time: '2026-11-22T10:00:00.000Z' }, signer)

test('another berth hands its checkpoints in with a token, and gets them back as lines', async () => {
  const { send, ask } = await startServer({ tokens: ROLE_TOKENS })
  const as = (role: string) => ({ authorization: `Bearer ${role}-token` })
  const post = (checkpoints: unknown[], role = 'auditor') => send('POST', '/api/checkpoints', { checkpoints }, as(role))
  expect((await post([point(1)], 'viewer')).status).toBe(403)
  expect((await post([point(1), point(2)])).status).toBe(204)
  expect((await post([{ ...point(3), seq: 4 }])).status).toBe(400)
  expect((await post([])).status).toBe(400)
  const contradicted = await problemOf(await post([point(2, 'b'.repeat(64))]))
  expect(contradicted).toMatchObject({ status: 409, detail: expect.stringContaining('written anew') })
  const own = await (await ask('/api/checkpoints', { headers: as('admin') })).json()
  expect(own).toMatchObject({ received: [{ siteId: 'north', seq: 2, contradicted: true, key: signer.publicKey }] })
  const lines = await (await ask('/api/checkpoints/north', { headers: as('admin') })).text()
  expect(
    lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).seq),
  ).toEqual([1, 2, 2])
  expect((await ask('/api/checkpoints/south', { headers: as('admin') })).status).toBe(404)
})

test('a berth brings its checkpoints to another one', async () => {
  const { server, ask } = await startServer({ tokens: ROLE_TOKENS })
  const failures: string[] = []
  const contradictions: string[] = []
  const courier = new CheckpointCourier({
    target: { kind: 'http', url: `${server.url}/api/checkpoints`, secret: 'auditor-token' },
    clock: systemClock,
    delivered: 0,
    taken: async () => {},
    failed: (says) => failures.push(says),
    contradicted: (says) => contradictions.push(says),
  })
  courier.bring([point(5), point(6)])
  await expect.poll(() => courier.delivered).toBe(6)
  await courier.close()
  expect([failures, contradictions]).toEqual([[], []])
  const kept = await (await ask('/api/checkpoints', { headers: { authorization: 'Bearer admin-token' } })).json()
  expect(kept).toMatchObject({ received: [{ siteId: 'north', seq: 6, contradicted: false }] })
})
