import { fastifyWebsocket } from '@fastify/websocket'
import type { FastifyInstance } from 'fastify'
import type { Clock, DriverWord } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { CameraSights } from '../cameras/camera-sights.ts'
import type { CommissioningDesk } from '../commissioning/commissioning-desk.ts'
import type { Doorway } from '../driver/door/doorway.ts'
import type { LastingNote } from '../lasting-note.ts'
import type { NewsDesk } from '../news/news-desk.ts'
import type { NotMe } from '../news/not-me.ts'
import type { SiteDesk } from '../site-desk.ts'
import { passingViews, type Views } from '../views/site-views.ts'
import { SHORT_TOKEN } from './admin-token.ts'
import { answerProblems, type ServerLog } from './answers.ts'
import { auditRoutes } from './audit-routes.ts'
import { bayRoutes } from './bay-routes.ts'
import type { CallerToken, HashedTokens } from './callers.ts'
import { isLoopback, openCallers } from './callers.ts'
import type { IntakeParts } from './camera-intake.ts'
import { cameraIntake } from './camera-intake.ts'
import { cameraRoutes } from './camera-routes.ts'
import { checkpointRoutes } from './checkpoint-routes.ts'
import { commissioningRoutes } from './commissioning-routes.ts'
import { type DesignReport, type DesignVisitShown, designReportRoutes } from './design-report-routes.ts'
import { driverSecretRoutes } from './door-routes.ts'
import { driverRoutes } from './driver-routes.ts'
import { erasureRoutes } from './erasure-routes.ts'
import { feedRoutes } from './feed-routes.ts'
import { FigureHistory } from './figure-history.ts'
import { figureRoutes } from './figure-routes.ts'
import { frameRoutes, type ReadFrames } from './frame-routes.ts'
import type { HttpTls } from './http-tls.ts'
import { type HttpServer, listenOn, patientApp } from './listener.ts'
import { openLiveFeed } from './live-feed.ts'
import type { SiteLayout } from './live-message.ts'
import { loginRoutes } from './login-routes.ts'
import { lookRoutes } from './look-routes.ts'
import { newsRoutes } from './news-routes.ts'
import { notMeRoutes } from './not-me-routes.ts'
import { type BillGround, ocpiRoutes } from './ocpi-routes.ts'
import { openPageFiles, type PageFiles } from './page-files.ts'
import { peopleRoutes } from './people-routes.ts'
import { openDresser } from './plate-mask.ts'
import { registerRoutes } from './register-routes.ts'
import { replayRoutes } from './replay-routes.ts'
import { reportRoutes } from './report-routes.ts'
import { reviewRoutes } from './review-routes.ts'
import { type Scenarios, type SimulationView, scenarioRoutes } from './scenario-routes.ts'
import type { Serving } from './serving.ts'
import { historyRoutes, siteRoutes } from './site-routes.ts'
import type { KeptCharts } from './written-by.ts'
import { type ZoneServing, zoneRoutes } from './zone-routes.ts'

