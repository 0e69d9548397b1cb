import type { CentralOrder } from './central-order.ts'

/** An order may live so long at most, ms: what somebody wanted longer ago is another situation. */
export const LONGEST_LIFE_MS = 60 * 60_000
/** The two clocks, and the way between them, may be apart by so much, ms: so late an order may be carried out at worst. */
const MOST_APART_MS = 30_000

type Life = Pick<CentralOrder, 'expires' | 'remaining_ms'>

/** What the centre's clock said when it sent this, ms since 1970. */
export const sentAt = ({ expires, remaining_ms }: Life): number => Date.parse(expires) - remaining_ms

/**
 * Why an order must not be carried out now, by both clocks: the centre's (what it said was left when it sent this) and the gateway's own
 * (`now`, ms since 1970). Where they disagree nobody knows, and it is refused. Null where it may be.
 */
export function tooLate(
  life: Life,
  now: number,
): { readonly outcome: 'expired' | 'refused'; readonly says: string } | null {
  const { expires, remaining_ms } = life
  const apart = now - sentAt(life)
  if (remaining_ms <= 0) return expired(expires)
  if (remaining_ms > LONGEST_LIFE_MS)
    return { outcome: 'refused', says: `An order may live ${LONGEST_LIFE_MS / 60_000} minutes at most; give it anew.` }
  if (Math.abs(apart) > MOST_APART_MS)
    return {
      outcome: 'refused',
      says: `The clocks of this gateway and of the centre are ${Math.round(Math.abs(apart) / 1000)} s apart, or it was on its way so long: nobody knows whether the order still holds. Set the clocks and give it anew.`,
    }
  return now >= Date.parse(expires) ? expired(expires) : null
}

const expired = (expires: string) =>
  ({ outcome: 'expired', says: `It came too late: it was to be carried out before ${expires.slice(0, 19)}Z.` }) as const
