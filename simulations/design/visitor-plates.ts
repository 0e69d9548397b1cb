import type { Authorizer } from '../../actors/authorizer.ts'
import { authorizer } from '../../actors/authorizer.ts'
import { fold } from '../../machines/plate.ts'
import { emptyRegister, foldRegister, type Register } from '../../machines/register.ts'
import { READER_CONFUSION } from '../reader-confusion.ts'
import { type ToyFormat, toyPlate } from '../toy-plates.ts'
import { ChanceStreams, type Draws } from './chance-streams.ts'

/** One vehicle as berth may know it. `accountId` null = nobody's. */
export type Vehicle = { readonly plate: string; readonly handle: string; readonly accountId: string | null }

const FORMATS: readonly ToyFormat[] = ['german', 'british', 'french', 'dutch']

/** The vehicles that are registered, one account each, and strangers: plates in the formats of four countries, drawn once for a seed. */
export class VisitorPlates {
  readonly register: Register = emptyRegister()
  readonly #list: Vehicle[] = []
  readonly #handles = new Map<string, string>()
  readonly #clock: { now(): number }
  /** Accounts that only the operator's back end knows, by the handle of the vehicle. */
  readonly #far = new Map<string, string>()

  /** `farShare`: of the registered vehicles, how many only the operator's back end knows. That many they are: a register is drawn once, and no replication would make up for a few too many. */
  constructor(seed: number, size: number, clock: { now(): number }, farShare = 0) {
    this.#clock = clock
    const streams = new ChanceStreams(seed, 0)
    const farness: number[] = []
    for (let number = 0; this.#list.length < size; number++) {
      const plate = plateOf(streams.of('registered plate', number))
      if (this.#handles.has(fold(plate))) continue
      const [handle, accountId] = [`veh-${this.#list.length}`, `acc-${this.#list.length}`]
      this.#handles.set(fold(plate), handle)
      this.#list.push({ plate, handle, accountId })
      farness.push(farShare > 0 ? streams.of('far account', number).uniform() : 1)
    }
    const known = [...farness].sort((a, b) => a - b)[Math.round(farShare * size)] ?? Number.POSITIVE_INFINITY
    let version = 0
    const tell = (type: string, more: { readonly [field: string]: string }): void => {
      version += 1
      foldRegister(this.register, { version, cause: { type, ...more } })
    }
    for (const [at, { handle, accountId }] of this.#list.entries()) {
      if (accountId === null) continue
      if ((farness[at] as number) < known) {
        this.#far.set(handle, accountId)
        continue
      }
      tell('account.changed', { accountId, status: 'active', confirm: 'never' })
      tell('vehicle.registered', { handle, accountId })
    }
  }

  /** The registered vehicle of this number. */
  registered(number: number): Vehicle {
    return this.#list[number % this.#list.length] as Vehicle
  }

  /** Somebody of whom the register knows nothing. */
  stranger(draws: Draws): Vehicle {
    for (;;) {
      const plate = plateOf(draws)
      if (!this.#handles.has(fold(plate))) return { plate, handle: `seen-${fold(plate)}`, accountId: null }
    }
  }

  /** The handle under which a text is looked up. */
  handleOf(text: string): string {
    return this.#handles.get(fold(text)) ?? `seen-${fold(text)}`
  }

  /** The account of a vehicle that only the operator's back end knows; null for all others. */
  farAccount = (handle: string): string | null => this.#far.get(handle) ?? null

  /** A card whose account only the back end knows. */
  holdFar(handle: string, accountId: string): void {
    this.#far.set(handle, accountId)
  }

  /** Who pays, by the production authorizer. */
  authorizer(timezone: string): Authorizer {
    return authorizer({ register: () => this.register, timezone, clock: this.#clock })
  }
}

const plateOf = (draws: Draws): string =>
  toyPlate(FORMATS[Math.floor(draws.uniform() * FORMATS.length)] as ToyFormat, () => draws.uniform())

/**
 * The plate with one character read wrong, as berth's reader was seen to read it wrong: which place by how often its character is
 * misread, and as what by the counts. Never the plate's own matching key.
 */
export function misreadOf(plate: string, draws: Draws): string {
  const places = [...plate].map((character) => {
    const row = READER_CONFUSION.swaps[fold(character)]
    return ((row?.wrong ?? 0) + 1) / ((row?.seen ?? 0) + 60)
  })
  let left = draws.uniform() * places.reduce((sum, one) => sum + one, 0)
  let at = places.findIndex((one) => {
    left -= one
    return left < 0
  })
  if (at < 0) at = plate.length - 1
  const other = swapOf(plate[at] as string, draws)
  return plate.slice(0, at) + other + plate.slice(at + 1)
}

const DIGITS = '0123456789'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

function swapOf(character: string, draws: Draws): string {
  const row = Object.entries(READER_CONFUSION.swaps[fold(character)]?.as ?? {}).filter(([as]) => as.length === 1)
  const total = row.reduce((sum, [, count]) => sum + count, 0)
  // What was never seen is as likely another of its kind.
  const kind = DIGITS.includes(character) ? DIGITS : LETTERS
  if (total > 0 && draws.uniform() > 0.15) {
    let left = draws.uniform() * total
    for (const [as, count] of row) {
      left -= count
      if (left < 0 && fold(as) !== fold(character)) return as
    }
  }
  for (;;) {
    const other = kind[Math.floor(draws.uniform() * kind.length)] as string
    if (fold(other) !== fold(character)) return other
  }
}