export type HttpServerParts = IntakeParts & {
  readonly host: string
  /** 0 = any free one. */
  readonly port: number
  readonly desk: SiteDesk
  /** BERTH_ADMIN_TOKEN: the first token, whose holder is admin. */
  readonly adminToken?: string
  /** Further tokens with their names and roles. */
  readonly tokens?: readonly CallerToken[]
  /** Tokens of which only hashes are kept. */
  readonly hashed?: HashedTokens
  /** Where sign-ins that ended are written down; absent = known while this server runs. */
  readonly endedSignIns?: LastingNote
  /** Absent = plain HTTP. */
  readonly tls?: HttpTls
  readonly clock: Clock
  /** What a bay's driver was told last, for the driver page; absent = nobody is told anything. */
  readonly newestWord?: (bayId: string) => DriverWord | null
  /** What drivers may do behind the codes of their bays; absent = nothing. */
  readonly doorway?: Doorway
  /** Shows that bays work; absent = nothing may be recorded here. */
  readonly commissioning?: CommissioningDesk
  readonly log: ServerLog
  /** What charge points sent; absent = nothing is kept. */
  readonly frames?: ReadFrames
  /** Cameras have a listener of their own: its counters. Here nothing is taken from them then. */
  readonly intakeElsewhere?: () => { readonly [name: string]: number }
  /** Further counters for metrics, monotonic. */
  readonly counts?: () => { readonly [name: string]: number }
  /** How each camera sees now; absent = nobody watches. */
  readonly sights?: CameraSights
  /** Draws zones, and shows cameras’ pictures; absent = nobody does here. */
  readonly drawing?: ZoneServing
  /** How cameras and charge points were; absent = nothing yet. */
  readonly figures?: FigureHistory
  /** Rows that are told of the journal; absent = told anew each time. */
  readonly views?: Views
  /** Links by which payers say that a start is not theirs; absent = none are made. */
  readonly notMe?: NotMe
  /** Whom this site tells news; absent = nobody. */
  readonly news?: NewsDesk
  /** What bills are made of; absent = nothing has a price here. */
  readonly tells?: BillGround
  /** Drawings of machines that wrote here; absent = only those of this berth did. */
  readonly charts?: KeptCharts
  /** How the bays lie, for the board; absent = one after another. */
  readonly layout?: SiteLayout | null
  /** Version of berth, for the API's document. */
  readonly version?: string
  /** What is shown was simulated, and of what; absent = a site's own past. */
  readonly simulation?: SimulationView | DesignVisitShown
  /** Scenarios that can be shown from here; absent = none. */
  readonly scenarios?: Scenarios
  /** The report of a simulated site that is shown here; absent = none. */
  readonly designReport?: DesignReport
  /** The inspector's page; absent = berth's own. */
  readonly page?: PageFiles
  /** Nothing may be changed here: what is said to who tries. */
  readonly readOnly?: string
  /** A copy whose keys were never here: handles stand where plates were. */
  readonly keysElsewhere?: true
}

/**
 * Opens the API, the inspector and the camera intake. Throws Fault SITE_FILE_INVALID when it would be reachable by others
 * without any token configured; rejects with the listener's own error when the port is taken.
 */
export async function openHttpServer(parts: HttpServerParts): Promise<HttpServer> {
  const { host, port, adminToken, tokens = [] } = parts
  if (!adminToken && tokens.length === 0 && !parts.hashed?.all().length && !isLoopback(host)) {
    throw new Fault(
      'SITE_FILE_INVALID',
      { host },
      {
        says: `http.host ${host} can be reached by others and no token is configured; make one with \`berth token\`, set BERTH_ADMIN_TOKEN, or listen on 127.0.0.1.`,
      },
    )
  }
  if (adminToken && adminToken.length < SHORT_TOKEN)
    parts.log.warn(
      `BERTH_ADMIN_TOKEN has ${adminToken.length} ${adminToken.length === 1 ? 'character' : 'characters'}: whoever guesses it may do everything here. Make another with \`openssl rand -hex 24\`.`,
    )
  const { page = openPageFiles(), log, tls = null } = parts
  const server = await listenOn(await httpApp(parts, page), { host, port, tls }, (says) => log.warn(says))
  page.warm((sentence) => log.error(sentence))
  return server
}

const NO_SIGHTS: CameraSights = { all: () => [], confirmView: async () => null }

