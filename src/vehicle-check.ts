import type { Json } from '../machines/events.ts'
import type { VehicleImport } from './site-desk.ts'
import { readVehicleCsv, refusedLine } from './vehicle-csv.ts'
import { confusablePairs, lintVehicles } from './vehicle-lint.ts'

/**
 * A line worth a look, which may come in all the same: it lifts a block; its plate cannot be told from lettering; one misread character
 * makes its plate that of line `other`.
 */
export type VehicleNote = {
  readonly line: number
  readonly note: 'lifts-block' | 'not-plate-like' | 'one-character'
  readonly other: number | null
}

/** What taking in a file would do now. `notes` holds the first of each kind; `pairs` counts all that one character tells apart. */
export type VehicleCheck = {
  readonly vehicles: number
  readonly added: number
  readonly changed: number
  readonly same: number
  readonly pairs: number
  readonly refused: readonly { readonly line: number; readonly says: string }[]
  readonly notes: readonly VehicleNote[]
}

/** Notes of one kind, and pairs that are counted. */
const MOST_NOTES = 100
const MOST_PAIRS = 10_000

/** Judges a file: its form, each row, its plates among each other, and all of it against the register (`judge`). Never throws for what is in it. */
export async function checkVehicleFile(
  text: string,
  judge: (rows: readonly { readonly [key: string]: Json }[]) => Promise<VehicleImport>,
): Promise<VehicleCheck> {
  const { rows, problems } = readVehicleCsv(text)
  const { added, changed, same, lifts, refused } = await judge(rows.map(({ fields }) => fields))
  const lineOf = (row: number): number => rows[row - 1]?.line ?? row + 1
  const linted = lintVehicles(text).vehicles
  const note = (line: number, kind: VehicleNote['note'], other: number | null = null) => ({ line, note: kind, other })
  const unlike = linted.filter(({ plausible }) => !plausible)
  const pairs: VehicleNote[] = []
  for (const [a, b] of confusablePairs(linted)) {
    pairs.push(note(b.line, 'one-character', a.line))
    if (pairs.length === MOST_PAIRS) break
  }
  return {
    vehicles: rows.length,
    added,
    changed,
    same,
    pairs: pairs.length,
    refused: [...problems, ...refused.map((one) => refusedLine(rows, one))].sort((a, b) => a.line - b.line),
    notes: [
      ...lifts.slice(0, MOST_NOTES).map((row) => note(lineOf(row), 'lifts-block')),
      ...unlike.slice(0, MOST_NOTES).map(({ line }) => note(line, 'not-plate-like')),
      ...pairs.slice(0, MOST_NOTES),
    ],
  }
}
