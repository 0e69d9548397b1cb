/** Orders of this bay that wait for a second person: who gave one looks on, somebody else agrees. */
import type { WaitingOrder } from '../../site-desk.ts'
import { make, say, show } from './dom.ts'
import { ORDER_WORDS as WORDS } from './order-words.ts'
import { type Orders, tickButtons } from './screen.ts'
import { SECOND_WORDS as SECOND } from './second-words.ts'
import { address, ask, NOT_SENT, send } from './server-call.ts'

/** The panel; it is shown only while something waits. */
export function secondPanel(orders: Orders, bayId: string) {
  const says = make('p', { class: 'says', role: 'alert' })
  const list = make('ul', { class: 'waiting-orders' })
  const root = make('section', { class: 'card second', 'aria-label': SECOND.title, hidden: true })
  root.append(make('h3', {}, SECOND.title), list, says)
  let known = ''
  const look = async () => {
    const told = await ask<{ readonly items: readonly WaitingOrder[] }>(address('orders'))
    if (!told.ok) return
    const mine = told.body.items.filter((order) => order.bayId === bayId)
    root.hidden = mine.length === 0
    show(list, JSON.stringify(mine), () => mine.map(item))
  }
  const act = async (id: string, agrees: boolean) => {
    if (!orders.may()) return say(says, NOT_SENT)
    say(says, WORDS.sending)
    const told = agrees
      ? await send(address('orders', id, 'agree'), {})
      : await send(address('orders', id), {}, 'DELETE')
    say(says, told.ok ? '' : told.status === 0 ? WORDS.again : told.says)
    void look()
  }
  const item = ({ id, type, by, reason, until, plate, accountId, against }: WaitingOrder) => {
    const isMine = by === orders.store.hello?.caller.name
    const label = WORDS.labels[type as keyof typeof WORDS.labels] ?? type
    const why = WORDS.reasons[(reason ?? 'other') as keyof typeof WORDS.reasons]
    const press = (text: string, agrees: boolean) =>
      make('button', { type: 'button', onclick: () => void act(id, agrees) }, text)
    return make(
      'li',
      {},
      make('p', {}, SECOND.asks(by, label, why), make('time', { 'data-until': until }), '.'),
      // What it comes to: nobody agrees blind.
      type in WORDS.warns && make('p', {}, WORDS.warns[type as keyof typeof WORDS.warns]),
      plate !== null && make('p', {}, SECOND.plate, make('bdi', { class: 'plate', dir: 'ltr' }, plate)),
      accountId !== null && make('p', {}, SECOND.pays(accountId)),
      against !== null && make('p', { class: 'says' }, SECOND.against(against)),
      isMine && make('p', {}, SECOND.other),
      make(
        'div',
        { class: 'buttons' },
        !isMine && press(SECOND.agree(label), true),
        press(isMine ? WORDS.takeBack : SECOND.refuse, false),
      ),
    )
  }
  return {
    root,
    update() {
      const alarms = orders.store.alarms.filter((one) => one.type === 'second-person' && one.bayId === bayId)
      const now = alarms.map(({ alarmId }) => alarmId).join(' ')
      if (now === known) return
      known = now
      void look()
    },
    tick: () => tickButtons(root, orders),
  }
}