/** The server's routes, without a listener yet. */
async function httpApp(parts: HttpServerParts, page: PageFiles): Promise<FastifyInstance> {
  const { desk, clock, adminToken, tokens = [], version = '0.0.0', layout = null } = parts
  const { newestWord = () => null, doorway = null } = parts
  const app = patientApp(parts.tls ?? null, {
    bodyLimit: 1 << 20,
    exposeHeadRoutes: true,
    routerOptions: { maxParamLength: 500 },
  })
  answerProblems(app, parts.log)
  refuseOtherSites(app, desk.siteId)
  if (parts.readOnly !== undefined) refuseWrites(app, parts.readOnly)
  const first: readonly CallerToken[] = adminToken ? [{ token: adminToken, name: 'admin', role: 'admin' }] : []
  const callers = openCallers([...first, ...tokens], clock, parts.hashed, parts.endedSignIns)
  const dresser = openDresser(desk, parts.keysElsewhere)
  const looks = parts.readOnly === undefined ? { looks: desk.looks } : {}
  const recording = parts.readOnly !== undefined
  const { simulation } = parts
  const about = { buildId: page.buildId, recording, layout, ...(simulation && { simulation }) }
  const feed = openLiveFeed({ desk, clock, dresser, ...about, ...looks })
  const serving = { desk, callers, dresser, ...looks }
  const { sights = NO_SIGHTS } = parts
  await app.register(fastifyWebsocket, {
    options: { maxPayload: 4096, perMessageDeflate: false },
    preClose: (done: () => void) => {
      feed.close()
      for (const socket of app.websocketServer.clients) socket.terminate()
      done()
    },
  })
  page.routes(app)
  const intakeCounts =
    parts.intakeElsewhere ?? cameraIntake(app, { broken: (sentence) => parts.log.warn(sentence), ...parts })
  const driverCounts = driverRoutes(app, { ...serving, clock, newestWord, doorway })
  installerRoutes(app, { ...serving, sights }, parts)
  siteRoutes(app, {
    ...serving,
    version,
    buildId: page.buildId,
    missing: () => [...desk.missing(), ...[page.trouble() ?? []].flat()],
    counts: () => ({ ...intakeCounts(), ...driverCounts(), ...feed.counts(), ...parts.counts?.() }),
    sights,
  })
  watchedRoutes(app, { ...serving, sights, clock, history: parts.figures ?? new FigureHistory() })
  pastRoutes(app, serving, parts)
  bayRoutes(app, serving)
  registerRoutes(app, serving)
  reviewRoutes(app, serving)
  peopleRoutes(app, serving)
  notMeRoutes(app, { ...serving, clock, notMe: parts.notMe ?? null })
  const views = parts.views ?? passingViews(desk.journal)
  reportRoutes(app, serving, views)
  newsRoutes(app, serving, parts.news ?? null)
  ocpiRoutes(app, { ...serving, views, clock, ...(parts.tells ? { tells: parts.tells } : {}) })
  erasureRoutes(app, serving)
  checkpointRoutes(app, serving)
  lookRoutes(app, serving)
  frameRoutes(app, serving, parts.frames ?? (() => null))
  loginRoutes(app, serving)
  feedRoutes(app, { ...serving, feed, clock })
  await app.ready()
  return app
}

/** What was: of the site, of a bay, and of what was simulated. */
function pastRoutes(app: FastifyInstance, serving: Serving, parts: HttpServerParts): void {
  historyRoutes(app, serving)
  replayRoutes(app, serving, parts.charts ?? null)
  scenarioRoutes(app, serving, parts.scenarios ?? null)
  designReportRoutes(app, serving, parts.designReport ?? null)
  auditRoutes(app, serving)
}

/** How cameras see, and how they and charge points were. */
function watchedRoutes(app: FastifyInstance, serving: Parameters<typeof figureRoutes>[1]): void {
  cameraRoutes(app, serving)
  figureRoutes(app, serving)
}

/** What installers and whoever enrols accounts make: codes of bays, PINs, signed records of commissioning, zones. */
function installerRoutes(
  app: FastifyInstance,
  serving: Serving & { readonly sights: CameraSights },
  parts: HttpServerParts,
): void {
  driverSecretRoutes(app, serving, parts.doorway ?? null)
  commissioningRoutes(app, serving, parts.commissioning ?? null)
  zoneRoutes(app, serving, parts.drawing ?? null)
}

/** Who says for which site a call is meant is not answered by another. */
function refuseOtherSites(app: FastifyInstance, siteId: string): void {
  app.addHook('onRequest', async ({ headers }, reply) => {
    const meant = headers['berth-site']
    if (meant === undefined) return
    if (meant !== encodeURIComponent(siteId)) throw new Fault('WRONG_SITE')
    // So that a command knows that this site answered, and not whatever else listens there.
    reply.header('berth-site', meant)
  })
}

function refuseWrites(app: FastifyInstance, says: string): void {
  app.addHook('onRequest', async ({ method }) => {
    if (!['GET', 'HEAD', 'OPTIONS'].includes(method)) throw new Fault('FORBIDDEN', {}, { says })
  })
}
