import type { Server } from 'node:http'
import type { Clock } from '../actors/ports.ts'
import { openRemote } from './back-end/open-remote.ts'
import { cameraSights } from './cameras/camera-sights.ts'
import { deviceCallers, openSources, type Sources } from './cameras/open-sources.ts'
import { intakeParts, type Looked, openSiteLine } from './cameras/site-line.ts'
import type { Listening } from './charge-point-door.ts'
import { systemClock } from './clock.ts'
import type { Seat } from './cluster/seat.ts'
import { CommissioningDesk } from './commissioning/commissioning-desk.ts'
import type { Desk } from './desk.ts'
import type { Doorway } from './driver/door/doorway.ts'
import { openDoorway } from './driver/door/open-doorway.ts'
import { keptDrawing } from './journal/adopted-machines.ts'
import { FrameStore } from './ocpp/frame-store.ts'
import type { OcppTls } from './ocpp/ocpp-listener.ts'
import type { OcppServer } from './ocpp/ocpp-server.ts'
import { openChargePoints } from './ocpp/open-charge-points.ts'
import { watchCertificate } from './ocpp/tls-files.ts'
import { openRoom } from './open-room.ts'
import { listens } from './port-taken.ts'
import { openSiteRelay } from './proxy/open-site-relay.ts'
import type { RelayListening } from './proxy/relay-listening-parts.ts'
import { openRegisterSource } from './register-source/open-register-source.ts'
import type { Room } from './room.ts'
import type { Log } from './room-parts.ts'
import { offerSensors } from './sensors-offered.ts'
import { openDriverServer } from './server/driver-server.ts'
import type { ReadFrames } from './server/frame-routes.ts'
import { openHttpServer } from './server/http-server.ts'
import { type IntakeServer, openIntakeServer } from './server/intake-server.ts'
import type { HttpServer } from './server/listener.ts'
import { followTokens } from './server/token-book.ts'
import { lineCamera, type SiteCamera } from './site-cameras.ts'
import { readSiteFile, type SiteFile } from './site-file.ts'
import { openSiteReader } from './site-reader.ts'
import { reloadSite } from './site-reload.ts'
import { openToldOthers, type ToldOthers } from './told-others.ts'
import { berthVersion } from './version.ts'
import { openDrawing } from './zones/open-drawing.ts'

/** `readerFollows`: the doors open while the plate reader still loads its models (seconds): charge points and cards need none. `restored`: an older copy of the store was put back, and whoever starts knows. */
export type ServeOptions = {
  readonly log?: Log
  readonly clock?: Clock
  readonly env?: NodeJS.ProcessEnv
  /** What the site file takes as `${NAME}`; absent = `env`. */
  readonly fileEnv?: NodeJS.ProcessEnv
  readonly readerFollows?: boolean
  readonly restored?: boolean
  /** Where a node serves the site among others. */
  readonly seat?: Seat
}

/** A running site. `stop` answers when everything told so far is durable and every port is free. */
export type Serving = {
  readonly url: string
  readonly ocppUrl: string
  /** Where charge points come in, or the back end that has them; for people. */
  readonly chargePointsAt: string
  readonly desk: Desk
  /** The servers themselves, for a door of a node before them; charge points' is null where another back end has them. */
  readonly doors: { readonly api: Server; readonly chargePoints: Server | null }
  /** Takes what of the site file may change while it runs; see `reloadSite`. */
  reload(): Promise<void>
  stop(): Promise<void>
}

