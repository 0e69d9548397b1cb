import type { CameraDesk, CameraMessage } from '../../../actors/camera-desk.ts'
import type { Clock, Entry, PlateReader } from '../../../actors/ports.ts'
import { type PushRule, pushGuard } from '../../../actors/push-guard.ts'
import type { PresenceJudge } from '../../../src/cameras/camera-line.ts'
import type { CameraSights } from '../../../src/cameras/camera-sights.ts'
import { systemClock } from '../../../src/clock.ts'
import type { CommissioningDesk } from '../../../src/commissioning/commissioning-desk.ts'
import type { Doorway } from '../../../src/driver/door/doorway.ts'
import type { NotMe } from '../../../src/news/not-me.ts'
import type { CallerToken, HashedTokens } from '../../../src/server/callers.ts'
import type { CameraIntake } from '../../../src/server/camera-intake.ts'
import type { FigureHistory } from '../../../src/server/figure-history.ts'
import type { ReadFrames } from '../../../src/server/frame-routes.ts'
import { openHttpServer } from '../../../src/server/http-server.ts'
import type { HttpTls } from '../../../src/server/http-tls.ts'
import type { HttpServer } from '../../../src/server/listener.ts'
import type { SiteLayout } from '../../../src/server/live-message.ts'
import type { BillGround } from '../../../src/server/ocpi-routes.ts'
import type { PageFiles } from '../../../src/server/page-files.ts'
import type { Scenarios, SimulationView } from '../../../src/server/scenario-routes.ts'
import type { KeptCharts } from '../../../src/server/written-by.ts'
import type { ZoneServing } from '../../../src/server/zone-routes.ts'
import type { Views } from '../../../src/views/site-views.ts'
import { type ArrayDesk, openArrayDesk } from './array-desk.ts'

/** A camera desk that remembers what it saw, or fails as the test says. */
function rememberingDesk(): CameraDesk & { readonly seen: CameraMessage[]; fail: Error | null } {
  const desk = {
    seen: [] as CameraMessage[],
    fail: null as Error | null,
    see: async (message: CameraMessage) => {
      if (desk.fail !== null) throw desk.fail
      desk.seen.push(message)
    },
    camera: () => undefined,
  }
  return desk
}

/** A server, and what stands behind it. */
export type PlainServer = {
  readonly server: HttpServer
  readonly site: ArrayDesk
  readonly cameraDesk: ReturnType<typeof rememberingDesk>
  readonly logged: string[]
  /** What the push guard wrote into the journal. */
  readonly written: Entry[]
}

/** What a server is opened over; everything has a default. */
export type Starting = {
  readonly site?: ArrayDesk
  readonly port?: number
  readonly adminToken?: string
  readonly tokens?: readonly CallerToken[]
  readonly hashed?: HashedTokens
  readonly tls?: HttpTls
  readonly reader?: PlateReader
  readonly cameras?: readonly CameraIntake[]
  readonly judge?: PresenceJudge
  readonly clock?: Clock
  readonly frames?: ReadFrames
  readonly views?: Views
  readonly tells?: BillGround
  readonly notMe?: NotMe
  readonly doorway?: Doorway
  readonly commissioning?: CommissioningDesk
  readonly timezone?: string
  readonly layout?: SiteLayout
  readonly sights?: CameraSights
  readonly figures?: FigureHistory
  readonly charts?: KeptCharts
  readonly drawing?: ZoneServing
  readonly scenarios?: Scenarios
  readonly simulation?: SimulationView
  readonly readOnly?: string
  readonly page?: PageFiles
  readonly snapshot?: (cameraId: string) => Promise<Uint8Array | null>
  /** Who may push for a camera; a camera without a rule takes pushes from anywhere. */
  readonly rules?: readonly PushRule[]
}

/** A real server on a free port over a desk of arrays; whoever opens it closes it. */
export async function openPlainServer(starting: Starting = {}): Promise<PlainServer> {
  const { site = openArrayDesk({ clock: systemClock }), port = 0, rules = [], ...rest } = starting
  const cameraDesk = rememberingDesk()
  const logged: string[] = []
  const written: Entry[] = []
  const unruled = (starting.cameras ?? []).filter(({ cameraId }) => !rules.some((rule) => rule.cameraId === cameraId))
  const guard = pushGuard({
    clock: starting.clock ?? systemClock,
    mark: (text) => `mark of ${text}`,
    rules: [...rules, ...unruled.map(({ cameraId }) => ({ cameraId, from: [], deviceId: null }))],
    scribe: {
      write: async (entries) => {
        written.push(...entries)
        return []
      },
    },
  })
  const server = await openHttpServer({
    host: '127.0.0.1',
    port,
    desk: site.desk,
    cameras: [],
    cameraDesk,
    clock: systemClock,
    judge: () => 'unknown',
    guard,
    reader: { read: async () => ({ width: 1, height: 1, ms: 1, zones: {} }), close: async () => undefined },
    log: {
      warn: (sentence) => logged.push(sentence),
      error: (sentence, cause) => logged.push(`${sentence} ${String(cause)}`),
    },
    ...rest,
  })
  return { server, site, cameraDesk, logged, written }
}
