import type { CameraMessage, CameraRead } from '../actors/camera-desk.ts'
import { fold } from '../machines/plate.ts'
import { type MisreadVisit, openMisreads } from './misreads.ts'
import type { Place, Stay } from './toy-driver.ts'
import { nearPlate } from './toy-plates.ts'
import type { Dice } from './world-chance.ts'
import type { WorldClock } from './world-clock.ts'
import type { FaultKind, Faults } from './world-faults.ts'
import type { CameraPlan } from './world-plan.ts'

export type ToyCameraOptions = {
  readonly clock: WorldClock
  readonly plan: CameraPlan
  readonly dice: Dice
  readonly faults: Faults
  readonly place: (bayId: string) => Place
  /** Hands a message to berth; false where it was not taken. */
  readonly send: (message: CameraMessage) => Promise<boolean>
  /** A wrong text was read in this bay: for the world's own books. */
  readonly misread: (bayId: string, folded: string) => void
}

/** A camera says what it sees at least this often, ms. */
const PERIOD_MS = 45_000
/** Frames of a vehicle that moves, and the time between them. */
const BURST = 6
const BURST_MS = 600
/** One picture in two sees something stir. */
const GLANCE_ODDS = 2
/** Chance that a parked plate is read again in a picture taken for something else. */
const REREAD = 0.12

/** A camera over some bays: sends what it sees, and what it only believes to see. */
export class ToyCamera {
  readonly id: string
  /** Silent until then, ms since 1970. */
  lostUntil = 0
  /** Its clock minus the true one, ms. */
  skew_ms = 0
  /** What it sees is kept back until then. */
  heldUntil = 0
  readonly #options: ToyCameraOptions
  readonly #dices: { readonly [kind: string]: Dice }
  #frames = 0
  #held: CameraMessage[] = []
  #past: CameraMessage | null = null
  readonly #eyes = new Map<Stay, { frame(): string[] } | null>()

  constructor(options: ToyCameraOptions) {
    this.#options = options
    this.id = options.plan.id
    const kinds = [
      'misread',
      'unreadable-plate',
      'nonsense-read',
      'neighbour-read',
      'two-in-track',
      'resent-message',
      'retained-message',
      'reread',
    ]
    this.#dices = Object.fromEntries(kinds.map((kind) => [kind, options.dice.fork(kind)]))
  }

  sees(bayId: string): boolean {
    return this.#options.plan.bayIds.includes(bayId)
  }

  begin(): void {
    const tick = (): void => {
      this.#picture(null)
      this.#glance()
      this.#options.clock.after(PERIOD_MS, tick)
    }
    this.#options.clock.after(this.#options.dice.between(0, PERIOD_MS), tick)
  }

