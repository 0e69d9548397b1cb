import type { Standing, TokenRef } from '../machines/events.ts'
import { cardStanding, type Register } from '../machines/register.ts'
import type { ChainAnswer, PayerQuestion } from './authorizer-chain.ts'
import type { DeskAnswer, Keys } from './ports.ts'

export type TokenPorts = {
  readonly keys: Pick<Keys, 'findStart' | 'card'>
  readonly register: () => Register
  readonly timezone: string
  /** Whether a bay still charges, or waits, by this start. */
  readonly lives: (startId: string) => boolean
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
    return { kind: 'start', startId: start.startId, visitId: start.visitId, live: ports.lives(start.startId) }
  }
  const handle = ports.keys.card(idToken.toUpperCase())
  const { standing, accountId } = cardStanding(ports.register(), handle, ports.now(), ports.timezone)
  const autocharge = isAutocharge(idToken, autochargePrefix)
  return { kind: 'card', handle, accountId, standing, ...(autocharge ? { rank: 'autocharge' } : {}) }
}

/** A card that the register does not know, after everybody who may know it was asked. */
export async function knownElsewhere(
  askPayer: (question: PayerQuestion) => Promise<ChainAnswer>,
  token: TokenRef,
  where: Pick<PayerQuestion, 'chargePointId' | 'evse' | 'idToken'>,
): Promise<TokenRef> {
  // `NoAuthorization` of 2.x shows no token: nobody can know it.
  if (token.kind !== 'card' || token.standing !== 'unknown' || where.idToken === '') return token
  const { handle, rank = 'card' } = token
  const said = await askPayer({ id: `card-${handle}`, handle, presented: rank, bayId: null, ...where })
  if (said.by === 'register') return token
  if (!said.granted)
    return {
      ...token,
      standing:
        said.reason === 'unanswered' ||
        said.reason === 'no-alias' ||
        said.reason === 'alias-busy' ||
        said.reason === 'objected' ||
        said.reason === 'daily-limit'
          ? 'unknown'
          : said.reason,
      by: said.by,
    }
  const kept = said.kept ? { kept: true as const } : {}
  return { ...token, accountId: said.accountId, standing: 'accepted', by: said.by, ...kept }
}

/** Who knew a card that the register does not, for the record; empty otherwise. */
export function knower(token: TokenRef): { readonly [field: string]: string | boolean | null } {
  if (token.kind !== 'card' || token.by === undefined) return {}
  const { handle, accountId, by, kept } = token
  return { handle, accountId, by, ...(kept ? { kept } : {}) }
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
export function judgedElsewhere(card: TokenRef, accountId: string | null, verdict: DeskAnswer['status']): TokenRef {
  if (card.kind !== 'card') return card
  const standing = STANDINGS[verdict]
  if (verdict !== 'accepted') return { ...card, standing }
  return { ...card, standing, accountId: card.accountId ?? accountId ?? `upstream:${card.handle}` }
}
