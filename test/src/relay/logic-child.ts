import { writeSync } from 'node:fs'
import { systemClock } from '../../../src/clock.ts'
import type { RelaySettings } from '../../../src/relay/relay.ts'
import { spawnRelay } from '../../../src/relay/relay-spawn.ts'

/** Run as a process of its own: a logic that starts the relay of argv[2] (JSON), says its pid, and counts frames until it is killed. */
const settings = JSON.parse(process.argv[2] ?? '') as RelaySettings
let frames = 0
const relay = await spawnRelay(settings, {
  clock: systemClock,
  hear: (news) => {
    if (news.event === 'frame') frames += 1
    writeSync(1, `frames ${frames}\n`)
  },
})
writeSync(1, `relay ${(await relay.client.state()).pid}\n`)
