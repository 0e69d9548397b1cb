import type { MeterSample } from '../actors/ports.ts'
import type { CommandType, Json } from '../machines/events.ts'
import { isHeld } from '../machines/lock.ts'
import type { Decision } from '../machines/record.ts'
import { equal, matches, PromiseBroken, shown } from './promise-broken.ts'
import type { ToyPicture } from './toy-picture.ts'
import { ToySite, type ToySiteOptions } from './toy-site.ts'

/** One bay with one connector, `CP-1/1`. */
export const ONE_BAY: ToySiteOptions = {
  bays: [{ bayId: 'bay-1', connectors: [{ chargePointId: 'CP-1', evse: 1 }] }],
}

/** Two bays side by side, each with its own charge point. */
export const TWO_BAYS: ToySiteOptions = {
  bays: [
    { bayId: 'bay-1', connectors: [{ chargePointId: 'CP-1', evse: 1 }] },
    { bayId: 'bay-2', connectors: [{ chargePointId: 'CP-2', evse: 1 }] },
  ],
}

/** Something the story did, or a promise that it checked. `after`: records there were then; `at` ms since 1970. */
export type Note = {
  readonly kind: 'act' | 'check'
  readonly says: string
  readonly at: number
  readonly after: number
}

type Ending = { readonly chargePointId?: string; readonly reason?: string; readonly happenedAt?: number }

const connectorOf = (connector: string): { readonly chargePointId: string; readonly evse: number } => {
  const [chargePointId = '', evse = '1'] = connector.split('/')
  return { chargePointId, evse: Number(evse) }
}

/**
 * A site, the vehicles parked on it and what its charge points do, told in the field's words. Every picture shows every parked vehicle.
 * What the story does and checks is kept in `notes`, for its trace.
 */
export class Scene {
  site: ToySite
  /** Plate by bay; null = a vehicle whose plate cannot be read. Change it by `stands` and `gone` where the trace should say so. */
  readonly parked = new Map<string, string | null>()
  readonly notes: Note[] = []

  private constructor(site: ToySite) {
    this.site = site
  }

  /** Opens the site; every charge point is online and every connector available. */
  static async open(options: ToySiteOptions = ONE_BAY): Promise<Scene> {
    const scene = new Scene(await new ToySite(options).open())
    for (const connector of new Set(
      options.bays.flatMap((bay) => bay.connectors.map((one) => `${one.chargePointId}/${one.evse}`)),
    )) {
      await scene.online(connector)
      await scene.says('Available', connector)
    }
    scene.notes.length = 0
    return scene
  }

  // Checks

  /** Demands that `actual` is exactly `expected`. */
  sees(what: string, actual: unknown, expected: unknown): void {
    if (!equal(actual, expected)) throw new PromiseBroken(what, expected, actual)
    this.#note('check', `${what}: ${shown(expected)}`)
  }

  /** Demands that `actual` says all that `pattern` says; its objects may say more. */
  matches(what: string, actual: unknown, pattern: unknown): void {
    if (!matches(actual, pattern)) throw new PromiseBroken(what, pattern, actual)
    this.#note('check', `${what}: ${shown(pattern)}`)
  }

  /** Demands that a sentence is true: `holds('the bay is locked', scene.locked())`. `actual`: what to show where it is not. */
  holds(sentence: string, isTrue: boolean, actual: unknown = isTrue): void {
    if (!isTrue) throw new PromiseBroken(`“${sentence}”`, true, actual)
    this.#note('check', sentence)
  }

