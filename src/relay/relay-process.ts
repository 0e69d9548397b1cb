import { text } from 'node:stream/consumers'
import { systemChance } from '../chance.ts'
import { systemClock } from '../clock.ts'
import { logLine } from '../log-line.ts'
import { openRelay, type RelaySettings } from './relay.ts'
import { settingsMark } from './relay-spawn.ts'

/**
 * The relay as a process of its own: its settings (JSON) come through stdin, because passwords are among them. It ends cleanly on SIGTERM and on the logic's `stop`;
 * nobody else's end is its end.
 */
const settings = JSON.parse(await text(process.stdin)) as RelaySettings
const relay = await openRelay(settings, {
  clock: systemClock,
  chance: systemChance,
  settings: settingsMark(settings),
  stop,
  log: ({ level, says }) => {
    if (level === 'warn') process.stderr.write(logLine(Date.now(), says))
  },
})

let stopping = false
function stop(): void {
  if (stopping) return
  stopping = true
  // The answer to `stop` leaves first.
  setTimeout(() => void relay.close().then(() => process.exit(0)), 50)
  setTimeout(() => process.exit(0), 3_000).unref()
}

process.on('SIGTERM', stop)
process.on('SIGINT', stop)
// The terminal of whoever started it may go.
process.on('SIGHUP', () => undefined)
// What nobody expected ends nothing here: frames go on, and the line says what it was.
process.on('uncaughtException', (error) => console.error(`The relay goes on after: ${String(error?.stack ?? error)}`))
process.on('unhandledRejection', (error) => console.error(`The relay goes on after: ${String(error)}`))
