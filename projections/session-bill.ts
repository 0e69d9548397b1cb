import type { Json } from '../machines/events.ts'
import type { Decision, FactRecord } from '../machines/record.ts'
import { listOf, numberOf, textOf } from './projection.ts'
import { numberIn, type Row, textsIn, wattHours } from './row-fold.ts'

/** What stands for a person's words, which are sealed; journals of before have the words themselves. */
export const PERSON_DISPUTES = 'a person disputes it'

/** One reason why a bill is not beyond doubt. `reason` is the machine's word; what a person wrote stays sealed in the journal, at `seq`. */
export type SessionDispute = { readonly seq: number; readonly at: string; readonly by: string; readonly reason: string }

/** Every reason that was given, in the order of their records. */
export const disputesIn = (row: Row): readonly SessionDispute[] =>
  (row['disputes'] ?? []) as unknown as readonly SessionDispute[]

const withDispute = (row: Row, dispute: SessionDispute): Row => ({ ...row, disputes: [...disputesIn(row), dispute] })

/** The session as it was billed. The bill's energy stands, whatever the registers were read as. */
export function withBill(before: Row, { at, seq }: FactRecord, decision: Decision, lines: readonly unknown[]): Row {
  const transactions = decision['transactions'] ?? []
  const billed: Row = {
    ...before,
    status: 'billed',
    bayId: textOf(decision['bayId']) ?? before['bayId'] ?? null,
    accountId: textOf(decision['accountId']),
    identifiedBy: textOf(decision['identifiedBy']),
    idToken: textOf(decision['startId']) ?? textOf(decision['card']),
    transactions,
    startedAt: textOf(decision['startedAt']) ?? at,
    endedAt: textOf(decision['endedAt']) ?? at,
    energy_Wh: wattHours(numberOf(decision['energy_Wh'])),
    idle_s: numberOf(decision['idle_s']),
    exit: textOf(decision['exit']),
    // What was disputed as it ran is in doubt as a whole.
    disputed_Wh: before['disowned'] === true ? wattHours(numberOf(decision['energy_Wh'])) : disputedOf(lines),
    billedAt: at,
    seq,
  }
  const reason = textOf(decision['disputed'])
  return reason === null ? billed : withDispute({ ...billed, settled: null }, { seq, at, by: 'berth', reason })
}

/** Energy of the lines that are in doubt, Wh. */
function disputedOf(lines: readonly unknown[]): number {
  const sum = lines.reduce((all: number, line) => {
    const { disputed: why, energy_Wh } = (line ?? {}) as { readonly disputed?: unknown; readonly energy_Wh?: unknown }
    return typeof why === 'string' ? all + numberOf(energy_Wh) : all
  }, 0)
  return wattHours(sum)
}

/** The charge point said late how a transaction ended: billed where it was drawn in time, else in doubt. */
export function withCorrection(row: Row, { at, seq }: FactRecord, decision: Decision): Row {
  const more = numberOf(decision['difference_Wh'])
  const billed = decision['billed'] === true
  const told = { ...row, seq, corrections: [...listOf(row['corrections']), correctionOf(at, decision)] as Json }
  const grounded = { ...told, grounds: [...textsIn(row, 'grounds'), `seq:${seq} SessionCorrected`] }
  if (billed) return withMore(grounded, more)
  return doubtedLate(grounded, { at, seq }, textOf(decision['disputed']) ?? 'reported late')
}

/** What a charge point reported after the bill, as it is told. */
const correctionOf = (at: string, decision: Decision): Json => ({
  transactionId: textOf(decision['transactionId']) ?? '',
  at,
  billed_Wh: numberOf(decision['billed_Wh']),
  reported_Wh: numberOf(decision['reported_Wh']),
  difference_Wh: numberOf(decision['difference_Wh']),
  billed: decision['billed'] === true,
})

/** More energy, Wh. What is disputed as a whole is disputed with all that it comes to. */
export function withMore(row: Row, more_Wh: number): Row {
  const energy_Wh = wattHours(numberIn(row, 'energy_Wh') + more_Wh)
  return row['disowned'] === true ? { ...row, energy_Wh, disputed_Wh: energy_Wh } : { ...row, energy_Wh }
}

/** The charge point says more than the bill, which stands: a reason to look, and nothing of the bill is in doubt. */
export const doubtedLate = (row: Row, { at, seq }: Pick<FactRecord, 'at' | 'seq'>, reason: string): Row =>
  withDispute({ ...row, seq, settled: null }, { seq, at, by: 'berth', reason })

/** Somebody says that the bill is wrong: all of it is in doubt until that is settled. */
export function disputed(row: Row, record: FactRecord, decision: Decision): Row {
  const { at, seq, cause } = record
  const by = textOf(cause['by']) ?? 'a person'
  // Only the machine's own words are told: anything else was typed by somebody.
  const isWord = cause['word'] === true || by === 'back end'
  const reason = isWord ? (textOf(decision['reason']) ?? '') : PERSON_DISPUTES
  const all = { disowned: true, disputed_Wh: numberIn(row, 'energy_Wh'), settled: null, seq }
  return withDispute({ ...row, ...all }, { seq, at, by, reason })
}

/** Nobody doubts it any more. */
export const settled = (row: Row, { at, seq }: FactRecord): Row => ({
  ...row,
  settled: at,
  settledSeq: seq,
  disowned: false,
  disputed_Wh: 0,
  seq,
})