  #note(kind: Note['kind'], says: string): void {
    this.notes.push({ kind, says, at: this.site.clock.now(), after: this.site.journal.records.length })
  }

  /** Says in the trace what the story does next in its own way. */
  does = (says: string): void => this.#note('act', says)

  // The register

  registers(plate: string, accountId: string, fields: { readonly [key: string]: Json } = {}): Promise<void> {
    this.does(
      `the register lists ${plate} for ${accountId}${Object.keys(fields).length > 0 ? ` ${shown(fields)}` : ''}`,
    )
    return this.site.registers(plate, accountId, fields)
  }

  registersCard(idToken: string, accountId: string): Promise<void> {
    this.does(`the register lists the card ${idToken} for ${accountId}`)
    return this.site.registersCard(idToken, accountId)
  }

  /** The account may not charge any more. */
  blocks(accountId: string): Promise<void> {
    this.does(`the register blocks ${accountId}`)
    return this.site.blocks(accountId)
  }

  // Vehicles and cameras

  /** What stands in the bay from now on, seen by the next picture; null: its plate cannot be read. */
  stands(plate: string | null, bayId = 'bay-1'): void {
    this.does(`${plate ?? 'a vehicle whose plate cannot be read'} stands in ${bayId}`)
    this.parked.set(bayId, plate)
  }

  /** The bay is empty from now on, seen by the next picture. */
  gone(bayId = 'bay-1'): void {
    this.does(`the vehicle in ${bayId} drives off`)
    this.parked.delete(bayId)
  }

  /** One picture of the camera as things stand. */
  picture(more: ToyPicture = {}): Promise<void> {
    this.does(`cam-1 sends a picture${more.plates ? ` with ${more.plates.map(({ plate }) => plate).join(', ')}` : ''}`)
    return this.#shot(more)
  }

  #shot = (more: ToyPicture = {}): Promise<void> =>
    this.site.camera('cam-1', {
      plates: [...this.parked].flatMap(([bayId, plate]) => (plate === null ? [] : [{ bayId, plate }])),
      occupied: [...this.parked.keys()],
      ...more,
    })

  /** The camera watches for so long, one picture a second. */
  async watch(seconds: number, more: ToyPicture = {}): Promise<void> {
    this.does(`cam-1 watches for ${seconds} s`)
    for (let second = 0; second < seconds; second += 1) {
      await this.#shot(more)
      await this.site.pass(1000)
    }
  }

  /** Nothing is sent for so long. */
  passes(seconds: number): Promise<void> {
    this.does(`${seconds} s pass`)
    return this.site.pass(seconds * 1000)
  }

  /** A vehicle parks and is seen in three frames; `plate` null cannot be read. */
  async arrives(plate: string | null, bayId = 'bay-1', frames = 3): Promise<void> {
    this.does(`${plate ?? 'a vehicle whose plate cannot be read'} parks in ${bayId}, ${frames} frames show it`)
    this.parked.set(bayId, plate)
    for (let frame = 0; frame < frames; frame += 1) {
      await this.#shot()
      await this.site.pass(300)
    }
  }

  /** A vehicle drives off, and the camera watches its empty bay. */
  async leaves(bayId = 'bay-1', seconds = 40): Promise<void> {
    this.gone(bayId)
    await this.watch(seconds)
  }

  // Charge points

  online(connector = 'CP-1/1') {
    const { chargePointId } = connectorOf(connector)
    this.does(`${chargePointId} comes online`)
    return this.site.hear({ type: 'online', chargePointId })
  }

  offline(connector = 'CP-1/1') {
    const { chargePointId } = connectorOf(connector)
    this.does(`${chargePointId} goes offline`)
    return this.site.hear({ type: 'offline', chargePointId })
  }

  /** A status notification, in OCPP's word. */
  says(status: string, connector = 'CP-1/1') {
    this.does(`${connector} says ${status}`)
    return this.site.hear({ type: 'status', ...connectorOf(connector), status, errorCode: null, happenedAt: null })
  }
  plugsIn = (connector = 'CP-1/1') => this.says('Preparing', connector)
  unplugs = (connector = 'CP-1/1') => this.says('Available', connector)

  /** A card is held before the charge point. */
  taps(idToken: string, connector = 'CP-1/1') {
    this.does(`${idToken} is held before ${connector}`)
    return this.site.hear({ type: 'authorize', chargePointId: connectorOf(connector).chargePointId, idToken })
  }

  /** StartTransaction; with the token of the newest start order, unless another is named. Answers status and transaction id. */
  async begins(
    options: { idToken?: string; connector?: string; register_Wh?: number; happenedAt?: number } = {},
  ): Promise<{ status: string; transactionId: string | null }> {
    const {
      idToken = this.token(),
      connector = 'CP-1/1',
      register_Wh = 1000,
      happenedAt = this.site.clock.now(),
    } = options
    this.does(`${connector} begins a transaction at ${register_Wh} Wh with ${this.#named(idToken)}`)
    return this.site.hear({ type: 'started', ...connectorOf(connector), idToken, register_Wh, happenedAt })
  }

  /** Tokens differ with every seed: a trace says whose they are. */
  #named(idToken: string): string {
    const starts = [...new Set(this.site.starts().map((start) => start.idToken))]
    return starts.includes(idToken) ? `the token of start ${starts.indexOf(idToken) + 1}` : idToken
  }

  /** StopTransaction. */
  ends(transactionId: string | null, register_Wh: number, options: Ending = {}) {
    const { chargePointId = 'CP-1', reason = 'Local', happenedAt = this.site.clock.now() } = options
    this.does(`${chargePointId} ends the transaction at ${register_Wh} Wh (${reason})`)
    return this.site.hear({
      type: 'ended',
      chargePointId,
      transactionId: String(transactionId),
      idToken: null,
      register_Wh,
      reason,
      happenedAt,
      samples: [],
    })
  }

  /** One live meter sample. */
  draws(
    current_A: number,
    register_Wh: number | null = null,
    options: { transactionId?: string | null; connector?: string } & Partial<MeterSample> = {},
  ): Promise<unknown> {
    const { transactionId = null, connector = 'CP-1/1', ...more } = options
    const sample: MeterSample = {
      happenedAt: this.site.clock.now(),
      when: 'live',
      current_A,
      power_W: current_A * 230,
      register_Wh,
      verdict: 'valid',
      ...more,
    }
    this.does(`${connector} meters ${current_A} A${register_Wh === null ? '' : `, register ${register_Wh} Wh`}`)
    return this.site.hear({ type: 'meter', ...connectorOf(connector), transactionId, samples: [sample] })
  }

  /** From plug to energy: plug in, StartTransaction with the newest start's token, 6 A. Answers the transaction id. */
  async charges(options: { connector?: string; idToken?: string; register_Wh?: number } = {}): Promise<string> {
    const { connector = 'CP-1/1', register_Wh = 1000 } = options
    await this.plugsIn(connector)
    const { status, transactionId } = await this.begins({ ...options, connector, register_Wh })
    this.sees('the answer to the start', status, 'accepted')
    await this.says('Charging', connector)
    await this.draws(6, register_Wh + 100, { transactionId, connector })
    return String(transactionId)
  }

  /** The token of the newest start order at a charge point. */
  token = (): string => String(this.site.starts().at(-1)?.idToken ?? 'NONE')

  // People and the process

  operator(bayId: string, command: CommandType, fields: { readonly [key: string]: Json } = {}): Promise<boolean> {
    this.does(`an operator orders ${command} for ${bayId}`)
    return this.site.operator(bayId, command, fields)
  }

  /** The process dies and another begins; charge points reconnect by themselves later. */
  async crash(): Promise<void> {
    this.does('the process dies, and another begins')
    this.site = await this.site.crash()
  }

  // What can be seen

  state = (bayId = 'bay-1'): string => this.site.state(bayId)
  locked = (bayId = 'bay-1'): boolean => {
    const bay = this.site.bay(bayId)
    return bay !== undefined && isHeld(bay)
  }
  payer = (bayId = 'bay-1'): string | null => this.site.bay(bayId)?.visit?.payer?.accountId ?? null
  visit = (bayId = 'bay-1'): string | null => this.site.bay(bayId)?.visit?.visitId ?? null
  decided = (type: string, bayId = 'bay-1'): readonly Decision[] => this.site.decisions(bayId, type)
  bills = (bayId = 'bay-1'): readonly Decision[] => this.decided('SessionBilled', bayId)
  orders = (type: 'start' | 'stop'): number => this.site.orders.filter((order) => order.type === type).length
  alarms = (): readonly string[] => this.site.alarmKinds()
  /** What the driver of a bay was told, oldest first: `present-card (review)`. */
  told = (bayId = 'bay-1'): readonly string[] =>
    this.site.journal.records
      .filter((record) => record.bayId === bayId)
      .flatMap((record) => record.effects)
      .filter((effect) => effect.type === 'tell.driver')
      .map((effect) => `${effect['message']} (${effect['reason']})`)
}
