import type { AuthorizerLink } from '../actors/authorizer-chain.ts'
import type { ClockEstimate } from '../actors/clock-watch.ts'
import type { Notify } from '../actors/ocpp/sensor-offers.ts'
import type { ChargePointDisplays, ChargePoints } from '../actors/ports.ts'
import { Fault } from '../machines/faults.ts'
import type { OcppServer } from './ocpp/ocpp-server.ts'

/** What charge points' server offers once it listens. */
export type Listening = Pick<OcppServer, 'chargePoints' | 'counters'> &
  Partial<Pick<OcppServer, 'clocks' | 'displays'>> & {
    /** Who behind the charge points' server may know a payer: in proxy mode the upstream. */
    readonly authorizers?: readonly AuthorizerLink[]
    /** Sends a call to the other back end in a charge point's name; absent = there is none, or it takes none. */
    readonly notify?: Notify
  }

/** The way to the charge points. Before their server listens they are offline: orders wait for it, a start until its deadline. */
export class ChargePointDoor {
  #listening: Listening | null = null
  readonly #opened = Promise.withResolvers<Listening>()
  readonly #settled: () => Promise<void>

  /** `settled`: what must have come about before a start may leave; its token must be known to whoever owns the site next. */
  constructor(settled: () => Promise<void>) {
    this.#settled = settled
  }

  /** Hands over the charge points once their server listens. */
  open(listening: Listening): void {
    this.#listening = listening
    this.#opened.resolve(listening)
  }

  get isOpen(): boolean {
    return this.#listening !== null
  }

  counters(): { readonly [name: string]: number } {
    return this.#listening?.counters() ?? {}
  }

  clocks(): readonly ClockEstimate[] {
    return this.#listening?.clocks?.() ?? []
  }

  authorizers(): readonly AuthorizerLink[] {
    return this.#listening?.authorizers ?? []
  }

  readonly chargePoints: ChargePoints = {
    online: (chargePointId) => this.#listening?.chargePoints.online(chargePointId) ?? false,
    start: async (order) => {
      await this.#settled().catch((cause: unknown) => {
        throw new Fault('CHARGE_POINT_OFFLINE', { chargePointId: order.chargePointId }, { cause })
      })
      return (await this.#opened.promise).chargePoints.start(order)
    },
    stop: async (order) => (await this.#opened.promise).chargePoints.stop(order),
    ask: async (order) => (await this.#opened.promise).chargePoints.ask(order),
  }

  readonly displays: ChargePointDisplays = {
    show: async (order) => (await this.#opened.promise).displays?.show(order) ?? 'none',
  }
}
