import type { Journal, Scribe } from '../../actors/ports.ts'
import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { Signer } from '../journal/checkpoint.ts'
import { signPackage } from '../privacy/package-signature.ts'
import type { Caller } from '../site-desk.ts'
import { COMMISSION_STEPS, type CommissionStep, commissionSeen, type StepSeen } from './commission-check.ts'

/** What a person says: steps that were skipped, each with why, and that the night picture was looked at. */
export type CommissionWord = {
  readonly since: number
  readonly skipped?: { readonly [step: string]: string }
  readonly nightSeen?: boolean
}
/** A bay's signed record. */
export type Commissioned = { readonly seq: number; readonly bayId: string; readonly steps: readonly Json[] }

const MOST_RECORDS = 20_000
const PAGE = 1_000

type Parts = {
  readonly siteId: string
  readonly journal: Pick<Journal, 'readSite' | 'head'>
  readonly scribe: Scribe
  readonly signer: () => Signer
}

/** Bays are shown to work, one after the other: what the journal saw is believed, and a person's word only where it says so. */
export class CommissioningDesk {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** What was shown at the bay since the record `since`. */
  async seen(bayId: string, since: number): Promise<readonly StepSeen[]> {
    return commissionSeen(bayId, await this.#recordsAfter(since))
  }

  /** Where a bay's commissioning begins now. */
  now = (): number => this.#parts.journal.head().seq

  /**
   * Writes the bay's signed record. Throws Fault COMMAND_REFUSED where a step was neither shown nor skipped with a reason, or other bays saw
   * the same; rejects with Fault STORE_UNWRITABLE.
   */
  async close(bayId: string, word: CommissionWord, by: Caller): Promise<Commissioned> {
    const seen = await this.seen(bayId, word.since)
    const steps = seen.map((one) => this.#judge(one, word))
    const { siteId, signer, scribe } = this.#parts
    const told = { siteId, bayId, since: word.since, steps, by: by.name, role: by.role }
    const signature = signPackage(signer(), told)
    const cause = { type: 'bay.commissioned', ...told, signature }
    const [record] = await scribe.write([{ stream: 'audit', cause, decisions: [], personal: {} }])
    return { seq: record?.seq ?? this.now(), bayId, steps }
  }

  #judge({ step, seq, by, others, witnesses }: StepSeen, { skipped = {}, nightSeen }: CommissionWord): Json {
    const why = skipped[step]?.trim() ?? ''
    if (why !== '') return { step, outcome: 'skipped', why: why.slice(0, 200) }
    if (step === 'night' && nightSeen === true) return { step, outcome: 'looked at' }
    if (seq === null && others.length > 0)
      throw refused(step, `was not shown, and a cable went in at ${others.join(', ')} where nobody stood`)
    if (seq === null) throw refused(step, 'was not shown')
    if (others.length > 0) throw refused(step, `was seen by ${others.join(', ')} as well`)
    return { step, outcome: 'shown', seq, by: [...by], ...(witnesses === null ? {} : { witnesses }) }
  }

  async #recordsAfter(since: number): Promise<readonly FactRecord[]> {
    const all: FactRecord[] = []
    let page: readonly FactRecord[]
    do {
      page = await this.#parts.journal.readSite(all.at(-1)?.seq ?? since, PAGE)
      all.push(...page)
    } while (page.length === PAGE && all.length < MOST_RECORDS)
    return all
  }
}

const refused = (step: CommissionStep, what: string): Fault =>
  new Fault(
    'COMMAND_REFUSED',
    { step },
    { says: `The step ${step} (${COMMISSION_STEPS.join(', ')}) ${what}; show it, or skip it with a reason.` },
  )
