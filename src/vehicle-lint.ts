import { Fault } from '../machines/faults.ts'
import { fold, normalize, plausible } from '../machines/plate.ts'
import { type Fields, readVehicleRow } from '../machines/register-fields.ts'
import { neighbours } from '../machines/register-neighbours.ts'
import { twinSays } from './register-vehicles.ts'
import { type CsvProblem, readVehicleCsv, type VehicleRow } from './vehicle-csv.ts'

/** A vehicle of the file that could be registered. */
export type LintedVehicle = VehicleRow & Linted
type Linted = {
  readonly plate: string
  readonly key: string
  /** Cameras can believe it; a plate without a digit, or too short, is never told from lettering, and its driver needs a card. */
  readonly plausible: boolean
}

/** What a file of vehicles holds: `refused` in the order of the lines; nothing may be imported unless it is empty. */
export type VehicleLint = {
  readonly vehicles: readonly LintedVehicle[]
  readonly refused: readonly { readonly line: number; readonly says: string }[]
}

/** Checks a file by itself, as the register will: its form, each row, and plates that cameras cannot tell apart. Never throws for what is in the file. */
export function lintVehicles(text: string): VehicleLint {
  const { rows, problems } = readVehicleCsv(text)
  const { vehicles, refused } = lintRows(rows)
  return { vehicles, refused: [...problems, ...refused].sort((a, b) => a.line - b.line) }
}

/** The same of rows that were read already. */
export function lintRows<Row extends { readonly line: number; readonly fields: Fields }>(
  rows: readonly Row[],
): { readonly vehicles: readonly (Row & Linted)[]; readonly refused: readonly CsvProblem[] } {
  const vehicles: (Row & Linted)[] = []
  const refused: CsvProblem[] = []
  const first = new Map<string, { readonly line: number; readonly normal: string }>()
  for (const row of rows) {
    const { line, fields } = row
    try {
      const { plate } = readVehicleRow(fields)
      const normal = normalize(plate)
      const key = fold(normal)
      const twin = first.get(key)
      if (twin !== undefined) refused.push({ line, says: twinSays(twin.line, twin.normal === normal, 'line') })
      else {
        first.set(key, { line, normal })
        vehicles.push({ ...row, plate, key, plausible: plausible(normal) })
      }
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault
      refused.push({ line, says: fault.message })
    }
  }
  return { vehicles, refused }
}

/** The pairs that one misread character makes equal: allowed, and worth a look, because a near match never starts a charge but goes to a person. */
export function* confusablePairs(
  vehicles: readonly LintedVehicle[],
): Generator<readonly [LintedVehicle, LintedVehicle]> {
  for (const { a, b } of neighbours(vehicles.map((vehicle) => vehicle.key))) {
    const [one, other] = [vehicles[a], vehicles[b]]
    if (one !== undefined && other !== undefined) yield [one, other]
  }
}
