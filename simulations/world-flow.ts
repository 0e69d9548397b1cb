import type { Site } from '../actors/site.ts'
import { isHeld } from '../machines/lock.ts'
import type { ToyPost } from './toy-post.ts'
import type { SitePlan } from './world-plan.ts'

/** A meter speaks each minute, and a frame may be late: so many minutes of current that berth could know of, until a bay must be locked. */
const PATIENCE_min = 5

/** Where current truly flows, by the charge points' own cables, and not by what berth says of itself. Asked once a minute. */
export class Flow {
  readonly #plan: SitePlan
  readonly #minutes = new Map<string, number>()

  constructor(plan: SitePlan) {
    this.#plan = plan
  }

  /** A cable that gave current for long, to a berth that could hear of it, while no bay in its reach is locked; else null. */
  unlocked(posts: Iterable<ToyPost>, site: Site | undefined, now: number): string | null {
    for (const post of posts)
      for (const evse of post.body.connectors.keys()) {
        const cable = `${post.id}/${evse + 1}`
        const flows = site !== undefined && !site.failing && post.isHeard(now) && post.body.flowing_A(evse + 1) >= 1
        const minutes = flows ? (this.#minutes.get(cable) ?? 0) + 1 : 0
        this.#minutes.set(cable, minutes)
        if (minutes > PATIENCE_min && !this.#isLocked(site, cable)) return `${cable} gives current for ${minutes} min`
      }
    return null
  }

  #isLocked(site: Site | undefined, cable: string): boolean {
    return [...this.#plan.reach].some(([bayId, cables]) => {
      const bay = site?.bay(bayId)
      return bay && isHeld(bay) && cables.some((one) => `${one.postId}/${one.evse}` === cable)
    })
  }
}
