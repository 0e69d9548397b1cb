import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChargePointClient } from '../../../src/demo/charge-point-client.ts'
import { readsBody } from '../serve/serving-line.ts'
import { askAt } from './node-line.ts'

/** An order that was answered 202: it stands at `seq`, for ever. */
export type Acknowledged = { readonly id: string; readonly seq: number }

/** So long a vehicle waits for its start before it plugs in all the same and leaves, ms. */
const START_WAIT_MS = 8_000
/** So long a site is given to see that a vehicle has left, ms. */
const EMPTY_WAIT_MS = 90_000
const PLATE = 'AB12CDE'

/** What happens at one site while its nodes come and go: one vehicle after another charges in its first bay, and an operator gives orders for its second. */
export class HostedLife {
  readonly siteId: string
  readonly acknowledged: Acknowledged[] = []
  readonly client: ChargePointClient
  /** Tokens of starts that reached the charge point, each as often as it did by a call of its own. */
  readonly starts = new Map<string, Set<string>>()
  /** What the charge point's meter showed before the first of them, Wh. */
  readonly from_Wh: number
  charges = 0
  refused = 0
  readonly #port: number
  #frames = 0
  #lastFrame: ChargePointClient['frames'][number] | null = null
  #ending = false
  #loops: Promise<unknown> = Promise.resolve()

  /** `port`: where the load balancer listens. */
  constructor(siteId: string, port: number, client: ChargePointClient) {
    this.siteId = siteId
    this.#port = port
    this.client = client
    this.from_Wh = client.connector(1).register_Wh
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
    this.#hearStarts()
  }

  #ask(method: string, path: string, body?: unknown) {
    return askAt(this.#port, method, `/s/${this.siteId}${path}`, body)
  }

  async #vehicles(): Promise<void> {
    while (!this.#ending) {
      await this.#vehicle()
      await sleep(500 + Math.random() * 1_000)
    }
  }

  async #vehicle(): Promise<void> {
    const before = this.#startsHeard()
    for (const _ of [1, 2, 3]) {
      const frame = `f${++this.#frames}`
      await this.#ask('POST', '/in/cam-1-secret/reads', readsBody({ bays: 2 }, [{ bay: 1, plate: PLATE }], { frame }))
      await sleep(200)
    }
    const until = performance.now() + START_WAIT_MS
    while (this.#startsHeard() === before && performance.now() < until) await sleep(50)
    this.client.plug(1)
    this.client.drive(1, 16)
    await sleep(2_500)
    if (this.client.connector(1).transactionId !== null) this.charges++
    this.client.unplug(1)
    await sleep(200)
    await this.#ask('POST', '/in/cam-1-secret/reads', { vehicles: [], reads: [], frame: `f${++this.#frames}` })
    await sleep(1_500)
  }

  async #orders(): Promise<void> {
    for (let turn = 0; !this.#ending; turn++) {
      const id = randomUUID()
      // No answer leaves open whether it was taken: the same order goes out again under its id.
      for (let tries = 0; tries < 20; tries++) {
        const { status, body } = await this.#ask('POST', '/api/bays/bay-2/commands', {
          ...{ id, type: 'autonomy', level: turn % 2 === 0 ? 'suggest' : 'act', reason: `order ${turn}` },
        })
        if (status === 202) this.acknowledged.push({ id, seq: body.seq })
        else if (status === 0 || status >= 500 || status === 421) {
          await sleep(200)
          continue
        } else this.refused++
        break
      }
      await sleep(400 + Math.random() * 400)
    }
  }

  /** Until the site has seen that its bay is empty: bills wait for the end of a visit. */
  async #empty(): Promise<void> {
    const until = performance.now() + EMPTY_WAIT_MS
    while (performance.now() < until) {
      await this.#ask('POST', '/in/cam-1-secret/reads', { vehicles: [], reads: [], frame: `f${++this.#frames}` })
      const { body } = await this.#ask('GET', '/api/bays/bay-1')
      if (body?.state === 'vacant' && this.client.online && this.client.connector(1).transactionId === null) return
      await sleep(500)
    }
  }

  #startsHeard(): number {
    this.#hearStarts()
    return this.starts.size
  }

  #hearStarts(): void {
    const { frames } = this.client
    const from = this.#lastFrame === null ? 0 : frames.lastIndexOf(this.#lastFrame) + 1
    for (const { way, frame } of frames.slice(from)) {
      if (way !== 'in' || frame[0] !== 2 || frame[2] !== 'RemoteStartTransaction') continue
      const token = String((frame[3] as { idTag: string }).idTag)
      const calls = this.starts.get(token) ?? new Set()
      this.starts.set(token, calls.add(String(frame[1])))
    }
    this.#lastFrame = frames.at(-1) ?? null
  }
}
