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
import type { SiteFile } from './site-file.ts'

type PayersParts = {
  readonly file: SiteFile
  readonly clock: Clock
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
  readonly #backEnd: ReturnType<typeof openAuthorizer> | null

  constructor(parts: PayersParts) {
    const { file, clock, register, further } = parts
    const { authorizer: backEnd, site } = file
    this.#backEnd = backEnd ? openAuthorizer({ ...parts, authorizer: backEnd, siteId: site.id, ids: randomIds }) : null
    this.#chain = new AuthorizerChain({
      register: authorizer({ register, timezone: site.timezone, clock }),
      links: () => [...(this.#backEnd ? [this.#backEnd.link] : []), ...further()],
      now: () => clock.now(),
    })
  }

  /** See AuthorizerChain. */
  readonly now: Authorizer = (ask) => this.#chain.now(ask)

  /** See AuthorizerChain. */
  readonly ask = (question: PayerQuestion): Promise<ChainAnswer> => this.#chain.ask(question)

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
