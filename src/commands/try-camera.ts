import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import { systemClock } from '../clock.ts'
import { type Serving, serve } from '../compose.ts'
import { openChargePointClient } from '../demo/charge-point-client.ts'
import type { Caller } from '../site-desk.ts'

const YOU: Caller = { name: 'berth try', role: 'admin' }
const LOOKS_EACH_ms = 400
/** A car takes so much, A. */
const DRAWS_A = 16

/** A site of one bay, which this computer's camera looks at, and its charge point. */
export type TriedSite = { readonly address: string; readonly serving: Serving; close(): Promise<void> }

/** Opens a throw-away site on localhost. Whatever plate is held up there gets an account, and a charge that is not real. */
export async function openTriedSite(port: number): Promise<TriedSite> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-try-'))
  const token = randomBytes(16).toString('hex')
  const path = join(folder, 'site.yaml')
  await writeFile(path, siteText(port, token))
  const serving = await serve(path, { env: {}, readerFollows: true })
  const point = openChargePointClient({
    url: serving.ocppUrl,
    id: 'CP-TRY',
    clock: systemClock,
    reconnect_ms: 250,
    habits: { meterInterval_s: 2 },
  })
  const looking = setInterval(() => void welcome(serving, () => point.plug(1)), LOOKS_EACH_ms)
  point.drive(1, DRAWS_A)
  const close = async (): Promise<void> => {
    clearInterval(looking)
    await point.close()
    await serving.stop()
    await rm(folder, { recursive: true, force: true })
  }
  return { address: `${serving.url.replace('127.0.0.1', 'localhost')}/#/try/${token}`, serving, close }
}

const siteText = (port: number, token: string): string =>
  stringify({
    site: { id: 'try', name: 'Try', timezone: Intl.DateTimeFormat().resolvedOptions().timeZone },
    store: { kind: 'sqlite', path: './try.db' },
    http: { host: '127.0.0.1', port },
    ocpp: { host: '127.0.0.1', port: 0 },
    cameras: [{ id: 'your-camera', token, kind: 'push' }],
    bays: [
      {
        id: 'bay-1',
        chargePoint: 'CP-TRY',
        evse: 1,
        zones: [
          {
            camera: 'your-camera',
            polygon: [
              [0.02, 0.02],
              [0.98, 0.02],
              [0.98, 0.98],
              [0.02, 0.98],
            ],
          },
        ],
      },
    ],
    chargePoints: [{ id: 'CP-TRY' }],
    presence: { alone: 'always' },
  })

/** Registers the plate that stands there, plugs in, and lets the charge begin. */
async function welcome({ desk }: Serving, plug: () => void): Promise<void> {
  const bay = desk.bay('bay-1')
  if (!bay?.visit || bay.state !== 'authorizing' || bay.visit.accountId !== null || bay.visit.plate === null) return
  const plate = desk.plateOf(bay.visit.plate)
  if (plate === null) return
  await desk.register.putVehicle(plate, { accountId: 'you' }, YOU)
  await desk.command('bay-1', { id: `try-${bay.visit.visitId}`, type: 'authorize', plate }, YOU)
  plug()
}

/** `berth try`: the camera of this computer looks at a bay of a throw-away site, until Ctrl-C. */
export async function tryCamera(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: { port: { type: 'string' } } })
  const port = Number(values.port ?? 8080)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    process.stderr.write('berth try: --port takes a number from 0 to 65535.\n')
    return 2
  }
  const site = await openTriedSite(port)
  process.stdout.write(
    `Open ${site.address} in a browser on this computer, allow its camera, and hold up a plate. Ctrl-C ends it; nothing is kept.\n`,
  )
  await new Promise<void>((stop) => {
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
  })
  await site.close()
  return 0
}
