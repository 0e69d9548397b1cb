import { expect, test } from 'vitest'
import type { FramesAsked, StoredFrame } from '../../../src/ocpp/frame-store.ts'
import { ROLE_TOKENS, startServer } from './running-server.ts'

const FRAMES: readonly StoredFrame[] = [3, 2, 1].map((seq) => ({
  seq,
  at: `2026-11-22T10:00:0${seq}.000Z`,
  chargePointId: 'CP-1',
  action: 'MeterValues',
  verdict: 'repaired',
  signed: seq === 2,
  bytes: 40,
  frame: seq === 1 ? null : '[2,"1","MeterValues",{}]',
}))

async function started() {
  const asked: FramesAsked[] = []
  const server = await startServer({
    tokens: ROLE_TOKENS,
    frames: (what) => {
      asked.push(what)
      return what.chargePointId === 'CP-1' ? FRAMES.slice(0, what.limit) : null
    },
  })
  const ask = (path: string, role = 'auditor') =>
    server.ask(`/api/charge-points/${path}`, { headers: { authorization: `Bearer ${role}-token` } })
  return { ask, asked }
}

test('frames of a charge point come as pages, newest first, for who may see plates', async () => {
  const { ask, asked } = await started()
  expect(await (await ask('CP-1/frames')).json()).toEqual({ items: FRAMES, next: null })
  expect(await (await ask('CP-1/frames?limit=2&before=9&verdict=repaired&signed=true')).json()).toEqual({
    items: FRAMES.slice(0, 2),
    next: '2',
  })
  expect(asked[1]).toEqual({ chargePointId: 'CP-1', limit: 2, before: 9, verdict: 'repaired', signed: true })
  for (const role of ['viewer', 'installer', 'fleet']) expect((await ask('CP-1/frames', role)).status).toBe(403)
})

test('an unknown charge point is 404, a filter that is none 400', async () => {
  const { ask } = await started()
  expect((await ask('CP-9/frames')).status).toBe(404)
  for (const query of ['verdict=fine', 'signed=yes', 'before=0', 'limit=x'])
    expect((await ask(`CP-1/frames?${query}`)).status).toBe(400)
})
