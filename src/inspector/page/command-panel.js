// @ts-check
/** What may be ordered of a bay. Nothing is sent without a second press; nothing is sent again by itself; nothing hoped for is shown. */
import { make, say } from './dom.js'
import { bayWord, detailWord } from './words.js'

/** Reasons are words of a list: what a person types freely may name people. */
const REASONS = ['driver-asked', 'wrong-plate', 'wrong-account', 'maintenance', 'blocked', 'emergency', 'test', 'other']

/**
 * @typedef {{ type: string, label: string, asks?: string, fits: (bay: any) => boolean, warns: string }} Command
 * @typedef {{ body: any, says: Element, button: any }} Form
 */

/** @type {Command[]} */
const COMMANDS = [
  {
    type: 'authorize',
    label: 'Authorize',
    asks: 'accountId',
    fits: (bay) => bay.visit !== null,
    warns: 'The account pays for this visit, and the charge starts.',
  },
  {
    type: 'deny',
    label: 'Deny',
    fits: (bay) => bay.visit !== null && !bay.lock.locked,
    warns: 'This visit gets no energy unless a card is shown.',
  },
  {
    type: 'correct-plate',
    label: 'Correct plate',
    asks: 'plate',
    fits: (bay) => bay.visit !== null,
    warns: 'Both readings stay on record; who pays follows the new one.',
  },
  {
    type: 'remote-stop',
    label: 'Remote stop',
    fits: (bay) => bay.lock.locked,
    warns: 'The charge point is told to end the transaction.',
  },
  {
    type: 'release-lock',
    label: 'Release lock',
    fits: (bay) => bay.lock.locked,
    warns: 'Your word declares the transaction dead and ends the visit. This cannot be undone.',
  },
  {
    type: 'out-of-service',
    label: 'Out of service',
    fits: (bay) => bay.service === 'in-service',
    warns: 'No new visit starts here until the bay is back.',
  },
  {
    type: 'in-service',
    label: 'Back in service',
    fits: (bay) => bay.service !== 'in-service',
    warns: 'Visits start here again.',
  },
  {
    type: 'learn-empty',
    label: 'Learn empty bay',
    fits: (bay) => bay.visit === null,
    warns: 'What the cameras see now counts as the empty bay. Look: is it really empty?',
  },
]

