import type { BayRun, Lived } from '../bay-run.ts'
import type { Law } from '../law.ts'
import { connectors, decided } from '../plain-facts.ts'

type Line = { readonly transactionId: string; readonly accountId: string | null; readonly energy_Wh: number }

const linesIn = ({ draft }: Lived): Line[] =>
  decided(draft, 'SessionBilled').flatMap((decision) => decision['lines'] as unknown as Line[])

const othersRun = ({ was, now, event }: Lived): boolean =>
  'connector' in event &&
  [was, now].every((bay) =>
    connectors(bay).some((one) => one.connector !== event.connector && one.transaction !== null),
  )

/** Who paid for the transaction that came back in this step beside another: it keeps its own payer, be it nobody. Undefined: none did. */
function backBeside(one: Lived): string | null | undefined {
  if (decided(one.draft, 'TransactionRevived').length === 0 || !othersRun(one) || !('connector' in one.event)) return
  return one.was.connectors[one.event.connector]?.orphan?.payer?.accountId ?? null
}

/** The account of the valid card that this start came with while another transaction of the bay ran: that card pays for its own alone. */
function besideAnother({ now, event }: Lived): string | null {
  if (event.type !== 'transaction.started' || !event.accepted || event.token.kind !== 'card') return null
  const others = connectors(now).filter((one) => one.connector !== event.connector)
  return others.some((one) => one.transaction !== null) ? event.token.accountId : null
}

/** Ended with its register: from first to last register, to the payer of then. `run.world.transactions` is the charge point's own account of them. */
function endsWhole(run: BayRun): string | null {
  const cards = new Map<string, string | null>()
  const revived = revivedOf(run)
  for (const one of run.lived) {
    const { was, event, draft } = one
    const card = besideAnother(one)
    if (card !== null && event.type === 'transaction.started') cards.set(event.transactionId, card)
    const own = backBeside(one)
    if (own !== undefined && event.type === 'meter.values') cards.set(event.transactionId ?? '', own)
    if (event.type !== 'transaction.ended') continue
    for (const ended of decided(draft, 'TransactionEnded')) {
      const open = was.connectors[event.connector]?.transaction
      if (ended['transactionId'] !== event.transactionId)
        return `${event.transactionId} ended ${ended['transactionId']}`
      const first = revived.has(event.transactionId)
        ? (open?.first_Wh ?? 0)
        : (run.world.transactions.find((ran) => ran.id === event.transactionId)?.first ?? 0)
      if (ended['energy_Wh'] !== Math.max(0, (event.register_Wh ?? 0) - first))
        return `${event.transactionId}: ${ended['energy_Wh']} Wh from ${first} to ${event.register_Wh}`
      const own = cards.has(event.transactionId) ? cards.get(event.transactionId) : was.visit?.payer?.accountId
      const payer = open?.unpaid ? null : (own ?? null)
      if (ended['accountId'] !== payer)
        return `${event.transactionId} ended for ${ended['accountId']}, not for ${payer}`
    }
  }
  return null
}

const revivedOf = ({ lived }: BayRun): Set<string> =>
  new Set(lived.flatMap(({ draft }) => decided(draft, 'TransactionRevived').map((one) => String(one['transactionId']))))

function billedOnce(run: BayRun): string | null {
  const times = new Map<string, number>()
  for (const line of run.lived.flatMap(linesIn)) {
    if (line.energy_Wh < 0) return `${line.transactionId}: ${line.energy_Wh} Wh`
    times.set(line.transactionId, (times.get(line.transactionId) ?? 0) + 1)
  }
  const revived = revivedOf(run)
  for (const [transactionId, count] of times)
    if (count > 1 && !revived.has(transactionId)) return `${transactionId} was billed ${count} times`
  return null
}

