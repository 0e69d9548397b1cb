/** What may be ordered of a bay. Nothing is sent without a second press; nothing is sent again by itself; nothing hoped for is shown. */
import type { BayView } from '../../../projections/bay-view.ts'
import { make, say } from './dom.ts'
import type { OrderField, OrderForm, Taken } from './order-form.ts'
import { ORDER_WORDS as WORDS } from './order-words.ts'
import type { Key, Orders } from './screen.ts'
import type { secondPanel } from './second-panel.ts'
import { sentList } from './sent-list.ts'
import { NOT_SENT } from './server-call.ts'
import { atSite } from './server-time.ts'
import { zoneOf } from './store.ts'

type CommandType = keyof typeof WORDS.labels
type Command = {
  readonly type: CommandType
  readonly key?: string
  /** The order that takes it back. */
  readonly undo?: CommandType
  /** It can be taken back only before it goes out: it waits some seconds. */
  readonly waits?: true
  readonly asks?: OrderField
  readonly fits: (bay: BayView) => boolean
}
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
  const ask = async (command: Command) => {
    const { orderForm, sendOrder } = (await question()) ?? {}
    if (orderForm === undefined || sendOrder === undefined) return sent.tell(WORDS.notAsked)
    if (bay === null || dialog.open || !may() || !mayOrder(command) || !command.fits(bay)) return
    const give = (form: OrderForm) => press(command, form, (one) => sendOrder(bayId, one))
    dialog.replaceChildren(orderForm(command.type, command.asks, bay, give))
    dialog.showModal()
  }
  const press = async (command: Command, form: OrderForm, give: Give) => {
    if (!may()) return say(form.says, NOT_SENT)
    if (command.waits) {
      dialog.close()
      return sent.hold(WORDS.labels[command.type], () => void sendHeld(command, form, give))
    }
    const answer = await give(form)
    if (answer === null) return
    dialog.close()
    tell(command, answer)
  }
  const tell = ({ type, undo }: Command, answer: Taken) => {
    const label = WORDS.labels[type]
    if ('until' in answer) return sent.tell(WORDS.asked(label, atSite(answer.until, zoneOf(store))))
    const back = COMMANDS.find((one) => one.type === undo)
    sent.add(label, answer.seq, back && (() => void ask(back)))
  }
  const sendHeld = async (command: Command, form: OrderForm, give: Give) => {
    const answer = may() ? await give(form) : null
    if (answer !== null) return tell(command, answer)
    sent.tell(WORDS.notDone(WORDS.labels[command.type], may() ? (form.says.textContent ?? '') : NOT_SENT))
  }
  const buttons = COMMANDS.map((command) => ({ command, button: commandButton(command, () => void ask(command)) }))
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
        return [{ key, says: WORDS.key(WORDS.labels[type]), press: () => void ask(command) }]
      }),
    leave: sent.flush,
    update(newer: BayView) {
      bay = newer
    },
    tick() {
      const isOn = may()
      const isAllowed = COMMANDS.some(mayOrder)
      // Before the first order is given: that one waits for nothing.
      if (isOn && isAllowed) void question()
      for (const { command, button } of buttons) {
        button.hidden = !mayOrder(command)
        button.disabled = !isOn || bay === null || !command.fits(bay)
      }
      root.hidden = !isAllowed
      for (const button of dialog.querySelectorAll('[data-order]')) say(button, isOn ? WORDS.send : WORDS.notLive)
      second.tick()
      sent.tick()
    },
  }
}

const commandButton = ({ type, key }: Command, onclick: () => void): HTMLButtonElement =>
  make('button', { type: 'button', 'data-command': type, 'aria-keyshortcuts': key, onclick }, `${WORDS.labels[type]}…`)

type Give = (form: OrderForm) => Promise<Taken | null>

let loaded: Promise<typeof import('./order-form.ts') | null> | null = null

/** The question before an order, loaded once; null where it could not be, and the next one asks again. */
function question() {
  loaded ??= import('./order-form.ts').catch(() => {
    loaded = null
    return null
  })
  return loaded
}

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
