import { BackEndAuthorizer } from '../../actors/back-end-authorizer.ts'
import type { Clock, Ids } from '../../actors/ports.ts'
import { mask } from '../server/plate-mask.ts'
import type { SiteAuthorizer } from '../site-file.ts'
import { SignedCaller } from './signed-caller.ts'

export type AuthorizerParts = {
  readonly authorizer: SiteAuthorizer
  readonly siteId: string
  readonly clock: Clock
  readonly ids: Ids
  /** A vehicle's plate as people read it; null where the key is gone. */
  readonly plateOf: (handle: string) => string | null
  readonly troubled: (why: string | null) => void
  readonly count: (name: string) => void
}

const DAY_ms = 86_400_000

/** The operator's back end as the site file describes it; `close` ends what is under way. */
export function openAuthorizer(parts: AuthorizerParts): { readonly link: BackEndAuthorizer; close(): void } {
  const { authorizer, siteId, clock, ids, plateOf, troubled, count } = parts
  const { url, secret, plate } = authorizer
  const caller = new SignedCaller({ who: 'The authorizer', secret, clock, deadline_ms: authorizer.deadline_s * 1000 })
  const shown = (handle: string): string | null => {
    const text = plate === 'none' ? null : plateOf(handle)
    return text === null || plate === 'clear' ? text : mask(text)
  }
  const link = new BackEndAuthorizer({
    clock,
    siteId,
    post: (question) => caller.post(url, question.id, question),
    nextId: () => ids.next('question'),
    plateOf: shown,
    offline: authorizer.offline,
    knownFor_ms: authorizer.known_days * DAY_ms,
    cache_ms: authorizer.cache_s * 1000,
    failures: authorizer.failures,
    rest_ms: authorizer.rest_s * 1000,
    troubled,
    count,
  })
  return { link, close: () => caller.close() }
}
