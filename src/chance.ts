import { randomBytes } from 'node:crypto'
import type { Chance } from '../actors/ports.ts'

/** Chance from the operating system: tokens made of it cannot be guessed. */
export const systemChance: Chance = {
  hex: (length) =>
    randomBytes(Math.ceil(length / 2))
      .toString('hex')
      .slice(0, length)
      .toUpperCase(),
}
