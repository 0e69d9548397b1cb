/** The plates that one key says: numbered as they came up, so that no number ever comes to mean another plate. */
import type { ReviewDetail, ReviewView } from '../../../projections/bay-view.ts'
import { make } from './dom.ts'
import { QUEUE_WORDS as WORDS } from './queue-words.ts'
import type { ReviewWord } from './review-calls.ts'
import { press } from './review-parts.ts'
import { REVIEW_WORDS } from './review-words.ts'
import type { Key } from './screen.ts'

/** Plates that have a key of their own. */
const MOST_KEYS = 9

type Offer = { readonly label: string; readonly says: string; readonly word: ReviewWord }

/** Buttons of plates. `give` is told what was said of one. */
export function reviewOffers(give: (says: string, word: ReviewWord) => void) {
  const offers: Offer[] = []
  const root = make('div', { class: 'buttons picks', role: 'group', 'aria-label': WORDS.plates })
  const offer = (more: readonly Offer[]) => {
    const fresh = more.filter(({ says }) => !offers.some((known) => known.says === says))
    for (const { label, says, word } of fresh) {
      offers.push({ label, says, word })
      const number = offers.length <= MOST_KEYS ? `(${offers.length}) ` : ''
      root.append(press(`${number}${label}`, () => give(says, word), 'pick'))
    }
  }
  return {
    root,
    /** What people are asked between; what came later stands behind. */
    among: (review: Pick<ReviewView, 'candidates' | 'bays'>) => offer(offersOf(review)),
    near: (all: ReviewDetail['near']) =>
      offer(all.map(({ plate, accountId }) => offerOf(plate, WORDS.nearOne(plate, accountId)))),
    keys: (when: () => boolean): readonly Key[] =>
      offers.slice(0, MOST_KEYS).map(({ label, says, word }, at) => ({
        key: String(at + 1),
        says: label,
        press: () => give(says, word),
        when,
      })),
  }
}

const offerOf = (plate: string, label: string): Offer => ({ label, says: plate, word: { plate } })

/** A masked plate is no answer: who may not see it may not say it. */
const offersOf = ({ candidates, bays }: Pick<ReviewView, 'candidates' | 'bays'>): readonly Offer[] =>
  candidates
    .filter(({ plate }) => !plate.includes('•'))
    .flatMap(({ plate, witnesses }) => {
      if (bays === undefined) return [offerOf(plate, REVIEW_WORDS.pick(plate, witnesses))]
      return bays.map((bayId) => {
        const says = REVIEW_WORDS.pickIn(plate, bayId)
        return { label: says, says, word: { plate, bayId } }
      })
    })
