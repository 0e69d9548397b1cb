import { type Intent, intentOf } from './toy-intent.ts'
import type { ToyPost } from './toy-post.ts'
import type { Dice } from './world-chance.ts'
import type { WorldClock } from './world-clock.ts'
import type { Faults } from './world-faults.ts'
import type { Cable } from './world-plan.ts'

/** A vehicle and who drives it. */
export type Car = {
  readonly name: string
  /** As it stands on the vehicle; null = it has none. */
  readonly plate: string | null
  /** Who pays for this plate by the register; null = it is not registered, or may not charge. */
  readonly accountId: string | null
  /** A card in the driver's hand, and who pays for it (null = nobody). */
  readonly card: { readonly idToken: string; readonly accountId: string | null } | null
  readonly amps: number
  /** It carries another vehicle's plate. */
  readonly isClone?: true
}

/** A place in the world: one bay as it truly is. */
export type Place = {
  readonly bayId: string
  stay: Stay | null
  /** The camera is misled about it until then, ms since 1970. */
  hiddenUntil: number
  ghostUntil: number
}

/** What drivers can do in their world. */
export type Streets = {
  readonly clock: WorldClock
  readonly faults: Faults
  readonly posts: ReadonlyMap<string, ToyPost>
  readonly reach: (bayId: string) => readonly Cable[]
  /** Something changed in a bay: cameras look. */
  readonly look: (bayId: string, why: 'arrived' | 'left') => void
  /** Asks the people of the site for a start, or for the end of one. */
  readonly call: (stay: Stay, wish: 'start' | 'stop') => void
  /** Drivers wait as long as it takes. */
  readonly patient?: boolean
  /** The place is free again. */
  readonly gone: (stay: Stay) => void
}

const MINUTE = 60_000
/** A camera that was blind looks again within this time, ms. */
const NEXT_LOOK_MS = 50_000
const HOUR = 3_600_000

/** One vehicle's time in one bay: what the driver does, and who may rightly pay for it. */
export class Stay {
  readonly car: Car
  readonly place: Place
  /** Accounts that this stay may be billed to: by its plate, its card, or a person's right word. */
  readonly entitled = new Set<string>()
  readonly crooked: boolean
  cable: { readonly post: ToyPost; readonly evse: number } | null = null
  /** Every camera was blind to this vehicle when it plugged in. */
  unseen = false
  /** The charge point runs a transaction for this vehicle now. */
  charging = false
  left = false
  readonly #streets: Streets
  readonly #intent: Intent
  /** For what others provoke. */
  readonly #reacts: Dice
  #began = false
  /** Wh that the battery still takes. */
  #hungry_Wh = 0
  #tapped = false
  #wantsMore: boolean
  #leaving = false

  constructor(car: Car, place: Place, streets: Streets, dice: Dice) {
    this.car = car
    this.place = place
    this.#streets = streets
    this.#intent = intentOf(car, dice, streets.faults)
    this.#reacts = dice.fork('reacts')
    this.#wantsMore = this.#intent.wantsMore && !streets.patient
    this.crooked = this.#intent.crooked
    if (car.accountId !== null) this.entitled.add(car.accountId)
    if (car.card?.accountId) this.entitled.add(car.card.accountId)
  }

  /** Rolls in. */
  arrive(): void {
    const { neverPlugs, plugs, patience, byCard, taps } = this.#intent
    this.place.stay = this
    this.#streets.look(this.place.bayId, 'arrived')
    if (neverPlugs !== null) return this.#later(neverPlugs, () => this.#drive())
    // Patient drivers plug within every charge point's patience.
    this.#later(this.#streets.patient ? plugs / 2 : plugs, () => this.#plug())
    this.#later(this.#streets.patient ? 8 * patience : patience, () => this.#losePatience())
    if (byCard && taps !== null) this.#later(taps, () => this.#tap())
  }