function nothingIsForgotten({ lived }: BayRun): string | null {
  const opened = new Map<string, string>()
  for (const one of lived) {
    const { draft, now, was } = one
    for (const decision of decided(draft, 'TransactionOpened'))
      opened.set(String(decision['transactionId']), now.visit?.visitId ?? '')
    const ended = decided(draft, 'VisitEnded')[0]
    if (!ended) continue
    const lines = linesIn(one).map((line) => line.transactionId)
    for (const [transactionId, visitId] of opened)
      if (visitId === was.visit?.visitId && visitId === ended['visitId'] && !lines.includes(transactionId))
        return `${transactionId} is not in the bill of ${visitId}`
  }
  return null
}

/**
 * For each transaction: who was to pay at any step while it was open in a visit in which it opened or came back; its own card
 * where it began beside another.
 */
function payersWhileItRan(lived: readonly Lived[]): Map<string, Set<string | null>> {
  const visits = new Map<string, Set<string>>()
  const payers = new Map<string, Set<string | null>>()
  const alone = new Set<string>()
  for (const one of lived) {
    const { was, now, draft } = one
    for (const decision of draft.decisions) {
      if (decision.type !== 'TransactionOpened' && decision.type !== 'TransactionRevived') continue
      const id = String(decision['transactionId'])
      visits.set(id, (visits.get(id) ?? new Set()).add(now.visit?.visitId ?? ''))
      const own = decision.type === 'TransactionOpened' ? (besideAnother(one) ?? undefined) : backBeside(one)
      if (own === undefined) continue
      alone.add(id)
      payers.set(id, new Set(payers.get(id)).add(own))
    }
    for (const bay of [was, now])
      for (const { transaction } of connectors(bay)) {
        const id = transaction?.transactionId
        if (id === undefined || alone.has(id) || !bay.visit || !visits.get(id)?.has(bay.visit.visitId)) continue
        payers.set(id, (payers.get(id) ?? new Set()).add(bay.visit.payer?.accountId ?? null))
      }
  }
  return payers
}

function nobodyElseIsBilled({ lived }: BayRun): string | null {
  const payers = payersWhileItRan(lived)
  for (const { transactionId, accountId } of lived.flatMap(linesIn))
    if (accountId !== null && !payers.get(transactionId)?.has(accountId))
      return `${transactionId} is billed to ${accountId}, who was never to pay for it`
  return null
}

function noMoreThanTheMeter(run: BayRun): string | null {
  const sums = new Map<string, number>()
  for (const { transactionId, energy_Wh } of run.lived.flatMap(linesIn))
    sums.set(transactionId, (sums.get(transactionId) ?? 0) + energy_Wh)
  for (const { id, first, register } of run.world.transactions)
    if ((sums.get(id) ?? 0) > register - first) return `${id}: ${sums.get(id)} Wh of ${register - first}`
  return null
}

/** A bill holds one account's lines, their sum, and says what is in doubt. */
function billsAddUp({ lived }: BayRun): string | null {
  for (const { draft } of lived)
    for (const bill of decided(draft, 'SessionBilled')) {
      const lines = bill['lines'] as unknown as (Line & { disputed: string | null })[]
      const strange = lines.find((line) => line.accountId !== bill['accountId'])
      if (strange) return `the bill of ${bill['accountId']} holds energy of ${strange.accountId}`
      const sum = lines.reduce((total, line) => total + line.energy_Wh, 0)
      if (bill['energy_Wh'] !== sum) return `a bill says ${bill['energy_Wh']} Wh, its lines ${sum}`
      if (lines.some((line) => line.disputed !== null) !== (bill['disputed'] !== null))
        return 'a doubt is not on the bill'
    }
  return null
}

/** What nobody reported the end of is billed to its last register, and says so. */
function gapsAreNamed({ lived }: BayRun): string | null {
  for (const { draft, event } of lived)
    for (const ended of decided(draft, 'TransactionEnded'))
      if (event.type !== 'transaction.ended' && ended['disputed'] === null)
        return `${ended['transactionId']} ended by ${event.type} as if it had been reported`
  return null
}

/** Rounding and a slow message may put an end so far below the last sample, Wh. */
const ROUNDED_Wh = 50

