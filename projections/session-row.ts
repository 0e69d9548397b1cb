import type { CorrectionView, SessionRow } from './bay-view.ts'
import { listOf } from './projection.ts'
import { numberIn, type Row, textIn, textsIn } from './row-fold.ts'
import { disputesIn } from './session-bill.ts'

/** What stands for how a person settled a dispute, which is sealed as what they said of it. */
export const SETTLED = 'settled'

const EXITS = ['exit-seen', 'exit-inferred', 'exit-unconfirmed'] as const

/**
 * A row of the sessions as a charging session is shown: one that runs has the energy of its registers so far and no end. `idToken` is the
 * id of the start, or the card's handle: the edge replaces it by its text.
 */
export function sessionRow(row: Row): SessionRow {
  const transactions = textsIn(row, 'transactions')
  const disputes = disputesIn(row)
  return {
    sessionId: textIn(row, 'sessionId') ?? '',
    visitId: textIn(row, 'visitId') ?? '',
    bayId: textIn(row, 'bayId') ?? '',
    accountId: textIn(row, 'accountId'),
    identifiedBy: textIn(row, 'identifiedBy'),
    idToken: textIn(row, 'idToken'),
    transactionId: transactions.at(-1) ?? null,
    transactions,
    startedAt: textIn(row, 'startedAt') ?? '',
    endedAt: textIn(row, 'endedAt'),
    energy_Wh: numberIn(row, row['status'] === 'billed' ? 'energy_Wh' : 'metered_Wh'),
    idle_s: numberIn(row, 'idle_s'),
    exit: EXITS.find((exit) => exit === row['exit']) ?? null,
    disputed: disputes.length === 0 ? null : disputes.map(({ reason }) => reason).join('; '),
    corrections: listOf(row['corrections']) as readonly CorrectionView[],
    settled: textIn(row, 'settled') === null ? null : SETTLED,
    evidence: textsIn(row, 'grounds'),
  }
}

/** Whose names a session needs while it is in dispute: vehicles and cards, and the account that is billed. */
export const sessionNeeds = (row: Row): { readonly handles: readonly string[]; readonly payer: string | null } => ({
  handles: textsIn(row, 'names'),
  payer: textIn(row, 'accountId'),
})
