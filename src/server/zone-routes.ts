import type { FastifyInstance } from 'fastify'
import { Fault } from '../../machines/faults.ts'
import type { CameraSights } from '../cameras/camera-sights.ts'
import type { LastPicture, LastPictures } from '../cameras/last-pictures.ts'
import type { SeenVehicles } from '../cameras/seen-vehicles.ts'
import { clearPicture, coarsePicture, widestPlate } from '../vision/shown-picture.ts'
import type { ZoneDesk, ZoneOrder } from '../zones/zone-desk.ts'
import type { ZoneTrials } from '../zones/zone-trials.ts'
import type { WrittenBays } from '../zones/zone-versions.ts'
import type { ZonesInForce } from '../zones/zones-in-force.ts'
import { sendNewer, sendWaiting } from './bay-routes.ts'
import { baySight } from './bay-sight.ts'
import { type Asked, found, type Serving, serve } from './serving.ts'

/** Where zones are drawn, tried and published, and the pictures under them. */
export type ZoneServing = {
  readonly desk: ZoneDesk
  readonly trials: ZoneTrials
  readonly pictures: LastPictures
  readonly vehicles: Pick<SeenVehicles, 'of'>
  readonly zones: Pick<ZonesInForce, 'ofCamera' | 'byBay'>
}

/** Who asks for a picture waits so long for the next one, ms. */
const WAITS_MS = 2_000

/** Zones and pictures; `drawing` null = neither is there. */
export function zoneRoutes(
  app: FastifyInstance,
  serving: Serving & { readonly sights: CameraSights },
  drawing: ZoneServing | null,
): void {
  const there = (): ZoneServing => {
    if (drawing === null) throw new Fault('NOT_FOUND', {}, { says: 'No zones are drawn here.' })
    return drawing
  }
  const shown = shownPictures(there)
  const draftOf = ({ body }: Asked) => (body as { readonly bays: WrittenBays }).bays
  serve(app, serving, 'zones', () => there().desk.now())
  serve(app, serving, 'zoneCheck', (asked) => there().desk.check(draftOf(asked)))
  serve(app, serving, 'zoneTrial', async (asked) => {
    const { hours } = asked.body as { readonly hours: number }
    return asked.reply.code(202).send(await there().trials.begin(draftOf(asked), hours))
  })
  serve(app, serving, 'zoneTrialState', ({ params: { trialId } }) =>
    found(there().trials.of(trialId ?? ''), 'trial', trialId),
  )
  serve(app, serving, 'publishZones', async ({ body, caller, reply }) => {
    const answer = await there().desk.order(body as ZoneOrder, caller)
    if ('until' in answer) return sendWaiting(reply, answer.until)
    return 'newer' in answer ? sendNewer(reply, answer.newer) : reply.code(201).send(answer)
  })
  serve(app, serving, 'zoneVersions', () => ({ items: there().desk.versions.all(), next: null }))
  serve(app, serving, 'zoneVersion', ({ params: { version = '' } }) => {
    const asked = /^\d{1,9}$/.test(version) ? Number(version) : -1
    return { version: asked, bays: there().desk.versions.zonesOf(asked) }
  })
  serve(app, serving, 'baySight', ({ params: { bayId }, sight }) =>
    baySight(found(serving.desk.bay(bayId ?? ''), 'bay', bayId), serving.desk, there(), sight),
  )
  serve(app, serving, 'cameraPicture', async ({ params: { cameraId = '' }, query, reply, sight }) => {
    found(serving.sights.all().find((one) => one.cameraId === cameraId) ?? null, 'camera', cameraId)
    const picture = await there().pictures.newest(cameraId, Number(query['after'] ?? 0), WAITS_MS)
    if (picture === null) return undefined
    // Whoever stands in the picture is not known by name: the camera stands for all of them.
    if (sight.clear) sight.saw(cameraId)
    const kind = sight.clear ? 'clear' : 'coarse'
    reply.header('berth-came-at', String(picture.cameAt)).header('berth-picture', kind).type('image/jpeg')
    return shown(picture, cameraId, sight.clear)
  })
}

/** Each picture is made ready for people once, however many look at it. */
function shownPictures(there: () => ZoneServing) {
  const made = {
    clear: new WeakMap<LastPicture, Promise<Buffer>>(),
    coarse: new WeakMap<LastPicture, Promise<Buffer>>(),
  }
  const make = (picture: LastPicture, cameraId: string, isClear: boolean): Promise<Buffer> => {
    if (isClear) return clearPicture(picture.bytes)
    const zones = Object.values(there().zones.ofCamera(cameraId))
    const polygons = zones.map((zone) => ('polygon' in zone ? zone.polygon : zone))
    return coarsePicture(picture.bytes, widestPlate(picture.answer, polygons))
  }
  return (picture: LastPicture, cameraId: string, isClear: boolean): Promise<Buffer> => {
    const kept = isClear ? made.clear : made.coarse
    const ready = kept.get(picture) ?? make(picture, cameraId, isClear)
    kept.set(picture, ready)
    return ready
  }
}
