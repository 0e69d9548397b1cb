import { type DeskPorts, note } from './charge-point-delivery.ts'
import type { ChargePointNews } from './ports.ts'
import type { Entered } from './transaction-book.ts'

type Started = Extract<ChargePointNews, { type: 'started' }>

const alarmOf = (chargePointId: string): string => `site/start-repeated/${chargePointId}`

/**
 * A start that equals one whose end is known, in time, register and card, is a late repeat (E21) and bills nothing. From a clock that
 * stands still the next charge looks the same: people are told once, so that nobody charges unbilled without a word.
 */
export async function noticeRepeat(ports: DeskPorts, news: Started, { transactionId }: Entered): Promise<void> {
  const { book } = ports.site()
  const { chargePointId } = news
  // What is overheard may be heard again, and has a number of the other back end's.
  if (news.verdict !== undefined || !book.isOver(transactionId) || book.isNoticed(transactionId)) return
  const cause = { type: 'transaction.repeated', chargePointId, transactionId } as const
  const says = `${chargePointId} told a start again whose end it had told: same time, same register, same card. It is taken for a late repeat and billed once.`
  const does =
    'Look whether a vehicle charges there: if so, the clock of the charge point stands still, and what it gives is not billed; set its clock. Its next start with another time ends this.'
  await note(ports, cause, [
    { type: 'raise.alarm', alarmId: alarmOf(chargePointId), alarm: 'start-repeated', says, do: does },
  ])
  book.fold(null, cause, ports.site().now())
}

/** A start of another time: its clock goes. */
export async function noticeFresh(ports: DeskPorts, { chargePointId }: Started): Promise<void> {
  const { book } = ports.site()
  if (!book.repeats(chargePointId)) return
  const cause = { type: 'transaction.fresh', chargePointId } as const
  await note(ports, cause, [{ type: 'clear.alarm', alarmId: alarmOf(chargePointId) }])
  book.fold(null, cause, ports.site().now())
}
