import { writeSync } from 'node:fs'
import type { ChargePointDesk } from '../../actors/ports.ts'
import { systemClock } from '../../src/clock.ts'
import { openOcppServer } from '../../src/ocpp/ocpp-server.ts'

/**
 * Run as a process of its own: berth's central system with a desk that takes everything and writes nothing down. argv[2] is how many
 * charge points there are. Says its port, and its CPU time in ms and memory in bytes for each line on standard input.
 */
const desk: ChargePointDesk = { hear: async () => ({ status: 'accepted', transactionId: null }) }
const server = await openOcppServer({
  host: '127.0.0.1',
  port: 0,
  chargePoints: Array.from({ length: Number(process.argv[2]) }, (_, i) => ({ id: `CP-${i}` })),
  clock: systemClock,
  desk,
  log: () => undefined,
})
writeSync(1, `port ${server.port}\n`)
process.stdin.on('data', () => {
  const { user, system } = process.cpuUsage()
  writeSync(1, `cpu ${(user + system) / 1_000} rss ${process.memoryUsage.rss()}\n`)
})
process.stdin.on('end', () => process.exit(0))
