import type { Json } from '../machines/events.ts'

/** One message of a camera, after its dialect was read. Boxes are x, y, width, height in 0..1 of the picture. */
export type CameraMessage = {
  readonly cameraId: string
  readonly reads: readonly CameraRead[]
  /** Vehicles seen now; absent = the message says nothing about presence. */
  readonly vehicles?: readonly { readonly box: Box }[]
  /** Vehicles that an event tells of, plate or none: they say who is here, and nothing about who is not. Box null = somewhere in the picture. */
  readonly sighted?: readonly { readonly box: Box | null }[]
  /** Presence by zone, from pictures. */
  readonly presence?: { readonly [bayId: string]: 'occupied' | 'empty' | 'unknown' }
  readonly frame: string | null
  /** Device clock, ms since 1970. */
  readonly capturedAt: number | null
  /** When it came in at the door, by our clock, ms since 1970; absent = just now. A picture may wait for the reader. */
  readonly receivedAt?: number
  /** Who read: the device, or our reader. Two readers of one frame are two witnesses. */
  readonly reader: 'device' | 'berth'
  /** The camera sends one result a vehicle: what it says of a plate is one witness, however many events it makes of it. */
  readonly perVehicle?: boolean
  /** A copy that a broker kept for us: evidence, and no sign of life. */
  readonly retained?: boolean
  /** Of a camera that tells of vehicles only, now and then (`vehicle`), or that it lives (`beat`). Absent = it sends frame by frame. */
  readonly sort?: 'vehicle' | 'beat'
}
export type Box = readonly [number, number, number, number]
export type CameraRead = {
  readonly id: string | null
  readonly plate: string
  readonly confidence: number
  readonly characters: readonly number[]
  readonly box: Box | null
  /** Our reader's two recognisers read the same plate here: two witnesses. */
  readonly agreed?: boolean
  /** Set where the read came from a zone's own crop. */
  readonly bayId?: string
  readonly frame: string | null
  readonly capturedAt: number | null
  /** The device says that the vehicle was gone by then: evidence, never a trigger. */
  readonly past?: boolean
  /** What else the device said of it: kept sealed beside the read. */
  readonly told?: Json
}

/** Takes what cameras send. Resolves when all that must be durable is; rejects with a Fault when it is not. */
export interface CameraDesk {
  see(message: CameraMessage): Promise<void>
  /** It sees nothing although it sends (lost), until it sees again (back). */
  camera(cameraId: string, news: 'lost' | 'back'): void
}