/** A name that no other order has; randomUUID is missing on plain http. */
const newId = () =>
  [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** @param {import('./wire.js').Store} store @param {string} bayId @param {() => boolean} mayOrder */
export function commandPanel(store, bayId, mayOrder) {
  const sent = sentList(store)
  const dialog = /** @type {HTMLDialogElement} */ (make('dialog', { 'aria-labelledby': 'order-title' }))
  /** @type {any} */
  let bay = null
  const ask = (/** @type {Command} */ command) => {
    if (bay === null || !mayOrder()) return
    // Made once for this question: pressing twice is one order.
    const order = { id: newId(), type: command.type, expectVersion: bay.version }
    const press = async (/** @type {Form} */ form) => {
      if (!mayOrder()) return say(form.says, 'NOT LIVE: nothing was sent.')
      const seq = await send(bayId, form)
      if (seq === null) return
      dialog.close()
      sent.add(command.label, seq)
    }
    dialog.replaceChildren(orderForm(command, bay, order, press))
    dialog.showModal()
  }
  const buttons = COMMANDS.map((command) => {
    const fields = { type: 'button', 'data-command': command.type, onclick: () => ask(command) }
    return { command, button: make('button', fields, `${command.label}…`) }
  })
  const group = make('div', { class: 'buttons' }, ...buttons.map(({ button }) => button))
  const root = make(
    'section',
    { class: 'card', 'aria-label': 'Orders' },
    make('h3', {}, 'Orders'),
    group,
    sent.root,
    dialog,
  )
  return {
    root,
    update(/** @type {any} */ newer) {
      bay = newer
      root.hidden = store.hello?.recording === true
      sent.settle()
    },
    tick() {
      const may = mayOrder()
      for (const { command, button } of buttons) button.disabled = !may || bay === null || !command.fits(bay)
      for (const button of dialog.querySelectorAll('[data-order]')) say(button, may ? 'Send' : 'NOT LIVE')
      sent.settle()
    },
  }
}

/** Orders that were taken, and whether what they did has been seen here. @param {import('./wire.js').Store} store */
function sentList(store) {
  const root = make('ol', { class: 'sent', 'aria-live': 'polite' })
  /** @type {{ label: string, seq: number, line: Element }[]} */
  let awaited = []
  const settle = () => {
    for (const { label, seq, line } of awaited) if (seq <= store.seq) say(line, `${label}: on record as ${seq}, seen`)
    awaited = awaited.filter((each) => each.seq > store.seq)
  }
  return {
    root,
    settle,
    add(/** @type {string} */ label, /** @type {number} */ seq) {
      const line = make('li', {}, `${label}: on record as ${seq}, not yet seen here`)
      root.prepend(line)
      while (root.children.length > 5) root.lastElementChild?.remove()
      awaited.push({ label, seq, line })
      settle()
    },
  }
}

/** Sends one order and says how it went. @param {string} bayId @param {Form} form @returns {Promise<number | null>} the record's seq, null where nothing was done */
async function send(bayId, { body, says, button }) {
  button.disabled = true
  say(says, 'Sending…')
  try {
    const answer = await fetch(`/api/bays/${encodeURIComponent(bayId)}/commands`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    })
    const told = await answer.json()
    if (answer.ok) return told.seq
    say(says, told.detail)
    if (answer.status === 409 && told.bay) {
      // The next press is another order, about the bay as it is now.
      body.expectVersion = told.bay.version
      body.id = newId()
      const now = `${bayWord(told.bay)} ${detailWord(told.bay)}`
      say(says, `The bay changed meanwhile: it is now ${now}. Nothing was done; decide again.`)
    }
  } catch {
    say(says, 'No answer came. Sending again is safe: the same order is done once.')
  }
  button.disabled = false
  return null
}

/** @param {Command} command @param {any} bay @param {any} order @param {(form: Form) => void} send */
function orderForm(command, bay, order, send) {
  const says = make('p', { class: 'says', role: 'alert' })
  const field =
    command.asks === undefined
      ? null
      : make('input', {
          id: 'order-field',
          required: true,
          maxlength: '64',
          autocomplete: 'off',
          autocapitalize: 'characters',
          spellcheck: 'false',
          value: command.asks === 'accountId' ? bay.visit?.accountId : null,
        })
  const reason = make(
    'select',
    { id: 'order-reason' },
    ...REASONS.map((each) => make('option', { value: each }, each.replace('-', ' '))),
  )
  const button = make('button', { type: 'submit', 'data-order': '' }, 'Send')
  const form = make(
    'form',
    {
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault()
        Object.assign(
          order,
          { reason: reason.value },
          command.asks === undefined ? {} : { [command.asks]: field.value.trim() },
        )
        send({ body: order, says, button })
      },
    },
    make('h3', { id: 'order-title' }, `${command.label}: ${bay.bayId}`),
    make(
      'p',
      {},
      `Now ${bayWord(bay)} ${detailWord(bay)}${bay.lock.locked ? `, locked by ${bay.lock.reasons.join(', ')}` : ''}.`,
    ),
    make('p', { class: 'warns' }, command.warns),
    field &&
      make('label', { for: 'order-field' }, command.asks === 'plate' ? 'Plate as it should be' : 'Account that pays'),
    field,
    make('label', { for: 'order-reason' }, 'Reason'),
    reason,
    says,
    make(
      'div',
      { class: 'buttons' },
      button,
      make('button', { type: 'button', onclick: () => form.closest('dialog')?.close() }, 'Cancel'),
    ),
  )
  return form
}