  /** Something moves in a bay: a burst of pictures. */
  look(bayId: string, why: 'arrived' | 'left'): void {
    for (let frame = 0; frame < BURST; frame++)
      this.#options.clock.after(300 + frame * BURST_MS, () =>
        this.#picture(why === 'arrived' || frame > 1 ? bayId : null),
      )
  }

  /** Something stirs a parked vehicle's picture (headlights, a tree): a few frames of it. */
  #glance(): void {
    const { plan, place, clock } = this.#options
    const parked = plan.bayIds.filter((bayId) => place(bayId).stay !== null)
    const bayId = parked[Math.floor((this.#dices['reread'] as Dice).next() * GLANCE_ODDS * parked.length)]
    if (bayId !== undefined)
      for (let frame = 1; frame <= 3; frame++) clock.after(frame * BURST_MS, () => this.#picture(bayId))
  }

  #throws(kind: FaultKind, probability: number): boolean {
    return (this.#dices[kind] as Dice).chance(probability) && this.#options.faults.inject(kind)
  }

  #picture(focus: string | null): void {
    const { clock, plan, place } = this.#options
    const now = clock.now()
    if (now < this.lostUntil) return
    const places = plan.bayIds.map(place)
    const seen = places.filter((one) => (one.stay !== null && now >= one.hiddenUntil) || now < one.ghostUntil)
    const reads = seen.flatMap((one) => {
      const wanted = one.bayId === focus || (this.#dices['reread'] as Dice).chance(REREAD)
      return wanted && one.stay && now >= one.hiddenUntil ? this.#reads(one, one.stay) : []
    })
    this.#frames += 1
    const message: CameraMessage = {
      cameraId: this.id,
      reads,
      vehicles: seen.map((one) => ({ box: [this.#middle(one) - 0.02, 0.4, 0.04, 0.3] as const })),
      frame: `${this.id}-f${this.#frames}`,
      capturedAt: Math.round(now + this.skew_ms),
      reader: 'device',
    }
    this.#out(message)
  }

  #middle(one: Place): number {
    const { bayIds } = this.#options.plan
    const index = bayIds.indexOf(one.bayId)
    return one.stay?.crooked ? (index === 0 ? 1 : index) / bayIds.length : (index + 0.5) / bayIds.length
  }

  #read(text: string, x: number): CameraRead {
    return {
      id: null,
      plate: text,
      confidence: 0.93,
      characters: [...text].map(() => 0.93),
      box: [x - 0.02, 0.6, 0.04, 0.04],
      frame: null,
      capturedAt: null,
    }
  }

  /** What is read of one vehicle, in one picture. */
  #reads(one: Place, stay: Stay): CameraRead[] {
    const { misread } = this.#options
    const x = this.#middle(one)
    const reads = this.#texts(one, stay).map((text) => this.#read(text, x))
    if (this.#throws('nonsense-read', 0.01)) reads.push({ ...this.#read(this.#nonsense(), x), confidence: 0.99 })
    const neighbour = this.#neighbour(one)
    if (neighbour === null) return reads
    const other = (): CameraRead => {
      misread(one.bayId, fold(neighbour))
      return this.#read(neighbour, x)
    }
    if (this.#throws('neighbour-read', 0.01)) return [other()]
    return this.#throws('two-in-track', 0.004) ? [other(), ...reads] : reads
  }

  #nonsense(): string {
    const dice = this.#dices['nonsense-read'] as Dice
    return dice.pick(['C00D', 'TAXI', '24H', 'SPRINTER', 'XPO4711', '20261122', 'K1NG'])
  }

  #neighbour(one: Place): string | null {
    const { plan, place } = this.#options
    const index = plan.bayIds.indexOf(one.bayId)
    const beside = plan.bayIds[index + 1] ?? plan.bayIds[index - 1]
    return beside === undefined ? null : (place(beside).stay?.car.plate ?? null)
  }

  /** The plate as it is read in this picture: right, wrong, wrong in the same way all the time, or not at all. */
  #texts(one: Place, stay: Stay): string[] {
    const { misread, faults } = this.#options
    const { plate } = stay.car
    if (plate === null) return []
    const eyes = this.#eyes.has(stay) ? (this.#eyes.get(stay) ?? null) : this.#open(stay, plate)
    const texts = eyes === null ? [] : eyes.frame()
    for (const text of texts) {
      if (fold(text) === fold(plate)) continue
      faults.inject('misread')
      misread(one.bayId, fold(text))
    }
    return texts
  }

  /** How this vehicle is read while it stands here; null = not at all. */
  #open(stay: Stay, plate: string): { frame(): string[] } | null {
    const { faults } = this.#options
    const dice = this.#dices['misread'] as Dice
    const draw = (): number => dice.next()
    const unreadable = this.#throws('unreadable-plate', 0.06)
    const lasting = dice.chance(0.02) && faults.inject('repeated-misread') ? nearPlate(plate, draw) : null
    const measured: MisreadVisit | null = faults.may('misread') ? openMisreads(plate, draw) : null
    const eyes = unreadable
      ? null
      : {
          frame: () =>
            lasting !== null && dice.chance(0.8)
              ? [lasting]
              : measured
                ? measured.frame().map(({ text }) => text)
                : [plate],
        }
    this.#eyes.set(stay, eyes)
    return eyes
  }

  #out(message: CameraMessage): void {
    const { clock, dice } = this.#options
    const now = clock.now()
    if (now < this.heldUntil) return void this.#held.push(message)
    const backlog = this.#held
    this.#held = []
    for (const late of backlog) this.#hand(late)
    this.#hand(message)
    if (this.#throws('resent-message', 0.004)) clock.after(dice.between(500, 20_000), () => this.#hand(message))
    if (this.#past && this.#throws('retained-message', 0.003)) this.#hand({ ...this.#past, retained: true })
    if (message.reads.length > 0) this.#past = message
  }

  /** A message that was not taken is sent once more. */
  #hand(message: CameraMessage): void {
    const { send, clock } = this.#options
    void send(message).then((taken) => {
      if (!taken) clock.after(5_000, () => void send(message))
    })
  }
}
