import type { Json } from '../../machines/events.ts'

/** The kind of a gateway's words about plates; a centre says that it hears it when it answers a hello. */
export const SIGHTING = 'sighting'

/**
 * A gateway's word about one plate, while its link is up and never later: whether it stands at the site, has left it, or was never there
 * (a person corrected what was read). `hash`: 64 hex digits that say nothing to who has no key; `minute`: when, whole minutes since 1970
 * (UTC); `travel_min`: sooner than so many minutes later no vehicle is at another site.
 */
export type Sighting = {
  readonly type: typeof SIGHTING
  readonly hash: string
  readonly minute: number
  readonly what: 'stands' | 'left' | 'mistaken'
  readonly travel_min: number
}

/** What `travel_min` may be: beyond half a day a centre would have to know where vehicles were for longer than they are on their way. */
const MOST_TRAVEL_MIN = 720

/** The kind of the requests by which a centre tells a gateway of a plate that it told of. */
export const PLATE_DOUBT = 'plate-doubt'

/** One plate at two sites, as each of the two is told: `site` is the other one; `apart_min` whole minutes between leaving one and coming to the other, null = it stands at both. */
export type PlateDoubt = { readonly hash: string; readonly site: string; readonly apart_min: number | null }

type Found = { readonly [member: string]: unknown }

/** A word as it came; null where it is none. */
export function sightingOf({ hash, minute, what, travel_min }: Found): Sighting | null {
  if (!isHash(hash) || !isMinute(minute) || !isTravel(travel_min)) return null
  return what === 'stands' || what === 'left' || what === 'mistaken'
    ? { type: SIGHTING, hash, minute, what, travel_min }
    : null
}

/** What a centre tells, as it came; null where it is none. */
export function plateDoubtOf(body: Json): PlateDoubt | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null
  const { hash, site, apart_min } = body as Found
  const isNamed = typeof site === 'string' && SITE_NAME.test(site)
  const isApart = apart_min === null || (isMinute(apart_min) && apart_min <= MOST_TRAVEL_MIN)
  return isHash(hash) && isNamed && isApart ? { hash, site, apart_min } : null
}

/** Of a name that came from elsewhere and is shown to people. */
const SITE_NAME = /^[\w.:-]{1,100}$/

const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
const isMinute = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const isTravel = (value: unknown): value is number => isMinute(value) && value >= 1 && value <= MOST_TRAVEL_MIN
