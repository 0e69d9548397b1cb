import { readFileSync } from 'node:fs'
import { browserScript } from '../browser-script.ts'
import { escaped } from '../escaped-text.ts'
import { hashOf, plainPage } from '../plain-page.ts'
import type { CentreWords } from './centre-words.ts'
import type { KnownOrder } from './order-book.ts'
import { isOpen, stateOf } from './orders-page.ts'
import type { ReviewAtSite } from './sites-board.ts'
import { timeOf } from './sites-page.ts'

/** Moves by keys, and told anew without a reload. */
const SCRIPT = browserScript(readFileSync(new URL('./page/desk-keys.ts', import.meta.url), 'utf8')).trim()
export const DESK_SCRIPT_HASH = hashOf(SCRIPT)

export type ReviewsPageParts = {
  readonly reviews: readonly ReviewAtSite[]
  /** Answers that were given here, the newest first. */
  readonly answers: readonly KnownOrder[]
  /** An id for the next order. */
  readonly newId: () => string
  readonly words: CentreWords
}

/** One desk for the open reviews of all sites: the oldest first, each answered by a key or a button. */
export function reviewsPage({ reviews, answers, newId, words }: ReviewsPageParts): string {
  const newest = new Map<string, KnownOrder>()
  for (const answer of answers.toReversed()) newest.set(nameOf(answer.site, answer.reviewId), answer)
  const answerTo = ({ site, reviewId }: ReviewAtSite) => newest.get(nameOf(site, reviewId))
  const isAnswered = (review: ReviewAtSite): boolean => {
    const answer = answerTo(review)
    return answer !== undefined && (isOpen(answer) || answer.state === 'done')
  }
  const open = reviews.filter((review) => !isAnswered(review))
  const list = open.map((review) => articleOf(review, answerTo(review), newId(), words)).join('')
  const away = reviews.filter(isAnswered)
  const under = away
    .map(
      (review) =>
        `<li>${escaped(`${review.site} · ${review.bayId}`)}: ${stateOf(answerTo(review) as KnownOrder, words)}</li>`,
    )
    .join('')
  const desk = open.length === 0 ? `<p>${words.noReview}</p>` : `<p class="quiet">${words.keys}</p>${list}`
  const more = away.length === 0 ? '' : `<h2>${words.onItsWay}</h2><ul>${under}</ul>`
  const back = `<p><a href="/">${words.sites}</a></p><p class="quiet">${words.cropsStay}</p>`
  const body = `<h1>${words.reviewDesk} (${open.length})</h1>${back}<div id="desk" aria-live="off">${desk}${more}</div><script>${SCRIPT}</script>`
  return plainPage({ title: words.reviewDesk, body: `<main>${body}</main>`, language: words.language })
}

const nameOf = (site: string, reviewId: string | undefined): string => `${site} ${reviewId}`

function articleOf(review: ReviewAtSite, before: KnownOrder | undefined, id: string, words: CentreWords): string {
  const { site, reviewId, bayId, since, by, reason, candidates } = review
  const hidden = Object.entries({ id, site, reviewId })
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`)
    .join('')
  const choices = candidates
    .slice(0, 9)
    .map(({ plate, witnesses }, index) =>
      buttonOf(String(index + 1), `candidate ${plate}`, words.candidate(plate, witnesses)),
    )
  const others = [buttonOf('u', 'unreadable', words.unreadable), buttonOf('n', 'not-a-plate', words.notAPlate)]
  const deadline = by === null ? '' : ` · ${words.deadline} ${timeOf(by)}`
  const refused = before === undefined ? '' : `<p>${stateOf(before, words)}</p>`
  return `<article tabindex="-1" id="${escaped(`review-${reviewId}`)}"><h2>${escaped(`${site} · ${bayId}`)}</h2><p>${words.since} ${timeOf(since)}${deadline}</p><p class="quiet">${words.why}: ${escaped(reason)}</p>${refused}<form method="post" action="/reviews">${hidden}${[...choices, ...others].join('')}</form></article>`
}

const buttonOf = (key: string, value: string, text: string): string =>
  `<button name="answer" value="${escaped(value)}" data-key="${key}" aria-keyshortcuts="${key.toUpperCase()}"><kbd>${key.toUpperCase()}</kbd> ${escaped(text)}</button> `

/** What a pressed button means, as the body of an order. */
export function answerOfForm(form: URLSearchParams): { readonly [member: string]: unknown } {
  const [, candidate] = /^candidate (.+)$/.exec(form.get('answer') ?? '') ?? []
  const verdict =
    candidate === undefined ? { verdict: form.get('answer') } : { verdict: 'candidate', handle: candidate }
  const [id, site, reviewId] = ['id', 'site', 'reviewId'].map((name) => form.get(name) ?? '')
  return { id, site, reviewId, type: 'answer-review', ...verdict }
}
