/** What needs a person, oldest first: alarms and reviews, each with what happened and what to do. */
import type { AlarmView } from '../../../projections/bay-view.ts'
import { type AlarmText, alarmText } from './alarm-words.ts'
import { BOARD_WORDS as WORDS } from './board-words.ts'
import { type Child, make } from './dom.ts'
import { sinceFields } from './screen.ts'
import { icon } from './state-icon.ts'
import type { Shown } from './store.ts'
import { inWords } from './told-words.ts'
import { whyLine } from './why-words.ts'

/** One thing that needs a person. `bayId` null = the whole site. */
export type Need = {
  readonly id: string
  readonly bayId: string | null
  readonly text: AlarmText
  readonly since: string
  /** Why its bay is as it is; null of the whole site, and where no record of the bay says it yet. */
  readonly why: string | null
}

/** All that needs a person now, oldest first. Blind reviews wait for nobody. */
export function needsOf({
  alarms,
  reviews,
  bays,
  hello,
}: Pick<Shown, 'alarms' | 'reviews' | 'bays' | 'hello'>): readonly Need[] {
  const why = (bayId: string | null) => {
    const bay = bays.get(bayId ?? '')
    return bay?.why ? whyLine(bay) : null
  }
  const raised = alarms.map(
    (alarm): Need => ({
      id: alarm.alarmId,
      bayId: alarm.bayId,
      text: alarmText(alarm),
      since: alarm.since,
      why: why(alarm.bayId),
    }),
  )
  const asked = reviews
    .filter(({ blind }) => !blind)
    .map(({ reviewId, bayId, reason, since, claim }): Need => {
      const free = hello?.rights.includes('operate') ? WORDS.openAndAnswer : WORDS.operatorAnswers
      const todo = claim === null ? free : WORDS.isAtIt(claim.by)
      const text = { says: WORDS.whichPlate(inWords(reason)), means: null, todo, exact: null }
      return { id: reviewId, bayId, text, since, why: why(bayId) }
    })
  return [...raised, ...asked].sort((a, b) => a.since.localeCompare(b.since))
}

/** At which record the address shows the site, as it stands there; nothing where the site lives. */
export const placeNow = (): string => /\?at=seq:\d+$/.exec(location.hash)?.[0] ?? ''

/** The address of a bay's screen, at the same time as the one that is open. */
export const bayAddress = (bayId: string): string => `#/bays/${encodeURIComponent(bayId)}${placeNow()}`

/** A row of the list: one click leads to why. */
export function needItem({ bayId, text, since, why }: Need): HTMLElement {
  const head = bayId === null ? make('strong', {}, WORDS.site) : make('a', { href: bayAddress(bayId) }, bayId)
  const body = make(
    'div',
    {},
    make('p', { class: 'need-head' }, head, ' ', make('time', sinceFields(since))),
    ...sentences(text),
    why !== null && make('p', { class: 'need-why faint' }, WORDS.because(why)),
  )
  return make('li', { class: 'need' }, icon('alarm'), body)
}

/** The same where its bay is open already. */
export function needBox(alarm: AlarmView): HTMLElement {
  return make('div', { class: 'need' }, icon('alarm'), make('div', {}, ...sentences(alarmText(alarm))))
}

/** Cause, consequence, what to do; the server's own words in a fold where another language stands above them. */
function sentences({ says, means, todo, exact }: AlarmText): Child[] {
  return [
    make('p', { class: 'says-what' }, says),
    means !== null && make('p', {}, means),
    make('p', { class: 'todo' }, todo),
    exact !== null &&
      make('details', {}, make('summary', {}, WORDS.exactly), make('p', { lang: 'en', class: 'faint' }, exact)),
  ]
}
