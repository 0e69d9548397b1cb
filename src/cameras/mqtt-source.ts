import { createHash } from 'node:crypto'
import mqtt, { type IPublishPacket, type MqttClient } from 'mqtt'
import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { BrokenMessages } from './broken-messages.ts'
import type { CameraDialect } from './camera-dialect.ts'
import type { CameraLine, LineCamera } from './camera-line.ts'
import { type CameraSource, insist, type TellSource } from './camera-source.ts'
import type { Credentials } from './device-login.ts'
import { readMessage } from './message-reading.ts'
import { boundPackets } from './mqtt-bounds.ts'

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
  /** With the camera's id it names the session that the broker keeps for this camera. */
  readonly siteId: string
  readonly log: (line: string) => void
  readonly tell?: TellSource | undefined
}

const AGAIN_MS = 5_000
/** A broker that refuses the login is left alone so long: it may count. */
const REFUSED_MS = 35 * 60_000
/** A broker that is not reached for so long is not reached. */
const LONG_OUT_MS = 30_000
const LARGEST = 8 << 20
/** A message with its topic around it. */
const LARGEST_PACKET = LARGEST + (1 << 17)
const TOO_LARGE =
  'a message that the broker passes on is larger than 8 MB; the connection was cut. Look at what is published to its topics.'
/** After the broker has given back a session: what it kept comes without a pause of this length, ms, and is over by then at the latest. */
const BACKLOG_PAUSE_MS = 1_000
const LONGEST_BACKLOG_MS = 30_000

/** The name of a camera's session at its broker: the same after every start, and short enough for any broker. */
const sessionOf = (siteId: string, cameraId: string): string =>
  `berth-${createHash('sha256').update(`${siteId} ${cameraId}`).digest('hex').slice(0, 16)}`

/**
 * What a broker passes on. A message is acknowledged once it is durable; what comes while berth is away the broker keeps in its session, for
 * publishers with QoS 1, and gives to it afterwards: by its own time it is judged, and without one it is evidence. Copies that the broker kept (retain) are evidence and never act,
 * nor do they say that the camera lives.
 */
export function mqttSource(parts: MqttSourceParts): CameraSource {
  const { camera, dialect, url, login, topics, broken, clock, log, tell } = parts
  const ending = new AbortController()
  const client = mqtt.connect(url, {
    ...(login === null ? {} : login),
    clientId: sessionOf(parts.siteId, camera.cameraId),
    clean: false,
    reconnectPeriod: AGAIN_MS,
    connectTimeout: 10_000,
    resubscribe: false,
    wsOptions: { maxPayload: LARGEST_PACKET },
  })
  keepBounded(client, () => broken.note(camera.cameraId, dialect.name, TOO_LARGE))
  let isOut = false
  /** Not reached since, ms since 1970. */
  let outSince: number | null = null
  const away = (): void => {
    outSince ??= clock.now()
    if (clock.now() - outSince >= LONG_OUT_MS) tell?.('unreachable')
  }
  const out = (why: string): void => {
    if (!isOut) log(`Camera ${camera.cameraId}: ${why} berth tries again by itself.`)
    isOut = true
  }
  const backlog = backlogOf(parts.clock)
  client.handleMessage = (packet, acknowledge) => {
    take(parts, packet as IPublishPacket, backlog.holds(), ending.signal).then(() => acknowledge(), acknowledge)
  }
  client.on('connect', ({ sessionPresent }) => {
    if (sessionPresent) backlog.begins()
    client.options.reconnectPeriod = AGAIN_MS
    client.subscribe([...topics], { qos: 1 }, (error) => {
      if (error) {
        tell?.('unreachable')
        return out('the broker does not let berth listen to its topics.')
      }
      outSince = null
      tell?.('works')
      if (isOut) log(`Camera ${camera.cameraId}: the broker is reached again.`)
      isOut = false
    })
  })
  client.on('error', (error) => {
    const isRefused =
      'code' in error && (error.code === 4 || error.code === 5 || error.code === 134 || error.code === 135)
    // Wrong logins are not repeated: accounts are locked by that.
    if (isRefused) client.options.reconnectPeriod = REFUSED_MS
    if (isRefused) tell?.('refused')
    else away()
    out(isRefused ? 'the broker refuses the login; it is asked again in 35 min.' : 'the broker is not reached.')
  })
  client.on('close', () => {
    if (client.options.reconnectPeriod !== REFUSED_MS) away()
    out('the broker is not reached.')
  })
  return { cameraId: camera.cameraId, close: () => closed(client, ending) }
}

/** Cuts each connection before a message that would fill the memory of the site: the client itself gathers it first. */
function keepBounded(client: MqttClient, cut: () => void): void {
  const bound = (): void =>
    boundPackets(client.stream, LARGEST_PACKET, () => {
      // What the broker has kept for berth goes with it: it would give the same message again, for ever.
      client.options.clean = true
      cut()
    })
  bound()
  // Each connection has a stream of its own, made once this event was told.
  client.on('reconnect', () => queueMicrotask(bound))
  client.on('connect', () => {
    client.options.clean = false
  })
}

/** Knows of a message whether the broker had kept it while nobody listened: those come one after the other, right after the session began again. */
function backlogOf({ now }: Pick<Clock, 'now'>): { begins(): void; holds(): boolean } {
  let [until, end] = [Number.NEGATIVE_INFINITY, 0]
  return {
    begins() {
      end = now() + LONGEST_BACKLOG_MS
      until = now() + BACKLOG_PAUSE_MS
    },
    holds() {
      if (now() >= until) return false
      until = Math.min(end, now() + BACKLOG_PAUSE_MS)
      return true
    },
  }
}

async function closed(client: MqttClient, ending: AbortController): Promise<void> {
  client.removeAllListeners('close')
  client.on('error', () => {})
  ending.abort(new Error('closed'))
  await client.endAsync(true)
}

async function take(
  parts: MqttSourceParts,
  packet: IPublishPacket,
  isKept: boolean,
  signal: AbortSignal,
): Promise<void> {
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
    // What says no time of its own may be an hour old by now.
    const isUndated = isKept && message.capturedAt === null && message.reads.every((read) => read.capturedAt === null)
    const heard = { receivedAt, retained: packet.retain === true || isUndated }
    await insist(clock, signal, () => line.hear(camera, dialect, message, heard))
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'STORE_UNWRITABLE') throw cause
    broken.note(camera.cameraId, dialect.name, cause instanceof Fault ? cause.message : 'it could not be taken.')
  }
}
