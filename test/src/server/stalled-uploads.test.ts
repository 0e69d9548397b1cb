import { connect, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { closeAfterwards, startServer } from './running-server.ts'

const cameras = [
  { cameraId: 'cam-1', token: 'cam-1-secret', zones: {} },
  { cameraId: 'cam-2', token: 'cam-2-secret', zones: {} },
] as const
const DECLARED = 12 << 20

/** Uploads of 12 MB that begin and never end; what each was answered until it was closed. */
function stalls(port: number, token: string, count: number): { readonly said: string[]; readonly sockets: Socket[] } {
  const said: string[] = []
  const sockets = Array.from({ length: count }, (_, at) => {
    const socket = connect(port, '127.0.0.1')
    said[at] = ''
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      said[at] += bytes.toString()
    })
    socket.write(
      `POST /in/${token}/axis HTTP/1.1\r\nhost: x\r\ncontent-length: ${DECLARED}\r\n\r\n${' '.repeat(1_000)}`,
    )
    closeAfterwards(async () => socket.destroy())
    return socket
  })
  return { said, sockets }
}

test('uploads that stall hold bounded room, are told so and closed, and other cameras and small messages go on', async () => {
  const { server, send } = await startServer({ cameras })
  const { said, sockets } = stalls(server.port, 'cam-1-secret', 30)
  await expect.poll(() => said.filter((text) => text.startsWith('HTTP/1.1 503')).length, { timeout: 60_000 }).toBe(27)
  expect(said.find((text) => text !== '')).toMatch(/This camera sends more at once than berth takes/)
  expect(said.find((text) => text !== '')).toMatch(/retry-after: 1/i)
  await expect.poll(() => sockets.filter(({ closed }) => closed).length, { timeout: 60_000 }).toBe(27)
  const message = { reads: [], vehicles: [] }
  expect((await send('POST', '/in/cam-2-secret/reads', message)).status).toBe(200)
  // Where uploads have gone, there is room again.
  for (const socket of sockets) socket.destroy()
  const retried = async (): Promise<number> =>
    (await fetch(`${server.url}/in/cam-1-secret/axis`, { method: 'POST', body: ' '.repeat(11 << 20) })).status
  await expect.poll(retried, { timeout: 60_000 }).toBe(400)
})

test('all cameras together have a bound too', async () => {
  const many = Array.from({ length: 5 }, (_, at) => ({ cameraId: `cam-${at}`, token: `secret-${at}`, zones: {} }))
  const { server } = await startServer({ cameras: many })
  const said = many.map(({ token }) => stalls(server.port, token, 2).said)
  const busy = (): number =>
    said.flat().filter((text) => /The cameras of this site send more at once/.test(text)).length
  await expect.poll(busy, { timeout: 60_000 }).toBe(2)
})

test('an upload that stalls is closed when its 30 s are over', async () => {
  const { server } = await startServer({ cameras })
  const from = performance.now()
  const { said, sockets } = stalls(server.port, 'cam-1-secret', 1)
  await expect.poll(() => sockets.every(({ closed }) => closed), { timeout: 60_000, interval: 200 }).toBe(true)
  expect(said[0]).toMatch(/408/)
  expect(performance.now() - from).toBeLessThan(40_000)
}, 180_000)
