import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { apiClient } from '../../../src/demo/api-client.ts'
import { cameraClient } from '../../../src/demo/camera-client.ts'
import { FIRST_VISITOR } from '../../../src/demo/cast.ts'
import type { DemoBay, DemoCamera } from '../../../src/demo/demo-site.ts'
import { openStage } from '../../../src/demo/stage.ts'

type Request = {
  readonly method: string
  readonly path: string
  readonly body: Buffer
  readonly authorization: string | null
}
let requests: Request[]
let status: number
let body: string
const server = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    requests.push({
      method: request.method ?? '',
      path: request.url ?? '',
      body: Buffer.concat(parts),
      authorization: request.headers.authorization ?? null,
    })
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
})
let url: string
beforeEach(async () => {
  requests = []
  status = 200
  body = '{}'
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(
  () =>
    new Promise((resolve) => {
      server.closeAllConnections()
      server.close(resolve)
    }),
)

const camera: DemoCamera = { cameraId: 'cam-1', token: 'SECRET', light: 'day', bayNumbers: ['1', '2', '3'] }
const bay: DemoBay = { bayId: 'bay-2', cameraId: 'cam-1', place: 1, chargePointId: 'CP-1', evse: 2 }

describe('a camera of the demo', () => {
  test('posts whole JPEGs to its own address, no two the same although nothing moves', async () => {
    const client = cameraClient(
      camera,
      openStage(systemClock),
      apiClient(url, null, AbortSignal.timeout(20_000)),
      systemClock,
      () => undefined,
    )
    expect([await client.shoot(), await client.shoot()]).toEqual([200, 200])
    const [first, second] = requests as [Request, Request]
    expect([first.method, first.path]).toEqual(['POST', '/in/SECRET/frame'])
    expect([first.body.subarray(0, 3).toString('hex'), first.body.subarray(-2).toString('hex')]).toEqual([
      'ffd8ff',
      'ffd9',
    ])
    expect(first.body.equals(second.body)).toBe(false)
  })

  test('takes a picture soon after something begins to move, and goes on where the server refuses one', async () => {
    const said: string[] = []
    const stage = openStage(systemClock)
    const ending = new AbortController()
    const client = cameraClient(camera, stage, apiClient(url, null, ending.signal), systemClock, (line) =>
      said.push(line),
    )
    status = 422
    const running = client.run(ending.signal)
    await expect.poll(() => requests.length, { timeout: 60_000 }).toBe(1)
    stage.enter(bay, FIRST_VISITOR, 1)
    await expect.poll(() => requests.length, { timeout: 60_000 }).toBe(2)
    await expect.poll(() => said, { timeout: 60_000 }).toEqual(['cam-1: the server answered 422 to a picture.'])
    ending.abort(new Error('stopped'))
    await running
  }, 180_000)
})

describe("the operator's client", () => {
  test("sends its token and answers JSON; an error answer becomes one sentence with the server's words", async () => {
    const api = apiClient(url, 'T0KEN', AbortSignal.timeout(10_000))
    body = '{"items":[]}'
    expect(await api.get('/api/bays')).toEqual({ items: [] })
    expect(requests[0]?.authorization).toBe('Bearer T0KEN')
    status = 409
    body = '{"title":"Conflict","detail":"The plate is taken.","code":"PLATE_TAKEN"}'
    await expect(api.put('/api/vehicles/AB12CDE', { accountId: 'anna' })).rejects.toThrow(
      'answered 409 to PUT /api/vehicles/AB12CDE: The plate is taken.',
    )
  })
})
