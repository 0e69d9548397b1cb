import type { BayView } from '../../projections/bay-view.ts'
import { ACCOUNTS } from './cast.ts'

/** Speaks to the person at the terminal: one line an event. */
export type Say = (line: string) => void

/** Puts the local time before a line and writes it. */
export function terminal(now: () => number, write: (text: string) => void): Say {
  return (line) => write(`${new Date(now()).toTimeString().slice(0, 8)}  ${line}\n`)
}

/** `bay-2  authorizing (awaiting-plug)  AB12CDE  Anna's fleet`; null where nothing changed that a watcher would want to know. */
export function changeLine(bay: BayView, before: BayView | null): string | null {
  if (before === null && bay.state === 'vacant') return null
  const moved = before === null || before.state !== bay.state || before.detail !== bay.detail
  const named = (before?.visit?.accountId ?? null) !== (bay.visit?.accountId ?? null) && bay.visit !== null
  const drawing = (shownCurrent(before) === null) !== (shownCurrent(bay) === null) && bay.lock.locked
  if (!moved && !named && !drawing) return null
  const detail = bay.detail === '' || bay.detail === bay.state ? '' : ` (${bay.detail})`
  return [
    bay.bayId,
    `${bay.state}${detail}`,
    shownCurrent(bay),
    bay.visit?.plate ?? null,
    payerName(bay.visit?.accountId ?? null),
  ]
    .filter((part) => part !== null)
    .join('  ')
}

/** Amperes of the bay's connectors together, null where nothing flows. */
function shownCurrent(bay: BayView | null): string | null {
  if (bay === null || !bay.lock.locked) return null
  const total = bay.chargers.reduce((sum, charger) => sum + (charger.current_A ?? 0), 0)
  return total > 0 ? `${total.toFixed(1)} A` : null
}

function payerName(accountId: string | null): string | null {
  if (accountId === null) return null
  return ACCOUNTS.find((account) => account.accountId === accountId)?.name ?? accountId
}
