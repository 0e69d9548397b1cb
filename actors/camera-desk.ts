/** One message of a camera, after its dialect was read. Boxes are x, y, width, height in 0..1 of the picture. */
export type CameraMessage = {
  readonly cameraId: string
  readonly reads: readonly CameraRead[]
  /** Vehicles seen now; absent = the message says nothing about presence. */
  readonly vehicles?: readonly { readonly box: Box }[]
  /** Presence by zone, from pictures. */
  readonly presence?: { readonly [bayId: string]: 'occupied' | 'empty' | 'unknown' }
  readonly frame: string | null
  /** Device clock, ms since 1970. */
  readonly capturedAt: number | null
  /** When it came in at the door, by our clock, ms since 1970; absent = just now. A picture may wait for the reader. */
  readonly receivedAt?: number
  /** Who read: the device, or our reader. Two readers of one frame are two witnesses. */
  readonly reader: 'device' | 'berth'
}
export type Box = readonly [number, number, number, number]
export type CameraRead = {
  readonly id: string | null
  readonly plate: string
  readonly confidence: number
  readonly characters: readonly number[]
  readonly box: Box | null
  /** Set where the read came from a zone's own crop. */
  readonly bayId?: string
  readonly frame: string | null
  readonly capturedAt: number | null
}

/** Takes what cameras send. Resolves when all that must be durable is; rejects with a Fault when it is not. */
export interface CameraDesk {
  see(message: CameraMessage): Promise<void>
  camera(cameraId: string, news: 'lost' | 'back'): void
}
