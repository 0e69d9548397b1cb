import type { Chance, Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { BayView } from '../../projections/bay-view.ts'
import type { ApiClient } from './api-client.ts'
import type { ChargePointClient } from './charge-point-client.ts'
import type { PhotoFilm } from './photo-frames.ts'
import type { Lane } from './photo-site.ts'
import { rest } from './rest.ts'

/** What one arrival came to: the account that its bay was started for (null = not started), and the visits that were seen. */
export type Arrival = {
  readonly startedFor: string | null
  readonly started: boolean
  readonly visitIds: readonly string[]
}

/** What a lane needs around it. `emptyPicture` = its bay without a vehicle. */
export type LaneParts = {
  readonly lane: Lane
  readonly api: ApiClient
  readonly point: Pick<ChargePointClient, 'plug' | 'unplug'>
  readonly emptyPicture: () => Promise<Uint8Array>
  readonly clock: Clock
  readonly chance: Chance
}

const FRAMES = 6
/** After a refusal so many frames are enough. */
const FRAMES_WHEN_REFUSED = 3
/** A start that is under way when the last frame was sent gets so long. */
const SETTLE_MS = 1500
const LOOK_EVERY_MS = 150
const CLEAR_WITHIN_MS = 20_000
const BUSY_PAUSE_MS = 300

/** One vehicle, shown by its photograph: plugs in, is looked at, and leaves again so that the bay is vacant. */
export async function arrive(parts: LaneParts, film: PhotoFilm, signal: AbortSignal): Promise<Arrival> {
  const visitIds = new Set<string>()
  parts.point.plug(1)
  let bay = await lookAt(parts, visitIds)
  for (let frame = 1; frame <= FRAMES && !isDecided(bay); frame++) {
    await send(parts, await film.frame(), signal)
    bay = await lookAt(parts, visitIds)
    if (bay.detail.includes('denied') && frame >= FRAMES_WHEN_REFUSED) break
  }
  const end = parts.clock.now() + SETTLE_MS
  while (!isDecided(bay) && parts.clock.now() < end) {
    await rest(parts.clock, LOOK_EVERY_MS, signal)
    bay = await lookAt(parts, visitIds)
  }
  const arrival = {
    started: isDecided(bay),
    startedFor: isDecided(bay) ? (bay.visit?.accountId ?? null) : null,
    visitIds: [...visitIds],
  }
  await leave(parts, visitIds, signal)
  return { ...arrival, visitIds: [...visitIds] }
}

const isDecided = (bay: BayView): boolean => bay.state === 'charging-locked'

async function lookAt({ api, lane }: LaneParts, visitIds: Set<string>): Promise<BayView> {
  const bay = (await api.get(`/api/bays/${lane.bayId}`)) as unknown as BayView
  if (bay.visit !== null) visitIds.add(bay.visit.visitId)
  return bay
}

/** Posts a picture; a busy reader is asked again a little later, as a camera's next picture would. */
async function send({ api, lane, clock }: LaneParts, picture: Uint8Array, signal: AbortSignal): Promise<void> {
  for (;;) {
    const status = await api.postPicture(`/in/${lane.cameraToken}/frame`, picture)
    if (status < 300) return
    if (status !== 503)
      throw new Fault('COMMAND_REFUSED', { status }, { says: `The server answered ${status} to a photograph.` })
    await rest(clock, BUSY_PAUSE_MS, signal)
  }
}

/** Unplugs and drives away; pictures show the empty bay until berth says that it is vacant. */
async function leave(parts: LaneParts, visitIds: Set<string>, signal: AbortSignal): Promise<void> {
  parts.point.unplug(1)
  const end = parts.clock.now() + CLEAR_WITHIN_MS
  let freed = false
  for (;;) {
    await send(parts, await parts.emptyPicture(), signal)
    const bay = await lookAt(parts, visitIds)
    if (bay.state === 'vacant') return
    if (parts.clock.now() >= end) {
      if (freed)
        throw new Fault(
          'COMMAND_REFUSED',
          {},
          { says: `${parts.lane.bayId} does not become vacant (${bay.state}, ${bay.detail}).` },
        )
      // A person's word ends what the charge point and the camera could not.
      await parts.api
        .post(`/api/bays/${parts.lane.bayId}/commands`, { id: `free-${parts.chance.hex(12)}`, type: 'release-lock' })
        .catch(() => undefined)
      freed = true
    }
    await rest(parts.clock, 2 * LOOK_EVERY_MS, signal)
  }
}
