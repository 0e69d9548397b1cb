import type { Clock } from '../../actors/ports.ts'
import type { NewerToken } from '../demo/api-client.ts'
import { rest } from '../demo/rest.ts'
import { readTokens, tokenHash, writeTokens } from '../server/token-book.ts'

/** Who the demo's own cameras, vehicles and operator are in the site's file of tokens. */
const NAME = 'demo traffic'
/** A server looks at its file of tokens once a second. */
const HEEDED_MS = 1_500

/** What the demo calls its own server with. */
export type DemoToken = {
  /** The one that calls begin with; null where the site asks for none. */
  readonly first: string | null
  /** The server asks for one: makes one of the demo's own, beside those that people made for themselves, and waits until it counts. */
  readonly newer: NewerToken
  /** Takes it back. */
  end(): void
}

/**
 * The token of the demo's own traffic for the site whose tokens lie at `path`: `given` (BERTH_ADMIN_TOKEN) where there is one, else none until
 * somebody makes a token with `berth token`, for from then on everybody is asked for one. It stands in the file as long as the demo runs.
 */
export function demoToken(path: string, given: string | null, secret: () => string, clock: Clock): DemoToken {
  const others = () => readTokens(path).filter(({ name }) => name !== NAME)
  const make = (): string => {
    const token = secret()
    const madeAt = new Date(clock.now()).toISOString()
    writeTokens(path, [...others(), { name: NAME, role: 'admin', sha256: tokenHash(token), madeAt }])
    return token
  }
  // A site that is kept may have tokens of an earlier time.
  const first = given ?? (others().length > 0 ? make() : null)
  let own = first === null ? null : Promise.resolve(first)
  const makeOwn = async (signal: AbortSignal): Promise<string> => {
    const token = make()
    await rest(clock, HEEDED_MS, signal)
    return token
  }
  return {
    first,
    newer: (signal) => {
      own ??= makeOwn(signal)
      return own
    },
    end() {
      if (given === null && own !== null) writeTokens(path, others())
    },
  }
}