/** Runs one site: `path` names its site file. Rejects with a Fault when it cannot start; nothing is left open then. */
export async function serve(path: string, options: ServeOptions = {}): Promise<Serving> {
  const {
    log = () => {},
    clock = systemClock,
    env = process.env,
    fileEnv = env,
    readerFollows = false,
    restored = false,
    seat,
  } = options
  const file = await placedFile(path, fileEnv, seat)
  const closing: (() => Promise<unknown>)[] = []
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0)) await close().catch(() => {})
  }
  try {
    const room = await openRoom(file, clock, log, env, { restored, seat })
    closing.unshift(() => room.close())
    await room.start()
    const { loaded, reader } = openSiteReader(room, clock, log, seat?.openReader)
    closing.unshift(() => reader.close())
    if (!readerFollows) await loaded
    const frames = openFrames(room, log)
    closing.unshift(async () => frames.close())
    const { remote } = file.ocpp
    const ocpp = remote ? null : await listens('ocpp', file.ocpp, openOcpp(room, frames, clock, log))
    const points = ocpp ?? (remote && openRemote(room, remote, clock, log))
    if (ocpp && file.ocpp.tls) closing.unshift(watchTls(file.ocpp.tls, room, clock))
    if (points) {
      closing.unshift(() => points.close())
      connectPoints(room, points, clock, closing)
    }
    const callers = deviceCallers(file, clock)
    const shown = openSiteLine(room, reader, callers, clock)
    const { health } = room.senses
    const tell = health.source.bind(health)
    const camera = (one: SiteCamera) => lineCamera(room.senses.zones, one)
    const sources = openSources({ file, clock, log, callers, tell, camera }, shown.line)
    closing.unshift(() => sources.close())
    const doorway = openDoorway(room, clock)
    const told = await openToldOthers(room, frames, clock, log, doorway)
    closing.unshift(() => told.close())
    closing.unshift(openRegisterSource(room, clock, log))
    const http = await openDoors(
      room,
      intakeParts(room, reader, shown, clock, log),
      { sources, told, closing, shown, doorway, drawn: { env: fileEnv, keep: seat?.keepFile } },
      frames,
      clock,
      log,
      env,
    )
    const ticking = setInterval(() => {
      room.tick()
      told.follow()
    }, 1000)
    closing.unshift(async () => clearInterval(ticking))
    const reload = (): Promise<void> => reloadSite(path, fileEnv, { ocpp, told }, log)
    const scheme = ocpp?.port === ocpp?.tlsPort ? 'wss' : 'ws'
    const ocppUrl = ocpp ? `${scheme}://${file.ocpp.host}:${ocpp.port}/ocpp` : (remote?.url ?? '')
    const chargePointsAt = remote ? `through the back end at ${remote.url}` : doorsOf(file.ocpp.host, ocpp)
    const doors = { api: http.server, chargePoints: ocpp && 'server' in ocpp ? ocpp.server : null }
    return { url: http.url, ocppUrl, chargePointsAt, desk: room.desk, doors, reload, stop }
  } catch (fault) {
    await stop()
    throw fault
  }
}

/** The site as it is served. A node's own door asks who somebody is, whatever the file says of doors. */
async function placedFile(path: string, env: NodeJS.ProcessEnv, seat: Seat | undefined): Promise<SiteFile> {
  const file = await readSiteFile(path, env, { served: seat === undefined })
  return seat?.place(file) ?? file
}

/** A certificate that ends soon is told; answers what ends the watch. */
function watchTls(tls: OcppTls, room: Room, clock: Clock): () => Promise<void> {
  const ends = watchCertificate(
    tls,
    () => clock.now(),
    (why) => room.troubles.certificate(why),
  )
  return async () => ends()
}

/** The charge points are there; what tells another back end of the bays begins. */
function connectPoints(room: Room, points: Listening, clock: Clock, closing: (() => Promise<unknown>)[]): void {
  room.connect(points)
  const { notify } = points
  const ends = notify && offerSensors({ desk: room.desk, clock, notify, tokenOf: (bayId) => payerToken(room, bayId) })
  if (ends) closing.unshift(async () => ends())
}

/** Every address at which charge points come in. */
function doorsOf(host: string, ocpp: Pick<OcppServer, 'port' | 'tlsPort'> | null): string {
  const { port, tlsPort = null } = ocpp ?? {}
  const plain = port === undefined || port === tlsPort ? [] : [`ws://${host}:${port}/ocpp/{chargePointId}`]
  const sealed = tlsPort === null ? [] : [`wss://${host}:${tlsPort}/ocpp/{chargePointId}`]
  return `at ${[...plain, ...sealed].join(' and ')}`
}

/** The token by which the other back end knows who pays the visit in this bay. */
function payerToken({ site, proxy }: Room, bayId: string): string | null {
  const payer = site.hosts.get(bayId)?.snapshot.context.visit?.payer?.handle
  return payer == null ? null : (proxy?.aliases.of(payer) ?? null)
}

