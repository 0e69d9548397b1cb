import { iso } from '../machines/deeds.ts'
import { type Bay, type Connector, connectorsOf, type Transaction } from '../machines/knowledge.ts'

/** A transaction of which nobody knows how it ends: why it is listed, whose it is, where its register stands, what to do. Energy in Wh. */
export type StuckTransaction = {
  readonly transactionId: string
  readonly bayId: string
  readonly chargePointId: string
  readonly evse: number
  /** `orphaned`: its visit ended before it; `unpaid`: nobody pays and it still runs; `unheard`: its charge point is away; `available`: its charge point says Available. */
  readonly kind: 'orphaned' | 'unpaid' | 'unheard' | 'available'
  readonly since: string
  readonly startedAt: string
  /** What it began with: a start of berth's own, a card, or something unknown. */
  readonly token: 'start' | 'card' | 'unknown'
  readonly accountId: string | null
  readonly first_Wh: number | null
  /** The last register heard. */
  readonly last_Wh: number | null
  readonly lastHeardAt: string
  /** Up to which register it is billed already; null where no bill went out. */
  readonly billed_Wh: number | null
  readonly online: boolean
  /** One sentence. */
  readonly do: string
}

/** The bay's stuck transactions, oldest first. */
export function stuckIn(bay: Bay): StuckTransaction[] {
  return connectorsOf(bay)
    .flatMap((connector) => [...orphaned(bay, connector), ...running(bay, connector)])
    .toSorted((a, b) => a.since.localeCompare(b.since))
}

function orphaned(bay: Bay, connector: Connector): StuckTransaction[] {
  if (!connector.orphan) return []
  const { transaction, payer, billed_Wh, since = transaction.lastAt } = connector.orphan
  const clears = bay.visit === null ? 'now' : `once ${bay.bayId} is free again`
  const says =
    connector.link === 'offline'
      ? 'Bring the charge point back: it reports by itself what became of it, and the bill is corrected.'
      : `Stop it at the charge point; if it knows of none, order release-lock for ${bay.bayId} ${clears}: that closes it on record.`
  return [
    {
      ...about(bay, connector, transaction),
      kind: 'orphaned',
      since: iso(since),
      accountId: payer?.accountId ?? null,
      billed_Wh,
      do: says,
    },
  ]
}

function running(bay: Bay, connector: Connector): StuckTransaction[] {
  const { transaction, availableAt, link, linkAt } = connector
  if (!transaction) return []
  const payer = transaction.unpaid ? null : (transaction.payer ?? bay.visit?.payer ?? null)
  const common = { ...about(bay, connector, transaction), accountId: payer?.accountId ?? null, billed_Wh: null }
  if (transaction.unpaid)
    return [
      {
        ...common,
        kind: 'unpaid',
        since: iso(transaction.openedAt),
        do: 'Berth asked for its end; if it goes on, stop it at the charge point.',
      },
    ]
  if (link === 'offline')
    return [
      {
        ...common,
        kind: 'unheard',
        since: iso(linkAt),
        do: 'Bring the charge point back; if the vehicle is gone, order release-lock: it is billed to the last register.',
      },
    ]
  if (availableAt !== null)
    return [
      {
        ...common,
        kind: 'available',
        since: iso(availableAt),
        do: 'Berth asks the charge point again; Available twice without flow closes it by itself.',
      },
    ]
  return []
}

const about = (bay: Bay, { chargePointId, evse, link }: Connector, one: Transaction) => ({
  transactionId: one.transactionId,
  bayId: bay.bayId,
  chargePointId,
  evse,
  startedAt: iso(one.startedAt),
  token: one.startId !== null ? ('start' as const) : one.card !== null ? ('card' as const) : ('unknown' as const),
  first_Wh: one.first_Wh,
  last_Wh: one.last_Wh,
  lastHeardAt: iso(one.lastAt),
  online: link === 'online',
})
