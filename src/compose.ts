import { authorizer } from '../actors/authorizer.ts'
import { chargePointDesk } from '../actors/charge-point-desk.ts'
import { dispatcher } from '../actors/dispatch.ts'
import { type MeterFeed, meterFeed } from '../actors/meter-feed.ts'
import { type PlateFeed, plateFeed } from '../actors/plate-feed.ts'
import type { ChargePointDesk, Clock, Journal } from '../actors/ports.ts'
import { type BayPlan, Site } from '../actors/site.ts'
import { type ConnectorTraits, connectorKey, DEFAULT_POLICY } from '../machines/events.ts'
import { emptyRegister } from '../machines/register.ts'
import { systemChance } from './chance.ts'
import { systemClock } from './clock.ts'
import { Desk } from './desk.ts'
import { randomIds } from './ids.ts'
import { openSqliteJournal } from './journal/sqlite.ts'
import { type OcppServer, openOcppServer } from './ocpp/ocpp-server.ts'
import { DEFAULT_PROFILE, PROFILES } from './ocpp/profiles/default.ts'
import { presenceKeeper } from './presence-keeper.ts'
import { type KeyStore, openKeyStore } from './privacy/key-store.ts'
import { registerDesk } from './register-desk.ts'
import { emptyTexts } from './register-texts.ts'
import { openHttpServer } from './server/http-server.ts'
import type { RegisterDesk } from './site-desk.ts'
import { readSiteFile, type SiteFile } from './site-file.ts'
import { openReader, type ReaderPool } from './vision/reader.ts'

/** One line for people who watch the process. */
export type Log = (line: string) => void

export type ServeOptions = { readonly log?: Log; readonly clock?: Clock; readonly env?: NodeJS.ProcessEnv }

/** A running site. `stop` answers when everything told so far is durable and every port is free. */
export type Serving = { readonly url: string; readonly ocppUrl: string; readonly desk: Desk; stop(): Promise<void> }

/** The decisions of one site without its doors to the world: what `serve` and commands that write share. */
export type Room = {
  readonly file: SiteFile
  readonly journal: Journal
  readonly keys: KeyStore
  readonly site: Site
  readonly desk: Desk
  readonly feed: PlateFeed
  readonly register: RegisterDesk
  readonly chargePointDesk: ChargePointDesk
  /** Time of the newest record when the store was opened, null for a new one. */
  downSince: number | null
  /** Hands over the charge points once their server is open. */
  readonly connect: (ocpp: Pick<OcppServer, 'chargePoints' | 'counters'>) => void
  close(): Promise<void>
}

const profileOf = (file: SiteFile, chargePointId: string) =>
  PROFILES[file.chargePoints.find((one) => one.id === chargePointId)?.profile ?? 'default'] ?? DEFAULT_PROFILE

/** What the site file says of each bay, with the charge points' traits. A shared or second connector always waits for its plug. */
export function bayPlans(file: SiteFile): BayPlan[] {
  const reach = new Map<string, number>()
  for (const bay of file.bays)
    for (const one of bay.connectors)
      reach.set(connectorKey(one.chargePoint, one.evse), (reach.get(connectorKey(one.chargePoint, one.evse)) ?? 0) + 1)
  return file.bays.map((bay) => ({
    bayId: bay.id,
    policy: { ...file.policy, ...(bay.autonomy ? { autonomy: bay.autonomy } : {}) },
    connectors: bay.connectors.map(({ chargePoint, evse }): ConnectorTraits => {
      const profile = profileOf(file, chargePoint)
      const connector = connectorKey(chargePoint, evse)
      const startOn = (reach.get(connector) ?? 1) > 1 || bay.connectors.length > 1 ? 'plug' : profile.startOn
      return { connector, chargePointId: chargePoint, evse, connectionTimeout_s: profile.connectionTimeout_s, startOn }
    }),
    zones: bay.zones.map(({ camera, polygon }) => ({ cameraId: camera, polygon })),
  }))
}

