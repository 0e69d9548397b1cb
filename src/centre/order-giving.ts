import { Fault } from '../../machines/faults.ts'
import { reasonOf } from '../order-reading.ts'
import type { Caller } from '../site-desk.ts'
import { centralOrderOf } from '../uplink/central-order.ts'
import { demandOrder } from '../uplink/central-rights.ts'
import { LONGEST_LIFE_MS } from '../uplink/order-life.ts'
import type { GivenOrder } from './order-book.ts'

/** How long an order holds where nothing is said, s: long enough for a link that flaps, short enough that the bay is still as it was. */
const LIFE_S = 120
const SHORTEST_S = 5

type Asked = { readonly [member: string]: unknown }

/** The order that this body is, by this person; `now` ms since 1970, `isSite` whether such a site ships here. Throws Fault BODY_INVALID, NOT_FOUND or FORBIDDEN. */
export function givenOrder(body: unknown, by: Caller, now: number, isSite: (site: string) => boolean): GivenOrder {
  const {
    site,
    within_s = LIFE_S,
    reason,
    ...asked
  }: Asked = typeof body === 'object' && body !== null ? { ...body } : {}
  if (typeof within_s !== 'number' || !(within_s >= SHORTEST_S && within_s * 1000 <= LONGEST_LIFE_MS))
    throw invalid(`\`within_s\` is ${SHORTEST_S} to ${LONGEST_LIFE_MS / 1000} seconds`)
  const life_ms = Math.round(within_s * 1000)
  const why = typeof reason === 'string' ? reasonOf(reason) : null
  const found = centralOrderOf({
    ...(asked as object),
    ...(why === null ? {} : { reason: why }),
    ...{ by: by.name, role: by.role, expires: new Date(now + life_ms).toISOString(), remaining_ms: life_ms },
  })
  if (typeof found === 'string') throw invalid(found)
  if (typeof site !== 'string' || !isSite(site)) throw new Fault('NOT_FOUND', {}, { says: 'No such site ships here.' })
  demandOrder(by, found.type)
  const { remaining_ms: _, ...order } = found
  return { ...order, site, given: new Date(now).toISOString() }
}

const invalid = (what: string): Fault => new Fault('BODY_INVALID', {}, { says: `This is no order: ${what}.` })
