import type { BayPlan } from '../actors/bay-plan.ts'
import type { BayReads } from '../actors/mask-watch.ts'
import { type PlateFeed, plateFeed } from '../actors/plate-feed.ts'
import type { Clock } from '../actors/ports.ts'
import type { Site } from '../actors/site.ts'
import type { Policy } from '../machines/events.ts'
import type { Register } from '../machines/register.ts'
import { randomIds } from './ids.ts'
import { type PlateTrust, plateTrust, type TrustSite } from './plate-trust.ts'
import type { KeyStore } from './privacy/key-store.ts'
import type { RegisterTexts } from './register-texts.ts'
import type { Senses } from './senses.ts'
import type { SiteFile } from './site-file.ts'

type Parts = {
  readonly file: SiteFile
  readonly clock: Clock
  readonly keys: KeyStore
  readonly register: () => Register
  readonly texts: RegisterTexts
  readonly plans: readonly BayPlan[]
  readonly policy: (bayId: string) => Policy
  readonly knownClock: Senses['clocks']['cameraClock']
  readonly count: (name: string) => void
  /** See TrustSite. */
  readonly calibrated: NonNullable<TrustSite['calibrated']>
  readonly site: () => Site
  readonly watched: (reads: BayReads) => void
}

/** How plates come to bays: how far a text is trusted here, and the feed that tells it. */
export function openPlates(parts: Parts): { readonly trust: PlateTrust; readonly feed: PlateFeed } {
  const { file, clock, keys, register, texts, plans, policy, knownClock, calibrated, count, site, watched } = parts
  const trust = plateTrust({
    calibrated,
    keys,
    register,
    plates: () => [...texts.vehicles].map(([handle, { plate }]) => [handle, plate] as const),
    plateOf: (handle) => texts.vehicles.get(handle)?.plate ?? null,
  })
  const zones = plans.flatMap((plan) => plan.zones.map((zone) => ({ ...zone, bayId: plan.bayId })))
  const feed = plateFeed({
    clock,
    keys,
    ids: randomIds,
    zones: () => zones,
    policy,
    knownClock,
    masks: (cameraId) => file.cameras.find(({ id }) => id === cameraId)?.ignore ?? [],
    count,
    watched,
    chance: trust.chance,
    crowd: trust.crowd,
    deliver: async (bayId, observation, personal) => {
      await site().tell(bayId, observation, personal)
    },
  })
  return { trust, feed }
}
