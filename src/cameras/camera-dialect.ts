import type { Box } from '../../actors/camera-desk.ts'
import type { Json } from '../../machines/events.ts'
import type { Part } from './multipart.ts'

/** What came from a device, taken apart: the parts of its body (one where it is no multipart), and what is known of its way here. */
export type Envelope = {
  readonly parts: readonly Part[]
  /** The address's query, flat: some firmwares put fields there. */
  readonly query: { readonly [name: string]: string }
  /** What stands behind the dialect in the path: `NotificationInfo/KeepAlive`. Of MQTT: the topic. */
  readonly path: string
  /** Arrival, ms since 1970. */
  readonly arrivedAt: number
  /** IANA name: what times without an offset are in. */
  readonly timezone: string
  /** Pixels of the picture that boxes count in, where the site file says them; null = as the message says. */
  readonly pictureSize: PictureSize | null
}

export type PictureSize = readonly [width: number, height: number]

/** How far a device's time can be trusted: `local`: without an offset, taken as the site's own time. */
export type TimeTrust = 'utc' | 'offset' | 'local' | 'none'

/** One plate as a device read it. */
export type DeviceRead = {
  /** The same for a message that is sent again, and for no other. */
  readonly id: string
  /** As the device wrote it. */
  readonly plate: string
  /** 0..1; null where the device gives no figure. */
  readonly confidence: number | null
  /** 0..1 each; empty where the device gives none. */
  readonly characters: readonly number[]
  /** In 0..1 of the picture; null where it is not known. */
  readonly box: Box | null
  readonly vehicleBox: Box | null
  /** The frame, or for a camera that sends one result a vehicle that vehicle: all that shares it is one witness. */
  readonly frame: string
  /** ms since 1970; null where the device says none. */
  readonly capturedAt: number | null
  readonly timeTrust: TimeTrust
  readonly phase: 'new' | 'update' | 'lost' | 'single'
  /** The device's message about it, without pictures: kept sealed as evidence. */
  readonly told: Json
}

/** A picture that came with a message: all that the camera sees, or one plate cut out (then `read` is its place in `reads`). */
export type DevicePicture = { readonly shows: 'scene' | 'plate'; readonly bytes: Uint8Array; readonly read: number }

/** What a device said of itself. */
export type DevicePulse = {
  /** Frames per second that it takes in; null where it does not say. */
  readonly fps: number | null
  /** Why it sees nothing; null = it sees. */
  readonly blind: string | null
}

/** One message of a device. With neither reads nor vehicles it is a sign of life. */
export type DeviceMessage = {
  /** Every name by which the device calls itself. */
  readonly deviceIds: readonly string[]
  readonly reads: readonly DeviceRead[]
  /** Vehicles whose plate it could not read; box null where it does not say where. */
  readonly unread: readonly { readonly box: Box | null }[]
  /** All vehicles in the picture, where the dialect says presence; null = it says nothing about who is not there. */
  readonly vehicles: readonly Box[] | null
  readonly pictures: readonly DevicePicture[]
  readonly capturedAt: number | null
  readonly pulse: DevicePulse | null
  /** A heartbeat: it comes again and again, vehicles or none. Other messages without a vehicle come when they come. */
  readonly isBeat?: boolean
}

/** A message that says nothing but that the device lives. */
export const SIGN_OF_LIFE: DeviceMessage = {
  deviceIds: [],
  reads: [],
  unread: [],
  vehicles: null,
  pictures: [],
  capturedAt: null,
  pulse: null,
}

/** The words of one family of devices. To add one: docs/cameras.md. */
export type CameraDialect = {
  /** Its name in addresses and in the site file. */
  readonly name: string
  /** Whether it sends one result a frame, which vote, or one a vehicle, which need a second witness. */
  readonly reads: 'per-frame' | 'per-vehicle'
  /** Whether its messages say who is not there. */
  readonly presence: 'yes' | 'no'
  /** What its tests stand on: messages of a real device, or only what is written about it. */
  readonly samplesFrom: 'device' | 'documentation'
  /** What the device must hear so that it does not send again; absent = any 200. */
  readonly answer?: { readonly [key: string]: Json }
  /** Reads one message. Throws Fault BODY_INVALID with one sentence that names the place and holds no plate. */
  read(envelope: Envelope): DeviceMessage
}
