/** What may be ordered of a bay. Nothing is sent without a second press; nothing is sent again by itself; nothing hoped for is shown. */
import type { BayView } from '../../../projections/bay-view.ts'
import { bayWord, detailWord } from './bay-words.ts'
import { make, say } from './dom.ts'
import { ORDER_WORDS as WORDS } from './order-words.ts'
import type { Orders } from './screen.ts'
import { address, NOT_SENT, newId, send } from './server-call.ts'
import type { LiveStore } from './store.ts'

type CommandType = keyof typeof WORDS.labels
/** Reasons are words of a list: what a person types freely may name people. */
type Reason = keyof typeof WORDS.reasons
type Command = {
  readonly type: CommandType
  readonly asks?: keyof typeof WORDS.asks
  readonly fits: (bay: BayView) => boolean
}
/** An order as it is being made: its id is made once for the question, so that pressing twice is one order. */
type Order = {
  id: string
  readonly type: CommandType
  expectVersion: number
  reason?: Reason
  plate?: string
  accountId?: string
}
type Form = { readonly body: Order; readonly says: HTMLElement; readonly button: HTMLButtonElement }

const COMMANDS: readonly Command[] = [
  { type: 'authorize', asks: 'accountId', fits: ({ visit }) => visit !== null },
  { type: 'deny', fits: ({ visit, lock }) => visit !== null && !lock.locked },
  { type: 'correct-plate', asks: 'plate', fits: ({ visit }) => visit !== null },
  { type: 'remote-stop', fits: ({ lock }) => lock.locked },
  { type: 'release-lock', fits: ({ lock }) => lock.locked },
  { type: 'out-of-service', fits: ({ service }) => service === 'in-service' },
  { type: 'in-service', fits: ({ service }) => service !== 'in-service' },
  { type: 'learn-empty', fits: ({ visit }) => visit === null },
]

/** The orders of the bay that it is told of. */
export function commandPanel({ store, may }: Orders, bayId: string) {
  const sent = sentList(store)
  const dialog = make('dialog', { 'aria-labelledby': 'order-title' })
  let bay: BayView | null = null
  const ask = (command: Command) => {
    if (bay === null || !may()) return
    const order: Order = { id: newId(), type: command.type, expectVersion: bay.version }
    const press = async (form: Form) => {
      if (!may()) return say(form.says, NOT_SENT)
      const seq = await sendOrder(bayId, form)
      if (seq === null) return
      dialog.close()
      sent.add(WORDS.labels[command.type], seq)
    }
    dialog.replaceChildren(orderForm(command, bay, order, press))
    dialog.showModal()
  }
  const buttons = COMMANDS.map((command) => {
    const fields = { type: 'button', 'data-command': command.type, onclick: () => ask(command) }
    return { command, button: make('button', fields, `${WORDS.labels[command.type]}…`) }
  })
  const group = make('div', { class: 'buttons' }, ...buttons.map(({ button }) => button))
  const title = make('h3', {}, WORDS.orders)
  return {
    root: make('section', { class: 'card', 'aria-label': WORDS.orders }, title, group, sent.root, dialog),
    update(newer: BayView) {
      bay = newer
      sent.settle()
    },
    tick() {
      const isOn = may()
      for (const { command, button } of buttons) button.disabled = !isOn || bay === null || !command.fits(bay)
      for (const button of dialog.querySelectorAll('[data-order]')) say(button, isOn ? WORDS.send : WORDS.notLive)
      sent.settle()
    },
  }
}

/** Orders that were taken, and whether what they did has been seen here. */
function sentList(store: LiveStore) {
  const root = make('ol', { class: 'sent', 'aria-live': 'polite' })
  let awaited: { readonly label: string; readonly seq: number; readonly line: Element }[] = []
  const settle = () => {
    for (const { label, seq, line } of awaited) if (seq <= store.seq) say(line, WORDS.seen(label, seq))
    awaited = awaited.filter((each) => each.seq > store.seq)
  }
  return {
    root,
    settle,
    add(label: string, seq: number) {
      const line = make('li', {}, WORDS.unseen(label, seq))
      root.prepend(line)
      while (root.children.length > 5) root.lastElementChild?.remove()
      awaited.push({ label, seq, line })
      settle()
    },
  }
}

/** Sends one order and says how it went. Answers the record's seq, null where nothing was done. */
async function sendOrder(bayId: string, { body, says, button }: Form): Promise<number | null> {
  button.disabled = true
  say(says, WORDS.sending)
  const answer = await send<{ readonly seq: number }>(address('bays', bayId, 'commands'), body)
  if (answer.ok) return answer.body.seq
  say(says, answer.status === 0 ? WORDS.again : answer.says)
  const newer = answer.status === 409 ? (answer.body as { readonly bay?: BayView }).bay : undefined
  if (newer !== undefined) {
    // The next press is another order, about the bay as it is now.
    body.expectVersion = newer.version
    body.id = newId()
    say(says, WORDS.changed(`${bayWord(newer)} ${detailWord(newer)}`))
  }
  button.disabled = false
  return null
}

function orderForm(command: Command, bay: BayView, order: Order, press: (form: Form) => unknown): HTMLElement {
  const { asks, type } = command
  const says = make('p', { class: 'says', role: 'alert' })
  const field = asks === undefined ? null : fieldFor(asks, bay)
  const reasons = Object.entries(WORDS.reasons).map(([value, text]) => make('option', { value }, text))
  const reason = make('select', { id: 'order-reason' }, ...reasons)
  const button = make('button', { type: 'submit', 'data-order': '' }, WORDS.send)
  const cancel = make('button', { type: 'button' }, WORDS.cancel)
  cancel.addEventListener('click', () => cancel.closest('dialog')?.close())
  const onsubmit = (event: Event) => {
    event.preventDefault()
    order.reason = reason.value as Reason
    if (asks !== undefined && field !== null) order[asks] = field.value.trim()
    press({ body: order, says, button })
  }
  const form = make(
    'form',
    { onsubmit },
    make('h3', { id: 'order-title' }, `${WORDS.labels[type]}: ${bay.bayId}`),
    make('p', {}, nowLine(bay)),
    make('p', { class: 'warns' }, WORDS.warns[type]),
    asks !== undefined && make('label', { for: 'order-field' }, WORDS.asks[asks]),
    field,
    make('label', { for: 'order-reason' }, WORDS.reason),
    reason,
    says,
    make('div', { class: 'buttons' }, button, cancel),
  )
  return form
}

function nowLine(bay: BayView): string {
  const state = `${bayWord(bay)} ${detailWord(bay)}`.trim()
  return bay.lock.locked ? WORDS.lockedBy(state, bay.lock.reasons.join(', ')) : WORDS.now(state)
}

const fieldFor = (asks: keyof typeof WORDS.asks, bay: BayView): HTMLInputElement =>
  make('input', {
    id: 'order-field',
    required: true,
    maxlength: '64',
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: 'false',
    class: asks === 'plate' ? 'plate' : null,
    dir: asks === 'plate' ? 'ltr' : null,
    value: asks === 'accountId' ? bay.visit?.accountId : null,
  })
