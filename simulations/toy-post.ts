import { type BodyConnector, makeBody, type ToyBody } from './toy-body.ts'
import type { Stay } from './toy-driver.ts'
import type { ToyInput } from './toy-life.ts'
import type { ToyLine } from './toy-network.ts'
import type { Payload, ToyFrame } from './toy-wire.ts'
import type { Dice } from './world-chance.ts'
import type { WorldClock } from './world-clock.ts'
import type { Faults } from './world-faults.ts'
import type { Ledger } from './world-ledger.ts'
import type { PostPlan } from './world-plan.ts'

export type ToyPostOptions = {
  readonly clock: WorldClock
  readonly plan: PostPlan
  readonly dice: Dice
  readonly faults: Faults
  readonly ledger: Ledger
  readonly line: (post: ToyPost) => ToyLine
  /** What leaves is first made worse by the charge point's quirks; answers what really leaves. */
  readonly tamper: (post: ToyPost, frame: ToyFrame) => readonly ToyFrame[]
}

/** Dialling again after a lost connection, ms. */
const REDIAL_MS = [3_000, 20_000] as const
/** It says Finishing this long after a plug that nobody started, ms. */
const GIVES_UP_MS = 45_000

/** A charge point as it stands in the world: its cables and who has them, its power, its connection, what it truly gave. */
export class ToyPost {
  readonly id: string
  readonly body: ToyBody
  readonly line: ToyLine
  /** Who has the cable of each connector, from 1; null = hangs at the post, or lies there with nobody. */
  readonly holders: (Stay | null)[]
  /** Connectors in which a cable was left. */
  readonly forgotten = new Set<number>()
  /** What each vehicle takes where there is power, A, by connector from 1. */
  readonly #wanted: number[] = []
  powered = true
  /** Frames of this kind of lie until then. */
  lies: { readonly mode: 'zero' | 'frozen' | 'noise'; readonly until: number; last: string } | null = null
  slowUntil = 0
  givesUp = false
  readonly #options: ToyPostOptions
  #cancelWake: () => void = () => {}
  #wakeAt = Number.POSITIVE_INFINITY

  constructor(options: ToyPostOptions) {
    const { plan } = options
    this.#options = options
    this.id = plan.id
    this.body = makeBody(plan.id, plan.connectors, plan)
    this.holders = Array.from({ length: plan.connectors + 1 }, () => null)
    this.line = options.line(this)
  }

