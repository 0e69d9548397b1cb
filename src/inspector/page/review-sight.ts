/** What there is to see of one review: the crops, the votes, what each reader made of it, and the registered plates that look like it. */
import type { ReaderOpinion, ReviewDetail, ReviewRead } from '../../../projections/bay-view.ts'
import { raisedCrop } from './crop-contrast.ts'
import { make } from './dom.ts'
import { percent } from './language.ts'
import { QUEUE_WORDS } from './queue-words.ts'
import { REVIEW_WORDS as WORDS } from './review-words.ts'
import { address } from './server-call.ts'
import { nameWord } from './told-words.ts'

type Answer = (plate: string) => void

/** What is shown of one review once somebody looks at it; `isQueue`: each crop again with its contrast raised, and no buttons of its own. */
export function reviewSight(reviewId: string, answer: Answer, isQueue = false) {
  const root = make('div', { class: 'sight', hidden: true })
  let opened = false
  return {
    root,
    isOpen: () => opened,
    open(detail: ReviewDetail) {
      opened = true
      root.hidden = false
      root.replaceChildren(crops(reviewId, detail.shown, isQueue))
      if (detail.blind) return
      root.append(make('p', { class: 'faint' }, WORDS.liveOnly))
      if (!isQueue) root.append(nearOnes(detail.near, answer))
      root.append(opinions(detail))
      if (detail.reads.length > 0) root.append(reads(detail.reads))
    },
  }
}

function crops(reviewId: string, shown: ReviewDetail['shown'], isQueue: boolean): HTMLElement {
  if (shown.length === 0) return make('p', { class: 'faint' }, WORDS.noPicture)
  const pictures = shown.map(({ plate }, index) => {
    const src = `${address('reviews', reviewId, 'crop')}?index=${index}`
    const picture = make('img', { src, alt: WORDS.picture(index + 1) })
    picture.addEventListener('error', () => picture.replaceWith(WORDS.gone))
    const raised = isQueue && raisedCrop(picture, QUEUE_WORDS.enhanced(index + 1))
    return make(
      'figure',
      { class: index === 0 ? null : 'second' },
      picture,
      raised,
      plate !== null && make('figcaption', {}, WORDS.readAs(plate)),
    )
  })
  return make('div', { class: 'crops' }, ...pictures)
}

function nearOnes(near: ReviewDetail['near'], answer: Answer): HTMLElement {
  if (near.length === 0) return make('p', { class: 'faint' }, WORDS.noneNear)
  const buttons = near.map(({ plate, accountId }) =>
    make('button', { type: 'button', class: 'pick', onclick: () => answer(plate) }, `${plate} (${accountId})`),
  )
  return make('div', {}, make('p', { class: 'faint' }, WORDS.near), make('div', { class: 'buttons near' }, ...buttons))
}

function opinions({ opinions: all, votes }: ReviewDetail): HTMLElement {
  const known = new Map(votes.map((vote) => [vote.plate, vote]))
  const registered = [...known.values()].map(({ plate, registered: isThere, accountId, charges }) => {
    const says = `${isThere ? WORDS.registered(accountId ?? '') : WORDS.notRegistered}, ${WORDS.charges(charges)}`
    return make('li', {}, make('strong', { class: 'plate', dir: 'ltr' }, plate), says)
  })
  return make('ul', { class: 'opinions', 'aria-label': WORDS.opinions }, ...all.map(opinion), ...registered)
}

function opinion({ reader, text, outcome, confidence, witnesses, of }: ReaderOpinion): HTMLElement {
  if (text === null) return make('li', {}, `${readerWord(reader)}: ${nameWord('outcomes', outcome)}`)
  const sure = confidence === null ? '' : WORDS.sure(percent(confidence))
  const plate = make('strong', { class: 'plate', dir: 'ltr' }, text)
  return make('li', {}, `${readerWord(reader)}: `, plate, WORDS.frames(witnesses, of), sure)
}

const READERS: { readonly [reader: string]: string } = WORDS.readers
const readerWord = (reader: string): string => READERS[reader] ?? reader

function reads(all: readonly ReviewRead[]): HTMLElement {
  const rows = all.map(({ at, text, cameraId, reader, confidence }) => {
    const cells = [
      make('td', {}, make('time', { datetime: at }, at.slice(11, 19))),
      make('th', { scope: 'row', class: 'plate', dir: 'ltr' }, text),
      make('td', {}, cameraId ?? ''),
      make('td', {}, readerWord(reader)),
      make('td', {}, percent(confidence)),
    ]
    return make('tr', {}, ...cells)
  })
  const { at, text, camera, reader, sure } = WORDS.columns
  const heads = [`${at} (UTC)`, text, camera, reader, sure].map((name) => make('th', { scope: 'col' }, name))
  const table = make('table', {}, make('thead', {}, make('tr', {}, ...heads)), make('tbody', {}, ...rows))
  const scroll = { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': WORDS.singleReads }
  return make('details', {}, make('summary', {}, WORDS.reads(all.length)), make('div', scroll, table))
}
