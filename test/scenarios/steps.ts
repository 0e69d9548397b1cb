import { expect } from 'vitest'
import type { MeterSample } from '../../actors/ports.ts'
import type { Json } from '../../machines/events.ts'
import { isHeld } from '../../machines/lock.ts'
import type { Decision } from '../../machines/record.ts'
import { eventOf, evidence, opened, step } from '../../machines/step.ts'
import { type ToyPicture, ToySite, type ToySiteOptions } from '../../simulations/toy-site.ts'

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

const connectorOf = (connector: string): { readonly chargePointId: string; readonly evse: number } => {
  const [chargePointId = '', evse = '1'] = connector.split('/')
  return { chargePointId, evse: Number(evse) }
}

/** A site, the vehicles parked on it and what its charge points do, told in the field's words. Every picture shows every parked vehicle. */
export class Scene {
  site: ToySite
  /** Plate by bay; null = a vehicle whose plate cannot be read. */
  readonly parked = new Map<string, string | null>()

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
    return scene
  }

  online = (connector = 'CP-1/1') =>
    this.site.hear({ type: 'online', chargePointId: connectorOf(connector).chargePointId })
  offline = (connector = 'CP-1/1') =>
    this.site.hear({ type: 'offline', chargePointId: connectorOf(connector).chargePointId })

  /** One picture of the camera as things stand. */
  picture = (more: ToyPicture = {}): Promise<void> =>
    this.site.camera('cam-1', {
      plates: [...this.parked].flatMap(([bayId, plate]) => (plate === null ? [] : [{ bayId, plate }])),
      occupied: [...this.parked.keys()],
      ...more,
    })

  /** The camera watches for so long, one picture a second. */
  async watch(seconds: number, more: ToyPicture = {}): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      await this.picture(more)
      await this.site.pass(1000)
    }
  }

  /** A vehicle parks and is seen in three frames; `plate` null cannot be read. */
  async arrives(plate: string | null, bayId = 'bay-1', frames = 3): Promise<void> {
    this.parked.set(bayId, plate)
    for (let frame = 0; frame < frames; frame += 1) {
      await this.picture()
      await this.site.pass(300)
    }
  }

  /** A vehicle drives off, and the camera watches its empty bay. */
  async leaves(bayId = 'bay-1', seconds = 40): Promise<void> {
    this.parked.delete(bayId)
    await this.watch(seconds)
  }

  /** A status notification, in OCPP's word. */
  says = (status: string, connector = 'CP-1/1') =>
    this.site.hear({ type: 'status', ...connectorOf(connector), status, errorCode: null, happenedAt: null })
  plugsIn = (connector = 'CP-1/1') => this.says('Preparing', connector)
  unplugs = (connector = 'CP-1/1') => this.says('Available', connector)

  /** A card is held before the charge point. */
  taps = (idToken: string, connector = 'CP-1/1') =>
    this.site.hear({ type: 'authorize', chargePointId: connectorOf(connector).chargePointId, idToken })

  /** StartTransaction; with the token of the newest start order, unless another is named. Answers status and transaction id. */
  begins(
    options: { idToken?: string; connector?: string; register_Wh?: number; happenedAt?: number } = {},
  ): Promise<{ status: string; transactionId: string | null }> {
    const {
      idToken = this.token(),
      connector = 'CP-1/1',
      register_Wh = 1000,
      happenedAt = this.site.clock.now(),
    } = options
    return this.site.hear({ type: 'started', ...connectorOf(connector), idToken, register_Wh, happenedAt })
  }

  /** StopTransaction. */
  ends = (
    transactionId: string | null,
    register_Wh: number,
    options: { chargePointId?: string; reason?: string } = {},
  ) =>
    this.site.hear({
      type: 'ended',
      chargePointId: options.chargePointId ?? 'CP-1',
      transactionId: String(transactionId),
      idToken: null,
      register_Wh,
      reason: options.reason ?? 'Local',
      happenedAt: this.site.clock.now(),
      samples: [],
    })

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
    return this.site.hear({ type: 'meter', ...connectorOf(connector), transactionId, samples: [sample] })
  }

  /** From plug to energy: plug in, StartTransaction with the newest start's token, 6 A. Answers the transaction id. */
  async charges(options: { connector?: string; idToken?: string; register_Wh?: number } = {}): Promise<string> {
    const { connector = 'CP-1/1', register_Wh = 1000 } = options
    await this.plugsIn(connector)
    const { status, transactionId } = await this.begins({ ...options, connector, register_Wh })
    expect(status).toBe('accepted')
    await this.says('Charging', connector)
    await this.draws(6, register_Wh + 100, { transactionId, connector })
    return String(transactionId)
  }

  /** The token of the newest start order at a charge point. */
  token = (): string => String(this.site.starts().at(-1)?.idToken ?? 'NONE')

  /** The process dies and another begins; charge points reconnect by themselves later. */
  async crash(): Promise<void> {
    this.site = await this.site.crash()
  }

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
  alarms = (): readonly string[] => [...this.site.alarms.keys()].sort()
  /** What the driver of a bay was told, oldest first: `present-card (review)`. */
  told = (bayId = 'bay-1'): readonly string[] =>
    this.site.journal.records
      .filter((record) => record.bayId === bayId)
      .flatMap((record) => record.effects)
      .filter((effect) => effect.type === 'tell.driver')
      .map((effect) => `${effect['message']} (${effect['reason']})`)
}

/** What people would compare of a bay: where it stands, who pays, what is open. */
const standing = (site: ToySite): Json =>
  JSON.parse(
    JSON.stringify(
      [...site.site.hosts.values()].map((host) => [host.bayId, host.snapshot.value, host.bay, [...host.timers]]),
    ),
  ) as Json

/** The journal alone rebuilds the site, and every record, lived again, decides what it decided. */
export async function replaysTheSame(site: ToySite): Promise<void> {
  const again = await site.reread()
  expect(standing(again)).toEqual(standing(site))
  expect([...again.alarms.keys()].sort()).toEqual([...site.alarms.keys()].sort())
  for (const bayId of site.site.hosts.keys()) {
    let snapshot = opened(bayId)
    for (const record of site.journal.records.filter((one) => one.stream === `bay:${bayId}`)) {
      const lived = step(snapshot, eventOf(record))
      snapshot = lived.snapshot
      expect(
        JSON.parse(JSON.stringify(evidence(lived.draft))),
        `${bayId} record ${record.version} ${record.cause.type}`,
      ).toEqual(evidence(record))
    }
  }
}
