import { isDeepStrictEqual } from 'node:util'
import { adoptions } from '../../actors/adoptions.ts'
import type { BayPlan } from '../../actors/bay-plan.ts'
import type { Ids } from '../../actors/ports.ts'
import { cell } from '../../actors/record-memory.ts'
import type { Site } from '../../actors/site.ts'
import type { Json, Observation, Policy } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { FactRecord } from '../../machines/record.ts'
import { bayPlans } from '../bay-plans.ts'
import type { SiteFile } from '../site-file.ts'
import { checkPolicy } from './policy-check.ts'

/** What a gateway answers of its policy: the centre's version in force, and bays that still go by the one before until their visit ends. */
export type PolicyAnswer = { readonly version: number; readonly waiting: number }

/** Cause of the record by which a centre's policy counts from here on. */
const ORDERED = 'policy.ordered'

type Ordered = { readonly version: number; readonly policy: Policy }

/**
 * The policy that a centre gives a site whose file lets it: on record in the stream `site`, where it stands in the place of the file's
 * section `policy` until a newer one comes. A bay adopts it while it is vacant: who stands there is judged to the end by the rules they came under.
 */
export class CentralPolicy {
  readonly #file: SiteFile
  readonly #site: () => Site
  readonly #ids: Ids
  #ordered: Ordered | null = null
  /** Bays that have not adopted it yet. */
  readonly #waiting = new Set<string>()
  #planned: { readonly ordered: Ordered; readonly plans: readonly BayPlan[] } | null = null
  #turn: Promise<unknown> = Promise.resolve()
  /** What is remembered by records alone. */
  readonly memory = cell(
    () => this.#ordered,
    (ordered) => {
      this.#ordered = ordered
    },
  )

  constructor({ file, site, ids }: { readonly file: SiteFile; readonly site: () => Site; readonly ids: Ids }) {
    this.#file = file
    this.#site = site
    this.#ids = ids
  }

  /** Whether the site file lets the centre say so. */
  get isTaken(): boolean {
    return this.#file.centre?.policy === true
  }

  /** The policy that counts for the whole site; bays may still wait for it. */
  now = (): Policy => (this.#ordered !== null && this.isTaken ? this.#ordered.policy : this.#file.policy)

  /** Takes in one record, in the journal's order. */
  hear({ stream, cause }: FactRecord): void {
    if (stream !== 'site' || cause.type !== ORDERED) return
    this.#ordered = { version: Number(cause['policyVersion']), policy: cause['policy'] as unknown as Policy }
  }

  /** What bays adopt at a start: the centre's word where they are vacant, and what they have where somebody stands there. */
  plans(written: readonly BayPlan[]): readonly BayPlan[] {
    const ordered = this.#ordered
    if (ordered === null || !this.isTaken) return written
    return this.#plans(ordered).map((plan) => {
      const known = this.#site().hosts.get(plan.bayId)?.bay
      if (known === undefined || known.visit === null) return plan
      this.#waiting.add(plan.bayId)
      return { ...plan, policy: known.policy }
    })
  }

  /** Adopts a version, on record. Throws Fault COMMAND_REFUSED with a sentence, or STORE_UNWRITABLE. */
  order(body: Json): Promise<PolicyAnswer> {
    const done = this.#turn.then(() => this.#order(body))
    this.#turn = done.catch(() => {})
    return done
  }

  async #order(body: Json): Promise<PolicyAnswer> {
    const { version, policy: section = null } = (body ?? {}) as { readonly [member: string]: Json }
    if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1)
      throw refused('This is no version of a policy.')
    const checked = checkPolicy(section)
    if ('problems' in checked) {
      const [first = '', ...more] = checked.problems
      throw refused(
        `Version ${version} of the policy does not check: ${first}${more.length > 0 ? ` (and ${more.length} more)` : ''}`,
      )
    }
    const known = this.#ordered
    if (known !== null && version < known.version)
      throw refused(
        `Version ${version} of the policy is older than version ${known.version}, which is in force; put it again as a newer one.`,
      )
    if (known?.version === version) {
      if (isDeepStrictEqual(checked.policy, known.policy)) return this.#answer()
      throw refused(`Version ${version} of the policy is in force with other rules; put these as a newer one.`)
    }
    await this.#write({ version, policy: checked.policy })
    return this.#answer()
  }

  /** One batch: the site's own record, and what each vacant bay is told. */
  async #write(ordered: Ordered): Promise<void> {
    const { version, policy } = ordered
    const plans = this.#plans(ordered)
    const isVacant = ({ bayId }: BayPlan): boolean => this.#site().hosts.get(bayId)?.bay.visit === null
    const told = plans.filter(isVacant).flatMap((plan) => this.#news(plan))
    const cause = {
      type: ORDERED,
      source: 'centre',
      by: 'centre',
      policyVersion: version,
      policy: policy as unknown as Json,
    }
    const decisions = [{ type: 'PolicyOrdered', by: 'centre', policyVersion: version }]
    await this.#site().tellAll([{ stream: 'site', cause, decisions, personal: {} }], told)
    this.#waiting.clear()
    for (const plan of plans) if (this.#news(plan).length > 0) this.#waiting.add(plan.bayId)
  }

  #answer(): PolicyAnswer {
    return { version: this.#ordered?.version ?? 0, waiting: this.#waiting.size }
  }

  /** Bays whose visit has ended adopt it; about once a second. */
  tick(): void {
    const ordered = this.#ordered
    if (ordered === null || this.#waiting.size === 0) return
    for (const plan of this.#plans(ordered)) {
      if (!this.#waiting.has(plan.bayId) || this.#site().hosts.get(plan.bayId)?.bay.visit !== null) continue
      this.#waiting.delete(plan.bayId)
      for (const [bayId, news] of this.#news(plan))
        this.#site()
          .tell(bayId, news)
          .catch(() => this.#waiting.add(bayId))
    }
  }

  /** What every bay is to adopt of a version; a large site is planned once for it. */
  #plans(ordered: Ordered): readonly BayPlan[] {
    if (this.#planned?.ordered !== ordered)
      this.#planned = { ordered, plans: bayPlans({ ...this.#file, policy: ordered.policy }) }
    return this.#planned.plans
  }

  #news(plan: BayPlan): (readonly [string, Observation])[] {
    const host = this.#site().hosts.get(plan.bayId)
    if (host === undefined) return []
    return adoptions(host.bay, plan, this.#ids)
      .filter(({ type }) => type === 'policy.adopted')
      .map((news) => [plan.bayId, { ...news, source: 'site' } as Observation])
  }
}

const refused = (says: string): Fault => new Fault('COMMAND_REFUSED', {}, { says })