  #connector(evse: number): BodyConnector {
    const connector = this.body.connectors[evse - 1]
    if (!connector) throw new Error(`Broken invariant: ${this.id} has no connector ${evse}`)
    return connector
  }

  /** Something happens to it, now. */
  tell(input: ToyInput): void {
    const { clock, ledger } = this.#options
    const now = clock.now()
    const { body, holders } = this
    const before = body.connectors.map((one, index) => ({
      key: body.running(index + 1)?.key ?? null,
      register: one.register_Wh,
    }))
    const frames = body.tell(input, now)
    body.connectors.forEach((one, index) => {
      const { key, register } = before[index] as { key: number | null; register: number }
      const holder = holders[index + 1] ?? null
      if (key !== null && one.register_Wh > register) {
        ledger.flowed(this.id, key, holder, one.register_Wh - register)
        holder?.drew(one.register_Wh - register)
      }
      const running = body.running(index + 1)
      if (running && running.key !== key) this.#began(index + 1, running.key, running.idTag)
      if (key !== null && running?.key !== key) holders[index + 1]?.ended()
    })
    for (const frame of frames) this.#send(frame)
    this.#wake()
  }

  #began(evse: number, key: number, idTag: string): void {
    const first_Wh = this.#connector(evse).register_Wh
    this.#options.ledger.began({ postId: this.id, evse, key, idTag, beganAt: this.#options.clock.now(), first_Wh })
    this.holders[evse]?.began(this, evse, idTag)
  }

  #send(frame: ToyFrame): void {
    for (const one of this.#options.tamper(this, frame)) this.line.up(one, this.#slowness())
  }

  #slowness(): number {
    const { clock, dice } = this.#options
    return clock.now() < this.slowUntil ? dice.between(2_000, 12_000) : 0
  }

  #wake(): void {
    const { clock } = this.#options
    const at = this.body.wakes()
    if (at === this.#wakeAt) return
    this.#cancelWake()
    this.#wakeAt = at
    if (at === Number.POSITIVE_INFINITY) return
    this.#cancelWake = clock.after(at - clock.now(), () => {
      this.#wakeAt = Number.POSITIVE_INFINITY
      this.tell({ type: 'tick' })
    })
  }

  /** A frame of berth's. */
  hear(frame: ToyFrame): void {
    if (!this.powered) return
    if (frame[0] === 2 && frame[2] === 'RemoteStartTransaction' && this.#isTired(frame[3])) {
      this.line.up([3, frame[1], { status: 'Rejected' }])
      return
    }
    this.tell({ type: 'frame', frame })
  }

  /** It said Finishing to a plug that nobody started in time, and waits for another plug. */
  #isTired(payload: Payload): boolean {
    const connector = this.body.connectors[Number(payload['connectorId']) - 1]
    return connector?.status === 'Finishing' && connector.plugged && connector.transaction === null
  }

  connect(): void {
    const { clock, dice } = this.#options
    if (!this.powered || this.body.online) return
    if (this.line.dial()) this.tell({ type: 'connected' })
    else clock.after(dice.between(...REDIAL_MS), () => this.connect())
  }

  /** It notices that the connection is gone, and dials again. */
  disconnected(): void {
    const { clock, dice } = this.#options
    if (!this.body.online) return
    this.tell({ type: 'disconnected' })
    clock.after(dice.between(...REDIAL_MS), () => this.connect())
  }

  /** The connection breaks, for `away_ms`. */
  drop(away_ms: number): void {
    this.line.partitionedUntil = Math.max(this.line.partitionedUntil, this.#options.clock.now() + away_ms)
    this.line.reset()
    this.disconnected()
  }

  /** Connects anew before the former connection is gone: berth closes that one. */
  reconnect(): void {
    if (!this.body.online || !this.powered) return
    this.tell({ type: 'disconnected' })
    this.connect()
  }

  /** Boots, and remembers no transaction: what it gave is never stopped. */
  forget(): void {
    this.tell({ type: 'tick' })
    this.body.connectors.forEach((one, index) => {
      if (one.transaction) this.holders[index + 1]?.ended()
    })
    this.body.forgets()
    this.reboot()
  }

  /** The next connection begins with a boot. */
  reboot(): void {
    this.body.boots()
    this.drop(5_000)
  }

  /** No energy and no words until the power is back; transactions then end, if `ends`. */
  losePower(away_ms: number, ends: boolean): void {
    if (!this.powered) return
    this.tell({ type: 'tick' })
    this.powered = false
    for (const one of this.body.connectors) {
      one.amps = 0
      one.authorized = null
    }
    this.body.boots()
    this.drop(away_ms)
    this.#options.clock.after(away_ms, () => {
      this.tell({ type: 'tick' })
      this.powered = true
      const now = this.#options.clock.now()
      this.body.connectors.forEach((one, index) => {
        if (ends && one.transaction) {
          this.body.ends(index + 1, 'PowerLoss', now)
          this.holders[index + 1]?.ended()
        } else one.amps = this.#wanted[index + 1] ?? 0
      })
      this.connect()
    })
  }

  plug(evse: number, stay: Stay, amps: number): void {
    this.holders[evse] = stay
    const connector = this.#connector(evse)
    this.#wanted[evse] = amps
    connector.amps = this.powered ? amps : 0
    this.tell({ type: 'plug', connector: evse })
    if (!this.givesUp || this.body.speaks !== '1.6') return
    this.#options.clock.after(GIVES_UP_MS, () => {
      if (this.holders[evse] !== stay || connector.transaction || !connector.plugged || !this.powered) return
      if (!this.#options.faults.inject('gives-up')) return
      this.body.says(evse, 'Finishing', this.#options.clock.now())
      this.tell({ type: 'tick' })
    })
  }

  unplug(evse: number): void {
    this.tell({ type: 'unplug', connector: evse })
    this.holders[evse] = null
  }

  /** The vehicle's end of the cable comes out, the charge point's stays in: it sees a cable, and no vehicle that could charge. */
  leaveCable(evse: number): void {
    this.tell({ type: 'tick' })
    this.forgotten.add(evse)
    this.#connector(evse).plugged = false
    this.body.ends(evse, 'EVDisconnected', this.#options.clock.now())
    this.holders[evse]?.ended()
    this.holders[evse] = null
    this.tell({ type: 'tick' })
  }

  /** Somebody takes out a cable that was left. */
  takeCable(evse: number): void {
    if (!this.forgotten.delete(evse)) return
    if (this.#connector(evse).status !== 'Available') this.body.says(evse, 'Available', this.#options.clock.now())
    this.tell({ type: 'tick' })
  }

  /** berth can hear of what it does: it has power and a whole connection, and neither lies nor tarries. */
  isHeard(now: number): boolean {
    const { body, line, lies, powered, slowUntil } = this
    const quick = now >= slowUntil && now >= line.partitionedUntil
    return powered && body.online && line.isOpen && !body.silent && quick && (lies === null || now >= lies.until)
  }

  /** The token of the running transaction. */
  running(evse: number): string | null {
    return this.body.running(evse)?.idTag ?? null
  }

  tap(evse: number, idTag: string): void {
    this.tell({ type: 'tap', connector: evse, idTag })
  }

  drive(evse: number, amps: number): void {
    this.#wanted[evse] = amps
    if (this.powered) this.tell({ type: 'drive', connector: evse, amps })
  }
}
