import type { CommandType, Json, Observation } from '../machines/events.ts'
import type { FactRecord } from '../machines/record.ts'
import type { Place, Stay } from './toy-driver.ts'
import type { Dice } from './world-chance.ts'
import type { WorldClock } from './world-clock.ts'
import type { Crowd } from './world-crowd.ts'
import type { Faults } from './world-faults.ts'

/** How people of the site reach berth: what they say becomes an observation, where it may be said. */
export type OperatorOptions = {
  readonly clock: WorldClock
  readonly dice: Dice
  readonly faults: Faults
  readonly crowd: Crowd
  readonly places: readonly Place[]
  readonly handleOf: (plate: string) => string
  readonly commands: (bayId: string, command: CommandType, fields?: { readonly [key: string]: Json }) => void
  readonly tells: (bayId: string, told: Observation) => void
  /** Somebody with this plate asks to be forgotten. */
  readonly erases: (plate: string) => void
  /** Vehicles that wait for a charge point which is away. */
  readonly stranded: () => readonly Stay[]
  /** Writes to the register. */
  readonly registers: (causes: readonly { readonly type: string; readonly [key: string]: Json }[]) => void
}

/** The account of those who are let in by hand. */
export const GUEST = 'acc-guest'
const MINUTE = 60_000

/** The people of a site: answer reviews, help drivers, try things, and are sometimes wrong. */
export class ToyOperator {
  readonly #options: OperatorOptions
  readonly #reviews: Dice
  readonly #help: Dice
  #said = 0

  constructor(options: OperatorOptions) {
    this.#options = options
    this.#reviews = options.dice.fork('reviews')
    this.#help = options.dice.fork('help')
  }

  begin(): void {
    const { clock, dice, faults } = this.#options
    const acts = dice.fork('acts')
    const books = dice.fork('books')
    const again = (mean: number, own: Dice, act: () => void): void =>
      void clock.after(own.gap(mean), () => {
        act()
        again(mean, own, act)
      })
    again(7 * MINUTE, acts, () => this.#tries(acts))
    again(20 * MINUTE, books, () => {
      if (faults.inject('register-change')) this.#changes(books)
    })
    again(120 * MINUTE, dice.fork('switch'), () => this.#turns())
    const forgotten = dice.fork('erasure')
    again(150 * MINUTE, forgotten, () => this.#erases(forgotten))
  }

  #name(): { readonly id: string; readonly source: string } {
    this.#said += 1
    return { id: `person-${this.#said}`, source: 'operator' }
  }

  /** A record of a bay: reviews wait in it. */
  hear(record: FactRecord): void {
    const { clock } = this.#options
    const { bayId } = record
    if (bayId === null) return
    for (const effect of record.effects) {
      if (effect.type !== 'open.review') continue
      if (this.#reviews.chance(0.25)) continue
      const review = String(effect['review'])
      clock.after(this.#reviews.between(5_000, 110_000), () => this.#answer(bayId, review))
    }
  }

  #answer(bayId: string, review: string): void {
    const { handleOf, tells, faults, crowd } = this.#options
    const dice = this.#reviews
    const stay = this.#stayOf(bayId)
    const say = (verdict: 'plate' | 'unreadable' | 'not-a-plate', plate: string | null): void =>
      tells(bayId, {
        type: 'review.answered',
        ...this.#name(),
        review,
        verdict,
        handle: plate === null ? null : handleOf(plate),
        accountId: plate === null ? null : crowd.accountOf(plate),
        by: 'reviewer',
      })
    const plate = stay?.car.plate ?? null
    if (dice.chance(0.08)) return say('not-a-plate', null)
    if (dice.chance(0.12) && faults.inject('wrong-word')) {
      return say('plate', crowd.anyPlate(dice))
    }
    if (plate === null) return say('unreadable', null)
    say('plate', plate)
  }

  #stayOf(bayId: string): Stay | null {
    return this.#options.places.find((place) => place.bayId === bayId)?.stay ?? null
  }

  /** A driver asks for help. */
  called(stay: Stay, wish: 'start' | 'stop'): void {
    const { commands, clock } = this.#options
    const { bayId } = stay.place
    clock.after(this.#help.between(5_000, 60_000), () => {
      if (stay.left || stay.place.stay !== stay) return
      if (wish === 'stop') return commands(bayId, 'remote-stop')
      this.#lets(stay, this.#help)
    })
  }

  #lets(stay: Stay, dice: Dice): void {
    const { commands, faults, crowd, handleOf } = this.#options
    const { bayId } = stay.place
    const { plate } = stay.car
    if (dice.chance(0.1) && faults.inject('wrong-word')) {
      const other = crowd.anyPlate(dice)
      return commands(bayId, dice.chance(0.5) ? 'authorize' : 'correct-plate', {
        handle: handleOf(other),
        accountId: crowd.accountOf(other),
      })
    }
    const accountId = stay.car.accountId ?? GUEST
    stay.entitled.add(accountId)
    if (plate !== null && stay.car.accountId !== null && dice.chance(0.4))
      return commands(bayId, 'correct-plate', {
        handle: handleOf(plate),
        accountId: dice.chance(0.5) ? accountId : null,
      })
    commands(bayId, 'authorize', { handle: plate === null ? null : handleOf(plate), accountId })
  }

