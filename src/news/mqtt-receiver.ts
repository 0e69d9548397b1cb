import { randomBytes } from 'node:crypto'
import mqtt, { type MqttClient } from 'mqtt'
import type { Clock } from '../../actors/ports.ts'
import type { Row } from '../../projections/row-fold.ts'
import { signatureOf } from '../back-end/signed-caller.ts'
import type { Credentials } from '../cameras/device-login.ts'
import { isWanted, type NewsReceiver, type Taking, type Wanted } from './news-receiver.ts'

export type MqttReceiverParts = Wanted & {
  readonly id: string
  readonly url: string
  readonly login: Credentials | null
  /** News go to `TOPIC/bay-1/session.started`; those of the whole site to `TOPIC/site/…`. */
  readonly topic: string
  /** Signs each message; null = unsigned. */
  readonly secret: string | null
  readonly clock: Clock
  /** Longest wait for the broker, ms; default 10,000. */
  readonly timeout_ms?: number
}

const AGAIN_ms = 5_000

/**
 * A broker that takes news with QoS 1: one is taken once the broker has acknowledged it. One that was not acknowledged in time is told again
 * over a connection of its own: the client would tell it once more whenever it connects again, behind pieces that come later.
 */
export class MqttReceiver implements NewsReceiver {
  readonly id: string
  readonly #parts: MqttReceiverParts
  /** The same for every connection: the broker ends the one before when the next one comes. */
  readonly #clientId = `berth-${randomBytes(6).toString('hex')}`
  #client: MqttClient
  #isClosed = false

  constructor(parts: MqttReceiverParts) {
    this.#parts = parts
    this.id = parts.id
    this.#client = this.#connect()
  }

  #connect(): MqttClient {
    const { url, login } = this.#parts
    const client = mqtt.connect(url, {
      ...(login ?? {}),
      clientId: this.#clientId,
      clean: true,
      reconnectPeriod: AGAIN_ms,
      connectTimeout: 10_000,
      queueQoSZero: false,
    })
    return client.on('error', () => {})
  }

  /** Forgets what was sent and not acknowledged. */
  async #begin(): Promise<void> {
    await this.#client.endAsync(true).catch(() => {})
    if (!this.#isClosed) this.#client = this.#connect()
  }

  wants(news: Row): boolean {
    return isWanted(this.#parts, news)
  }

  async take(news: Row): Promise<Taking> {
    const { topic, timeout_ms = 10_000 } = this.#parts
    if (!this.#client.connected) return this.#not('is not reached')
    const place = `${topic}/${String(news['bayId'] ?? 'site')}/${String(news['type'])}`
    const late = Symbol('late')
    let disarm: () => void = () => {}
    const waited = new Promise<symbol>((resolve) => {
      disarm = this.#parts.clock.after(timeout_ms, () => resolve(late))
    })
    try {
      const sent = this.#client.publishAsync(place, this.#message(news), { qos: 1 })
      sent.catch(() => {})
      if ((await Promise.race([sent, waited])) !== late) return { taken: true }
      await this.#begin()
      return this.#not('does not acknowledge')
    } catch {
      return this.#not('does not take messages on its topic')
    } finally {
      disarm()
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#client.endAsync(true).catch(() => {})
  }

  /** `body` is the text that is signed, so that whoever checks it need not write it anew. */
  #message(news: Row): string {
    const { secret, clock } = this.#parts
    const body = JSON.stringify(news)
    if (secret === null) return JSON.stringify({ id: news['id'], body })
    const timestamp = String(clock.now())
    return JSON.stringify({
      id: news['id'],
      timestamp,
      signature: signatureOf(secret, String(news['id']), timestamp, body),
      body,
    })
  }

  #not(why: string): Taking {
    const { id, url } = this.#parts
    return { taken: false, why: `The broker of \`${id}\` at ${new URL(url).host} ${why}` }
  }
}
