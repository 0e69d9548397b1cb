import type { Clock } from '../../actors/ports.ts'
import type { Json } from '../../machines/events.ts'
import type { PostgresLine } from '../journal/postgres-line.ts'
import type { LinkOutcome } from '../uplink/link-request.ts'
import type { CentreLinks } from './centre-links.ts'
import { keepSaid, type PolicySaid, type PolicyStanding, policiesOf, policyStandings } from './policy-book.ts'

type PolicyRolloutParts = {
  readonly line: PostgresLine
  readonly links: Pick<CentreLinks, 'request' | 'isLinked' | 'takes' | 'onReady'>
  readonly clock: Pick<Clock, 'now'>
  readonly log: (says: string) => void
}

/** Longest wait for a gateway's answer, ms. */
const ANSWER_MS = 30_000
/** A gateway that said nothing, or whose bays wait, is asked again after so long, ms. */
const AGAIN_MS = 15_000
const NOT_TAKEN =
  'Its gateway takes no policy from here; write `policy: true` under `centre` in its site file, and start it anew.'

/** Brings the policy that is wanted to each site whose gateway is here, until it says that this one is in force, or why not. */
export class PolicyRollout {
  readonly #parts: PolicyRolloutParts
  /** When each site may be asked again, ms since 1970. */
  readonly #notBefore = new Map<string, number>()
  /** The version that each site refused on its present link: asked again by the next. */
  readonly #refused = new Map<string, number>()
  /** Those whose present link takes no policies. */
  readonly #takeNone = new Set<string>()
  readonly #asking = new Set<string>()

  constructor(parts: PolicyRolloutParts) {
    this.#parts = parts
    parts.links.onReady((site) => {
      this.#notBefore.delete(site)
      this.#refused.delete(site)
      if (parts.links.takes(site, 'policy')) this.#takeNone.delete(site)
      else this.#takeNone.add(site)
    })
  }

  /** Asks whoever is late; now and then. Rejects with Fault STORE_UNREACHABLE. */
  async look(): Promise<void> {
    const { line, clock, links } = this.#parts
    const now = clock.now()
    for (const [site, standing] of await policyStandings(line)) {
      const isDone = standing.inForce === standing.wanted && standing.waiting === 0
      const isAsked = this.#asking.has(site) || this.#refused.get(site) === standing.wanted
      if (isDone || isAsked || !links.isLinked(site) || (this.#notBefore.get(site) ?? 0) > now) continue
      this.#notBefore.set(site, now + AGAIN_MS)
      this.#asking.add(site)
      void this.#bring(site, standing)
        .catch(() => {})
        .finally(() => this.#asking.delete(site))
    }
  }

  async #ask(site: string, version: number): Promise<PolicySaid | null> {
    const { line, links } = this.#parts
    if (this.#takeNone.has(site)) return { version, inForce: null, waiting: 0, refused: NOT_TAKEN }
    const put = (await policiesOf(line, site)).find((one) => one.version === version)
    if (put === undefined) return null
    return saidOf(version, await links.request(site, 'policy', { version, policy: put.policy }, ANSWER_MS))
  }

  async #bring(site: string, { wanted, inForce, refused }: PolicyStanding): Promise<void> {
    const { line, clock, log } = this.#parts
    const said = await this.#ask(site, wanted)
    if (said === null) return
    if (said.refused !== null) this.#refused.set(site, wanted)
    // The next version need not wait.
    if (said.waiting === 0) this.#notBefore.delete(site)
    await keepSaid(line, site, said, new Date(clock.now()).toISOString())
    if (said.refused !== null && said.refused !== refused)
      log(`${site} refuses version ${wanted} of its policy: ${said.refused}`)
    if (said.inForce === wanted && inForce !== wanted) log(`${site} goes by version ${wanted} of its policy.`)
  }
}

/** What came of it; null where nobody knows. */
function saidOf(version: number, outcome: LinkOutcome | null): PolicySaid | null {
  if (outcome === null || (!outcome.ok && (outcome.why === 'busy' || outcome.why === 'failed'))) return null
  if (!outcome.ok) return { version, inForce: null, waiting: 0, refused: outcome.says }
  const { version: inForce, waiting } = (outcome.body ?? {}) as { readonly [member: string]: Json }
  if (inForce !== version || typeof waiting !== 'number' || !Number.isSafeInteger(waiting) || waiting < 0) return null
  return { version, inForce: version, waiting, refused: null }
}
