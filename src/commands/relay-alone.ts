import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { Fault } from '../../machines/faults.ts'
import { systemChance } from '../chance.ts'
import { systemClock } from '../clock.ts'
import { counted } from '../counted.ts'
import { logLine } from '../log-line.ts'
import { passwordsIn, relaySettings } from '../proxy/relay-settings.ts'
import { openRelay, type Relay } from '../relay/relay.ts'
import { settingsMark } from '../relay/relay-spawn.ts'
import { readSiteFile } from '../site-file.ts'

/** The command `berth relay --site SITE.yaml`: the relay of a site in proxy mode alone, until SIGTERM or Ctrl-C; `berth serve` finds it. */
export async function relay(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: { site: { type: 'string' } } })
  if (!values.site) {
    process.stderr.write('Say which site: berth relay --site site.yaml\n')
    return 2
  }
  const file = await readSiteFile(values.site)
  if (file.ocpp.mode !== 'proxy')
    throw new Fault('SITE_FILE_INVALID', {}, { says: 'There is no relay without `ocpp.mode: proxy` in the site file.' })
  const settings = relaySettings(file)
  mkdirSync(dirname(settings.path), { recursive: true })
  const asked = Promise.withResolvers<void>()
  process.once('SIGTERM', () => asked.resolve())
  process.once('SIGINT', () => asked.resolve())
  // What nobody expected ends nothing here: frames go on, and the line says what it was.
  process.on('uncaughtException', (error) => warn(`The relay goes on after: ${String(error?.stack ?? error)}`))
  process.on('unhandledRejection', (error) => warn(`The relay goes on after: ${String(error)}`))
  const running = await openRelay(settings, {
    clock: systemClock,
    chance: systemChance,
    settings: settingsMark(settings),
    kept: true,
    stop: () => asked.resolve(),
    log: ({ says }) => warn(says),
  })
  process.on('SIGHUP', () => void takeOver(values.site ?? '', running))
  process.stdout.write(
    `${file.site.name}: relay for ${counted(settings.chargePoints.length, 'charge point')} at ${file.ocpp.host}:${running.port}\n`,
  )
  await asked.promise
  await running.close()
  return 0
}

/** Passwords of charge points may change while the relay runs. */
async function takeOver(path: string, running: Pick<Relay, 'adopt'>): Promise<void> {
  try {
    const { chargePoints } = await readSiteFile(path)
    running.adopt(passwordsIn(chargePoints))
    warn('Passwords of the charge points are those of the site file now; anything else waits for a restart.')
  } catch (cause) {
    warn(`Nothing was taken over: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

const warn = (says: string): void => void process.stderr.write(logLine(Date.now(), says))
