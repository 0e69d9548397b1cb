import type { CameraDesk, CameraMessage, CameraRead } from '../../actors/camera-desk.ts'
import type { PictureAnswer, PlateReader, Polygon } from '../../actors/ports.ts'
import type { ReaderZone } from '../../actors/reader-zone.ts'
import type { ZoneLook } from '../../actors/zone-look.ts'
import type { CameraDialect, DeviceMessage, DevicePicture, DeviceRead, PictureSize } from './camera-dialect.ts'
import type { LastPictures } from './last-pictures.ts'
import { newestWins } from './newest-wins.ts'
import { ownRead, pictureMessage } from './picture-message.ts'
import { PictureRests, type RestNews } from './picture-rests.ts'
import { bayOfPlate, isAround } from './plate-place.ts'
import { frameOf, SeenFrames } from './seen-frames.ts'

/** A camera as its line knows it: its zones by bay id, and how many pixels its pictures have where the site file says so. */
export type LineCamera = {
  readonly cameraId: string
  readonly zones: { readonly [bayId: string]: ReaderZone }
  readonly pictureSize?: PictureSize | null
}

/** Says what a zone shows by its look, against the learnt empty bay. */
export type PresenceJudge = (cameraId: string, bayId: string, look: ZoneLook) => 'occupied' | 'empty' | 'unknown'

export type CameraLineParts = {
  readonly cameraDesk: CameraDesk
  readonly reader: PlateReader
  readonly judge: PresenceJudge
  /** Whether nothing goes on in a camera's zones and they were looked at just now: its picture is let go unseen. Absent = every picture is looked at. */
  readonly rests?: (camera: LineCamera) => boolean
  /** What the camera sees now, fetched from it; absent or null = it cannot be asked. */
  readonly snapshot?: (cameraId: string) => Promise<Uint8Array | null>
  /** Told of every picture that was read, and of what devices say of themselves. */
  readonly watch?: CameraWatch
  /** Keeps the newest picture of a camera that somebody looks at; absent = nobody looks. */
  readonly pictures?: Pick<LastPictures, 'wants' | 'took'>
  /** Told when a camera's pictures stop the reader so often that they are left alone for a while. */
  readonly rested?: RestNews
  /** ms of a clock that never steps; absent = the machine's. */
  readonly now?: () => number
}

/** Hears how well each camera sees. */
export type CameraWatch = {
  picture(cameraId: string, answer: PictureAnswer): void
  pulse(cameraId: string, pulse: NonNullable<DeviceMessage['pulse']>): void
}

/** When a message came and was taken, ms since 1970. */
export type MessageTimes = { readonly receivedAt: number; readonly capturedAt: number | null }

/** One line for all that cameras give, pushed or fetched: it ends at the plate feed. */
export type CameraLine = {
  /** Resolves when all that must be durable is; the enclosed picture is read afterwards, if the camera sends one result a vehicle. */
  hear(camera: LineCamera, dialect: CameraDialect, message: DeviceMessage, heard: Heard): Promise<void>
  /** Reads one picture; where the reader is behind, the newest of each camera waits and older ones are refused with READER_BUSY. */
  see(camera: LineCamera, picture: Uint8Array, times: MessageTimes): Promise<void>
  counts(): { readonly [name: string]: number }
}
/** `retained`: a broker kept it for us. */
export type Heard = { readonly receivedAt: number; readonly retained?: boolean }

/** A device that gives no figure for a plate: neither trusted nor distrusted. */
const UNTOLD_CONFIDENCE = 0.5
/** Messages of one camera that are remembered, so that one sent again is not read again. */
const REMEMBERED = 64
/** Stands in the place of a bay for a plate of which nobody knows where it is. */
export const NO_BAY = ''
/** A whole picture as a zone: for a plate that was cut out. */
const WHOLE: Polygon = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
]
/** Opens the line; see `CameraLine`. */
export const cameraLine = (parts: CameraLineParts): CameraLine => new Line(parts)

