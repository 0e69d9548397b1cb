import { connect, createServer } from 'node:net'
import { closeAfterwards } from './running-server.ts'

/** A wire that can be frozen without being closed. */
export async function freezableWire(port: number) {
  let frozen = false
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    near.on('data', (data) => {
      if (!frozen) far.write(data)
    })
    far.on('data', (data) => {
      if (!frozen) near.write(data)
    })
    for (const [one, two] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('close', () => two.destroy())
      one.on('error', () => two.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closeAfterwards(async () => {
    server.close()
  })
  return {
    port: (server.address() as { port: number }).port,
    freeze: () => {
      frozen = true
    },
  }
}
