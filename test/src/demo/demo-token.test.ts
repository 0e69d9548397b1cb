import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { demoToken } from '../../../src/commands/demo-token.ts'
import { apiClient } from '../../../src/demo/api-client.ts'
import { followTokens, readTokens, tokenHash, writeTokens } from '../../../src/server/token-book.ts'
import { closeAfterwards, startServer } from '../server/running-server.ts'

const ANN = { name: 'ann', role: 'admin', sha256: tokenHash('ann-token'), madeAt: '2026-11-22T10:00:00.000Z' } as const

/** A server that heeds a file of tokens, and a way to call it as the demo's traffic does. */
async function site(before: readonly (typeof ANN)[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'demo-token-'))
  closeAfterwards(() => rm(folder, { recursive: true }))
  const path = join(folder, 'demo.db.tokens')
  if (before.length > 0) writeTokens(path, before)
  const key = demoToken(path, null, () => 'a'.repeat(64), systemClock)
  const all = followTokens(path, () => systemClock.now(), expect.unreachable)
  const { server } = await startServer({ hashed: { all, secret: 'cookies' } })
  const api = apiClient(server.url, key.first, AbortSignal.timeout(20_000), key.newer)
  return { path, key, api }
}
const names = (path: string) => readTokens(path).map(({ name }) => name)

test('the demo goes on where somebody makes a token meanwhile, with one of its own that it takes back at the end', async () => {
  const { path, key, api } = await site()
  expect(key.first).toBeNull()
  expect(await api.get('/api/site')).toMatchObject({ siteId: 'depot-north' })
  writeTokens(path, [ANN])
  await new Promise((looked) => setTimeout(looked, 1_100))
  const both = await Promise.all([api.get('/api/reviews'), api.get('/api/bays')])
  expect(both).toMatchObject([{ items: [] }, { items: expect.any(Array) }])
  expect(names(path)).toEqual(['ann', 'demo traffic'])
  key.end()
  expect(names(path)).toEqual(['ann'])
})

test('a site that is kept with its tokens is called with one from the beginning', async () => {
  const { path, key, api } = await site([ANN])
  expect(names(path)).toEqual(['ann', 'demo traffic'])
  expect(await api.get('/api/site')).toMatchObject({ siteId: 'depot-north' })
  key.end()
  expect(names(path)).toEqual(['ann'])
})
