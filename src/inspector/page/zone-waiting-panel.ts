/** Drafts of zones that wait for a second person, who looks at one in the picture first. */
import type { WaitingOrder } from '../../site-desk.ts'
import { make, say } from './dom.ts'
import { type Orders, tickTimes } from './screen.ts'
import { SECOND_WORDS as SECOND } from './second-words.ts'
import { type WaitingTold, waitingPanel } from './waiting-panel.ts'
import { drawingOf, type ZoneDraft } from './zone-draft.ts'
import { ZONE_WORDS as WORDS } from './zone-words.ts'

type Parts = {
  /** Null: this person agrees to nothing here. */
  readonly orders: Orders | null
  readonly draft: () => ZoneDraft
  /** The draft is another one now. */
  readonly took: () => void
  /** Perhaps other zones count now. */
  readonly changed: () => Promise<void>
}
type Drawn = NonNullable<WaitingOrder['zones']>

/** The panel of the site. */
export function zoneWaitingPanel({ orders, draft, took, changed }: Parts) {
  /** What waited since this page was opened, as it is drawn: a draft that is none of it is this person’s own. */
  const seen = new Set<string>()
  const showDraft = ({ putBack, bays }: Drawn, says: HTMLElement) => {
    const own = drawingOf(draft().bays)
    if (draft().bays.length > 0 && !seen.has(own)) return say(says, SECOND.ownFirst)
    draft().takeVersion(putBack, bays)
    took()
    say(says, SECOND.looked)
  }
  const tell = ({ by, reason, zones }: WaitingOrder, says: HTMLElement): WaitingTold => {
    const { bays = [], tried = null } = zones ?? {}
    seen.add(drawingOf(bays))
    const why = WORDS.reasons[(reason ?? 'other') as keyof typeof WORDS.reasons]
    const onclick = (): void => void (zones === null || showDraft(zones, says))
    return {
      asks: SECOND.asksZones(by, why),
      comesTo: [
        make('ul', { class: 'ways' }, ...bays.map((bay) => make('li', {}, WORDS.publishRedrawn(bay.bayId)))),
        make('p', {}, tried === null ? WORDS.untried : WORDS.triedAs(tried.changed, tried.visits)),
      ],
      buttons: [make('button', { type: 'button', onclick }, SECOND.look)],
      agree: SECOND.agreeZones,
    }
  }
  const { root, look, tick } = waitingPanel({
    class: 'zone-waiting',
    orders,
    isOurs: ({ zones }) => zones !== null,
    isNews: ({ type }) => type === 'zones-second-person',
    tell,
    changed,
  })
  return {
    root,
    look,
    tick(at: number | null) {
      tick()
      if (orders !== null) tickTimes(root, at)
    },
  }
}
