import type { Standing, TokenRef } from '../machines/events.ts'
import { cardStanding, type Register } from '../machines/register.ts'
import type { DeskAnswer, Keys } from './ports.ts'
import { type Reached, startLives } from './routing.ts'

export type TokenPorts = {
  readonly keys: Pick<Keys, 'findStart' | 'card'>
  readonly register: () => Register
  readonly timezone: string
  readonly bays: () => readonly Reached[]
  /** ms since 1970. */
  readonly now: () => number
}

/** The vehicle's own address after the profile's prefix: 12 hex digits, however they are grouped. */
function isAutocharge(idToken: string, prefix: string | null): boolean {
  if (prefix === null || !idToken.toUpperCase().startsWith(prefix.toUpperCase())) return false
  return /^[0-9A-F]{12}$/i.test(idToken.slice(prefix.length).replaceAll(/[:-]/g, ''))
}

/** What a token stands for. Berth's own are answered by their start's life, cards (and vehicles' own addresses, by the profile's prefix) by the register. */
export function tokenRef(ports: TokenPorts, idToken: string, autochargePrefix: string | null): TokenRef {
  const start = ports.keys.findStart(idToken.toUpperCase())
  if (start) {
    const live = ports.bays().some((one) => startLives(one.snapshot.context, start.startId))
    return { kind: 'start', startId: start.startId, visitId: start.visitId, live }
  }
  const handle = ports.keys.card(idToken.toUpperCase())
  const { standing, accountId } = cardStanding(ports.register(), handle, ports.now(), ports.timezone)
  const autocharge = isAutocharge(idToken, autochargePrefix)
  return { kind: 'card', handle, accountId, standing, ...(autocharge ? { rank: 'autocharge' } : {}) }
}

/** The word that a charge point gets for a token. */
export const answerOf = (token: TokenRef): DeskAnswer['status'] => {
  if (token.kind === 'start') return token.live ? 'accepted' : 'invalid'
  if (token.standing === 'accepted' && token.accountId !== null) return 'accepted'
  return token.standing === 'blocked'
    ? 'blocked'
    : token.standing === 'expired' || token.standing === 'out-of-hours'
      ? 'expired'
      : 'invalid'
}

const STANDINGS: { readonly [status in DeskAnswer['status']]: Standing } = {
  accepted: 'accepted',
  blocked: 'blocked',
  expired: 'expired',
  invalid: 'unknown',
  concurrent: 'unknown',
}

/**
 * A card as another back end judged it, which also bills it. `accountId`: the account of the vehicle whose alias it is; of that back
 * end's other customers berth only knows that they are not each other.
 */
export function judgedElsewhere(
  card: Extract<TokenRef, { kind: 'card' }>,
  accountId: string | null,
  verdict: DeskAnswer['status'],
): TokenRef {
  const standing = STANDINGS[verdict]
  if (verdict !== 'accepted') return { ...card, standing }
  return { ...card, standing, accountId: card.accountId ?? accountId ?? `upstream:${card.handle}` }
}
