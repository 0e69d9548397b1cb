import type { Car } from './toy-driver.ts'
import type { Dice } from './world-chance.ts'
import type { Faults } from './world-faults.ts'

const MINUTE = 60_000

/** What a driver means to do, whatever then happens: thrown once, so that a run with a crash in it has the same people. Times in ms. */
export type Intent = {
  /** Presents a card whatever the plate says. */
  readonly byCard: boolean
  readonly crooked: boolean
  readonly neverPlugs: number | null
  readonly plugs: number
  /** After the arrival, and after the plug. */
  readonly taps: number | null
  readonly tapsLater: number
  readonly patience: number
  readonly calls: boolean
  readonly pauses: number | null
  readonly idles: number
  readonly wantsMore: boolean
  readonly again: number
  /** Share of an hour's charge. */
  readonly hunger: number
  readonly hungerAgain: number
  readonly lateCard: boolean
  readonly end: 'drives' | 'drives-off' | 'stops' | 'calls' | 'leaves-cable'
  readonly packs: number
  readonly goes: number
  readonly otherCable: boolean
}

/** Throws everything that one driver means to do. */
export function intentOf(car: Car, dice: Dice, faults: Faults): Intent {
  const ends = dice.next()
  return {
    byCard: dice.chance(0.2) ? car.card !== null : car.card !== null && car.accountId === null,
    crooked: dice.chance(0.03) && faults.inject('crooked-parking'),
    neverPlugs: dice.chance(0.06) && faults.inject('never-plugs') ? dice.between(5, 45) * MINUTE : null,
    plugs: dice.chance(0.15) ? dice.between(500, 4_000) : dice.between(8_000, 80_000),
    taps: dice.chance(0.5) ? dice.between(3_000, 60_000) : null,
    tapsLater: dice.between(2_000, 50_000),
    patience: dice.between(4, 9) * MINUTE,
    calls: dice.chance(0.5),
    pauses: dice.chance(0.15) ? dice.between(1, 8) * MINUTE : null,
    idles: dice.chance(0.15) ? dice.between(15, 40) * MINUTE : dice.between(1, 9) * MINUTE,
    wantsMore: dice.chance(0.1),
    again: dice.between(10_000, 60_000),
    hunger: dice.between(0.08, 0.75),
    hungerAgain: dice.between(0.05, 0.25),
    lateCard: dice.chance(0.05) && faults.may('late-card'),
    end:
      ends < 0.03
        ? 'drives-off'
        : ends < 0.08
          ? 'leaves-cable'
          : ends < 0.45
            ? 'stops'
            : ends < 0.6
              ? 'calls'
              : 'drives',
    packs: dice.between(2_000, 20_000),
    goes: dice.between(4_000, 70_000),
    otherCable: dice.chance(0.15),
  }
}