  /** Tries one of the buttons. */
  #tries(dice: Dice): void {
    const { faults, places, commands } = this.#options
    const place = dice.pick(places)
    const kind = dice.pick([
      'authorize',
      'deny',
      'release-lock',
      'remote-stop',
      'service',
      'autonomy',
      'authorize',
      'release-lock',
    ])
    if (!faults.inject('operator')) return
    const { bayId, stay } = place
    switch (kind) {
      case 'authorize':
        if (stay) this.#lets(stay, dice)
        return
      case 'service':
        commands(bayId, 'out-of-service')
        return this.#later(dice.between(2, 20) * MINUTE, () => commands(bayId, 'in-service'))
      case 'autonomy':
        commands(bayId, 'autonomy', { level: dice.pick(['observe', 'suggest']) })
        return this.#later(dice.between(5, 40) * MINUTE, () => commands(bayId, 'autonomy', { level: 'act' }))
      default:
        commands(bayId, kind as CommandType)
    }
  }

  #later(ms: number, act: () => void): void {
    this.#options.clock.after(ms, act)
  }

  /** The site's switch for automatic starts, off and on again. */
  #turns(): void {
    const { places, tells, faults } = this.#options
    if (!faults.inject('operator')) return
    const turn = (automatic: boolean): void => {
      for (const { bayId } of places)
        tells(bayId, { type: 'switch.turned', ...this.#name(), automatic, by: 'op', reason: null })
    }
    turn(false)
    this.#later(10 * MINUTE, () => turn(true))
  }

  #erases(dice: Dice): void {
    const { places, erases, faults, crowd, handleOf, registers } = this.#options
    const plate = dice.pick(places).stay?.car.plate ?? null
    if (plate === null || !faults.inject('erasure')) return
    erases(plate)
    // The driver registers anew: as somebody whom nobody remembers.
    this.#later(90 * MINUTE, () => registers(crowd.entriesOf(plate, handleOf(plate))))
  }

  /** An account is blocked for a while, and then not. */
  #changes(dice: Dice): void {
    const { crowd, registers, stranded } = this.#options
    const waiting = stranded().map((stay) => stay.car.accountId)
    const accountId = dice.pick([...waiting, ...waiting, null]) ?? crowd.accountOf(crowd.anyPlate(dice))
    registers([{ type: 'account.changed', accountId, status: 'blocked', confirm: 'never' }])
    this.#later(dice.between(1, 30) * MINUTE, () =>
      registers([{ type: 'account.changed', accountId, status: 'active', confirm: crowd.confirmOf(accountId) }]),
    )
  }
}
