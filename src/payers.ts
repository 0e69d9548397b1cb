import { type Authorizer, authorizer } from '../actors/authorizer.ts'
import {
  AuthorizerChain,
  type AuthorizerLink,
  type ChainAnswer,
  type PayerQuestion,
} from '../actors/authorizer-chain.ts'
import type { Clock, Scribe } from '../actors/ports.ts'
import { cell, type Memory, memory } from '../actors/record-memory.ts'
import type { Json } from '../machines/events.ts'
import type { FactRecord } from '../machines/record.ts'
import type { Register } from '../machines/register.ts'
import { openAuthorizer } from './back-end/open-authorizer.ts'
import { randomIds } from './ids.ts'
import { PlateStarts } from './plate-starts.ts'
import type { SiteProxy } from './proxy/site-proxy.ts'
import type { SiteFile } from './site-file.ts'

type PayersParts = {
  readonly file: SiteFile
  readonly clock: Clock
  /** In proxy mode: whom the back end that bills knows. */
  readonly proxy: Pick<SiteProxy, 'aliases' | 'refusal'> | null
  readonly register: () => Register
  readonly plateOf: (handle: string) => string | null
  /** Who behind the charge points' server may know a payer. */
  readonly further: () => readonly AuthorizerLink[]
  readonly troubled: (why: string | null) => void
  readonly count: (name: string) => void
}

const OBJECTED = { granted: false, reason: 'objected' } as const

/** Who pays at this site: its register, the operator's back end where the site file names one, and who stands behind the charge points' server. */
export class Payers {
  readonly #chain: AuthorizerChain
  readonly #proxy: PayersParts['proxy']
  readonly #backEnd: ReturnType<typeof openAuthorizer> | null
  readonly #file: SiteFile
  readonly #register: () => Register
  /** The rules of the journal, as JSON; nobody was asked before there was a word of it. */
  #adopted = 'null'

  constructor(parts: PayersParts) {
    const { file, clock, register, further } = parts
    this.#file = file
    this.#register = register
    const { authorizer: backEnd, site } = file
    this.#proxy = parts.proxy
    this.#plateStarts = new PlateStarts({
      register,
      clock,
      timezone: site.timezone,
      usual: file.limits.plateStartsPerDay,
    })
    this.#backEnd = backEnd ? openAuthorizer({ ...parts, authorizer: backEnd, siteId: site.id, ids: randomIds }) : null
    this.#chain = new AuthorizerChain({
      register: authorizer({ register, timezone: site.timezone, clock }),
      links: () => [...(this.#backEnd ? [this.#backEnd.link] : []), ...further()],
      now: () => clock.now(),
    })
    this.memory = memory({
      plateStarts: this.#plateStarts.memory,
      chain: this.#chain.memory,
      adopted: cell(
        () => this.#adopted,
        (adopted) => {
          this.#adopted = adopted
        },
      ),
    })
  }

  readonly #plateStarts: PlateStarts

  /** What is remembered by records alone. */
  readonly memory: Memory

  /** See AuthorizerChain. */
  readonly now: Authorizer = (ask) =>
    this.#objects(ask.handle) ? OBJECTED : this.#billable(this.#chain.now(ask), ask.handle)

  /** See AuthorizerChain. */
  readonly ask = async (question: PayerQuestion): Promise<ChainAnswer> => {
    // Whoever objects is nobody's question either.
    if (question.presented === 'plate' && this.#objects(question.handle)) return { ...OBJECTED, by: 'register' }
    const said = await this.#chain.ask(question)
    if (question.presented !== 'plate') return said
    const billable = this.#billable(said, question.handle)
    if (!billable.granted) return billable
    if (this.#plateStarts.isSpent(billable.accountId, question.bayId))
      return { granted: false, reason: 'daily-limit', by: 'register' }
    const refused = await this.#proxy?.refusal(question)
    if (!refused) this.#plateStarts.granted(billable.accountId, question.bayId)
    return refused ?? billable
  }

  /** Its people want no start by the plate. */
  #objects(handle: string): boolean {
    return this.#register().objections.has(handle)
  }

  /** Who may charge here, and whom the back end that bills knows too. */
  #billable<Said extends { readonly granted: boolean }>(said: Said, handle: string) {
    const reason = said.granted ? (this.#proxy?.aliases.refusal(handle) ?? null) : null
    return reason === null ? said : ({ granted: false, reason, by: 'register' } as const)
  }

  /** Folds one record; `live` = of after the start. */
  hear(record: FactRecord, live: boolean): void {
    const { cause } = record
    this.#plateStarts.hear(record)
    if (live) return
    if (cause.type === 'authorizer.adopted') this.#adopted = JSON.stringify(cause['rules'])
    this.#chain.hear(record)
  }

  /** Writes down by which rules the back end is asked from now on, where they are others than the journal's; null: nobody is asked. */
  async adopt(scribe: Scribe): Promise<void> {
    const rules = rulesOf(this.#file)
    if (JSON.stringify(rules) === this.#adopted) return
    await scribe.write([{ stream: 'site', cause: { type: 'authorizer.adopted', rules }, decisions: [], personal: {} }])
    this.#adopted = JSON.stringify(rules)
  }

  /** What is kept in memory of a subject that was erased. */
  forget(handle: string): void {
    this.#chain.forget(handle)
  }

  /** Ends questions that are under way. */
  close(): void {
    this.#backEnd?.close()
  }
}

/** What decides, without the secret and without the address's path, which may hold a key. In the order of their names, as the journal keeps them. */
function rulesOf({ authorizer: backEnd }: SiteFile): { readonly [key: string]: Json } | null {
  if (!backEnd) return null
  const { url, secret: _secret, ...rules } = backEnd
  const all = { ...rules, host: new URL(url).host }
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)))
}
