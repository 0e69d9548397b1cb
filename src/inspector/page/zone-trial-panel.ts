/** A draft is tried over what was recorded before it is published: which visits would have been others. */

import type { TriedVisit, ZoneTrial } from '../../zones/zone-trials.ts'
import type { WrittenBays } from '../../zones/zone-versions.ts'
import { make, say, show } from './dom.ts'
import { percent } from './language.ts'
import { bayAddress } from './need-list.ts'
import { address, ask, send } from './server-call.ts'
import { atSite } from './server-time.ts'
import { inWords } from './told-words.ts'
import { ZONE_WORDS as WORDS } from './zone-words.ts'

const SPANS = [
  ['24', WORDS.spans.day],
  ['168', WORDS.spans.week],
  ['720', WORDS.spans.month],
] as const
const ASKED_MS = 400

type Tried = { readonly draft: string; readonly trial: ZoneTrial }

/** The panel; `draft` gives what is tried. */
export function zoneTrialPanel(draft: () => WrittenBays, zone: () => string) {
  const options = SPANS.map(([value, text]) => make('option', { value }, text))
  const hours = make('select', { id: 'zone-hours' }, ...options)
  const button = make('button', { type: 'button', 'data-zones': 'try' }, WORDS.tryIt)
  const says = make('p', { class: 'zone-tried', role: 'status' })
  const rows = make('div', { class: 'scroll', hidden: true })
  const blind = make('details', { hidden: true })
  let shown: Tried | null = null
  const key = (): string => JSON.stringify(draft())
  /** There is no draft any more: what its trial said is about nothing. */
  const clear = () => {
    shown = null
    say(says, '')
    rows.hidden = true
    blind.hidden = true
  }
  const paint = () => {
    const report = shown?.trial.report ?? null
    if (shown === null || report === null) return
    if (draft().length === 0) return clear()
    const { visits, changed, unknown } = report.totals
    say(says, shown.draft === key() ? WORDS.tried(visits, changed, unknown) : WORDS.triedOld)
    rows.hidden = report.visits.length === 0
    blind.hidden = false
    show(rows, shown.trial.trialId, () => [visitTable(report.visits, zone())])
    show(blind, shown.trial.trialId, () => cannotSee(report.cannotSee))
  }
  const trying = trialRun({
    says: (text) => say(says, text),
    done: (tried) => {
      shown = tried
      paint()
    },
  })
  const begin = () => trying.begin(draft(), Number(hours.value))
  button.addEventListener('click', () => void begin())
  const form = make('p', { class: 'zone-row' }, make('label', { for: 'zone-hours' }, WORDS.hours), hours, button)
  const head = [make('h3', {}, WORDS.tryTitle), make('p', { class: 'faint' }, WORDS.trySays), form]
  return {
    root: make('section', { class: 'card', 'aria-label': WORDS.tryTitle }, ...head, says, rows, blind),
    begin,
    paint(mayTry: boolean) {
      button.disabled = !mayTry
      paint()
    },
    /** What its trial came to, in a sentence; null where this very draft was not tried. */
    told: (): string | null => {
      const report = shown?.draft === key() ? shown.trial.report : null
      return report ? WORDS.tried(report.totals.visits, report.totals.changed, report.totals.unknown) : null
    },
    leave: trying.end,
  }
}

/** Begins a trial and asks on until it is done; another one takes its place. */
function trialRun({ says, done }: { readonly says: (text: string) => void; readonly done: (tried: Tried) => void }) {
  let run = 0
  const follow = async (mine: number, trialId: string, draft: string): Promise<void> => {
    for (;;) {
      const told = await ask<ZoneTrial>(address('zones', 'trials', trialId))
      if (mine !== run) return
      if (!told.ok) return says(told.says)
      const { body: trial } = told
      if (trial.says !== null) return says(inWords(trial.says))
      if (trial.report !== null) return done({ draft, trial })
      says(WORDS.trying(percent(trial.of === 0 ? 1 : trial.lived / trial.of)))
      await new Promise((go) => setTimeout(go, ASKED_MS))
    }
  }
  return {
    async begin(bays: WrittenBays, hours: number): Promise<void> {
      run += 1
      const mine = run
      says(WORDS.trying(percent(0)))
      const told = await send<ZoneTrial>(address('zones', 'trials'), { bays, hours })
      if (mine !== run) return
      if (told.ok) await follow(mine, told.body.trialId, JSON.stringify(bays))
      else says(told.says)
    },
    end() {
      run += 1
    },
  }
}

const cannotSee = (lines: readonly string[]) => [
  make('summary', {}, WORDS.cannotSee),
  make('ul', { class: 'ways' }, ...lines.map((line) => make('li', {}, inWords(line)))),
]

function visitTable(visits: readonly TriedVisit[], zone: string): HTMLElement {
  const rows = visits.map(({ bayId, openedAt, changes, unknown, seq }) => {
    const href = seq === null ? bayAddress(bayId) : `${bayAddress(bayId)}?at=seq:${seq}`
    const said = [
      ...changes.map((one) => WORDS.changes[one]),
      ...(unknown === null ? [] : [WORDS.unknownFrom(atSite(unknown, zone))]),
    ]
    return make(
      'tr',
      {},
      make('td', {}, make('a', { href }, `${bayId} ${atSite(openedAt, zone, true)}`)),
      make('td', {}, said.join(', ')),
    )
  })
  const head = make('thead', {}, make('tr', {}, make('th', {}, WORDS.visitAt), make('th', {}, WORDS.visitChanges)))
  return make('table', {}, head, make('tbody', {}, ...rows))
}
