/** What may be ordered of a bay. Nothing is sent without a second press; nothing is sent again by itself; nothing hoped for is shown. */
import type { BayView } from '../../../projections/bay-view.ts'
import { bayWord, detailWord } from './bay-words.ts'
import { make, say } from './dom.ts'
import { ORDER_WORDS as WORDS } from './order-words.ts'
import type { Key, Orders } from './screen.ts'
import type { secondPanel } from './second-panel.ts'
import { sentList } from './sent-list.ts'
import { address, NOT_SENT, newId, send } from './server-call.ts'
import { atSite } from './server-time.ts'
import { zoneOf } from './store.ts'
import { lockWord } from './told-words.ts'

type CommandType = keyof typeof WORDS.labels
/** Reasons are words of a list: what a person types freely may name people. */
type Reason = keyof typeof WORDS.reasons
type Command = {
  readonly type: CommandType
  readonly key?: string
  /** The order that takes it back. */
  readonly undo?: CommandType
  /** It can be taken back only before it goes out: it waits some seconds. */
  readonly waits?: true
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
  { type: 'authorize', key: 'a', asks: 'accountId', fits: ({ visit }) => visit !== null },
  { type: 'deny', key: 'd', waits: true, fits: ({ visit, lock }) => visit !== null && !lock.locked },
  { type: 'correct-plate', key: 'p', asks: 'plate', fits: ({ visit }) => visit !== null },
  { type: 'remote-stop', key: 's', fits: ({ lock }) => lock.locked },
  { type: 'release-lock', key: 'l', fits: ({ lock }) => lock.locked },
  { type: 'out-of-service', key: 'o', undo: 'in-service', fits: ({ service }) => service === 'in-service' },
  { type: 'in-service', key: 'o', undo: 'out-of-service', fits: ({ service }) => service !== 'in-service' },
  { type: 'learn-empty', fits: ({ visit }) => visit === null },
]

/** The orders of the bay that it is told of. */
export function commandPanel(orders: Orders, bayId: string) {
  const { store, may } = orders
  const sent = sentList(store)
  const dialog = make('dialog', { 'aria-labelledby': 'order-title' })
  const second = lateSecond(orders, bayId)
  let bay: BayView | null = null
  const mayOrder = ({ type }: Command): boolean => {
    const rights = store.hello?.rights ?? []
    return rights.includes('operate') || (type === 'learn-empty' && rights.includes('tune'))
  }
  const ask = (command: Command) => {
    if (bay === null || !may() || !mayOrder(command) || !command.fits(bay)) return
    const order: Order = { id: newId(), type: command.type, expectVersion: bay.version }
    dialog.replaceChildren(orderForm(command, bay, order, (form) => press(command, form)))
    dialog.showModal()
  }
  const press = async (command: Command, form: Form) => {
    if (!may()) return say(form.says, NOT_SENT)
    if (command.waits) {
      dialog.close()
      return sent.hold(WORDS.labels[command.type], () => void sendHeld(command, form))
    }
    const answer = await sendOrder(bayId, form)
    if (answer === null) return
    dialog.close()
    tell(command, answer)
  }
  const tell = ({ type, undo }: Command, answer: Taken) => {
    const label = WORDS.labels[type]
    if ('until' in answer) return sent.tell(WORDS.asked(label, atSite(answer.until, zoneOf(store))))
    const back = COMMANDS.find((one) => one.type === undo)
    sent.add(label, answer.seq, back && (() => ask(back)))
  }
  const sendHeld = async (command: Command, form: Form) => {
    const answer = may() ? await sendOrder(bayId, form) : null
    if (answer !== null) return tell(command, answer)
    sent.tell(WORDS.notDone(WORDS.labels[command.type], may() ? (form.says.textContent ?? '') : NOT_SENT))
  }
  const buttons = COMMANDS.map((command) => ({ command, button: commandButton(command, () => ask(command)) }))
  const group = make('div', { class: 'buttons' }, ...buttons.map(({ button }) => button))
  const inside = [make('h3', {}, WORDS.orders), second.root, group, sent.root, dialog]
  const root = make('section', { class: 'card', 'aria-label': WORDS.orders, hidden: true }, ...inside)
  return {
    root,
    /** Keys of what can be ordered of the bay as it is. */
    keys: (): readonly Key[] =>
      COMMANDS.flatMap((command) => {
        const { key, type } = command
        if (key === undefined || bay === null || !mayOrder(command) || !command.fits(bay)) return []
        return [{ key, says: WORDS.key(WORDS.labels[type]), press: () => ask(command) }]
      }),
    leave: sent.flush,
    update(newer: BayView) {
      bay = newer
    },
    tick() {
      const isOn = may()
      for (const { command, button } of buttons) {
        button.hidden = !mayOrder(command)
        button.disabled = !isOn || bay === null || !command.fits(bay)
      }
      root.hidden = !COMMANDS.some(mayOrder)
      for (const button of dialog.querySelectorAll('[data-order]')) say(button, isOn ? WORDS.send : WORDS.notLive)
      second.tick()
      sent.tick()
    },
  }
}

const commandButton = ({ type, key }: Command, onclick: () => void): HTMLButtonElement =>
  make('button', { type: 'button', 'data-command': type, 'aria-keyshortcuts': key, onclick }, `${WORDS.labels[type]}…`)

/** The orders that wait for a second person: loaded when the first one does. */
function lateSecond(orders: Orders, bayId: string) {
  const root = make('div', {})
  let panel: ReturnType<typeof secondPanel> | null = null
  let isLoading = false
  const load = async () => {
    isLoading = true
    // Where it could not be loaded, the next tick asks again.
    const loaded = await import('./second-panel.ts').catch(() => null)
    isLoading = false
    if (loaded === null) return
    panel = loaded.secondPanel(orders, bayId)
    root.append(panel.root)
  }
  const waits = () => orders.store.alarms.some((one) => one.type === 'second-person' && one.bayId === bayId)
  return {
    root,
    tick() {
      if (panel === null && !isLoading && waits()) void load()
      panel?.tick()
    },
  }
}

/** On record, or waiting for a second person until then. */
type Taken = { readonly seq: number } | { readonly until: string }

/** Sends one order and says how it went. Null where nothing was done. */
async function sendOrder(bayId: string, { body, says, button }: Form): Promise<Taken | null> {
  button.disabled = true
  say(says, WORDS.sending)
  const answer = await send<{ readonly seq: number }>(address('bays', bayId, 'commands'), body)
  if (answer.ok) return answer.body
  if (answer.status === 423) return answer.body as { readonly until: string }
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
  return bay.lock.locked ? WORDS.lockedBy(state, bay.lock.reasons.map(lockWord).join(', ')) : WORDS.now(state)
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
