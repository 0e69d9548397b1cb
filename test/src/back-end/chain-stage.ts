import { AuthorizerChain, type PayerQuestion } from '../../../actors/authorizer-chain.ts'
import type { Clock } from '../../../actors/ports.ts'
import { openAuthorizer } from '../../../src/back-end/open-authorizer.ts'
import { systemClock } from '../../../src/clock.ts'
import type { SiteAuthorizer } from '../../../src/site-file.ts'
import { SECRET, type ToyBackEnd } from './toy-back-end.ts'

/** How the tests' back end is asked: with patience, for it answers on a machine that may be busy. */
export const SETTINGS: Omit<SiteAuthorizer, 'url'> = {
  secret: SECRET,
  plate: 'masked',
  deadline_s: 30,
  cache_s: 60,
  offline: 'fallback',
  known_days: 30,
  failures: 3,
  rest_s: 10,
}

/** A chain before a real back end; its clock may be moved on. The register knows one blocked vehicle. */
export function opensChain(toy: ToyBackEnd, more: Partial<SiteAuthorizer> = {}) {
  let ahead = 0
  let named = 0
  const clock: Clock = { now: () => systemClock.now() + ahead, after: systemClock.after }
  const troubles: (string | null)[] = []
  const counts: Record<string, number> = {}
  const { link, close } = openAuthorizer({
    authorizer: { ...SETTINGS, ...more, url: `${toy.url}/authorize` },
    siteId: 'depot',
    clock,
    ids: { next: (kind) => `${kind}-${++named}` },
    plateOf: () => 'AB12CDE',
    troubled: (why) => void troubles.push(why),
    count: (name) => {
      counts[name] = (counts[name] ?? 0) + 1
    },
  })
  const chain = new AuthorizerChain({
    register: ({ handle }) => ({ granted: false, reason: handle === 'veh-blocked' ? 'blocked' : 'unknown' }),
    links: () => [link],
    now: () => clock.now(),
  })
  const passes = (seconds: number): void => {
    ahead += seconds * 1000
  }
  return { chain, close, troubles, counts, passes }
}

/** Who pays for this vehicle in bay-1? */
export const asks = (handle = 'veh-1'): PayerQuestion => ({
  id: 'ask-1',
  handle,
  presented: 'plate',
  idToken: null,
  bayId: 'bay-1',
  chargePointId: 'CP-1',
  evse: 1,
})
