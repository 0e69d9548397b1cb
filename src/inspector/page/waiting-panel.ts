/** Orders that wait for a second person, as every screen lists them: who gave one looks on, somebody else agrees or refuses. */
import type { WaitingOrder } from '../../site-desk.ts'
import { make, say, show } from './dom.ts'
import { ORDER_WORDS } from './order-words.ts'
import { type Orders, tickButtons } from './screen.ts'
import { SECOND_WORDS as SECOND } from './second-words.ts'
import { address, ask, NOT_SENT, send } from './server-call.ts'

/** What one kind of order shows of itself. */
export type WaitingTold = {
  readonly asks: string
  /** What it comes to: nobody agrees blind. */
  readonly comesTo: readonly (HTMLElement | false)[]
  /** Before agreeing. */
  readonly buttons?: readonly HTMLElement[]
  readonly agree: string
}

type Parts = {
  readonly class: string
  /** Null: this person agrees to nothing here. */
  readonly orders: Orders | null
  /** Whether an order belongs on this screen. */
  readonly isOurs: (order: WaitingOrder) => boolean
  /** The alarms that come and go with such orders. */
  readonly isNews: (alarm: Orders['store']['alarms'][number]) => boolean
  readonly tell: (order: WaitingOrder, says: HTMLElement) => WaitingTold
  /** An order came or went: perhaps it was carried out. */
  readonly changed?: () => Promise<void>
}

/** The panel; it is shown only while something waits. */
export function waitingPanel({ class: name, orders, isOurs, isNews, tell, changed }: Parts) {
  const says = make('p', { class: 'says', role: 'alert' })
  const list = make('ul', { class: 'waiting-orders' })
  const root = make('section', { class: name, 'aria-label': SECOND.title, hidden: true })
  root.append(make('h3', {}, SECOND.title), list, says)
  let known = ''
  const look = async () => {
    const told = await ask<{ readonly items: readonly WaitingOrder[] }>(address('orders'))
    if (!told.ok) return
    const ours = told.body.items.filter(isOurs)
    root.hidden = ours.length === 0
    show(list, JSON.stringify(ours), () => ours.map(item))
    if (orders !== null) tickButtons(root, orders)
  }
  const act = async (id: string, agrees: boolean) => {
    if (orders?.may() !== true) return say(says, NOT_SENT)
    say(says, ORDER_WORDS.sending)
    const told = agrees
      ? await send(address('orders', id, 'agree'), {})
      : await send(address('orders', id), {}, 'DELETE')
    say(says, told.ok ? '' : told.status === 0 ? ORDER_WORDS.again : told.says)
    await look()
    if (agrees) await changed?.()
  }
  const item = (order: WaitingOrder) => {
    const { id, by, until, against } = order
    const isMine = by === orders?.store.hello?.caller.name
    const { asks, comesTo, buttons = [], agree } = tell(order, says)
    const press = (text: string, agrees: boolean) =>
      make('button', { type: 'button', onclick: () => void act(id, agrees) }, text)
    return make(
      'li',
      { 'data-waiting': id },
      make('p', {}, asks, make('time', { 'data-until': until }), '.'),
      ...comesTo,
      against !== null && make('p', { class: 'says' }, SECOND.against(against)),
      isMine && make('p', {}, SECOND.other),
      make(
        'div',
        { class: 'buttons' },
        ...buttons,
        !isMine && press(agree, true),
        press(isMine ? ORDER_WORDS.takeBack : SECOND.refuse, false),
      ),
    )
  }
  return {
    root,
    look,
    /** Looks again where an order came or went. */
    tick() {
      if (orders === null) return
      const now = orders.store.alarms
        .filter(isNews)
        .map(({ alarmId }) => alarmId)
        .join(' ')
      if (now !== known) void look().then(changed)
      known = now
      tickButtons(root, orders)
    },
  }
}
