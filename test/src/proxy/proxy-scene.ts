import type { ToyHabits } from '../../../simulations/toy-habits.ts'
import type { StationHabits } from '../../../simulations/toy-station-habits.ts'
import type { ChargePointClient } from '../../../src/demo/charge-point-client.ts'
import type { Bill } from '../relay/toy-upstream.ts'
import { journalOf, until, untilState } from '../serve/serving-line.ts'
import { type ProxyLine, registerAlias } from './proxy-line.ts'

/** A charge point of either kind; `station` speaks OCPP 2. */
export type Subject = { readonly habits: ToyHabits } | { readonly station: StationHabits }

type Casting = {
  readonly line: ProxyLine
  readonly subject: Subject
  readonly bay: number
  /** Absent = `FLEET-<bay>`, which the back end knows; null = none. */
  readonly alias?: string | null
  /** Habits that the story changes. */
  readonly more?: object
}

/** What the server answered. */
// biome-ignore lint/suspicious/noExplicitAny: tests say what it must be
type Json = any

/** One bay of a site before a back end, with its charge point, its vehicle, and a card that the back end knows. */
export class ProxyScene {
  readonly line: ProxyLine
  readonly bayNumber: number
  readonly chargePointId: string
  readonly plate: string
  readonly accountId: string
  readonly alias: string
  readonly card: string
  readonly box: ChargePointClient
  readonly #subject: Subject

  private constructor({ line, subject, bay, alias = `FLEET-${bay}`, more }: Casting) {
    this.line = line
    this.#subject = subject
    this.bayNumber = bay
    this.chargePointId = `CP-${bay}`
    this.plate = plateOf(bay)
    this.accountId = `acc-${bay}`
    this.alias = alias ?? ''
    this.card = `CARD-${bay}`
    const habits =
      'habits' in subject ? { habits: { ...subject.habits, ...more } } : { station: { ...subject.station, ...more } }
    this.box = line.serving.charge(bay, habits)
  }

  /** The vehicle is registered, the charge point connected through to the back end. */
  static async open(casting: Casting): Promise<ProxyScene> {
    const scene = new ProxyScene(casting)
    await registerAlias(scene.line.serving, scene.plate, scene.accountId, scene.alias === '' ? null : scene.alias)
    await until(() => scene.line.upstream.connected(scene.chargePointId) && scene.box.online)
    // berth hears of it a moment later than the back end.
    await until(async () => (await scene.bay()).chargers[0].online === true)
    return scene
  }

  /** What the back end bills for this charge point. */
  get bills(): readonly Bill[] {
    return this.line.upstream.bills.filter(({ chargePointId }) => chargePointId === this.chargePointId)
  }

  get samples(): number {
    return this.bills[0]?.samples ?? 0
  }

  get handshakes(): number {
    return this.line.upstream.handshakes.filter(({ id }) => id === this.chargePointId).length
  }

  /** berth (or the back end) has asked for a start. */
  get askedToStart(): boolean {
    return this.box.frames.some(({ way, frame }) => way === 'in' && /^Re\w+StartTransaction$/.test(String(frame[2])))
  }

  async bay(): Promise<Json> {
    return (await this.line.serving.ask('GET', `/api/bays/bay-${this.bayNumber}`)).body
  }

  reaches(state: string): Promise<Json> {
    return untilState(this.line.serving, this.bayNumber, state)
  }

  see(): Promise<void> {
    return this.line.see(this.bayNumber, this.plate)
  }

  /** Its records, oldest first. */
  async journal(): Promise<readonly Json[]> {
    const records = await journalOf(this.line.serving)
    return records.filter(
      ({ bayId, cause }) => bayId === `bay-${this.bayNumber}` || cause.chargePointId === this.chargePointId,
    )
  }

  /** The vehicle is seen, started, plugged in, and the back end gets samples. */
  async charges(): Promise<void> {
    await this.see()
    await until(() => this.askedToStart)
    this.box.plug(1)
    await this.reaches('charging-locked')
    await until(() => this.samples > 0)
  }

  /** The back end stops its transaction. */
  stopFromBackEnd(): Promise<unknown> {
    const id = this.bills[0]?.transactionId
    const { upstream } = this.line
    return 'habits' in this.#subject
      ? upstream.ask(this.chargePointId, 'RemoteStopTransaction', { transactionId: Number(id) })
      : upstream.ask(this.chargePointId, 'RequestStopTransaction', { transactionId: String(id) })
  }

  /** The back end starts its card here. */
  startFromBackEnd(): Promise<unknown> {
    const { upstream } = this.line
    return 'habits' in this.#subject
      ? upstream.ask(this.chargePointId, 'RemoteStartTransaction', { connectorId: 1, idTag: this.card })
      : upstream.ask(this.chargePointId, 'RequestStartTransaction', {
          evseId: 1,
          remoteStartId: 77,
          idToken: { idToken: this.card, type: 'ISO14443' },
        })
  }
}

const LETTERS = 'ABCDEFGHJKLMNOPRSTUVWXY'

/** Plates far enough from each other that no reader takes one for another. */
export function plateOf(bay: number): string {
  let state = bay * 2_654_435_761
  const next = (most: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 374_761_393) >>> 0
    return state % most
  }
  const letters = (count: number): string => Array.from({ length: count }, () => LETTERS[next(LETTERS.length)]).join('')
  return `${letters(2)}${10 + next(90)}${letters(3)}`
}
