import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { PictureAnswer, PictureRead } from '../../../actors/ports.ts'
import { Fault } from '../../../machines/faults.ts'
import type { FactRecord } from '../../../machines/record.ts'
import { LastPictures } from '../../../src/cameras/last-pictures.ts'
import { SeenVehicles } from '../../../src/cameras/seen-vehicles.ts'
import { systemClock } from '../../../src/clock.ts'
import { REGULARS } from '../../../src/demo/cast.ts'
import { bayZone, LENS, parkedPose, plateBox, type StandingVehicle } from '../../../src/demo/scene.ts'
import { developPicture, renderPixels } from '../../../src/demo/scene-picture.ts'
import { vehicleLength } from '../../../src/demo/vehicle-body.ts'
import { randomIds } from '../../../src/ids.ts'
import type { ZoneServing } from '../../../src/server/zone-routes.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import { ZoneDesk } from '../../../src/zones/zone-desk.ts'
import { keepHere } from '../../../src/zones/zone-file.ts'
import { ZoneTrials } from '../../../src/zones/zone-trials.ts'
import { ZonesInForce } from '../../../src/zones/zones-in-force.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { busySite } from '../inspector/busy-site.ts'
import { aCamera } from '../server/array-cameras.ts'
import type { ArrayDesk } from '../server/array-desk.ts'
import type { Starting } from '../server/plain-server.ts'
import { closeAfterwards } from '../server/running-server.ts'

const PARKED: readonly StandingVehicle[] = [0, 2].flatMap((place) => {
  const look = REGULARS[place]?.look
  return look ? [{ look, pose: parkedPose(place, vehicleLength(look), 0) }] : []
})
const LOOK = { size: 1, grey: '' }

/** What a reader reads there: the plates where they hang, the last letter of the first one doubtful. */
const SEEN: PictureAnswer = {
  width: LENS.width,
  height: LENS.height,
  ms: 1,
  zones: Object.fromEntries(
    PARKED.map((vehicle, at) => [at === 0 ? 'bay-1' : 'bay-3', { look: LOOK, reads: [readOf(vehicle)] }]),
  ),
}

function readOf(vehicle: StandingVehicle): PictureRead {
  const text = vehicle.look.plate.text.replaceAll(' ', '')
  const [left, top, right, bottom] = plateBox(vehicle)
  const quad = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ].map(([x = 0, y = 0]) => [x / LENS.width, y / LENS.height] as const)
  const characters = [...text].map((_, at) => (at === text.length - 1 ? 0.52 : 0.97))
  return { text, candidates: [], characters, confidence: 0.91, quad }
}

/** What a camera of the demo sees: vehicles in the first and the last bay. */
async function scenePicture(): Promise<Buffer> {
  const pixels = await renderPixels({ light: 'day', bayNumbers: ['1', '2', '3'], vehicles: PARKED })
  return developPicture(pixels, { seed: 7, noise: 4, blur_px: 0.6 })
}

/** Votes of the visit in bay-1: three frames say one plate, the first of them to two readers, and one says another. */
async function vote(site: ArrayDesk): Promise<void> {
  const reads = (text: string, frames: readonly string[], confidence: number) =>
    frames.map((frame) => ({ text, reader: 'berth', frame, at: Date.now(), confidence, characters: [] }))
  const said = (text: string, frames: readonly string[], confidence: number) => ({
    plate: text,
    reads: reads(text, frames, confidence),
  })
  const first = said('AB12CDE', ['f1', 'f2', 'f4'], 0.91)
  const twice = {
    ...first,
    reads: [...first.reads, ...first.reads.slice(0, 1).map((read) => ({ ...read, reader: 'device' }))],
  }
  const personal = { 'v-1': twice, 'v-2': said('A812CDE', ['f3'], 0.55) }
  await site.change('bay-1', { type: 'plate.agreed', cameraId: 'cam-1' }, {}, { personal })
}

/** A site of six bays before two cameras, by a site file of its own. */
function writeDrawnSite(): string {
  const path = join(scratchFolder(), 'site.yaml')
  const bays = [0, 1, 2, 3, 4, 5].map((at) => ({
    id: `bay-${at + 1}`,
    chargePoint: `CP-${at + 1}`,
    evse: 1,
    zones:
      at === 5 ? [] : [{ camera: at < 3 ? 'cam-1' : 'cam-2', polygon: bayZone(at % 3).map((point) => [...point]) }],
  }))
  const site = {
    site: { id: 'depot-north', timezone: 'Europe/London' },
    store: { kind: 'sqlite', path: './data/depot-north.db' },
    http: { host: '127.0.0.1', port: 8080 },
    ocpp: { host: '127.0.0.1', port: 9220 },
    cameras: ['cam-1', 'cam-2'].map((id) => ({
      id,
      token: `${id}-secret`,
      kind: 'push',
      picture: [1280, 720],
      height_m: 2.6,
    })),
    bays,
    chargePoints: bays.map(({ chargePoint }) => ({ id: chargePoint })),
  }
  writeFileSync(path, stringify(site))
  return path
}

/** A server over arrays on which zones can be drawn: a real site file, real checks, and the pictures of the demo. */
export async function drawingOver({ twoForZones = false } = {}): Promise<
  Starting & {
    readonly site: ArrayDesk
    readonly drawing: ZoneServing
    readonly path: string
    readonly vehicles: SeenVehicles
  }
> {
  const site = await busySite({ twoForZones })
  await vote(site)
  const file = await readSiteFile(writeDrawnSite())
  const zones = new ZonesInForce(file)
  const heard = (cause: object, bayId: string | null, at = new Date()) =>
    zones.hear({
      stream: bayId === null ? 'site' : `bay:${bayId}`,
      bayId,
      cause,
      at: at.toISOString(),
      seq: site.desk.seq(),
    } as FactRecord)
  for (const { id, zones: own } of file.bays)
    heard(
      {
        type: 'zones.published',
        source: 'site-file',
        zones: own.map(({ camera, polygon }) => ({ cameraId: camera, polygon })),
      },
      id,
      new Date(Date.now() - 9 * 86_400_000),
    )
  const picture = await scenePicture()
  const pictures: LastPictures = new LastPictures({
    clock: systemClock,
    snapshot: async () => picture,
    read: async (cameraId, bytes) => pictures.took(cameraId, bytes, SEEN),
  })
  const again = setInterval(() => pictures.took('cam-1', picture, SEEN), 1_000)
  closeAfterwards(async () => clearInterval(again))
  const trials: ZoneTrials = new ZoneTrials({
    clock: systemClock,
    journal: site.desk.journal,
    desk: () => desk,
    timezone: 'Europe/London',
    hasNoReader: true,
  })
  const desk = new ZoneDesk({
    path: file.path,
    file,
    env: {},
    keep: keepHere,
    ids: randomIds,
    journal: site.desk.journal,
    site: {
      hosts: new Map(),
      tellAll: async (entries) => {
        if (site.failing) throw new Fault('STORE_UNWRITABLE')
        for (const { cause } of entries) heard(cause, null)
        return []
      },
    },
    zones,
    health: { redrawn: async () => undefined },
    second: site.second,
    tried: trials.tried,
  })
  const vehicles = new SeenVehicles({ clock: systemClock, skew_s: () => null })
  const sights = { all: () => [aCamera('cam-1', {}), aCamera('cam-2', {})], confirmView: async () => null }
  return { site, sights, path: file.path, drawing: { desk, trials, pictures, vehicles, zones }, vehicles }
}