/** Charge points come to berth itself, or to the relay before their back end. */
const openOcpp = (room: Room, frames: FrameStore, clock: Clock, log: Log): Promise<OcppServer | RelayListening> =>
  room.proxy ? openSiteRelay(room, frames, clock, log) : openChargePoints(room, frames, clock, log)

/** Everybody who may call, each at the listener that the site file gives them; what closes them goes into `closing`. */
async function openDoors(
  room: Room,
  taking: ReturnType<typeof intakeParts>,
  { closing, ...more }: Omit<OpenedDoors, 'cameraDoor'> & { closing: (() => Promise<unknown>)[] },
  frames: FrameStore,
  clock: Clock,
  log: Log,
  env: NodeJS.ProcessEnv,
): Promise<HttpServer> {
  const { intake, driver } = room.file.http
  const cameraDoor = intake && (await listens('http.intake', intake, openIntakeServer({ ...taking, at: intake })))
  if (cameraDoor) closing.unshift(() => cameraDoor.close())
  const { desk, words } = room
  const { doorway } = more
  const api = openApi(room, taking, { ...more, cameraDoor }, frames, clock, log, env)
  const http = await listens('http', room.file.http, api)
  closing.unshift(() => http.close())
  if (!driver) return http
  const newestWord = words.of.bind(words)
  const parts = { at: driver, desk, clock, newestWord, doorway, log: { warn: log, error: log } }
  const drivers = await listens('http.driver', driver, openDriverServer(parts))
  closing.unshift(() => drivers.close())
  return http
}

/** What the API stands on that is open before it. */
type OpenedDoors = {
  readonly sources: Sources
  readonly told: ToldOthers
  readonly cameraDoor: IntakeServer | null
  readonly doorway: Doorway
  readonly shown: Looked
  /** How zones that are drawn come into the site file. */
  readonly drawn: Parameters<typeof openDrawing>[3]
}

function openApi(
  room: Room,
  taking: ReturnType<typeof intakeParts>,
  { sources, told, cameraDoor, doorway, shown, drawn }: OpenedDoors,
  frames: FrameStore,
  clock: Clock,
  log: Log,
  env: NodeJS.ProcessEnv,
): Promise<HttpServer> {
  const { file, desk } = room
  const adminToken = env['BERTH_ADMIN_TOKEN']
  return openHttpServer({
    ...taking,
    host: file.http.host,
    port: file.http.port,
    desk,
    frames: framesOf(room, frames),
    views: told.views,
    tells: told.tells,
    notMe: told.notMe,
    news: told.news,
    newestWord: (bayId) => room.words.of(bayId),
    doorway,
    commissioning: new CommissioningDesk({
      siteId: file.site.id,
      journal: room.journal,
      scribe: room.site,
      signer: () => room.keys.signer(),
    }),
    counts: () => ({ ...sources.counts(), ...told.levels() }),
    sights: cameraSights(room),
    drawing: openDrawing(room, shown, clock, drawn),
    charts: (name) => keptDrawing(file.store.path, name),
    layout: file.layout,
    version: berthVersion(),
    ...(cameraDoor ? { intakeElsewhere: cameraDoor.counts } : {}),
    ...(adminToken ? { adminToken } : {}),
    ...(file.http.tls ? { tls: file.http.tls } : {}),
    hashed: {
      all: followTokens(`${file.store.path}.tokens`, () => clock.now(), log),
      secret: room.keys.mark('cookies of browsers'),
    },
    endedSignIns: room.keys.endedSignIns,
  })
}

/** Kept frames of the charge points that the site file names. */
function framesOf({ file }: Room, frames: FrameStore): ReadFrames {
  const known = new Set(file.chargePoints.map(({ id }) => id))
  return (asked) => (known.has(asked.chargePointId) ? frames.read(asked) : null)
}

function openFrames({ file, keys }: Room, log: Log): FrameStore {
  const failed = (cause: unknown): void => log(`Frames of charge points were not kept: ${String(cause)}`)
  return new FrameStore({ path: `${file.store.path}.frames`, keys, failed })
}
