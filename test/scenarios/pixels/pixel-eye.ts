import fastify, { type FastifyInstance } from 'fastify'
import { addressRange } from '../../../actors/address-range.ts'
import type { PlateReader, Polygon } from '../../../actors/ports.ts'
import { type PushGuard, pushGuard } from '../../../actors/push-guard.ts'
import type { ReaderZone } from '../../../actors/reader-zone.ts'
import type { ZoneLook } from '../../../actors/zone-look.ts'
import { toyZone } from '../../../simulations/toy-bays.ts'
import type { ToyPicture } from '../../../simulations/toy-picture.ts'
import type { ToyEye, ToySite, ToySiteOptions } from '../../../simulations/toy-site.ts'
import { type PresenceKeeper, presenceKeeper } from '../../../src/presence-keeper.ts'
import { readNeed } from '../../../src/read-need.ts'
import { answerProblems } from '../../../src/server/answers.ts'
import { cameraIntake } from '../../../src/server/camera-intake.ts'
import { steadyReader } from '../../../src/vision/steady-reader.ts'
import { learnEmpty } from '../../../src/vision/zone-presence.ts'
import { type Surroundings, takePicture, zoneOf } from './pixel-picture.ts'

/** The camera's own, at the site's door. */
export const OWN = { token: 'cam-1-secret', address: '192.0.2.7' }
/** Pictures of a scene in which nothing has moved: so many at full pace, then one in this time, ms. */
const BUSY = 6
const QUIET_ms = 3_000

/** Who pushes a picture, and what it says of its time. */
export type Pushed = { readonly token: string; readonly address: string; readonly capturedAt?: number }

type EyeParts = {
  readonly site: ToySite
  readonly bays: ToySiteOptions['bays']
  /** Looks of the empty bays, as an earlier day learnt them. */
  readonly empties: ReadonlyMap<string, ZoneLook>
  readonly reader: PlateReader
  readonly around: () => Surroundings
  /** Where in the picture no plate can be. */
  readonly masks: readonly Polygon[]
}

/** A camera of pixels before a toy site: it draws what a toy picture tells of, and posts it to the production intake, reader and feed. */
export class PixelEye {
  readonly guard: PushGuard
  readonly #parts: EyeParts
  readonly #app: FastifyInstance
  #seed = 0
  #shown = { key: '', times: 0, at: 0 }

  constructor(parts: EyeParts) {
    const { site, bays, reader, empties } = parts
    this.#parts = parts
    this.guard = guardOf(site)
    this.#app = fastify({ logger: false })
    answerProblems(this.#app, { warn: () => undefined, error: () => undefined })
    const steady = steadyReader(
      reader,
      () => site.clock.now(),
      (bayId) => readNeed(site.bay(bayId) ?? null, site.clock.now()),
    )
    const keeper = keeperOf(site, empties)
    cameraIntake(this.#app, {
      cameras: [{ cameraId: 'cam-1', token: OWN.token, zones: zonesOf(bays, parts.masks) }],
      clock: site.clock,
      guard: this.guard,
      reader: steady,
      judge: (cameraId, bayId, look) =>
        steady.showsReadPlate(look) ? 'occupied' : keeper.judge(cameraId, bayId, look),
      cameraDesk: {
        camera: (cameraId, news) => site.feed.camera(cameraId, news),
        // The site's clock stands still while the reader reads; what the picture sets off happens at once.
        async see(message) {
          const seen = site.feed.see(message)
          seen.catch(() => undefined)
          await site.clock.settle()
          return site.journal.dead ? undefined : seen
        },
      },
    })
  }

