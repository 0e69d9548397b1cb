import { writeSync } from 'node:fs'
import { type RawData, WebSocketServer } from 'ws'

/**
 * Run as a process of its own: the least that a central system does. Parses each call and answers it; says its port, and its CPU time
 * in ms and memory in bytes for each line on standard input.
 */
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
server.on('connection', (socket) =>
  socket.on('message', (data: RawData) => {
    const [, id] = JSON.parse((data as Buffer).toString()) as [number, string]
    socket.send(JSON.stringify([3, id, {}]))
  }),
)
server.on('listening', () => writeSync(1, `port ${(server.address() as { port: number }).port}\n`))
process.stdin.on('data', () => {
  const { user, system } = process.cpuUsage()
  writeSync(1, `cpu ${(user + system) / 1_000} rss ${process.memoryUsage.rss()}\n`)
})
process.stdin.on('end', () => process.exit(0))
