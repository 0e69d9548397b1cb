import { systemClock } from '../../src/clock.ts'
import { type ChargePointClient, type FrameSeen, openChargePointClient } from '../../src/demo/charge-point-client.ts'
import { Latencies } from './latencies.ts'
import { connectorOf, type LoadPlan } from './load-plan.ts'

/** Calls that are answered when a record is durable, where there is one. */
const OF_TRANSACTIONS = new Set(['StartTransaction', 'StopTransaction', 'MeterValues', 'TransactionEvent'])
const STARTS = new Set(['RemoteStartTransaction', 'RequestStartTransaction'])
/** Connections that are opened at once. */
const AT_ONCE = 100

type Call = { readonly at: number; readonly isOfTransaction: boolean }

/** The charge points of a load: every second one speaks OCPP 1.6, the others 2.0.1, and each keeps its own pause between meter values. */
export class LoadPoints {
  readonly transactions = new Latencies()
  readonly others = new Latencies()
  /** CALLERROR frames that came back, by their code. */
  refused: { [code: string]: number } = {}
  readonly #plan: LoadPlan
  readonly #url: string
  readonly #started: (bay: number) => void
  readonly #points: ChargePointClient[] = []
  readonly #asked: Map<string, Call>[] = []

  /** `started`: a start for that bay came over the wire. */
  constructor(plan: LoadPlan, url: string, started: (bay: number) => void) {
    this.#plan = plan
    this.#url = url
    this.#started = started
  }

  /** Resolves when all are connected. */
  async open(): Promise<void> {
    for (let first = 1; first <= this.#plan.chargePoints; first += AT_ONCE) {
      for (let number = first; number < first + AT_ONCE && number <= this.#plan.chargePoints; number++)
        this.#open(number)
      await this.online()
    }
  }

  #open(number: number): void {
    const { meter_s: meterInterval_s, bays, chargePoints } = this.#plan
    const asked = new Map<string, Call>()
    this.#asked.push(asked)
    const habits = { meterInterval_s, connectionTimeout_s: 120 }
    this.#points.push(
      openChargePointClient({
        url: this.#url,
        id: `CP-${number}`,
        clock: systemClock,
        connectors: number + chargePoints <= bays ? 2 : 1,
        ...(number % 2 === 0
          ? { station: { ...habits, ignoresVariables: true } }
          : { habits: { ...habits, ignoresConfiguration: true } }),
        reconnect_ms: 200 + (number % 20) * 50,
        keptFrames: 0,
        heard: (seen) => this.#heard(number, asked, seen),
      }),
    )
  }

  #heard(number: number, asked: Map<string, Call>, { way, frame }: FrameSeen): void {
    const [kind, id] = frame
    if (way === 'out') {
      if (kind === 2) asked.set(id, { at: performance.now(), isOfTransaction: OF_TRANSACTIONS.has(frame[2]) })
      return
    }
    if (kind === 2) {
      if (STARTS.has(frame[2]))
        this.#started(this.#bayOf(number, Number(frame[3]['evseId'] ?? frame[3]['connectorId'])))
      return
    }
    const call = asked.get(id)
    asked.delete(id)
    if (call) (call.isOfTransaction ? this.transactions : this.others).note(performance.now() - call.at)
    if (kind === 4) this.refused[frame[2]] = (this.refused[frame[2]] ?? 0) + 1
  }

  #bayOf(number: number, evse: number): number {
    return evse === 2 ? number + this.#plan.chargePoints : number
  }

  #at(bay: number): { readonly point: ChargePointClient; readonly evse: number } {
    const { chargePoint, evse } = connectorOf(bay, this.#plan)
    return { point: this.#points[Number(chargePoint.slice(3)) - 1] as ChargePointClient, evse }
  }

  plug(bay: number): void {
    const { point, evse } = this.#at(bay)
    point.plug(evse)
  }

  unplug(bay: number): void {
    const { point, evse } = this.#at(bay)
    point.unplug(evse)
  }

  charges(bay: number): boolean {
    const { point, evse } = this.#at(bay)
    return point.connector(evse).transactionId !== null
  }

  /** Cuts every connection at one moment. What was asked and not answered will be asked again or is lost, as with real ones. */
  drop(): void {
    for (const point of this.#points) point.drop()
    for (const asked of this.#asked) asked.clear()
  }

  /** Resolves when all are connected; rejects after three minutes. Answers how long it took, ms. */
  async online(): Promise<number> {
    const from = performance.now()
    while (!this.#points.every(({ online }) => online)) {
      if (performance.now() - from > 180_000) throw new Error('Charge points do not come back within three minutes.')
      await new Promise((go) => setTimeout(go, 20))
    }
    return performance.now() - from
  }

  /** Calls that wait for their answer. */
  get waiting(): number {
    return this.#asked.reduce((sum, asked) => sum + asked.size, 0)
  }

  reset(): void {
    this.transactions.reset()
    this.others.reset()
  }

  async close(): Promise<void> {
    await Promise.all(this.#points.map((point) => point.close()))
  }
}