  /** A toy picture as pixels. A scene in which nothing moves is shown less often, as cameras that watch for movement do. */
  see: ToyEye = async (_cameraId, picture) => {
    const { site } = this.#parts
    const { capturedAt = site.clock.now(), ...scene } = picture
    const key = JSON.stringify([scene, this.#parts.around()])
    const now = site.clock.now()
    const times = key === this.#shown.key ? this.#shown.times + 1 : 1
    if (times > BUSY && now - this.#shown.at < QUIET_ms && picture.capturedAt === undefined) return site.clock.settle()
    this.#shown = { key: picture.capturedAt === undefined ? key : '', times, at: now }
    await this.push(await this.takes(picture), { ...OWN, capturedAt })
  }

  /** The camera's picture of this now, with noise of its own. */
  takes(picture: ToyPicture): Promise<Buffer> {
    this.#seed += 1
    const bayIds = this.#parts.bays.map(({ bayId }) => bayId)
    return takePicture(picture, bayIds, this.#parts.around(), this.#seed)
  }

  /** Posts bytes to the door; answers the HTTP status. */
  async push(bytes: Buffer, { token, address, capturedAt }: Pushed = OWN): Promise<number> {
    const query = capturedAt === undefined ? '' : `?capturedAt=${new Date(capturedAt).toISOString()}`
    const answer = await this.#app.inject({
      method: 'POST',
      url: `/in/${token}/frame${query}`,
      headers: { 'content-type': 'image/jpeg' },
      remoteAddress: address,
      payload: bytes,
    })
    await this.#parts.site.clock.settle()
    return answer.statusCode
  }
}

const zonesOf = (bays: ToySiteOptions['bays'], masks: readonly Polygon[]): { readonly [bayId: string]: ReaderZone } =>
  Object.fromEntries(bays.map((bay, index) => [bay.bayId, { polygon: toyZone(bays, index), masks }]))

/** The site as its site file would have it: zones drawn in the camera's picture. */
export const onPixels = (site: ToySiteOptions): ToySiteOptions => ({
  ...site,
  bays: site.bays.map((bay, index) => ({ ...bay, zone: zoneOf(toyZone(site.bays, index), site.bays.length) })),
})

/** How each empty bay looks, learnt from three pictures of the empty car park. */
export async function learnEmpties(
  bays: ToySiteOptions['bays'],
  reader: PlateReader,
  around: Surroundings,
): Promise<ReadonlyMap<string, ZoneLook>> {
  const looks = new Map<string, ZoneLook[]>()
  for (const seed of [1_000_001, 1_000_002, 1_000_003]) {
    const { zones } = await reader.read(await takePicture({}, [], around, seed), zonesOf(bays, []))
    for (const [bayId, { look }] of Object.entries(zones)) looks.set(bayId, [...(looks.get(bayId) ?? []), look])
  }
  const learnt = [...looks].map(([bayId, seen]) => [bayId, learnEmpty(seen)] as const)
  return new Map(learnt.flatMap(([bayId, look]) => (look === null ? [] : [[bayId, look]])))
}

function keeperOf(site: ToySite, empties: ReadonlyMap<string, ZoneLook>): PresenceKeeper {
  const keeper = presenceKeeper({ clock: site.clock, bay: (bayId) => site.bay(bayId) ?? null, alone: 'always' })
  for (const [bayId, { size, grey }] of empties)
    keeper.hear({ cause: { type: 'zone.learnt', cameraId: 'cam-1', bayId, size, grey }, decisions: [] } as never)
  return keeper
}

/** The door's guard, fed with what becomes of the journal, and told the time. */
function guardOf(site: ToySite): PushGuard {
  const guard = pushGuard({
    clock: site.clock,
    scribe: site.site,
    mark: (text) => site.keys.mark(text),
    rules: [{ cameraId: 'cam-1', from: [addressRange('192.0.2.0/29') ?? []].flat(), deviceId: null }],
  })
  let heard = 0
  const tick = (): void => {
    if (site.journal.dead) return
    for (const record of site.journal.records.slice(heard)) guard.hear(record)
    heard = site.journal.records.length
    guard.tick()
    site.clock.after(1_000, tick)
  }
  tick()
  return guard
}
