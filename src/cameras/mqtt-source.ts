import mqtt, { type IPublishPacket, type MqttClient } from 'mqtt'
import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { BrokenMessages } from './broken-messages.ts'
import type { CameraDialect } from './camera-dialect.ts'
import type { CameraLine, LineCamera } from './camera-line.ts'
import { type CameraSource, insist } from './camera-source.ts'
import type { Credentials } from './device-login.ts'
import { readMessage } from './message-reading.ts'

export type MqttSourceParts = {
  readonly camera: LineCamera
  readonly dialect: CameraDialect
  /** `mqtt://` or `mqtts://` of the broker. */
  readonly url: string
  readonly login: Credentials | null
  readonly topics: readonly string[]
  /** What the camera calls itself in the messages; others' messages on the topics are passed over. null = all are its. */
  readonly deviceId: string | null
  readonly line: CameraLine
  readonly broken: BrokenMessages
  readonly clock: Clock
  readonly timezone: string
  readonly log: (line: string) => void
}

const AGAIN_MS = 5_000
/** A broker that refuses the login is left alone so long: it may count. */
const REFUSED_MS = 35 * 60_000
const LARGEST = 8 << 20

/**
 * What a broker passes on. A message is acknowledged once it is durable. Copies that the broker kept (retain) are evidence and never act,
 * nor do they say that the camera lives.
 */
export function mqttSource(parts: MqttSourceParts): CameraSource {
  const { camera, url, login, topics, log } = parts
  const ending = new AbortController()
  const client = mqtt.connect(url, {
    ...(login === null ? {} : login),
    clean: true,
    reconnectPeriod: AGAIN_MS,
    connectTimeout: 10_000,
    resubscribe: false,
  })
  let isOut = false
  const out = (why: string): void => {
    if (!isOut) log(`Camera ${camera.cameraId}: ${why} berth tries again by itself.`)
    isOut = true
  }
  client.handleMessage = (packet, acknowledge) => {
    take(parts, packet as IPublishPacket, ending.signal).then(() => acknowledge(), acknowledge)
  }
  client.on('connect', () => {
    client.options.reconnectPeriod = AGAIN_MS
    client.subscribe([...topics], { qos: 1 }, (error) => {
      if (error) return out('the broker does not let berth listen to its topics.')
      if (isOut) log(`Camera ${camera.cameraId}: the broker is reached again.`)
      isOut = false
    })
  })
  client.on('error', (error) => {
    const isRefused =
      'code' in error && (error.code === 4 || error.code === 5 || error.code === 134 || error.code === 135)
    // Wrong logins are not repeated: accounts are locked by that.
    if (isRefused) client.options.reconnectPeriod = REFUSED_MS
    out(isRefused ? 'the broker refuses the login; it is asked again in 35 min.' : 'the broker is not reached.')
  })
  client.on('close', () => out('the broker is not reached.'))
  return { cameraId: camera.cameraId, close: () => closed(client, ending) }
}

async function closed(client: MqttClient, ending: AbortController): Promise<void> {
  client.removeAllListeners('close')
  client.on('error', () => {})
  ending.abort(new Error('closed'))
  await client.endAsync(true)
}

async function take(parts: MqttSourceParts, packet: IPublishPacket, signal: AbortSignal): Promise<void> {
  const { camera, dialect, deviceId, line, broken, clock, timezone } = parts
  const body = Buffer.from(packet.payload)
  if (body.length === 0) return
  const receivedAt = clock.now()
  const pictureSize = camera.pictureSize ?? null
  try {
    if (body.length > LARGEST) throw new Fault('BODY_INVALID', {}, { says: 'This message is larger than 8 MB.' })
    const part = { headers: {}, name: null, filename: null, body }
    const message = readMessage(dialect, {
      parts: [part],
      query: {},
      path: packet.topic,
      arrivedAt: receivedAt,
      timezone,
      pictureSize,
    })
    if (deviceId !== null && message.deviceIds.length > 0 && !message.deviceIds.includes(deviceId)) return
    const heard = { receivedAt, retained: packet.retain === true }
    await insist(clock, signal, () => line.hear(camera, dialect, message, heard))
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'STORE_UNWRITABLE') throw cause
    broken.note(camera.cameraId, dialect.name, cause instanceof Fault ? cause.message : 'it could not be taken.')
  }
}
