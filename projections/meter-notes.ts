import { newRun, runFields, runIn } from './register-run.ts'
import { noteKey, numberIn, type Row, type Rows, textIn, wattHours } from './row-fold.ts'

/** Where the running register of a connector is noted. */
export const meterNote = (connector: string): string => noteKey('meter', connector)

const runNote = (visitId: string, transactionId: string): string => noteKey('run', visitId, transactionId)

/** What the register said so far is kept for the bill; what it says from now on is the session's that is named. */
export function keepRun(rows: Rows, note: string, sessionId: string): void {
  const meter = rows.get(note)
  const [visitId, transactionId] = [textIn(meter, 'visitId'), textIn(meter, 'transactionId')]
  if (meter === undefined || visitId === null || transactionId === null) return
  const key = runNote(visitId, transactionId)
  const before = rows.get(key)
  const sums: { [figure: string]: number } = {}
  for (const figure of RUN) sums[figure] = wattHours(numberIn(before, figure) + numberIn(meter, figure))
  rows.put(key, sums)
  const { last_Wh, lastAt } = runIn(meter)
  rows.put(note, { ...meter, sessionId, ...runFields(newRun(last_Wh, lastAt)) })
}

const RUN = ['metered_Wh', 'gaps', 'gap_Wh', 'resets', 'leaps'] as const

/** What the registers of these transactions said in all. */
export function runsOf(rows: Rows, visitId: string, transactions: readonly string[]): Row {
  const sums: { [figure: string]: number } = Object.fromEntries(RUN.map((figure) => [figure, 0]))
  for (const transactionId of transactions) {
    const key = runNote(visitId, transactionId)
    for (const figure of RUN) sums[figure] = wattHours((sums[figure] ?? 0) + numberIn(rows.get(key), figure))
    rows.drop(key)
  }
  return sums
}

/** What a register has run by, added to a session or taken from it. */
export function addRun(rows: Rows, sessionId: string, meter: Row, sign: 1 | -1): void {
  const session = rows.get(sessionId)
  if (session === undefined) return
  const sums: { [figure: string]: number } = {}
  for (const figure of RUN) sums[figure] = wattHours(numberIn(session, figure) + sign * numberIn(meter, figure))
  rows.put(sessionId, { ...session, ...sums })
}