function backwardsIsDoubted({ lived }: BayRun): string | null {
  const heard = new Map<string, number>()
  for (const { was, event, draft } of lived) {
    if (event.type === 'meter.values' && event.transactionId !== null && event.verdict !== 'unusable') {
      const open = was.connectors[event.connector]?.transaction?.transactionId === event.transactionId
      const known = heard.get(event.transactionId) ?? 0
      if (open) heard.set(event.transactionId, Math.max(known, event.register_Wh ?? 0))
    }
    if (event.type !== 'transaction.ended' || event.register_Wh === null) continue
    const last = heard.get(event.transactionId) ?? 0
    const ended = decided(draft, 'TransactionEnded').find((one) => one['transactionId'] === event.transactionId)
    if (ended && event.register_Wh + ROUNDED_Wh < last && ended['disputed'] === null)
      return `${event.transactionId} ended at ${event.register_Wh} Wh after ${last} Wh, and nobody doubts it`
  }
  return null
}

function registerNeverFalls({ lived }: BayRun): string | null {
  for (const { was, now } of lived)
    for (const { connector, transaction } of connectors(now)) {
      const before = was.connectors[connector]?.transaction
      if (!transaction || before?.transactionId !== transaction.transactionId) continue
      if ((transaction.last_Wh ?? 0) < (before.last_Wh ?? 0))
        return `${before.last_Wh} Wh became ${transaction.last_Wh} Wh`
    }
  return null
}

/** A charge that outlived its visit draws again: whoever was to pay for it does. */
function revivedIsItsPayers({ lived, policy }: BayRun): string | null {
  for (const { was, now, event } of lived) {
    if (event.type !== 'meter.values' || event.when !== 'live' || event.verdict === 'unusable') continue
    const before = was.connectors[event.connector]
    const orphan = before?.transaction === null ? before.orphan : null
    if (orphan?.transaction.transactionId !== event.transactionId || !orphan) continue
    if ((event.current_A ?? 0) < policy.lock.on_A) continue
    if (before?.lastEnded?.transactionId === event.transactionId) continue
    if (now.connectors[event.connector]?.transaction?.transactionId !== event.transactionId)
      return `${event.transactionId} draws again, and nobody pays`
    const payer = now.connectors[event.connector]?.transaction?.payer ?? now.visit?.payer ?? null
    if ((payer?.accountId ?? null) !== (orphan.payer?.accountId ?? null))
      return `${event.transactionId} draws again for ${payer?.accountId}, not for ${orphan.payer?.accountId}`
  }
  return null
}

/** Law 5. Every watt-hour has one payer, and no watt-hour is paid twice. */
export const law: Law = {
  number: 5,
  promise: 'a transaction is billed whole to its payer',
  matters: 'Every watt-hour has one payer, and no watt-hour is paid twice.',
  own: [],
  bay: [
    {
      says: 'a transaction that ended with its register is billed from first to last register, to the payer of its end',
      breach: endsWhole,
    },
    { says: 'a transaction is billed once', breach: billedOnce },
    { says: "every transaction that was opened in a visit is in that visit's bill", breach: nothingIsForgotten },
    {
      says: 'a transaction is billed to nobody but who was to pay while it ran, whatever else ran beside it',
      breach: nobodyElseIsBilled,
    },
    {
      says: 'all bills of a transaction together hold no more than its meter counted, orphaned and revived or not',
      breach: noMoreThanTheMeter,
    },
    { says: 'a transaction that outlived its visit and draws again is its own payer’s', breach: revivedIsItsPayers },
    { says: 'the register that a bill goes by never falls', breach: registerNeverFalls },
    { says: 'an end below what the meter said before is in doubt', breach: backwardsIsDoubted },
    { says: "a bill is the sum of one account's lines and says what is in doubt", breach: billsAddUp },
    { says: 'a transaction whose end nobody reported says so in its bill', breach: gapsAreNamed },
  ],
}
