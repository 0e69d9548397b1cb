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

/** What a charge that is not billed yet has drawn so far, Wh: the registers are all there is, and what ended transactions gave. */
export const soFar_Wh = (row: Row): number => Math.max(numberIn(row, 'metered_Wh'), numberIn(row, 'energy_Wh'))

/**
 * A row of the sessions as its report tells it: one that is not billed yet has the energy so far; one whose transaction is over is
 * `ended`, with its end, while its bill waits for the vehicle to go.
 */
export function toldSession(row: Row): Row {
  if (row['status'] !== 'running') return row
  const overAt = textIn(row, 'overAt')
  const over: Row = overAt === null ? {} : { status: 'ended', endedAt: overAt }
  return { ...row, energy_Wh: soFar_Wh(row), ...over }
}

/** Whose names a session needs while it is in dispute: vehicles and cards, and the account that is billed. */
export const sessionNeeds = (row: Row): { readonly handles: readonly string[]; readonly payer: string | null } => ({
  handles: textsIn(row, 'names'),
  payer: textIn(row, 'accountId'),
})
