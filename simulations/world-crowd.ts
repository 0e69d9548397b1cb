import type { Json } from '../machines/events.ts'
import { fold } from '../machines/plate.ts'
import type { Confirm } from '../machines/register.ts'
import type { Car } from './toy-driver.ts'
import { GUEST } from './toy-operator.ts'
import type { Dice } from './world-chance.ts'
import type { Faults } from './world-faults.ts'

type Entry = { readonly type: string; readonly [key: string]: Json }
type Member = { readonly car: Car; readonly entries: readonly Entry[]; readonly confirm: Confirm }

/** Who comes to a site: some registered by plate, some with a card, some with both, some with nothing, and some who look alike. */
export class Crowd {
  readonly cars: readonly Car[]
  readonly #members: readonly Member[]
  readonly #accounts = new Map<string, string>()
  readonly #near = new Map<string, number>()
  readonly #free: Set<Car>

  /** `handles` name plates and cards as berth's key store does. */
  constructor(dice: Dice, faults: Faults, handles: { vehicle(folded: string): string; card(idToken: string): string }) {
    const members: Member[] = []
    for (let number = 1; number <= 44; number++) members.push(member(number, dice, handles))
    const [first, second] = members as [Member, Member]
    members.push(lookAlike(first, handles))
    if (faults.may('clone'))
      members.push({ ...second, entries: [], car: { ...second.car, name: 'car-clone', card: null, isClone: true } })
    this.#members = members
    this.cars = members.map(({ car }) => car)
    this.#free = new Set(this.cars)
    for (const { car } of members)
      if (car.plate !== null && car.accountId !== null) this.#accounts.set(car.plate, car.accountId)
    for (const one of this.#accounts.keys()) this.#near.set(fold(one), this.#neighbours(one))
  }

  /** What the register is told before the first vehicle comes. */
  entries(): Entry[] {
    return [
      { type: 'account.changed', accountId: GUEST, status: 'active', confirm: 'never' },
      ...this.#members.flatMap(({ entries }) => entries),
    ]
  }

  /** What the register is told of a plate under a new handle. */
  entriesOf(plate: string, handle: string): Entry[] {
    const known = this.#members.find(({ car, entries }) => car.plate === plate && entries.length > 0)?.entries ?? []
    return known.filter(({ type }) => type === 'vehicle.registered').map((entry) => ({ ...entry, handle }))
  }

  /** A car that stands nowhere now; null where all do. */
  take(dice: Dice): Car | null {
    if (this.#free.size === 0) return null
    const car = dice.pick([...this.#free])
    this.#free.delete(car)
    return car
  }

  /** A clone of a car that stands somewhere comes more often than chance would have it. */
  back(car: Car): void {
    this.#free.add(car)
  }

  anyPlate(dice: Dice): string {
    return dice.pick([...this.#accounts.keys()])
  }

  accountOf(plate: string): string {
    return this.#accounts.get(plate) ?? GUEST
  }

  confirmOf(accountId: string): Confirm {
    return this.#members.find(({ car }) => car.accountId === accountId)?.confirm ?? 'never'
  }

  /** Who pays for a card; null = nobody. */
  cardAccount(idToken: string): string | null {
    return this.cars.find(({ card }) => card?.idToken === idToken)?.card?.accountId ?? null
  }

  /** Registered plates of other accounts one character away. */
  near(folded: string): number {
    return this.#near.get(folded) ?? 0
  }

  #neighbours(plate: string): number {
    let count = 0
    for (const [other, account] of this.#accounts)
      if (account !== this.#accounts.get(plate) && isNear(fold(plate), fold(other))) count += 1
    return count
  }
}

const LETTERS = 'ABCEFGHJKLMNPRSTUVWXYZ'
const plateOf = (dice: Dice): string => {
  const letters = (count: number): string => Array.from({ length: count }, () => dice.pick([...LETTERS])).join('')
  return `${letters(2)}${dice.whole(10, 99)}${letters(3)}`
}

/** One character changed, added or missing. */
function isNear(one: string, other: string): boolean {
  if (one === other || Math.abs(one.length - other.length) > 1) return false
  let start = 0
  while (start < one.length && one[start] === other[start]) start += 1
  let end = 0
  while (end < Math.min(one.length, other.length) - start && one.at(-1 - end) === other.at(-1 - end)) end += 1
  return Math.max(one.length, other.length) - start - end <= 1
}

const ALWAYS = { validFrom: null, validTo: null, blocked: false }

function member(
  number: number,
  dice: Dice,
  handles: { vehicle(folded: string): string; card(idToken: string): string },
): Member {
  const kind =
    number <= 30
      ? 'plate'
      : number <= 36
        ? 'card'
        : number <= 38
          ? 'nobody'
          : (['always', 'first-visit', 'expired', 'out-of-hours', 'blocked', 'no-plate'][number - 39] ?? 'plate')
  const plate = kind === 'no-plate' ? null : plateOf(dice)
  const amps = dice.pick([32, 64, 100, 160])
  const accountId = `acc-${number}`
  const may = ['plate', 'always', 'first-visit'].includes(kind)
  const confirm: Confirm = kind === 'always' || kind === 'first-visit' ? kind : 'never'
  const hasCard = kind === 'card' || kind === 'no-plate' || dice.chance(0.35)
  const idToken = `CARD${String(number).padStart(4, '0')}`
  // One card in twelve is known to nobody.
  const known = number % 12 !== 0
  const entries: Entry[] = [
    { type: 'account.changed', accountId, status: kind === 'blocked' ? 'blocked' : 'active', confirm },
  ]
  if (plate !== null && kind !== 'card' && kind !== 'nobody')
    entries.push({
      type: 'vehicle.registered',
      handle: handles.vehicle(fold(plate)),
      accountId,
      fleet: null,
      hasAlias: false,
      ...ALWAYS,
      // A time that no run of less than six days comes to: runs begin on a Sunday.
      hours: kind === 'out-of-hours' ? 'Sa 03:00-03:05' : null,
      validTo: kind === 'expired' ? '2026-01-31' : null,
    })
  if (hasCard && known && kind !== 'blocked')
    entries.push({ type: 'token.registered', handle: handles.card(idToken), accountId, ...ALWAYS })
  return {
    car: {
      name: `car-${number}`,
      plate,
      accountId: may ? accountId : null,
      card: hasCard ? { idToken, accountId: known && kind !== 'blocked' ? accountId : null } : null,
      amps,
    },
    entries,
    confirm,
  }
}

/** Another account's plate that differs by one character that looks alike, and is not folded away. */
function lookAlike({ car }: Member, handles: { vehicle(folded: string): string }): Member {
  const last = car.plate?.at(-1) === 'M' ? 'N' : 'M'
  const plate = `${car.plate?.slice(0, -1) ?? ''}${last}`
  const accountId = 'acc-near'
  return {
    car: { name: 'car-near', plate, accountId, card: null, amps: 32 },
    confirm: 'never',
    entries: [
      { type: 'account.changed', accountId, status: 'active', confirm: 'never' },
      {
        type: 'vehicle.registered',
        handle: handles.vehicle(fold(plate)),
        accountId,
        fleet: null,
        hasAlias: false,
        ...ALWAYS,
        hours: null,
      },
    ],
  }
}
