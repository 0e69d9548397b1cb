/** Why a bay is what it is shown as: what brought it there, by which rule, on what evidence. What was only noted since stands below. */
import type { BayView } from '../../../projections/bay-view.ts'
import { BAY_WORDS as WORDS } from './bay-screen-words.ts'
import { eventWord, ruleWord } from './bay-words.ts'
import { make, say, show } from './dom.ts'
import { atSite } from './server-time.ts'
import { evidenceWord } from './told-words.ts'
import { heldSays, unmetSentences, whyParts } from './why-words.ts'

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
      const parts = whyParts(bay)
      show(sentence, JSON.stringify(parts), () =>
        parts.map((part, at) => (at % 2 === 0 ? part : make('span', { class: 'plate', dir: 'ltr' }, part))),
      )
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
  { event, rule, seq, at, guards, evidence }: Why,
  before: HTMLElement,
  zone: string,
): readonly (HTMLElement | false)[] {
  // What a person folded out stays so when the bay changes.
  const open = new Set([...before.querySelectorAll<HTMLElement>('details[open]')].map((each) => each.dataset['fold']))
  // The rule itself is the sentence above.
  const met = guards.filter((guard) => guard.ok && guard.name !== rule)
  const unmet = guards.filter((guard) => !guard.ok)
  const fold = (name: string, title: string, inner: HTMLElement) =>
    make('details', { 'data-fold': name, open: open.has(name) }, make('summary', {}, title), inner)
  const list = () => make('ul', {}, ...evidence.map((each) => make('li', {}, evidenceWord(each))))
  return [
    make('p', { class: 'faint' }, WORDS.recordOf(eventWord(event), seq, atSite(at, zone, true))),
    met.length > 0 && make('ul', { class: 'guards' }, ...met.map((guard) => guardLine(WORDS.yes, heldSays(guard)))),
    unmet.length > 0 && unmetFold(unmet, fold),
    evidence.length > 0 && fold('evidence', WORDS.evidence(evidence.length), list()),
  ]
}

const guardLine = (mark: string, says: string): HTMLElement =>
  make('li', {}, make('span', { class: 'guard-mark' }, `${mark} `), says)

/** What was asked before the rule and said no: its sentences come when somebody unfolds it. */
function unmetFold(
  unmet: Why['guards'],
  fold: (name: string, title: string, inner: HTMLElement) => HTMLDetailsElement,
) {
  const list = make('ul', { class: 'guards' })
  const root = fold('unmet', WORDS.asked(unmet.length), list)
  const fill = async () => {
    if (!root.open || list.children.length > 0) return
    // Where they could not be loaded, unfolding it again asks again.
    const says = await unmetSentences().catch(() => null)
    if (says !== null) list.replaceChildren(...unmet.map((guard) => guardLine(WORDS.no, says(guard))))
  }
  root.addEventListener('toggle', () => void fill())
  return root
}
