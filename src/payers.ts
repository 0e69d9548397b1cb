import { type Authorizer, authorizer } from '../actors/authorizer.ts'
import {
  AuthorizerChain,
  type AuthorizerLink,
  type ChainAnswer,
  type PayerQuestion,
} from '../actors/authorizer-chain.ts'
import type { Clock } from '../actors/ports.ts'
import type { FactRecord } from '../machines/record.ts'
import type { Register } from '../machines/register.ts'
import { openAuthorizer } from './back-end/open-authorizer.ts'
import { randomIds } from './ids.ts'
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

/** Who pays at this site: its register, the operator's back end where the site file names one, and who stands behind the charge points' server. */
export class Payers {
  readonly #chain: AuthorizerChain
  readonly #proxy: PayersParts['proxy']
  readonly #backEnd: ReturnType<typeof openAuthorizer> | null

  constructor(parts: PayersParts) {
    const { file, clock, register, further } = parts
    const { authorizer: backEnd, site } = file
    this.#proxy = parts.proxy
    this.#backEnd = backEnd ? openAuthorizer({ ...parts, authorizer: backEnd, siteId: site.id, ids: randomIds }) : null
    this.#chain = new AuthorizerChain({
      register: authorizer({ register, timezone: site.timezone, clock }),
      links: () => [...(this.#backEnd ? [this.#backEnd.link] : []), ...further()],
      now: () => clock.now(),
    })
  }

  /** See AuthorizerChain. */
  readonly now: Authorizer = (ask) => this.#billable(this.#chain.now(ask), ask.handle)

  /** See AuthorizerChain. */
  readonly ask = async (question: PayerQuestion): Promise<ChainAnswer> => {
    const said = await this.#chain.ask(question)
    if (question.presented !== 'plate') return said
    const billable = this.#billable(said, question.handle)
    return billable.granted ? ((await this.#proxy?.refusal(question)) ?? billable) : billable
  }

  /** Who may charge here, and whom the back end that bills knows too. */
  #billable<Said extends { readonly granted: boolean }>(said: Said, handle: string) {
    const reason = said.granted ? (this.#proxy?.aliases.refusal(handle) ?? null) : null
    return reason === null ? said : ({ granted: false, reason, by: 'register' } as const)
  }

  /** Folds one record of before the start. */
  hear(record: FactRecord): void {
    this.#chain.hear(record)
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
