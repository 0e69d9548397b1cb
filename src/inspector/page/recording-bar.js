// @ts-check
/** A recording: it opens at its beginning, and every bay is shown as it was at the record that a person goes to. */
import { make, mark, say } from './dom.js'
import { atSite, holdAt } from './server-time.js'
import { eventWord, ruleWord } from './words.js'

/** What the site adopts at its first start, and its devices saying that they are there: before it nothing has happened. */
const BEFORE = /^(policy|zones|profile)\.|^switch\.|^charger\.online$|^connector\.status$/

/** @param {import('./wire.js').Store} store @param {(bays: Iterable<string>) => void} changed */
export function recordingBar(store, changed) {
  /** @type {any[]} */
  let records = []
  let at = 0
  let asked = 0
  /** @type {any[]} */
  let lastReviews = []
  const slider = make('input', {
    type: 'range',
    min: '0',
    value: '0',
    'aria-label': 'Place in the recording',
    oninput: () => void go(Number(slider.value)),
  })
  const back = make('button', { type: 'button', class: 'small', onclick: () => void go(at - 1) }, 'Back')
  const on = make('button', { type: 'button', class: 'small', onclick: () => void go(at + 1) }, 'Next')
  const says = make('p', { role: 'status' })
  const root = make('section', { class: 'recording', 'aria-label': 'Recording' }, back, on, slider, says)
  root.hidden = true

  const go = async (/** @type {number} */ place) => {
    at = Math.max(0, Math.min(records.length - 1, place))
    const record = records[at]
    if (record === undefined) return
    asked += 1
    const mine = asked
    const bays = await Promise.all([...store.bays.keys()].map((bayId) => bayAt(bayId, record.seq)))
    // A hand that drags asks faster than it is answered: only the last place is shown.
    if (mine !== asked) return
    for (const bay of bays) if (bay !== null) store.bays.set(bay.bayId, bay)
    store.alarms = [...store.bays.values()].flatMap((bay) => bay.alarms)
    store.reviews = at === records.length - 1 ? lastReviews : []
    store.place = record.seq
    holdAt(record.at)
    slider.value = String(at)
    back.disabled = at === 0
    on.disabled = at === records.length - 1
    const decided = record.decisions.map((/** @type {any} */ one) => one.type).join(', ')
    say(
      says,
      `Recording, ${at + 1} of ${records.length}: ${atSite(record.at, store.hello?.timezone ?? 'UTC')} ${record.bayId}, ${eventWord(record.cause.type)} (${ruleWord(record.rule ?? 'note')})${decided === '' ? '' : `: ${decided}`}`,
    )
    changed(store.bays.keys())
  }
  return {
    root,
    /** The live feed has told the end of the recording: it is opened at its beginning, or where it stood. */
    async begin() {
      if (records.length === 0) {
        lastReviews = store.reviews
        records = (await allRecords()).filter((record) => record.bayId !== null)
        const first = records.findIndex(({ cause }) => !BEFORE.test(cause.type))
        at = Math.max(0, first)
        mark(slider, 'max', String(records.length - 1))
        root.hidden = records.length === 0
      }
      await go(at)
    },
  }
}

/** @param {string} bayId @param {number} seq @returns {Promise<any>} null before the bay's first record */
async function bayAt(bayId, seq) {
  const answer = await fetch(`/api/bays/${encodeURIComponent(bayId)}/at?seq=${seq}`)
  return answer.ok ? answer.json() : null
}

/** Every record of the recording, oldest first. */
async function allRecords() {
  /** @type {any[]} */
  const all = []
  for (;;) {
    const answer = await fetch(`/api/journal?after=${all.at(-1)?.seq ?? 0}&limit=1000`)
    if (!answer.ok) return all
    const { items } = await answer.json()
    all.push(...items)
    if (items.length < 1000) return all
  }
}