class Line implements CameraLine {
  readonly #parts: CameraLineParts
  readonly #pictures = newestWins()
  readonly #rests: PictureRests
  readonly #known = new Map<string, string[]>()
  readonly #frames = new SeenFrames()
  readonly #counts = {
    second_looks: 0,
    second_looks_done: 0,
    second_looks_failed: 0,
    second_looks_without_picture: 0,
    intake_pictures_unneeded: 0,
  }

  constructor(parts: CameraLineParts) {
    this.#parts = parts
    this.#rests = new PictureRests(parts.now ?? (() => performance.now()), parts.rested ?? (() => {}))
  }

  counts(): { readonly [name: string]: number } {
    return { ...this.#counts, intake_pictures_overtaken: this.#pictures.dropped() }
  }

  async hear(camera: LineCamera, dialect: CameraDialect, message: DeviceMessage, heard: Heard): Promise<void> {
    const { cameraId } = camera
    if (message.pulse) this.#parts.watch?.pulse(cameraId, message.pulse)
    const tells = dialect.reads === 'per-frame' ? null : message.isBeat === true ? 'beat' : 'vehicle'
    await this.#parts.cameraDesk.see({
      ...deviceMessage(cameraId, dialect, message, heard),
      ...(tells !== null && { sort: tells }),
    })
    // Every one is remembered, not only up to the first new one.
    const isNew = message.reads.filter(({ id }) => this.#remember(cameraId, id)).length > 0
    if (dialect.reads === 'per-frame' || heard.retained) return
    if (isNew || message.unread.length > 0) this.#lookAgain(camera, message, heard.receivedAt)
  }

  async see(camera: LineCamera, picture: Uint8Array, times: MessageTimes): Promise<void> {
    const { pictures, rests } = this.#parts
    if (pictures?.wants(camera.cameraId) !== true && rests?.(camera)) {
      this.#counts.intake_pictures_unneeded += 1
      return
    }
    await this.#pictures.offer(`picture ${camera.cameraId}`, async () => {
      const answer = await this.#read(camera, picture)
      await this.#parts.cameraDesk.see({ ...this.#pictured(camera, answer), ...times })
    })
  }

  async #read(camera: LineCamera, picture: Uint8Array): Promise<PictureAnswer> {
    const answer = await this.#rests.look(camera.cameraId, () => this.#parts.reader.read(picture, camera.zones))
    this.#parts.watch?.picture(camera.cameraId, answer)
    this.#parts.pictures?.took(camera.cameraId, picture, answer)
    return answer
  }

  /** What a picture shows, as the camera's message; `frame` names what the reader gives no print of. */
  #pictured(
    camera: LineCamera,
    answer: PictureAnswer,
    frame = frameOf(answer),
    judge: PresenceJudge = this.#parts.judge,
  ): CameraMessage {
    const nameOf = (bayId: string): string => this.#frames.nameOf(camera.cameraId, bayId, answer.zones[bayId], frame)
    return pictureMessage(camera, answer, judge, nameOf)
  }

  /** False where it was heard before. */
  #remember(cameraId: string, id: string): boolean {
    const known = this.#known.get(cameraId) ?? []
    this.#known.set(cameraId, known)
    if (known.includes(id)) return false
    known.push(id)
    if (known.length > REMEMBERED) known.shift()
    return true
  }

  /** The second witness of a camera that sends one result a vehicle: our own reading of its picture. The device has its answer already. */
  #lookAgain(camera: LineCamera, message: DeviceMessage, receivedAt: number): void {
    // A line of its own: a new picture says what is there now, and never that this plate was read twice.
    const looking = this.#pictures.offer(`second look ${camera.cameraId}`, async () => {
      this.#counts.second_looks += 1
      const scene = message.pictures.find(({ shows }) => shows === 'scene')
      if (scene) await this.#lookAtScene(camera, message, scene, receivedAt)
      const cuts = message.pictures.filter(({ shows }) => shows === 'plate')
      if (!scene && cuts.length > 0) await this.#lookAtPlates(camera, message, cuts, receivedAt)
      if (!scene && cuts.length === 0) await this.#fetchLook(camera)
    })
    looking.then(
      () => {
        this.#counts.second_looks_done += 1
      },
      () => {
        this.#counts.second_looks_failed += 1
      },
    )
  }

  async #lookAtScene(
    camera: LineCamera,
    message: DeviceMessage,
    { bytes }: DevicePicture,
    receivedAt: number,
  ): Promise<void> {
    const answer = await this.#read(camera, bytes)
    const boxes = message.reads.flatMap(({ box }) => (box === null ? [] : [box]))
    const frame = message.reads[0]?.frame ?? frameOf(answer)
    // Its look is not compared with the empty bay: devices print into such pictures.
    const { reads } = this.#pictured(camera, answer, frame, () => 'unknown')
    const own = reads.filter(({ box }) => boxes.length === 0 || box === null || boxes.some((one) => isAround(box, one)))
    await this.#tell(camera, own, message, frame, receivedAt)
  }

  async #lookAtPlates(
    camera: LineCamera,
    message: DeviceMessage,
    cuts: readonly DevicePicture[],
    receivedAt: number,
  ): Promise<void> {
    for (const cut of cuts) {
      const device: DeviceRead | undefined = message.reads[cut.read]
      if (!device) continue
      // The cut is kept for the bay where the device saw the plate: people who are asked there see it.
      const bayId = bayOfPlate(device.box, camera.zones, NO_BAY)
      const zone = { polygon: WHOLE, masks: [], camera: camera.cameraId }
      const { zones } = await this.#rests.look(camera.cameraId, () =>
        this.#parts.reader.read(cut.bytes, { [bayId]: zone }),
      )
      const best = zones[bayId]?.reads[0]
      if (!best) continue
      const name = this.#frames.nameOf(camera.cameraId, bayId, zones[bayId], device.frame)
      await this.#tell(camera, [ownRead(best, name, device.box)], message, device.frame, receivedAt)
    }
  }

  async #fetchLook(camera: LineCamera): Promise<void> {
    const picture = await this.#parts.snapshot?.(camera.cameraId)
    if (!picture) {
      this.#counts.second_looks_without_picture += 1
      return
    }
    const answer = await this.#read(camera, picture)
    await this.#parts.cameraDesk.see({ ...this.#pictured(camera, answer), sort: 'vehicle' })
  }

  async #tell(
    { cameraId }: LineCamera,
    reads: readonly CameraRead[],
    { capturedAt }: DeviceMessage,
    frame: string,
    receivedAt: number,
  ): Promise<void> {
    if (reads.length === 0) return
    const own = reads.map((read) => ({ ...read, capturedAt }))
    await this.#parts.cameraDesk.see({
      cameraId,
      reads: own,
      frame,
      capturedAt,
      receivedAt,
      reader: 'berth',
      sort: 'vehicle',
    })
  }
}

/** A device's message in the words of the plate feed. */
function deviceMessage(
  cameraId: string,
  { reads }: CameraDialect,
  message: DeviceMessage,
  { receivedAt, retained }: Heard,
): CameraMessage {
  const sighted = [
    ...message.unread,
    ...message.reads
      .flatMap(({ vehicleBox, phase }) => (vehicleBox === null || phase === 'lost' ? [] : [vehicleBox]))
      .map((box) => ({ box })),
  ]
  return {
    cameraId,
    reads: message.reads.map((read) => ({
      id: read.id,
      plate: read.plate,
      confidence: read.confidence ?? UNTOLD_CONFIDENCE,
      characters: read.characters,
      box: read.box,
      frame: read.frame,
      capturedAt: read.capturedAt,
      ...(read.phase === 'lost' && { past: true }),
      told: read.told,
    })),
    ...(message.vehicles !== null && { vehicles: message.vehicles.map((box) => ({ box })) }),
    ...(sighted.length > 0 && { sighted }),
    frame: message.reads[0]?.frame ?? null,
    capturedAt: message.capturedAt,
    receivedAt,
    reader: 'device',
    ...(reads === 'per-vehicle' && { perVehicle: true }),
    ...(retained === true && { retained }),
  }
}
