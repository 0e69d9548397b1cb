/** What is asked before a vehicle is added, changed, blocked, opened or removed: nothing is done without a second press. */
import type { ShownVehicle } from '../../server/vehicle-routes.ts'
import { make, say } from './dom.ts'
import { reasonChoice } from './reason-choice.ts'
import { type Orders, tickButtons } from './screen.ts'
import { type Answer, address, ask, NOT_SENT, send } from './server-call.ts'
import { labelled, type VehicleDeed } from './vehicle-rows.ts'
import { VEHICLE_WORDS as WORDS } from './vehicle-words.ts'

const FIELDS = ['accountId', 'fleet', 'alias', 'validFrom', 'validTo', 'hours'] as const
type Field = (typeof FIELDS)[number]
type Question = {
  readonly title: string
  readonly warns?: string
  readonly inner: readonly HTMLElement[]
  readonly button: string
  /** Null where something is missing still, which it says itself. */
  readonly send: (says: Element) => Promise<Answer<unknown>> | null
}

/** Questions about vehicles; `done` is told what came of one. */
export function vehicleForm(orders: Orders, done: (says: string) => void) {
  const dialog = make('dialog', { class: 'vehicle-form', 'aria-labelledby': 'vehicle-title' })
  const open = (plate: string, question: Question) => {
    const finish = () => {
      dialog.close()
      done(WORDS.form.done(plate))
    }
    dialog.replaceChildren(questionForm(question, orders, () => dialog.close(), finish))
    dialog.showModal()
  }
  return {
    root: dialog,
    add() {
      const plate = textField('plate', '', { required: true, class: 'plate', dir: 'ltr', autocapitalize: 'characters' })
      const fields = fieldsOf(null)
      const put = () => send(address('vehicles', plate.value.trim()), bodyOf(fields, false), 'PUT')
      const inner = [labelled('vehicle-plate', WORDS.form.plate, plate), ...fields.map(({ root }) => root)]
      open(WORDS.title, { title: WORDS.form.addTitle, inner, button: WORDS.form.save, send: put })
    },
    /** Asks about the vehicle as it is now, not as it was when it was listed. */
    async about(deed: VehicleDeed, { vehicleId, plate }: ShownVehicle) {
      const told = await ask<ShownVehicle>(`${address('vehicles', vehicleId ?? '')}?plates=masked`)
      if (told.ok) open(plate, questionOf(deed, { ...told.body, plate }))
      else done(told.status === 404 ? WORDS.form.gone : told.says)
    },
    tick: () => tickButtons(dialog, orders),
  }
}

function questionOf(deed: VehicleDeed, vehicle: ShownVehicle): Question {
  const { form } = WORDS
  const at = address('vehicles', vehicle.vehicleId ?? '')
  if (deed === 'remove') {
    const title = form.removeTitle(vehicle.plate)
    return { title, warns: form.removeWarns, inner: [], button: form.remove, send: () => send(at, {}, 'DELETE') }
  }
  if (deed === 'change') {
    const fields = fieldsOf(vehicle)
    const put = () => send(at, bodyOf(fields, vehicle.blocked), 'PUT')
    const inner = fields.map(({ root }) => root)
    return { title: form.changeTitle(vehicle.plate), inner, button: form.save, send: put }
  }
  const blocked = deed === 'block'
  const reason = reasonChoice('vehicle-reason', form.reason, WORDS.reasons)
  return {
    title: blocked ? form.blockTitle(vehicle.plate) : form.openTitle(vehicle.plate),
    warns: blocked ? form.blockWarns : form.openWarns,
    inner: [make('p', {}, ...reason.parts)],
    button: blocked ? form.block : form.open,
    send: (says) => {
      const why = reason.chosen(says)
      return why === null ? null : send(`${at}/block`, { blocked, reason: why })
    },
  }
}

function questionForm(question: Question, orders: Orders, close: () => void, finish: () => void): HTMLElement {
  const says = make('p', { class: 'says', role: 'alert' })
  const button = make('button', { type: 'submit' }, question.button)
  let isSending = false
  const onsubmit = async (event: Event) => {
    event.preventDefault()
    if (isSending) return
    if (!orders.may()) return say(says, NOT_SENT)
    const sending = question.send(says)
    if (sending === null) return
    isSending = true
    say(says, WORDS.form.sending)
    const answer = await sending
    isSending = false
    if (answer.ok) finish()
    else say(says, answer.says)
  }
  const cancel = make('button', { type: 'button', onclick: close }, WORDS.form.cancel)
  return make(
    'form',
    { onsubmit },
    make('h3', { id: 'vehicle-title' }, question.title),
    question.warns !== undefined && make('p', { class: 'warns' }, question.warns),
    ...question.inner,
    says,
    make('div', { class: 'buttons' }, button, cancel),
  )
}

type FieldPart = { readonly name: Field; readonly input: HTMLInputElement; readonly root: HTMLElement }

function fieldsOf(vehicle: ShownVehicle | null): readonly FieldPart[] {
  return FIELDS.map((name) => {
    const value = vehicle?.[name] ?? ''
    const isDay = name.startsWith('valid') && (value === '' || value.length === 10)
    const input = textField(name, value, { type: isDay ? 'date' : 'text', required: name === 'accountId' })
    return { name, input, root: labelled(`vehicle-${name}`, WORDS.form[name], input) }
  })
}

/** A PUT says all of an entry: what is empty is its default. */
function bodyOf(fields: readonly FieldPart[], blocked: boolean) {
  const said = fields.map(({ name, input }) => [name, input.value.trim() || null] as const)
  return { ...Object.fromEntries(said), blocked }
}

const textField = (name: string, value: string, more: { readonly [name: string]: string | boolean }) =>
  make('input', { id: `vehicle-${name}`, value, autocomplete: 'off', spellcheck: 'false', maxlength: '200', ...more })
