/** The question before an order: what the bay is now, what the order does, what is asked, and why. Loaded when orders can be given. */
import type { BayView } from '../../../projections/bay-view.ts'
import { bayWord, detailWord } from './bay-words.ts'
import { make } from './dom.ts'
import { ORDER_FORM_WORDS as FORM } from './order-form-words.ts'
import { ORDER_WORDS as WORDS } from './order-words.ts'
import { reasonChoice } from './reason-choice.ts'
import { address, newId, send } from './server-call.ts'
import { lockWord } from './told-words.ts'

type CommandType = keyof typeof FORM.warns
/** Reasons are words of a list: what a person types freely may name people. */
type Reason = keyof typeof FORM.reasons
/** What is asked beside the reason. */
export type OrderField = keyof typeof FORM.asks
/** An order as it is being made: its id is made once for the question, so that pressing twice is one order. */
type Order = {
  id: string
  readonly type: CommandType
  expectVersion: number
  reason?: Reason
  plate?: string
  accountId?: string
}
/** A question that was answered: the order, where to say how it went, and the button that sends it. */
export type OrderForm = { readonly body: Order; readonly says: HTMLElement; readonly button: HTMLButtonElement }

/** On record, or waiting for a second person until then. */
export type Taken = { readonly seq: number } | { readonly until: string }

/** Sends one order and says how it went. Null where nothing was done. */
export async function sendOrder(bayId: string, { body, says, button }: OrderForm): Promise<Taken | null> {
  button.disabled = true
  says.textContent = WORDS.sending
  const answer = await send<{ readonly seq: number }>(address('bays', bayId, 'commands'), body)
  if (answer.ok) return answer.body
  if (answer.status === 423) return answer.body as { readonly until: string }
  says.textContent = answer.status === 0 ? WORDS.again : answer.says
  const newer = answer.status === 409 ? (answer.body as { readonly bay?: BayView }).bay : undefined
  if (newer !== undefined) {
    // The next press is another order, about the bay as it is now.
    body.expectVersion = newer.version
    body.id = newId()
    says.textContent = FORM.changed(`${bayWord(newer)} ${detailWord(newer)}`)
  }
  button.disabled = false
  return null
}

/** The question about an order to a bay; `press` is told once it is answered whole. */
export function orderForm(
  type: CommandType,
  asks: OrderField | undefined,
  bay: BayView,
  press: (form: OrderForm) => unknown,
): HTMLElement {
  const order: Order = { id: newId(), type, expectVersion: bay.version }
  const says = make('p', { class: 'says', role: 'alert' })
  const field = asks === undefined ? null : fieldFor(asks, bay)
  const reason = reasonChoice('order-reason', FORM.reason, FORM.reasons)
  const button = make('button', { type: 'submit', 'data-order': '' }, WORDS.send)
  const cancel = make('button', { type: 'button' }, FORM.cancel)
  cancel.addEventListener('click', () => cancel.closest('dialog')?.close())
  const onsubmit = (event: Event) => {
    event.preventDefault()
    const why = reason.chosen(says)
    if (why === null) return
    order.reason = why
    if (asks !== undefined && field !== null) order[asks] = field.value.trim()
    press({ body: order, says, button })
  }
  return make(
    'form',
    { onsubmit },
    make('h3', { id: 'order-title' }, `${WORDS.labels[type]}: ${bay.bayId}`),
    make('p', {}, nowLine(bay)),
    make('p', { class: 'warns' }, FORM.warns[type]),
    asks !== undefined && make('label', { for: 'order-field' }, FORM.asks[asks]),
    field,
    ...reason.parts,
    says,
    make('div', { class: 'buttons' }, button, cancel),
  )
}

function nowLine(bay: BayView): string {
  const state = `${bayWord(bay)} ${detailWord(bay)}`.trim()
  return bay.lock.locked ? FORM.lockedBy(state, bay.lock.reasons.map(lockWord).join(', ')) : FORM.now(state)
}

const fieldFor = (asks: OrderField, bay: BayView): HTMLInputElement =>
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
