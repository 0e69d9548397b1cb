import type { Autonomy, Json } from '../../machines/events.ts'
import { PLAIN_COMMANDS } from '../orders-to-bays.ts'
import type { Caller, Role } from '../site-desk.ts'

/** What people at a centre may order where a site allows it. Nothing that names a plate or a card: those are typed at the site. */
export const CENTRAL_ORDERS = [...PLAIN_COMMANDS, 'automatic-starts', 'answer-review'] as const
export type CentralOrderType = (typeof CENTRAL_ORDERS)[number]

/** The kind of the requests by which orders travel. */
export const ORDER_KIND = 'order'

/**
 * An order of a person at the centre, as it travels: `id` makes it one order however often it is sent; `expires` (ISO 8601 UTC) and
 * `remaining_ms` say by the centre's clock until when it may be carried out, and so what that clock said when it was sent.
 */
export type CentralOrder = {
  readonly id: string
  readonly type: CentralOrderType
  /** Of an order to a bay. */
  readonly bayId?: string
  /** Who ordered it at the centre, and in which role there. */
  readonly by: string
  readonly role: Role
  readonly reason?: string
  /** The bay's version that whoever ordered saw. */
  readonly expectVersion?: number
  /** Who pays, of `authorize`. */
  readonly accountId?: string
  /** Of `autonomy`. */
  readonly level?: Autonomy
  /** Of `automatic-starts`. */
  readonly on?: boolean
  /** Of `answer-review`: which, and what was decided; `handle` of the candidate that it is. */
  readonly reviewId?: string
  readonly verdict?: 'candidate' | 'unreadable' | 'not-a-plate'
  readonly handle?: string
  readonly expires: string
  readonly remaining_ms: number
}

/** What became of an order. `seq` of the record that says so; `asked`: a second person at the site must agree, until then. */
export type CentralOutcome =
  | { readonly outcome: 'done'; readonly seq: number }
  | { readonly outcome: 'refused' | 'expired'; readonly says: string; readonly seq: number | null }
  | { readonly outcome: 'asked'; readonly until: string }

/** Who ordered or looked at a centre, in records: nobody at the site has such a name, as tokens have none with a colon. */
export const PREFIX = 'centre:'

/** Longest name of a person at a centre: a name and a `sub` of 100 characters each, `anna (2489)`. */
const MOST_NAME = 203

const ROLES: readonly Role[] = ['viewer', 'operator', 'supervisor', 'installer', 'fleet', 'auditor', 'admin']

type Found = { readonly [member: string]: unknown }

/** A body as it came over the link; a sentence where it is no order that this berth knows. */
export function centralOrderOf(body: Json): CentralOrder | string {
  if (typeof body !== 'object' || body === null) return 'it is no order'
  const found = body as Found
  const missing = REQUIRED.find((member) => !CHECKS[member](found[member]))
  if (missing !== undefined) return `its \`${missing}\` is missing or wrong`
  const wrong = OPTIONAL.find((member) => found[member] !== undefined && !CHECKS[member](found[member]))
  if (wrong !== undefined) return `its \`${wrong}\` is wrong`
  const members = [...REQUIRED, ...OPTIONAL].filter((member) => found[member] !== undefined)
  const order = Object.fromEntries(members.map((member) => [member, found[member]])) as CentralOrder
  return incomplete(order) ?? order
}

/** What an order of its type lacks, in the rest of a sentence; null where it is whole. */
export function incomplete(order: Omit<CentralOrder, 'expires' | 'remaining_ms' | 'by' | 'role'>): string | null {
  switch (order.type) {
    case 'automatic-starts':
      return order.on === undefined ? '`automatic-starts` needs `on`' : null
    case 'answer-review':
      if (order.reviewId === undefined || order.verdict === undefined)
        return '`answer-review` needs `reviewId` and `verdict`'
      return order.verdict === 'candidate' && order.handle === undefined
        ? '`verdict: candidate` needs the `handle` of the candidate'
        : null
    case 'autonomy':
      return order.level === undefined || order.bayId === undefined ? '`autonomy` needs `bayId` and `level`' : null
    case 'authorize':
      return order.accountId === undefined || order.bayId === undefined
        ? '`authorize` needs `bayId` and `accountId`'
        : null
    default:
      return order.bayId === undefined ? `\`${order.type}\` needs \`bayId\`` : null
  }
}

const isText = (most: number) => (value: unknown) =>
  typeof value === 'string' && value !== '' && value.length <= most && value.isWellFormed() && !value.includes('\0')
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0
const isOneOf =
  (words: readonly unknown[]): ((value: unknown) => boolean) =>
  (value) =>
    words.includes(value)

/** Somebody at a centre, in that role there, as a site knows them; null where this can be nobody. */
export const callerAtCentre = (by: unknown, role: unknown): Caller | null =>
  CHECKS.by(by) && CHECKS.role(role) ? { name: `${PREFIX}${String(by)}`, role: role as Role, isCentral: true } : null

const CHECKS: { readonly [member in keyof Required<CentralOrder>]: (value: unknown) => boolean } = {
  id: (value) => typeof value === 'string' && /^[\w-]{8,64}$/.test(value),
  type: isOneOf(CENTRAL_ORDERS),
  by: isText(MOST_NAME),
  role: isOneOf(ROLES),
  expires: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  remaining_ms: Number.isSafeInteger,
  bayId: isText(100),
  reason: isText(40),
  expectVersion: isCount,
  accountId: isText(100),
  level: isOneOf(['observe', 'suggest', 'act']),
  on: isOneOf([true, false]),
  reviewId: isText(100),
  verdict: isOneOf(['candidate', 'unreadable', 'not-a-plate']),
  handle: isText(100),
}
const REQUIRED = ['id', 'type', 'by', 'role', 'expires', 'remaining_ms'] as const
const OPTIONAL = [
  ...(['bayId', 'reason', 'expectVersion', 'accountId', 'level'] as const),
  ...(['on', 'reviewId', 'verdict', 'handle'] as const),
]