/** Opens the store as its owner and rebuilds the site from it; nothing runs until `site.start`. Throws Fault STORE_OWNED, KEY_UNAVAILABLE, STORE_CORRUPT. */
export async function openRoom(file: SiteFile, clock: Clock, log: Log, env: NodeJS.ProcessEnv): Promise<Room> {
  const keys = openKeyStore({ path: `${file.store.path}.keys`, siteId: file.site.id, clock, chance: systemChance, env })
  const journal = await openSqliteJournal({ path: file.store.path, siteId: file.site.id, clock, keys }).catch(
    (fault: unknown) => {
      keys.close()
      throw fault
    },
  )
  const plans = bayPlans(file)
  const register = emptyRegister()
  const texts = emptyTexts()
  const counts: { [name: string]: number } = {}
  const count = (name: string): void => void (counts[name] = (counts[name] ?? 0) + 1)
  const presence = presenceKeeper(clock)
  let ocpp: Pick<OcppServer, 'chargePoints' | 'counters'> | null = null
  const offline = {
    online: () => false,
    start: async () => 'rejected' as const,
    stop: async () => 'rejected' as const,
    ask: async () => 'rejected' as const,
  }
  const points = new Proxy(offline, { get: (none, name) => Reflect.get(ocpp?.chargePoints ?? none, name) as unknown })
  const carryOut = dispatcher({
    site: () => site,
    ids: randomIds,
    keys,
    chargePoints: points,
    tokenLength: (id) => profileOf(file, id).tokenLength,
    authorize: authorizer({ register: () => register, timezone: file.site.timezone, clock }),
    firstVisit: (_account, handle) => desk.isFirstVisit(handle),
    failed: (effect, cause) => {
      count(`effect_failed_${effect.type}`)
      log(`${effect.type} came to nothing: ${cause instanceof Error ? cause.message : String(cause)}`)
    },
  })
  const site = new Site({
    journal,
    clock,
    ids: randomIds,
    bays: plans,
    heard: (record, live) => {
      desk.hear(record)
      presence.hear(record)
      if (live && record.bayId !== null && record.decisions.some((decision) => decision.type === 'VisitEnded'))
        feed.restart(record.bayId)
    },
    carryOut,
    store: (failing, fault) => {
      desk.storeFails(failing, fault?.message ?? '', new Date(clock.now()).toISOString())
      log(failing ? `The journal cannot be written: ${fault?.message ?? ''}` : 'The journal can be written again.')
    },
    committed: (records) => desk.committed(records),
  })
  const desk: Desk = new Desk({
    siteId: file.site.id,
    name: file.site.name,
    timezone: file.site.timezone,
    site: () => site,
    journal,
    keys,
    ids: randomIds,
    register,
    texts,
    registerDesk: () => registers,
    learnEmpty: (bayId) => presence.learn(bayId, (entry) => void site.write([entry]).catch(() => {})),
    counters: () => ({
      ...counts,
      ...feed.counters(),
      ...(ocpp?.counters() ?? {}),
      observations_thinned: site.thinned,
    }),
    missing: () => (ocpp === null ? ['charge points: not listening yet'] : []),
  })
  const registers = registerDesk({ scribe: site, keys, register: () => register, texts })
  const zones = plans.flatMap((plan) => plan.zones.map((zone) => ({ ...zone, bayId: plan.bayId })))
  const feed = plateFeed({
    clock,
    keys,
    ids: randomIds,
    zones: () => zones,
    policy: (bayId) => site.bay(bayId)?.policy ?? DEFAULT_POLICY,
    count,
    deliver: async (bayId, observation, personal) => void (await site.tell(bayId, observation, personal)),
  })
  const meters: MeterFeed = meterFeed({
    clock,
    ids: randomIds,
    policy: (connector) =>
      [...site.hosts.values()].find((host) => host.bay.connectors[connector])?.bay.policy ?? DEFAULT_POLICY,
  })
  const room: Room = {
    downSince: null,
    file,
    journal,
    keys,
    site,
    desk,
    feed,
    register: registers,
    chargePointDesk: chargePointDesk({
      site: () => site,
      ids: randomIds,
      keys,
      register: () => register,
      timezone: file.site.timezone,
      meters,
      count,
    }),
    connect: (server) => void (ocpp = server),
    async close() {
      await site.close()
      await journal.close()
      keys.close()
    },
  }
  presences.set(room, presence)
  room.downSince = await site.rebuild()
  return room
}

const presences = new WeakMap<Room, ReturnType<typeof presenceKeeper>>()

/** Runs one site: `path` names its site file. Rejects with a Fault when it cannot start; nothing is left open then. */
export async function serve(path: string, options: ServeOptions = {}): Promise<Serving> {
  const { log = () => {}, clock = systemClock, env = process.env } = options
  const file = await readSiteFile(path, env)
  const closing: (() => Promise<unknown>)[] = []
  try {
    const room = await openRoom(file, clock, log, env)
    closing.unshift(() => room.close())
    await room.site.start(room.downSince)
    const reader = await openReader({
      children: 1,
      onFault: (fault) => log(`A reader stopped and was restarted: ${fault.message}`),
    })
    closing.unshift(() => reader.close())
    const ocpp = await openOcppServer({
      host: file.ocpp.host,
      port: file.ocpp.port,
      clock,
      desk: room.chargePointDesk,
      chargePoints: file.chargePoints.map((one) => ({
        id: one.id,
        ...(one.password === null ? {} : { password: one.password }),
        profile: profileOf(file, one.id),
        evses: [
          ...new Set(
            file.bays.flatMap((bay) =>
              bay.connectors.filter((connector) => connector.chargePoint === one.id).map((connector) => connector.evse),
            ),
          ),
        ],
      })),
      log: ({ level, says }) => (level === 'warn' ? log(says) : undefined),
    })
    closing.unshift(() => ocpp.close())
    room.connect(ocpp)
    const http = await openDoors(room, reader, clock, log, env)
    closing.unshift(() => http.close())
    const ticking = setInterval(() => room.feed.tick(), 1000)
    closing.unshift(async () => clearInterval(ticking))
    return {
      url: http.url,
      ocppUrl: `ws://${file.ocpp.host}:${ocpp.port}/ocpp`,
      desk: room.desk,
      stop: () => stopAll(closing),
    }
  } catch (fault) {
    await stopAll(closing)
    throw fault
  }
}

async function openDoors(room: Room, reader: ReaderPool, clock: Clock, log: Log, env: NodeJS.ProcessEnv) {
  const { file } = room
  const presence = presences.get(room) as ReturnType<typeof presenceKeeper>
  const token = env['BERTH_ADMIN_TOKEN']
  return openHttpServer({
    host: file.http.host,
    port: file.http.port,
    desk: room.desk,
    cameraDesk: room.feed,
    reader,
    clock,
    judge: presence.judge,
    ...(token ? { adminToken: token } : {}),
    cameras: file.cameras.map((camera) => ({
      cameraId: camera.id,
      token: camera.token,
      zones: Object.fromEntries(
        file.bays.flatMap((bay) =>
          bay.zones.filter((zone) => zone.camera === camera.id).map((zone) => [bay.id, zone.polygon]),
        ),
      ),
    })),
    log: {
      warn: log,
      error: (says, cause) => log(`${says} ${cause instanceof Error ? (cause.stack ?? cause.message) : ''}`),
    },
  })
}

async function stopAll(closing: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const close of closing) await close().catch(() => {})
}