  #later(ms: number, act: () => void): void {
    this.#streets.clock.after(ms, () => {
      if (!this.left) act()
    })
  }

  /** The cables that hang free, its own first; sometimes the neighbour's is nearer. */
  #cable(): Cable | undefined {
    const { posts, reach, faults } = this.#streets
    const all = reach(this.place.bayId)
    const free = all.filter(({ postId, evse }) => (posts.get(postId)?.holders[evse] ?? null) === null)
    const own = free[0]
    const other = free.find((cable) => cable !== all[0])
    return other && own !== other && this.#intent.otherCable && faults.inject('crossed-cable') ? other : own
  }

  #plug(): void {
    if (this.#leaving || this.cable) return
    const cable = this.#cable()
    const post = cable && this.#streets.posts.get(cable.postId)
    if (!post) return this.#later(MINUTE, () => this.#plug())
    // Somebody's forgotten cable is taken out first.
    post.takeCable(cable.evse)
    this.cable = { post, evse: cable.evse }
    this.unseen = this.#streets.clock.now() < this.place.hiddenUntil + NEXT_LOOK_MS
    post.plug(cable.evse, this, this.car.amps)
    if (this.#intent.byCard && !this.#tapped) this.#later(this.#intent.tapsLater, () => this.#tap())
  }

  #tap(): void {
    const { card } = this.car
    const { posts, reach, faults } = this.#streets
    const place = this.cable ?? reach(this.place.bayId)[0]
    if (!card || !place || this.charging || this.#leaving) return
    const post = 'post' in place ? place.post : posts.get(place.postId)
    if (card.accountId === null && !faults.inject('stray-card')) return
    this.#tapped = true
    post?.tap(place.evse, card.idToken)
  }

  /** berth has a word for the driver. */
  hears(word: string): void {
    if (this.left) return
    if (word === 'present-card' && this.car.card && !this.#tapped)
      this.#later(this.#reacts.between(4_000, 40_000), () => this.#tap())
    if (word === 're-plug' && this.cable && !this.charging && this.#reacts.chance(0.8))
      this.#later(this.#reacts.between(5_000, 30_000), () => this.#replug())
  }

  #replug(): void {
    if (!this.cable || this.charging || this.#leaving) return
    this.#unplug()
    this.#later(this.#reacts.between(3_000, 15_000), () => this.#plug())
  }

  #losePatience(): void {
    if (this.#began || this.#leaving) return
    if (this.car.card && !this.#tapped) {
      this.#tap()
      return this.#later(3 * MINUTE, () => this.#giveUp())
    }
    if (!this.#intent.calls) return this.#giveUp()
    this.#streets.call(this, 'start')
    this.#later(4 * MINUTE, () => this.#giveUp())
  }

  #giveUp(): void {
    if (!this.#began) this.#drive()
  }

  /** The charge point began. */
  began(post: ToyPost, evse: number, idTag: string): void {
    const { hunger, hungerAgain, pauses, lateCard } = this.#intent
    const isSecond = this.#intent.wantsMore && !this.#wantsMore
    this.charging = true
    this.#began = true
    const full = (isSecond ? hungerAgain : hunger) * HOUR
    if (this.#hungry_Wh <= 0) this.#hungry_Wh = (full * this.#power()) / HOUR
    this.#later((this.#hungry_Wh / this.#power()) * HOUR, () => this.#fills(post, evse))
    if (isSecond) return
    if (pauses !== null) this.#later(full * 0.4, () => this.#pause(post, evse, pauses))
    const { card } = this.car
    if (lateCard && card && card.idToken !== idTag && this.#streets.faults.inject('late-card'))
      this.#later(full * 0.3, () => post.tap(evse, card.idToken))
  }

  /** W that the battery takes. */
  #power(): number {
    return this.car.amps * 230
  }

  /** The cable gave so much. */
  drew(energy_Wh: number): void {
    this.#hungry_Wh -= energy_Wh
  }

  /** Full, or full somewhat later: a pause takes its time. */
  #fills(post: ToyPost, evse: number): void {
    if (!this.charging) return
    post.tell({ type: 'tick' })
    if (this.#hungry_Wh > 1)
      return this.#later(Math.max(1_000, (this.#hungry_Wh / this.#power()) * HOUR), () => this.#fills(post, evse))
    this.#full(post, evse)
  }

  #pause(post: ToyPost, evse: number, for_ms: number): void {
    if (!this.charging) return
    post.drive(evse, 0)
    this.#later(for_ms, () => {
      if (this.charging) post.drive(evse, this.car.amps)
    })
  }

  #full(post: ToyPost, evse: number): void {
    if (this.charging && !this.#leaving) post.drive(evse, 0)
    if (this.#wantsMore) return this.#later(2 * MINUTE, () => this.#again())
    this.#later(this.#intent.idles, () => this.#finish())
  }

  /** Unplugs, and plugs in again for more (E28). */
  #again(): void {
    if (!this.cable || this.#leaving) return
    this.#wantsMore = false
    this.#unplug()
    this.#tapped = false
    this.#later(this.#intent.again, () => this.#plug())
    this.#later(6 * MINUTE, () => {
      if (!this.charging) this.#drive()
    })
  }

  /** The transaction is over, by whomever. */
  ended(): void {
    if (!this.charging) return
    this.charging = false
    if (!this.#leaving) this.#later(this.#reacts.between(1, 6) * MINUTE, () => this.#finish())
  }

  /** Comes back for the vehicle: stops in one of the ways people do, takes the cable, drives. */
  #finish(): void {
    if (this.#leaving) return
    // In the middle of a re-plug: a moment later.
    if (!this.cable) return this.#later(MINUTE, () => this.#finish())
    this.#leaving = true
    const { faults } = this.#streets
    const { end, packs } = this.#intent
    const { post, evse } = this.cable
    if (end === 'drives-off' && faults.inject('drive-off')) return this.#driveOff()
    const card = this.car.card?.idToken
    if (end === 'stops' && this.charging && card !== undefined && post.running(evse) === card) post.tap(evse, card)
    if (end === 'calls' && this.charging) this.#streets.call(this, 'stop')
    if (end === 'leaves-cable' && faults.inject('left-cable')) return this.#later(packs, () => this.#leaveCable())
    this.#later(packs, () => this.#drive())
  }

  #leaveCable(): void {
    if (this.cable) this.cable.post.leaveCable(this.cable.evse)
    this.cable = null
    this.#later(this.#intent.goes, () => this.#go())
  }

  /** The charge point goes dark, the cable tears, the vehicle is gone. */
  #driveOff(): void {
    this.cable?.post.drop(this.#reacts.between(1, 40) * MINUTE)
    this.#unplug()
    this.#go()
  }

  #unplug(): void {
    if (!this.cable) return
    const { post, evse } = this.cable
    this.cable = null
    post.unplug(evse)
  }

  /** Takes the cable out and leaves. */
  #drive(): void {
    this.#leaving = true
    this.#unplug()
    this.#later(this.#intent.goes, () => this.#go())
  }

  #go(): void {
    this.left = true
    this.place.stay = null
    this.#streets.look(this.place.bayId, 'left')
    this.#streets.gone(this)
  }
}
