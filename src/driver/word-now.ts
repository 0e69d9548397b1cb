import type { DriverWord } from '../../actors/ports.ts'
import type { BayView } from '../../projections/bay-view.ts'

/** What the driver in front of a bay shall do now. */
export type WordNow = { readonly message: string; readonly reason: string }

/** While a start is on its way, by the detail of the chart; other details need no more than the state. */
const WAITING = ['collecting', 'second-reading', 'claiming', 'asking']
const MOVING = ['starting', 'awaiting-plug']

/**
 * What is true of the bay now, from its state; the newest word says the reason where the state alone does not. Where berth only
 * watches, nobody is promised anything: a card starts the charge.
 */
export function wordNow(bay: BayView, newest: DriverWord | null): WordNow {
  const told = newest !== null && newest.visitId === bay.visit?.visitId ? newest : null
  switch (bay.state) {
    case 'vacant':
      if (bay.service !== 'in-service') return { message: 'closed', reason: 'out-of-service' }
      return isDark(bay) ? { message: 'closed', reason: 'charge point away' } : { message: 'free', reason: 'exit-seen' }
    case 'charging-locked':
      if (told?.reason === 'nobody pays' && bay.visit?.identifiedBy !== 'card') return told
      if (bay.detail === 'suspended') return withoutCurrent(bay)
      return { message: 'charging', reason: bay.visit?.identifiedBy ?? 'guess' }
    case 'exiting':
      return { message: 'finished', reason: bay.detail === 'still-plugged' ? 'take the cable out' : 'please leave' }
    default:
      return isDark(bay) ? whileDark(bay, told) : beforeTheCharge(bay, told)
  }
}

/** No charge point of the bay is connected. */
export const isDark = ({ chargers }: Pick<BayView, 'chargers'>): boolean =>
  chargers.length > 0 && chargers.every(({ online }) => online === false)

/** Nobody is sent to a charge point that hears nobody (E16). */
function whileDark(bay: BayView, told: DriverWord | null): WordNow {
  const { message, reason } = beforeTheCharge(bay, told)
  if (message === 'wait' || message === 'offline') return { message, reason }
  if (message === 'present-card') return { message, reason: 'charge point away' }
  return { message: 'offline', reason: message === 'authorized' ? 'start waits' : 'plug waits' }
}

/** Before the first current the charge is on its way; a pause is one after it, or one that the charge point calls so. */
const withoutCurrent = ({ session, chargers, visit }: BayView): WordNow => {
  // Where the session alone is trusted (`ocpp.mode: remote`), what is measured is still true for the driver.
  const isHeld = chargers.some(({ status }) => status.startsWith('Suspended'))
  if (!isHeld && chargers.some(({ current_A }) => (current_A ?? 0) >= SURE_A))
    return { message: 'charging', reason: visit?.identifiedBy ?? 'guess' }
  return (session?.energy_Wh ?? 0) === 0 && !isHeld
    ? { message: 'authorized', reason: 'preparing' }
    : { message: 'paused', reason: 'no current' }
}
/** More than a car that rests takes, sum of phases, A. */
const SURE_A = 1

function beforeTheCharge({ detail, autonomy, visit }: BayView, told: DriverWord | null): WordNow {
  if (autonomy === 'observe') return { message: 'present-card', reason: 'by-card' }
  if (WAITING.includes(detail)) return { message: 'wait', reason: 'reading' }
  if (detail === 'in-review') return { message: 'present-card', reason: 'review' }
  if (MOVING.includes(detail)) {
    if (told && ['authorized', 'plug-in', 're-plug', 'offline'].includes(told.message)) return told
    if (detail === 'awaiting-plug')
      return { message: 'plug-in', reason: visit?.identifiedBy === 'card' ? 'card' : 'authorized' }
    // A start is ready and no word of it has left: a person has to let it go.
    return { message: 'present-card', reason: 'a person confirms' }
  }
  return told?.message === 'present-card' ? told : { message: 'present-card', reason: 'by-card' }
}
