import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../../src/clock.ts'
import { type ChargePointClient, openChargePointClient } from '../../../src/demo/charge-point-client.ts'
import { readsBody } from '../serve/serving-line.ts'
import { type HeadNow, HeardChargePoint } from './heard-charge-point.ts'
import { askAt, PASSWORD } from './node-line.ts'
import type { Acknowledged } from './site-laws.ts'

/** So long a vehicle waits for its start before it plugs in all the same and leaves, ms. */
const START_WAIT_MS = 8_000
/** So long a site is given to see that a vehicle has left, ms. */
const EMPTY_WAIT_MS = 90_000
/** An order without an answer is given so often. */
const TRIES = 30
/** Every so many charges the operator ends. */
const STOPPED = 3
const PLATE = 'AB12CDE'

/** `port`: where the load balancer listens. `pace`: pauses are so many times as long. */
export type LifeParts = {
  readonly siteId: string
  readonly port: number
  readonly pace: number
  readonly headNow: HeadNow
}

/** What happens at one site while its nodes come and go: one vehicle after another charges in its first bay, some until the operator ends it, and an operator gives orders for its second. */
export class HostedLife {
  readonly siteId: string
  readonly acknowledged: Acknowledged[] = []
  readonly client: ChargePointClient
  readonly heard: HeardChargePoint
  /** What the charge point's meter showed before the first of them, Wh. */
  readonly from_Wh: number
  charges = 0
  refused = 0
  readonly #port: number
  readonly #pace: number
  #frames = 0
  #ending = false
  #loops: Promise<unknown> = Promise.resolve()

  constructor({ siteId, port, pace, headNow }: LifeParts) {
    this.siteId = siteId
    this.#port = port
    this.#pace = pace
    this.heard = new HeardChargePoint(headNow)
    this.client = openChargePointClient({
      url: `ws://127.0.0.1:${port}/s/${siteId}/ocpp`,
      ...{ id: 'CP-1', password: PASSWORD, clock: systemClock, reconnect_ms: 200 },
      habits: { meterInterval_s: 1, callTimeout_s: 3 },
      heard: ({ way, frame }) => this.heard.note(way, frame),
    })
    this.from_Wh = this.client.connector(1).register_Wh
  }

  /** Its account, and the vehicle that comes; tried until a node answers. */
  async begin(): Promise<void> {
    while ((await this.#ask('PUT', `/api/vehicles/${PLATE}`, { accountId: 'acc-1' })).status !== 200) await sleep(300)
    this.#loops = Promise.all([this.#vehicles(), this.#orders()])
  }

  /** Resolves when the last vehicle has left. */
  async end(): Promise<void> {
    this.#ending = true
    await this.#loops
    await this.#empty()
  }

  #ask(method: string, path: string, body?: unknown) {
    return askAt(this.#port, method, `/s/${this.siteId}${path}`, body)
  }

  async #vehicles(): Promise<void> {
    await sleep(Math.random() * 1_000 * this.#pace)
    while (!this.#ending) {
      await this.#vehicle()
      await sleep((500 + Math.random() * 1_000) * this.#pace)
    }
  }

  async #vehicle(): Promise<void> {
    const before = this.heard.tokens.size
    for (const _ of [1, 2, 3]) {
      const frame = `f${++this.#frames}`
      await this.#ask('POST', '/in/cam-1-secret/reads', readsBody({ bays: 2 }, [{ bay: 1, plate: PLATE }], { frame }))
      await sleep(200)
    }
    const until = performance.now() + START_WAIT_MS
    while (this.heard.tokens.size === before && performance.now() < until) await sleep(50)
    this.client.plug(1)
    this.client.drive(1, 16)
    await sleep(2_000)
    if (this.client.connector(1).transactionId !== null) this.charges++
    if (this.charges % STOPPED === STOPPED - 1) await this.#order('bay-1', { type: 'remote-stop' }, 1)
    await sleep(500)
    this.client.unplug(1)
    await sleep(200)
    await this.#ask('POST', '/in/cam-1-secret/reads', { vehicles: [], reads: [], frame: `f${++this.#frames}` })
    await sleep(1_500)
  }

  async #orders(): Promise<void> {
    for (let turn = 0; !this.#ending; turn++) {
      const level = turn % 2 === 0 ? 'suggest' : 'act'
      await this.#order('bay-2', { type: 'autonomy', level, reason: `order ${turn}` }, TRIES)
      await sleep((400 + Math.random() * 400) * this.#pace)
    }
  }

  /** No answer leaves open whether it was taken: the same order goes out again under its id, `tries` times. */
  async #order(bayId: string, what: object, tries: number): Promise<void> {
    const id = randomUUID()
    for (let i = 0; i < tries; i++) {
      const { status, body } = await this.#ask('POST', `/api/bays/${bayId}/commands`, { id, ...what })
      if (status === 202) return void this.acknowledged.push({ id, seq: body.seq })
      if (status !== 0 && status < 500 && status !== 421) return void this.refused++
      await sleep(200 * this.#pace)
    }
  }

  /** Until the site has seen that its bay is empty: bills wait for the end of a visit. */
  async #empty(): Promise<void> {
    const until = performance.now() + EMPTY_WAIT_MS
    while (performance.now() < until) {
      await this.#ask('POST', '/in/cam-1-secret/reads', { vehicles: [], reads: [], frame: `f${++this.#frames}` })
      const { body } = await this.#ask('GET', '/api/bays/bay-1')
      if (body?.state === 'vacant' && this.client.online && this.client.connector(1).transactionId === null) return
      await sleep(500 * this.#pace)
    }
  }
}
