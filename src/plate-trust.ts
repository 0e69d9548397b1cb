import { type PlateNewsPorts, saidOf } from '../actors/plate-news.ts'
import type { Keys } from '../actors/ports.ts'
import { normalize } from '../machines/plate.ts'
import { type PlateCountry, repaired } from '../machines/plate-formats.ts'
import type { Register } from '../machines/register.ts'
import type { Candidate } from '../machines/vote.ts'
import { plateCrowd, plateParts } from './plate-crowd.ts'
import { otherSpellings, type PlateDensity, plateDensity } from './plate-density.ts'
import { ownChance } from './vision/own-chance.ts'

/** The register as trust sees it. `plates`: every registered plate by handle; `plateOf`: one of them. */
export type TrustSite = {
  readonly keys: Pick<Keys, 'findVehicle'>
  readonly register: () => Register
  readonly plates: () => Iterable<readonly [handle: string, plate: string]>
  readonly plateOf: (handle: string) => string | null
  /** What a camera's own figure is worth; null until there are cases enough. Absent = it says nothing. */
  readonly calibrated?: (cameraId: string, said: number) => number | null
  /** Countries whose vehicles come here; absent = a plate's format says nothing. */
  readonly countries?: readonly PlateCountry[]
}

/** `forget`: drops every plate that is remembered, since one of them was erased. */
export type PlateTrust = Required<Pick<PlateNewsPorts, 'chance' | 'crowd'>> & { readonly forget: () => void }

/**
 * What a register makes of an agreement (decision 0006; the figures: `npm run wrong-payer`). A plate whose key has other spellings that
 * somebody may well drive is nobody's until a person or a card says so; where registered plates lie densely, only reads that are
 * sure in every place count, and a misread there would bill somebody, as beside a registered neighbour.
 */
export function plateTrust(site: TrustSite): PlateTrust {
  const isPart = plateParts(site.plates, site.register, (folded) => site.keys.findVehicle(folded))
  const neighbours = plateCrowd(site.keys, site.register)
  const density = densityOf(site)
  const registered = (folded: string): string | null => {
    const handle = site.keys.findVehicle(folded)
    if (handle === null || !site.register().vehicles.has(handle)) return null
    const plate = site.plateOf(handle)
    return plate === null ? null : normalize(plate)
  }
  const devices: PlateTrust['chance'] = (cameraId, candidate) =>
    candidate.said === null ? null : (site.calibrated?.(cameraId, saidOf(candidate.said)) ?? null)
  /** An agreement on what no country of the site issues: a misread more often than not. A registered plate is doubted only where its reads are, too. */
  const isForeign = ({ text, near, weakest }: Candidate, plate: string | null): boolean => {
    if (!site.countries || repaired(plate ?? text, site.countries).length > 0) return false
    return plate === null || near > 0 || (weakest !== null && weakest < SURE_PLACE)
  }
  return {
    chance(cameraId, candidate) {
      const plate = registered(candidate.folded)
      const chance = chanceOf(cameraId, candidate, plate)
      return isForeign(candidate, plate) ? Math.min(chance ?? UNSURE, UNSURE) : chance
    },
    crowd(folded) {
      const plate = registered(folded)
      if (plate === null) return 0
      return Math.max(neighbours(folded), density().expectedNear(plate) > LIKELY_NEAR ? 1 : 0)
    },
    forget() {
      isPart.forget()
      neighbours.forget()
    },
  }
  function chanceOf(cameraId: string, candidate: Candidate, plate: string | null): number | null {
    const said = devices(cameraId, candidate)
    if (plate === null) return lesser(ownChance(candidate), said)
    if (otherSpellings(density(), candidate.text, plate) > MOST_SPELLINGS) return 0
    const chance = ownChance(candidate, isPart(candidate.folded))
    if (chance === null) return said
    return lesser(said, isSureAmong(density().expectedNear(plate), candidate) ? chance : Math.min(chance, UNSURE))
  }
}

/** Of two chances the smaller; of one, that. */
const lesser = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other)

/** Other vehicles that may be meant, for each one that has the registered plate: more, and the plate alone says too little. */
const MOST_SPELLINGS = 5e-5
/** Expected registered plates one character away: from here on as if one were registered, and from here on only sure reads count. */
const LIKELY_NEAR = 0.03
const DENSE = 0.1
/** Least confidence of the weakest place there, and where one such plate or more is expected. */
const SURE_PLACE = 0.95
const SUREST_PLACE = 0.98
const UNSURE = 0.8

/** Whether a read is sure enough where so many registered plates are expected one character away. */
const isSureAmong = (expectedNear: number, { near, weakest }: Candidate): boolean =>
  expectedNear <= DENSE || (near === 0 && weakest !== null && weakest >= (expectedNear < 1 ? SURE_PLACE : SUREST_PLACE))

/** The density of the register, counted anew when a hundredth of it has changed. */
function densityOf({ register, plates }: TrustSite): () => PlateDensity {
  let counted: { readonly density: PlateDensity; readonly version: number } | null = null
  return () => {
    const { version, vehicles } = register()
    if (counted === null || Math.abs(version - counted.version) > vehicles.size / 100)
      counted = { density: plateDensity(normalized(plates())), version }
    return counted.density
  }
}

function* normalized(plates: Iterable<readonly [handle: string, plate: string]>): Generator<string> {
  for (const [, plate] of plates) yield normalize(plate)
}
