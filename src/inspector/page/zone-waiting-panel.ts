/** Drafts of zones that wait for a second person: who drew one looks on, somebody else looks at it in the picture and agrees. */
import type { WaitingOrder } from '../../site-desk.ts'
import { make, say, show } from './dom.ts'
import { ORDER_WORDS } from './order-words.ts'
import { type Orders, tickButtons, tickTimes } from './screen.ts'
import { SECOND_WORDS as SECOND } from './second-words.ts'
import { address, ask, NOT_SENT, send } from './server-call.ts'
import { drawingOf, type ZoneDraft } from './zone-draft.ts'
import { ZONE_WORDS as WORDS } from './zone-words.ts'

type Parts = {
  /** Null: this person agrees to nothing here. */
  readonly orders: Orders | null
  readonly draft: () => ZoneDraft
  /** The draft is another one now. */
  readonly took: () => void
  /** Perhaps other zones count now. */
  readonly changed: () => Promise<void>
}
type Drawn = NonNullable<WaitingOrder['zones']>

/** The panel; it is shown only while something waits. */
export function zoneWaitingPanel({ orders, draft, took, changed }: Parts) {
  const says = make('p', { class: 'says', role: 'alert' })
  const list = make('ul', { class: 'waiting-orders' })
  const root = make('section', { class: 'zone-waiting', 'aria-label': SECOND.title, hidden: true })
  root.append(make('h3', {}, SECOND.title), list, says)
  /** What waited since this page was opened, as it is drawn: a draft that is none of it is this person’s own. */
  const seen = new Set<string>()
  let known = ''
  const look = async () => {
    const told = await ask<{ readonly items: readonly WaitingOrder[] }>(address('orders'))
    if (!told.ok) return
    const mine = told.body.items.filter(({ zones }) => zones !== null)
    for (const { zones } of mine) seen.add(drawingOf(zones?.bays ?? []))
    root.hidden = mine.length === 0
    show(list, JSON.stringify(mine), () => mine.map(item))
  }
  const act = async (id: string, agrees: boolean) => {
    if (orders?.may() !== true) return say(says, NOT_SENT)
    say(says, ORDER_WORDS.sending)
    const told = agrees
      ? await send(address('orders', id, 'agree'), {})
      : await send(address('orders', id), {}, 'DELETE')
    say(says, told.ok ? '' : told.status === 0 ? ORDER_WORDS.again : told.says)
    await look()
    if (agrees) await changed()
  }
  const showDraft = ({ putBack, bays }: Drawn) => {
    const own = drawingOf(draft().bays)
    if (draft().bays.length > 0 && !seen.has(own)) return say(says, SECOND.ownFirst)
    draft().takeVersion(putBack, bays)
    took()
    say(says, SECOND.looked)
  }
  const press = (text: string, onclick: () => unknown) => make('button', { type: 'button', onclick }, text)
  const item = ({ id, by, reason, until, zones, against }: WaitingOrder) => {
    if (zones === null) return make('li', {})
    const isMine = by === orders?.store.hello?.caller.name
    const { bays, tried } = zones
    const why = WORDS.reasons[(reason ?? 'other') as keyof typeof WORDS.reasons]
    return make(
      'li',
      { 'data-waiting': id },
      make('p', {}, SECOND.asksZones(by, why), make('time', { 'data-until': until }), '.'),
      // What it comes to: nobody agrees blind.
      make('ul', { class: 'ways' }, ...bays.map((bay) => make('li', {}, WORDS.publishRedrawn(bay.bayId)))),
      make('p', {}, tried === null ? WORDS.untried : WORDS.triedAs(tried.changed, tried.visits)),
      against !== null && make('p', { class: 'says' }, SECOND.against(against)),
      isMine && make('p', {}, SECOND.other),
      make(
        'div',
        { class: 'buttons' },
        press(SECOND.look, () => showDraft(zones)),
        !isMine && press(SECOND.agreeZones, () => act(id, true)),
        press(isMine ? ORDER_WORDS.takeBack : SECOND.refuse, () => act(id, false)),
      ),
    )
  }
  return {
    root,
    look,
    tick(at: number | null) {
      if (orders === null) return
      const alarms = orders.store.alarms.filter(({ type }) => type === 'zones-second-person')
      const now = alarms.map(({ alarmId }) => alarmId).join(' ')
      if (now !== known) void look()
      known = now
      tickTimes(root, at)
      tickButtons(root, orders)
    },
  }
}
