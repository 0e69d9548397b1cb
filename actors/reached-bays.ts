import type { BayHost } from './bay-actor.ts'
import { cell } from './record-memory.ts'

/**
 * Bays by the charge points whose connectors reach them, or did: what a charge point says concerns these alone, however many others the site
 * has. A bay is here before it knows the connector, and stays when it forgets it, so whoever looks asks the bay itself too.
 */
export class ReachedBays {
  readonly #hosts: ReadonlyMap<string, BayHost>
  readonly #places: ReadonlyMap<string, number>
  readonly #reached = new Map<string, readonly BayHost[]>()
  /** What is remembered by records alone. */
  readonly memory = cell(
    () => [...this.#reached].map(([chargePointId, hosts]) => [chargePointId, hosts.map(({ bayId }) => bayId)] as const),
    (said) => {
      for (const [chargePointId, bayIds] of said) for (const bayId of bayIds) this.#add(chargePointId, bayId)
    },
  )

  /** `hosts`: the bays of the site, in their order. */
  constructor(hosts: ReadonlyMap<string, BayHost>) {
    this.#hosts = hosts
    this.#places = new Map([...hosts.keys()].map((bayId, place) => [bayId, place]))
  }

  /** Hears what a bay is told, or was: connectors come with a profile alone. */
  hear(bayId: string, told: { readonly type: string; readonly [key: string]: unknown }): void {
    if (told.type !== 'profile.adopted' || !Array.isArray(told['connectors'])) return
    for (const { chargePointId } of told['connectors']) this.#add(String(chargePointId), bayId)
  }

  #add(chargePointId: string, bayId: string): void {
    const host = this.#hosts.get(bayId)
    const known = this.#reached.get(chargePointId) ?? []
    if (!host || known.includes(host)) return
    const place = (one: BayHost): number => this.#places.get(one.bayId) ?? 0
    this.#reached.set(
      chargePointId,
      [...known, host].sort((one, other) => place(one) - place(other)),
    )
  }

  /** The bays that this charge point may reach, in the order of the site. */
  of(chargePointId: string): readonly BayHost[] {
    return this.#reached.get(chargePointId) ?? []
  }
}
