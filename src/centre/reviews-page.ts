import { readFileSync } from 'node:fs'
import { browserScript } from '../browser-script.ts'
import { escaped } from '../escaped-text.ts'
import { hashOf } from '../plain-page.ts'
import type { SentCrops } from '../uplink/crops-shown.ts'
import { sentenceIn } from './centre-language.ts'
import { type Around, centrePage, timeOf } from './centre-page.ts'
import { type CentreWords, centreWords } from './centre-words.ts'
import type { KnownOrder } from './order-book.ts'
import { isOpen, stateOf } from './orders-page.ts'
import type { ReviewAtSite } from './sites-board.ts'

/** Moves by keys, and told anew without a reload. */
const SCRIPT = browserScript(readFileSync(new URL('./page/desk-keys.ts', import.meta.url), 'utf8')).trim()
export const DESK_SCRIPT_HASH = hashOf(SCRIPT)

/** What this person may do with the reviews of a site. */
export type ReviewRights = {
  /** Answer them, as far as is known. */
  readonly answer: boolean
  /** Look at their crops: `never` = their role sees no plates. */
  readonly look: 'now' | 'away' | 'not-allowed' | 'never'
}

export type ReviewsPageParts = {
  readonly reviews: readonly ReviewAtSite[]
  /** Answers that were given here, the newest first. */
  readonly answers: readonly KnownOrder[]
  readonly rightsAt: (site: string) => ReviewRights
  /** An id for the next order. */
  readonly newId: () => string
  readonly around: Around
}

/** One desk for the open reviews of all sites: the oldest first, each answered by a key or a button. */
export function reviewsPage({ reviews, answers, rightsAt, newId, around }: ReviewsPageParts): string {
  const words = centreWords(around.language)
  const newest = new Map<string, KnownOrder>()
  for (const answer of answers.toReversed()) newest.set(nameOf(answer.site, answer.reviewId), answer)
  const answerTo = ({ site, reviewId }: ReviewAtSite) => newest.get(nameOf(site, reviewId))
  const isAnswered = (review: ReviewAtSite): boolean => {
    const answer = answerTo(review)
    return answer !== undefined && (isOpen(answer) || answer.state === 'done')
  }
  const open = reviews.filter((review) => !isAnswered(review))
  const list = open
    .map((review) => articleOf(review, answerTo(review), { id: newId(), words, ...rightsAt(review.site) }))
    .join('')
  const away = reviews.filter(isAnswered)
  const under = away
    .map(
      (review) =>
        `<li>${escaped(`${review.site} · ${review.bayId}`)}: ${stateOf(answerTo(review) as KnownOrder, words)}</li>`,
    )
    .join('')
  const desk = open.length === 0 ? `<p>${words.noReview}</p>` : `<p class="quiet">${words.keys}</p>${list}`
  const more = away.length === 0 ? '' : `<h2>${words.onItsWay}</h2><ul>${under}</ul>`
  const main = `<h1>${words.reviewDesk} (${open.length})</h1><p class="quiet">${words.cropsStay}</p><div id="desk" aria-live="off">${desk}${more}</div><script>${SCRIPT}</script>`
  return centrePage({ title: words.reviewDesk, main, around })
}

export type CropsPageParts = {
  readonly review: ReviewAtSite
  /** What its gateway shows; a sentence where it shows nothing. */
  readonly shown: SentCrops | string
  readonly mayAnswer: boolean
  readonly newId: () => string
  readonly around: Around
}

/** One review with the crops of its plate, as its gateway sent them for whoever looks now. */
export function cropsPage({ review, shown, mayAnswer, newId, around }: CropsPageParts): string {
  const words = centreWords(around.language)
  const { crops, candidates } = typeof shown === 'string' ? { crops: [], candidates: [] } : shown
  const plates = new Map(candidates.map(({ handle, plate }) => [handle, plate]))
  const figures = crops.map(({ jpeg, handle, at }, index) => {
    const name = handle === null ? words.readAsNothing : words.readAs(plates.get(handle) ?? handle)
    const alt = `${words.crop(index + 1, crops.length)}, ${name}`
    return `<figure><img alt="${escaped(alt)}" src="data:image/jpeg;base64,${jpeg}"><figcaption>${escaped(name)} · ${timeOf(at)}</figcaption></figure>`
  })
  const says =
    typeof shown === 'string'
      ? `<p role="alert">${sentenceIn(around.language, shown)}</p>`
      : `<p class="quiet">${crops.length === 0 ? words.noCrops : words.cropsOnRecord}</p>`
  const parts = { id: newId(), words, answer: mayAnswer, look: 'never' as const, plates }
  const title = words.cropsOfReview(`${review.site} · ${review.bayId}`)
  const main = `<h1>${escaped(title)}</h1>${figures.join('')}${says}${articleOf(review, undefined, parts)}<script>${SCRIPT}</script>`
  return centrePage({ title, main, around })
}

const nameOf = (site: string, reviewId: string | undefined): string => `${site} ${reviewId}`

type ArticleParts = ReviewRights & {
  readonly id: string
  readonly words: CentreWords
  /** Of candidates by their handles, where somebody looks at them. */
  readonly plates?: ReadonlyMap<string, string>
}

function articleOf(review: ReviewAtSite, before: KnownOrder | undefined, parts: ArticleParts): string {
  const { site, reviewId, bayId, since, by, reason } = review
  const { words, answer, look } = parts
  const deadline = by === null ? '' : ` · ${words.deadline} ${timeOf(by)}`
  const refused = before === undefined ? '' : `<p>${stateOf(before, words)}</p>`
  const path = `/reviews/${encodeURIComponent(site)}/${encodeURIComponent(reviewId)}`
  const toCrops = `<p><a class="button" data-key="p" aria-keyshortcuts="P" href="${escaped(path)}"><kbd>P</kbd> ${words.showCrops}</a></p>`
  const crops = {
    now: toCrops,
    away: `<p class="quiet">${words.cropsAway}</p>`,
    'not-allowed': `<p class="quiet">${words.cropsNotAllowed}</p>`,
    never: '',
  }[look]
  const form = answer ? formOf(review, parts) : `<p>${sentenceIn('en', words.allowsNoAnswer)}</p>`
  const why = `${words.why}: ${sentenceIn(words.language, reason)}`
  return `<article tabindex="-1" id="${escaped(`review-${reviewId}`)}"><h2>${escaped(`${site} · ${bayId}`)}</h2><p>${words.since} ${timeOf(since)}${deadline}</p><p class="quiet">${why}</p>${refused}${crops}${form}</article>`
}

function formOf({ site, reviewId, candidates }: ReviewAtSite, { id, words, plates }: ArticleParts): string {
  const hidden = Object.entries({ id, site, reviewId })
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`)
    .join('')
  const choices = candidates
    .slice(0, 9)
    .map(({ plate, witnesses }, index) =>
      buttonOf(String(index + 1), `candidate ${plate}`, words.candidate(plates?.get(plate) ?? plate, witnesses)),
    )
  const others = [buttonOf('u', 'unreadable', words.unreadable), buttonOf('n', 'not-a-plate', words.notAPlate)]
  return `<form method="post" action="/reviews">${hidden}${[...choices, ...others].join('')}</form>`
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
