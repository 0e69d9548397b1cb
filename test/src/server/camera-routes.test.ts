import { expect, test } from 'vitest'
import type { CameraView } from '../../../src/cameras/camera-sights.ts'
import { aCamera, aFault } from './array-cameras.ts'
import { problemOf } from './problem-answer.ts'
import { ROLE_TOKENS, startServer } from './running-server.ts'

const moved = aFault('moved')
const steps = [{ from: 0.8, chance: 0.71 }]
const CAMERAS: readonly CameraView[] = [
  aCamera('cam-1', {
    status: 'lost',
    blind: { cause: 'moved', since: moved.since, says: moved.says, do: moved.do },
    faults: [moved, aFault('blurred')],
  }),
  aCamera('cam-2', {
    fps: 4.9,
    readRate: { read: 18, of: 20, usual: 0.95 },
    calibration: { cases: 61, needed: 50, steps },
  }),
]

async function started() {
  const confirmed: unknown[] = []
  const sights = {
    all: () => CAMERAS,
    confirmView: async (cameraId: string, { name }: { name: string }, reason: string | null) => {
      if (cameraId !== 'cam-1') return null
      confirmed.push([cameraId, name, reason])
      return 7
    },
  }
  return { confirmed, ...(await startServer({ sights, tokens: ROLE_TOKENS })) }
}
const as = (role: string) => ({ authorization: `Bearer ${role}-token` })

test('everybody who may watch sees each camera: what is wrong with it, what follows, what to do, and by how many cases its figures are judged', async () => {
  const { ask } = await started()
  const { items } = (await (await ask('/api/cameras', { headers: as('viewer') })).json()) as { items: unknown[] }
  expect(items).toEqual(CAMERAS)
  expect(await (await ask('/api/cameras/cam-2', { headers: as('viewer') })).json()).toEqual(CAMERAS[1])
  expect((await ask('/api/cameras/cam-9', { headers: as('viewer') })).status).toBe(404)
  expect((await ask('/api/cameras')).status).toBe(401)
})

test('who operates says that a moved camera’s zones fit; others may not, and one that was not moved has nothing to confirm', async () => {
  const { send, confirmed } = await started()
  const path = '/api/cameras/cam-1/confirm-view'
  expect((await send('POST', path, {}, as('viewer'))).status).toBe(403)
  expect((await send('POST', path, { strange: 1 }, as('operator'))).status).toBe(400)
  const done = await send('POST', path, { reason: 'the pole was bent back' }, as('operator'))
  expect([done.status, await done.json()]).toEqual([202, { seq: 7 }])
  expect(confirmed).toEqual([['cam-1', 'the operator', 'the pole was bent back']])
  const none = await send('POST', '/api/cameras/cam-2/confirm-view', {}, as('operator'))
  expect([none.status, (await problemOf(none)).code]).toEqual([422, 'COMMAND_REFUSED'])
  expect((await send('POST', '/api/cameras/cam-9/confirm-view', {}, as('operator'))).status).toBe(404)
})
