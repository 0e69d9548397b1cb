import type { Clock } from '../actors/ports.ts'
import { profileOf } from './bay-plans.ts'
import { systemClock } from './clock.ts'
import type { Desk } from './desk.ts'
import { type OcppServer, openOcppServer } from './ocpp/ocpp-server.ts'
import { type Log, openRoom, type Room } from './room.ts'
import { type HttpServer, openHttpServer } from './server/http-server.ts'
import { readSiteFile, type SiteFile } from './site-file.ts'
import { openReader, type ReaderPool } from './vision/reader.ts'

export type ServeOptions = { readonly log?: Log; readonly clock?: Clock; readonly env?: NodeJS.ProcessEnv }

/** A running site. `stop` answers when everything told so far is durable and every port is free. */
export type Serving = { readonly url: string; readonly ocppUrl: string; readonly desk: Desk; stop(): Promise<void> }

/** Runs one site: `path` names its site file. Rejects with a Fault when it cannot start; nothing is left open then. */
export async function serve(path: string, options: ServeOptions = {}): Promise<Serving> {
  const { log = () => {}, clock = systemClock, env = process.env } = options
  const file = await readSiteFile(path, env)
  const closing: (() => Promise<unknown>)[] = []
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0)) await close().catch(() => {})
  }
  try {
    const room = await openRoom(file, clock, log, env)
    closing.unshift(() => room.close())
    await room.site.start(room.downSince)
    const reader = await openReader({
      onFault: (fault) => log(`A plate reader stopped and was restarted: ${fault.message}`),
    })
    closing.unshift(() => reader.close())
    const ocpp = await openChargePoints(room, clock, log)
    closing.unshift(() => ocpp.close())
    room.connect(ocpp)
    const http = await openDoors(room, reader, clock, log, env)
    closing.unshift(() => http.close())
    const ticking = setInterval(() => room.feed.tick(), 1000)
    closing.unshift(async () => clearInterval(ticking))
    return { url: http.url, ocppUrl: `ws://${file.ocpp.host}:${ocpp.port}/ocpp`, desk: room.desk, stop }
  } catch (fault) {
    await stop()
    throw fault
  }
}

function openChargePoints({ file, chargePointDesk }: Room, clock: Clock, log: Log): Promise<OcppServer> {
  const evsesOf = (id: string): number[] => [
    ...new Set(
      file.bays.flatMap((bay) => bay.connectors.filter((one) => one.chargePoint === id).map((one) => one.evse)),
    ),
  ]
  return openOcppServer({
    host: file.ocpp.host,
    port: file.ocpp.port,
    clock,
    desk: chargePointDesk,
    chargePoints: file.chargePoints.map(({ id, password }) => ({
      id,
      ...(password === null ? {} : { password }),
      profile: profileOf(file, id),
      evses: evsesOf(id),
    })),
    log: ({ level, says }) => {
      if (level === 'warn') log(says)
    },
  })
}

function openDoors(
  room: Room,
  reader: ReaderPool,
  clock: Clock,
  log: Log,
  env: NodeJS.ProcessEnv,
): Promise<HttpServer> {
  const { file, desk, feed, presence } = room
  const adminToken = env['BERTH_ADMIN_TOKEN']
  return openHttpServer({
    host: file.http.host,
    port: file.http.port,
    desk,
    cameraDesk: feed,
    reader,
    clock,
    judge: presence.judge,
    ...(adminToken ? { adminToken } : {}),
    cameras: file.cameras.map(({ id, token }) => ({ cameraId: id, token, zones: zonesOf(file, id) })),
    log: {
      warn: log,
      error: (says, cause) => log(`${says} ${cause instanceof Error ? (cause.stack ?? cause.message) : ''}`),
    },
  })
}

const zonesOf = (file: SiteFile, cameraId: string) =>
  Object.fromEntries(
    file.bays.flatMap((bay) =>
      bay.zones.filter((zone) => zone.camera === cameraId).map((zone) => [bay.id, zone.polygon]),
    ),
  )
