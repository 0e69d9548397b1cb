import type { Chance, Clock } from '../../actors/ports.ts'
import type { BayView } from '../../projections/bay-view.ts'
import { apiClient, type NewerToken } from './api-client.ts'
import { openBoard } from './board.ts'
import { cameraClient } from './camera-client.ts'
import { PHONED, PHONED_PIN, plateKeyText } from './cast.ts'
import type { ChargePointClient } from './charge-point-client.ts'
import { openChargePointClient } from './charge-point-client.ts'
import type { Say } from './commentary.ts'
import { changeLine } from './commentary.ts'
import type { DemoSite } from './demo-site.ts'
import { seededDice } from './dice.ts'
import { demoOperator } from './operator.ts'
import { rest } from './rest.ts'
import { openStage } from './stage.ts'
import { PAGE_BAY, runTimetable } from './timetable.ts'

/** Where a running berth listens. */
export type DemoServer = { readonly url: string; readonly ocppUrl: string }

/** What the traffic needs; `token` null where the API asks for none, `listeningAt` ms since 1970. */
export type Traffic = {
  readonly site: DemoSite
  readonly server: DemoServer
  readonly token: string | null
  /** Another one, once the API asks for one. */
  readonly newer: NewerToken
  readonly listeningAt: number
  readonly clock: Clock
  readonly chance: Chance
  readonly say: Say
}

/** How far the first bay got, ms after the server listened; null = not yet. */
export type Milestones = { bayId: string | null; locked_ms: number | null; vacated_ms: number | null }

const METER_EVERY_S = 3
/** Bays that a former run left occupied (a site kept with --data) get so long to become vacant. */
const CLEAR_WITHIN_MS = 20_000
/** The charge points' last messages need so long. */
const FAREWELL_MS = 400

/** Runs cameras, charge points, drivers and the operator against a running server until the signal ends. Rejects when the server does not let them begin. */
export async function runTraffic(traffic: Traffic, milestones: Milestones, signal: AbortSignal): Promise<void> {
  const { site, server, clock, say } = traffic
  const api = apiClient(server.url, traffic.token, signal, traffic.newer)
  const stage = openStage(clock)
  const board = openBoard(api, clock)
  const points = new Map(site.chargePointIds.map((id) => [id, openDemoPoint(server.ocppUrl, id, clock)]))
  try {
    board.onChange((bay, before) => {
      const line = changeLine(bay, before)
      if (line !== null) say(line)
      noteMilestone(milestones, bay, before, clock.now() - traffic.listeningAt)
    })
    const operator = demoOperator(api, clock, traffic.chance, (bayId) => stage.visitorIn(bayId), say)
    const cameras = site.cameras.map((camera) => cameraClient(camera, stage, api, clock, say))
    await operator.register()
    await operator.learnEmpty(
      site.bays.map((bay) => bay.bayId),
      () => Promise.all(cameras.map((camera) => camera.shoot())),
    )
    const { items: codes } = (await api.get('/api/driver-codes')) as unknown as DriverCodes
    const page = codes.find(({ bayId }) => bayId === PAGE_BAY)?.url ?? null
    if (page !== null) say(pageLine(page))
    const around = { clock, stage, board, say, chargePoint: (id: string) => points.get(id) as ChargePointClient }
    const visitors = async (): Promise<void> => {
      await Promise.all(site.bays.map(({ bayId }) => board.until(bayId, isVacant, CLEAR_WITHIN_MS, signal)))
      await runTimetable(site.bays, around, seededDice('timetable'), signal)
    }
    await Promise.all([
      board.run(signal),
      operator.answerReviews(signal),
      ...cameras.map((camera, place) => startLate(clock, place * 450, signal, () => camera.run(signal))),
      visitors().catch((reason: unknown) => {
        if (!signal.aborted) throw reason
      }),
    ])
  } finally {
    await goHome([...points.values()], site, clock)
  }
}

type DriverCodes = { readonly items: readonly { readonly bayId: string; readonly url: string | null }[] }

const pageLine = (url: string): string =>
  `${PAGE_BAY}  driver page: ${url}  (after a minute and a half somebody waits there: plate ${plateKeyText(PHONED.look.plate)}, PIN ${PHONED_PIN}, or pay play money)`

const isVacant = (bay: BayView): boolean => bay.state === 'vacant'

/** Every driver pulls the cable, so that no transaction stays open in a journal that is kept. */
async function goHome(points: readonly ChargePointClient[], site: DemoSite, clock: Clock): Promise<void> {
  const plugged = points.flatMap((point) =>
    site.bays
      .filter((bay) => bay.chargePointId === point.id && point.connector(bay.evse).plugged)
      .map((bay) => ({ point, evse: bay.evse })),
  )
  for (const { point, evse } of plugged) point.unplug(evse)
  if (plugged.length > 0) await rest(clock, FAREWELL_MS, new AbortController().signal)
  await Promise.all(points.map((point) => point.close()))
}

/** Cameras take turns, so that their pictures do not come at the same moment. */
async function startLate(clock: Clock, after_ms: number, signal: AbortSignal, run: () => Promise<void>): Promise<void> {
  await rest(clock, after_ms, signal).catch(() => undefined)
  await run()
}

/** The demo's charge points tell their meter often, so that there is something to watch. */
function openDemoPoint(ocppUrl: string, id: string, clock: Clock): ChargePointClient {
  return openChargePointClient({
    url: ocppUrl,
    id,
    connectors: 2,
    clock,
    reconnect_ms: 250,
    habits: { meterInterval_s: METER_EVERY_S },
  })
}

/** Follows the first bay that locks until it is vacant again. */
export function noteMilestone(
  milestones: Milestones,
  bay: BayView,
  before: BayView | null,
  sinceListening_ms: number,
): void {
  if (milestones.locked_ms === null && bay.state === 'charging-locked') {
    milestones.bayId = bay.bayId
    milestones.locked_ms = sinceListening_ms
  } else if (
    milestones.bayId === bay.bayId &&
    milestones.vacated_ms === null &&
    bay.state === 'vacant' &&
    before?.state !== 'vacant'
  ) {
    milestones.vacated_ms = sinceListening_ms
  }
}

/** Waits until the milestones are reached; answers whether they were before the deadline. */
export async function reached(
  milestones: Milestones,
  what: 'locked' | 'vacated',
  timeout_ms: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  const end = clock.now() + timeout_ms
  while (clock.now() < end) {
    if ((what === 'locked' ? milestones.locked_ms : milestones.vacated_ms) !== null) return true
    await rest(clock, 100, signal)
  }
  return false
}
