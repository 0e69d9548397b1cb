/** Why a bay is what it is shown as: what brought it there, by which rule, on what evidence. What was only noted since stands below. */
import type { BayView } from '../../../projections/bay-view.ts'
import { BAY_WORDS as WORDS } from './bay-screen-words.ts'
import { eventWord, ruleWord, value, whyLine } from './bay-words.ts'
import { make, say, show } from './dom.ts'
import { guardWord, needWord } from './guard-words.ts'
import { atSite } from './server-time.ts'
import { evidenceWord } from './told-words.ts'

type Why = NonNullable<BayView['why']>
type Noted = NonNullable<BayView['noted']>

/** The panel of one bay; `zone`: the site's, IANA. */
export function whyPanel(zone: () => string) {
  const sentence = make('p', { class: 'why-line' })
  const told = make('div', {})
  const noted = make('p', { class: 'faint', hidden: true })
  const title = make('h3', {}, WORDS.why)
  return {
    root: make('section', { class: 'card', 'aria-label': WORDS.why }, title, sentence, told, noted),
    update(bay: BayView) {
      say(sentence, whyLine(bay))
      show(told, JSON.stringify(bay.why), () => (bay.why === null ? [] : because(bay.why, told, zone())))
      noted.hidden = bay.noted === null
      if (bay.noted !== null) say(noted, notedLine(bay.noted, zone()))
    },
  }
}

const notedLine = ({ event, seq, at, rule }: Noted, zone: string): string =>
  WORDS.lastNoted(`${eventWord(event)}${rule === 'note' ? '' : `, ${ruleWord(rule)}`}`, seq, atSite(at, zone))

/** Which record it was, what held, and behind folds what was asked before and said no, and the evidence. */
function because(
  { seq, at, guards, evidence }: Why,
  before: HTMLElement,
  zone: string,
): readonly (HTMLElement | false)[] {
  // What a person folded out stays so when the bay changes.
  const open = new Set([...before.querySelectorAll<HTMLElement>('details[open]')].map((each) => each.dataset['fold']))
  const met = guards.filter((guard) => guard.ok)
  const unmet = guards.filter((guard) => !guard.ok)
  const fold = (name: string, title: string, inner: HTMLElement) =>
    make('details', { 'data-fold': name, open: open.has(name) }, make('summary', {}, title), inner)
  const list = () => make('ul', {}, ...evidence.map((each) => make('li', {}, evidenceWord(each))))
  return [
    make('p', { class: 'faint' }, WORDS.recordAt(seq, atSite(at, zone, true))),
    met.length > 0 && guardTable(met, WORDS.held),
    unmet.length > 0 && fold('unmet', WORDS.asked(unmet.length), guardTable(unmet, WORDS.notHeld)),
    evidence.length > 0 && fold('evidence', WORDS.evidence(evidence.length), list()),
  ]
}

type Guards = NonNullable<BayView['why']>['guards']

function guardTable(guards: Guards, label: string): HTMLElement {
  const { columns } = WORDS
  const heads = ['', columns.asked, columns.was, columns.needs].map((name) => make('th', { scope: 'col' }, name))
  const rows = guards.map((guard) => {
    const cells = [
      make('td', {}, guard.ok ? WORDS.yes : WORDS.no),
      make('th', { scope: 'row' }, guardWord(guard.name)),
      make('td', {}, value(guard.value)),
      make('td', {}, needWord(guard.name, guard.need)),
    ]
    return make('tr', { class: guard.ok ? 'holds' : 'fails' }, ...cells)
  })
  const table = make('table', {}, make('thead', {}, make('tr', {}, ...heads)), make('tbody', {}, ...rows))
  return make('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': label }, table)
}
