import type { Keys } from '../actors/ports.ts'
import { fold, normalize } from '../machines/plate.ts'
import type { Register } from '../machines/register.ts'
import { keepNewest } from './newest-kept.ts'

/** What folding leaves of letters and digits. */
const ALPHABET = [...new Set([...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((one) => fold(one)))]
/** Plates remembered between changes of the register: more than vehicles stand on one site, since what stands is read again and again. */
const REMEMBERED = 20_000

/** Something asked of a folded plate, and what is remembered of it. */
export type Remembering<T> = ((folded: string) => T) & {
  /** Drops every plate that is remembered: one of them was erased. */
  readonly forget: () => void
}

/**
 * Counts the registered vehicles of other accounts whose plates differ from a folded plate by one character. The register knows
 * vehicles by handle only, so every neighbour of the plate (about 400) is looked up by its key; nothing is made for those not there.
 */
export function plateCrowd(keys: Pick<Keys, 'findVehicle'>, register: () => Register): Remembering<number> {
  const known = new Map<string, number>()
  let version = -1
  const accountOf = (folded: string): string | null => {
    const handle = keys.findVehicle(folded)
    return handle === null ? null : (register().vehicles.get(handle)?.accountId ?? null)
  }
  const crowdOf = (folded: string): number => {
    if (register().version !== version) known.clear()
    version = register().version
    const before = known.get(folded)
    if (before !== undefined) return before
    const own = accountOf(folded)
    let count = 0
    // Nobody starts on a plate that is not registered: its neighbours do not matter.
    if (own !== null)
      for (const neighbour of neighboursOf(folded)) if ((accountOf(neighbour) ?? own) !== own) count += 1
    keepNewest(known, folded, count, REMEMBERED)
    return count
  }
  return Object.assign(crowdOf, { forget: () => known.clear() })
}

/** Every text that one changed, missing or added character makes of this one. */
export function neighboursOf(folded: string): Set<string> {
  const texts = new Set<string>()
  for (let place = 0; place <= folded.length; place++) {
    const [before, after] = [folded.slice(0, place), folded.slice(place)]
    if (after !== '') texts.add(before + after.slice(1))
    for (const one of ALPHABET) {
      texts.add(before + one + after)
      if (after !== '') texts.add(before + one + after.slice(1))
    }
  }
  texts.delete(folded)
  return texts
}

/**
 * Says of a folded plate that it is the beginning or the end of a longer registered one of another account (two characters or more
 * are missing): our reader may have found one group of its characters only, and what it then reads so surely is not the plate.
 */
export function plateParts(
  plates: () => Iterable<readonly [handle: string, plate: string]>,
  register: () => Register,
  findVehicle: (folded: string) => string | null,
): Remembering<boolean> {
  const known = new Map<string, boolean>()
  let version = -1
  let all: readonly (readonly [handle: string, folded: string])[] | null = null
  const isPartOf = (folded: string): boolean => {
    if (register().version !== version) all = null
    if (register().version !== version) known.clear()
    version = register().version
    const before = known.get(folded)
    if (before !== undefined) return before
    const accountOf = (handle: string | null): string | null =>
      handle === null ? null : (register().vehicles.get(handle)?.accountId ?? null)
    const own = accountOf(findVehicle(folded))
    let isPart = false
    if (own !== null) all ??= Array.from(plates(), ([handle, plate]) => [handle, fold(normalize(plate))])
    for (const [handle, longer] of own === null ? [] : (all ?? [])) {
      if (longer.length < folded.length + 2 || !(longer.startsWith(folded) || longer.endsWith(folded))) continue
      if ((accountOf(handle) ?? own) !== own) isPart = true
    }
    keepNewest(known, folded, isPart, REMEMBERED)
    return isPart
  }
  const forget = (): void => {
    known.clear()
    all = null
  }
  return Object.assign(isPartOf, { forget })
}
