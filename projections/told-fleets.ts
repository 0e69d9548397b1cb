import type { Decision, FactRecord } from '../machines/record.ts'
import { listOf, numberOf, textOf } from './projection.ts'
import { noteKey, numberIn, type Row, type RowFold, type Rows, textIn, wattHours } from './row-fold.ts'

/**
 * One row for each day (UTC, by the end of the charge), fleet and account: what its vehicles charged. The fleet is the one that the
 * register named for the vehicle when the visit was billed; charges by card, and of vehicles that no fleet claims, stand under null.
 */
export const toldFleets: RowFold = {
  name: 'fleets',
  shape: 2,
  fold(rows, record) {
    hearRegister(rows, record)
    for (const decision of record.decisions) hearDecision(rows, decision)
  },
}

const vehicleNote = (handle: string): string => noteKey('vehicle', handle)
const visitNote = (visitId: string): string => noteKey('visit', visitId)
const sessionNote = (sessionId: string): string => noteKey('session', sessionId)

function hearRegister(rows: Rows, { stream, cause }: FactRecord): void {
  const handle = stream === 'register' ? textOf(cause['handle']) : null
  if (handle === null) return
  const fleet = cause.type === 'vehicle.registered' ? textOf(cause['fleet']) : null
  if (fleet !== null) rows.put(vehicleNote(handle), { fleet })
  else if (cause.type.startsWith('vehicle.')) rows.drop(vehicleNote(handle))
}

function hearDecision(rows: Rows, decision: Decision): void {
  const visitId = textOf(decision['visitId'])
  switch (decision.type) {
    case 'VisitAuthorized':
    case 'IdentityUpgraded':
      if (visitId !== null) rows.put(visitNote(visitId), { handle: textOf(decision['handle']) })
      break
    case 'SessionBilled':
      bill(rows, decision, visitId)
      break
    case 'SessionCorrected':
      if (decision['billed'] === true) correct(rows, textOf(decision['sessionId']), numberOf(decision['difference_Wh']))
      break
    case 'SessionDisputed':
      doubt(rows, textOf(decision['sessionId']), true)
      break
    case 'SessionSettled':
      doubt(rows, textOf(decision['sessionId']), false)
      break
    case 'VisitEnded':
      if (visitId !== null) rows.drop(visitNote(visitId))
      break
  }
}

function bill(rows: Rows, decision: Decision, visitId: string | null): void {
  const sessionId = textOf(decision['sessionId'])
  if (sessionId === null) return
  const handle = visitId === null ? null : textIn(rows.get(visitNote(visitId)), 'handle')
  const fleet = handle === null ? null : textIn(rows.get(vehicleNote(handle)), 'fleet')
  const day = (textOf(decision['endedAt']) ?? '').slice(0, 10)
  const accountId = textOf(decision['accountId'])
  const key = JSON.stringify([day, fleet, accountId])
  if (!rows.get(key))
    rows.put(key, { day, fleet, accountId, sessions: 0, energy_Wh: 0, idle_s: 0, disputed_Wh: 0 } satisfies Row)
  const energy_Wh = numberOf(decision['energy_Wh'])
  // What was disputed as it ran is in doubt as a whole.
  const disowned = rows.get(sessionNote(sessionId))?.['disowned'] === true
  const disputed_Wh = disowned ? energy_Wh : disputedIn(decision)
  rows.put(sessionNote(sessionId), { key, energy_Wh, disputed_Wh, disowned })
  change(rows, sessionId, { sessions: 1, energy_Wh, idle_s: numberOf(decision['idle_s']), disputed_Wh })
}

/** The charge point said late how a transaction ended. */
function correct(rows: Rows, sessionId: string | null, more_Wh: number): void {
  const note = sessionId === null ? undefined : rows.get(sessionNote(sessionId))
  if (sessionId === null || note === undefined) return
  const energy_Wh = wattHours(numberIn(note, 'energy_Wh') + more_Wh)
  change(rows, sessionId, { energy_Wh: more_Wh })
  rows.put(sessionNote(sessionId), { ...note, energy_Wh })
  if (note['disowned'] === true) doubt(rows, sessionId, true)
}

/** All of a session's energy is in doubt, or none of it any more; also of one that still runs. */
function doubt(rows: Rows, sessionId: string | null, disowned: boolean): void {
  if (sessionId === null) return
  const note = rows.get(sessionNote(sessionId))
  const disputed_Wh = disowned ? numberIn(note, 'energy_Wh') : 0
  change(rows, sessionId, { disputed_Wh: disputed_Wh - numberIn(note, 'disputed_Wh') })
  rows.put(sessionNote(sessionId), { ...note, disputed_Wh, disowned })
}

/** Energy of the lines that are not beyond doubt, Wh. */
const disputedIn = (decision: Decision): number =>
  listOf(decision['lines']).reduce((sum: number, line) => {
    const { disputed, energy_Wh } = (line ?? {}) as { readonly disputed?: unknown; readonly energy_Wh?: unknown }
    return typeof disputed === 'string' ? sum + numberOf(energy_Wh) : sum
  }, 0)

/** Adds to the row that the session was counted in. */
function change(rows: Rows, sessionId: string | null, amounts: { readonly [figure: string]: number }): void {
  const key = sessionId === null ? null : textIn(rows.get(sessionNote(sessionId)), 'key')
  const before = key === null ? undefined : rows.get(key)
  if (key === null || before === undefined) return
  const after: { [figure: string]: number } = {}
  for (const [figure, amount] of Object.entries(amounts)) after[figure] = wattHours(numberIn(before, figure) + amount)
  rows.put(key, { ...before, ...after })
}
