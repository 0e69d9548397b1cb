import { change, type Deeds, decide, order } from './deeds.ts'
import { autonomyOf } from './knowledge.ts'
import { isHeld } from './lock.ts'
import { isDark } from './lost-link.ts'

/** Words that send the driver to the charge point: not true while it is not connected. */
const AT_THE_CHARGE_POINT = new Set(['authorized', 'plug-in', 're-plug', 'present-card'])

/** A word to the driver, by whatever shows it. While the charge point is away it says that instead, and what comes next. */
export function tell(deeds: Deeds, message: string, reason: string): void {
  if (message === 'free') return tellFree(deeds, reason)
  const dark = AT_THE_CHARGE_POINT.has(message) && isDark(deeds.bay)
  change(deeds, { word: { message, reason, dark } })
  const said = !dark
    ? { message, reason }
    : message === 'present-card'
      ? { message, reason: 'charge point away' }
      : { message: 'offline', reason: message === 'authorized' ? 'start waits' : 'plug waits' }
  order(deeds, 'tell.driver', { ...said, leaves: autonomyOf(deeds.bay) !== 'observe' })
}

/** The bay is free, unless its charge point is away: then nobody is sent there. */
function tellFree(deeds: Deeds, reason: string): void {
  const away = isDark(deeds.bay)
  if (away !== (deeds.bay.toldAway === true)) deeds.bay = { ...deeds.bay, toldAway: away }
  const said = away ? { message: 'closed', reason: 'charge point away' } : { message: 'free', reason }
  order(deeds, 'tell.driver', { ...said, leaves: autonomyOf(deeds.bay) !== 'observe' })
}

/** RFID, QR and an operator always work: the driver is told so. */
export function offer(deeds: Deeds, reason: string): void {
  decide(deeds, 'FallbackOffered', { reason })
  tell(deeds, 'present-card', reason)
}

/** The charge point went away or came back: what was said is said anew, as it is true now (E16). */
export function noticeDark(deeds: Deeds): void {
  const { bay, event } = deeds
  if (bay.visit === null) return noticeAway(deeds)
  const word = bay.visit.word
  if (!word || !AT_THE_CHARGE_POINT.has(word.message) || isHeld(bay)) return
  // After a start of the site every link is down for a moment: that alone is no news.
  if (event.type === 'site.resumed' || isDark(bay) === word.dark) return
  tell(deeds, word.message, word.reason)
}

/** An empty bay is no longer called free once its charge point stayed away, and is again when it is back. */
function noticeAway(deeds: Deeds): void {
  const { bay } = deeds
  if (bay.service === 'out-of-service') return
  const isAway = isDark(bay) && bay.alarms.includes(`${bay.bayId}/offline`)
  if (bay.toldAway ? !isDark(bay) : isAway) tell(deeds, 'free', 'in-service')
}
