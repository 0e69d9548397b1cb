/** A recording: it opens at its beginning, and every bay is shown as it was at the record that a person goes to. */
import type { FactRecord } from '../../../machines/record.ts'
import type { BayView, ReviewView } from '../../../projections/bay-view.ts'
import { eventWord, ruleWord } from './bay-words.ts'
import { make, mark, say } from './dom.ts'
import { RECORDING_WORDS as WORDS } from './recording-words.ts'
import { address, ask } from './server-call.ts'
import { atSite } from './server-time.ts'
import { type LiveStore, type ReplayStore, zoneOf } from './store.ts'

/** What the site adopts at its first start, and its devices saying that they are there: before it nothing has happened. */
const BEFORE = /^(policy|zones|profile)\.|^switch\.|^charger\.online$|^connector\.status$/

/** The bar above a recording. `begin`: the feed has told its end. */
export type RecordingBar = { readonly root: HTMLElement; begin(): Promise<void> }

/** Fills the replay with what the feed of a recording knows of: its end. */
export function recordingBar(
  live: LiveStore,
  replay: ReplayStore,
  changed: (bays: Iterable<string>) => void,
): RecordingBar {
  let records: readonly FactRecord[] = []
  let at = 0
  let asked = 0
  let lastReviews: readonly ReviewView[] = []
  const slider = make('input', {
    type: 'range',
    min: '0',
    value: '0',
    'aria-label': WORDS.place,
    oninput: () => void go(Number(slider.value)),
  })
  const back = make('button', { type: 'button', class: 'small', onclick: () => void go(at - 1) }, WORDS.back)
  const on = make('button', { type: 'button', class: 'small', onclick: () => void go(at + 1) }, WORDS.next)
  const says = make('p', { role: 'status' })
  const root = make('section', { class: 'recording', 'aria-label': WORDS.recording }, back, on, slider, says)
  root.hidden = true

  const go = async (place: number) => {
    at = Math.max(0, Math.min(records.length - 1, place))
    const record = records[at]
    if (record === undefined) return
    asked += 1
    const mine = asked
    const bays = await Promise.all([...live.bays.keys()].map((bayId) => bayAt(bayId, record.seq)))
    // A hand that drags asks faster than it is answered: only the last place is shown.
    if (mine !== asked) return
    // A bay that has no record yet is not shown: nobody knows what it was.
    replay.bays.clear()
    for (const bay of bays) if (bay !== null) replay.bays.set(bay.bayId, bay)
    replay.alarms = [...replay.bays.values()].flatMap((bay) => bay.alarms)
    replay.reviews = at === records.length - 1 ? lastReviews : []
    replay.place = record.seq
    replay.at = record.at
    replay.known = true
    slider.value = String(at)
    back.disabled = at === 0
    on.disabled = at === records.length - 1
    say(says, WORDS.at(at + 1, records.length, recordLine(record, zoneOf(replay))))
    changed(replay.bays.keys())
  }
  return {
    root,
    /** The live feed has told the end of the recording: it is opened at its beginning, or where it stood. */
    async begin() {
      if (records.length === 0) {
        lastReviews = live.reviews
        records = (await allRecords()).filter((record) => record.bayId !== null)
        at = Math.max(
          0,
          records.findIndex(({ cause }) => !BEFORE.test(cause.type)),
        )
        mark(slider, 'max', String(records.length - 1))
        root.hidden = records.length === 0
      }
      await go(at)
    },
  }
}

function recordLine({ at, bayId, cause, rule, decisions }: FactRecord, zone: string): string {
  const decided = decisions.map(({ type }) => type).join(', ')
  const happened = `${atSite(at, zone)} ${bayId}, ${eventWord(cause.type)} (${ruleWord(rule ?? 'note')})`
  return decided === '' ? happened : `${happened}: ${decided}`
}

/** Null before the bay's first record. */
async function bayAt(bayId: string, seq: number): Promise<BayView | null> {
  const told = await ask<BayView>(`${address('bays', bayId, 'at')}?seq=${seq}`)
  return told.ok ? told.body : null
}

/** Every record of the recording, oldest first. */
async function allRecords(): Promise<readonly FactRecord[]> {
  const all: FactRecord[] = []
  for (;;) {
    const after = all.at(-1)?.seq ?? 0
    const told = await ask<{ readonly items: readonly FactRecord[] }>(`${address('journal')}?after=${after}&limit=1000`)
    if (!told.ok) return all
    all.push(...told.body.items)
    if (told.body.items.length < 1000) return all
  }
}
