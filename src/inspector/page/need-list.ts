/** What needs a person, oldest first: alarms and reviews, each with what happened and what to do. */
import type { AlarmView } from '../../../projections/bay-view.ts'
import { BOARD_WORDS as WORDS } from './board-words.ts'
import { make } from './dom.ts'
import { sinceFields } from './screen.ts'
import { icon } from './state-icon.ts'
import type { Shown } from './store.ts'

/** One thing that needs a person. `bayId` null = the whole site. */
export type Need = {
  readonly id: string
  readonly bayId: string | null
  readonly says: string
  readonly todo: string
  readonly since: string
}

/** All that needs a person now, oldest first. Blind reviews wait for nobody. */
export function needsOf({ alarms, reviews }: Pick<Shown, 'alarms' | 'reviews'>): readonly Need[] {
  const raised = alarms.map((alarm): Need => ({ ...alarm, id: alarm.alarmId, todo: alarm.do }))
  const asked = reviews
    .filter(({ blind }) => !blind)
    .map(({ reviewId, bayId, reason, since, claim }): Need => {
      const todo = claim === null ? WORDS.openAndAnswer : WORDS.isAtIt(claim.by)
      return { id: reviewId, bayId, says: WORDS.whichPlate(reason), todo, since }
    })
  return [...raised, ...asked].sort((a, b) => a.since.localeCompare(b.since))
}

/** The address of a bay's screen. */
export const bayAddress = (bayId: string): string => `#/bays/${encodeURIComponent(bayId)}`

/** A row of the list: one click leads to why. */
export function needItem({ bayId, says, todo, since }: Need): HTMLElement {
  const head = bayId === null ? make('strong', {}, WORDS.site) : make('a', { href: bayAddress(bayId) }, bayId)
  const body = make(
    'div',
    {},
    make('p', { class: 'need-head' }, head, ' ', make('time', sinceFields(since))),
    make('p', {}, says),
    make('p', { class: 'faint' }, todo),
  )
  return make('li', { class: 'need' }, icon('alarm'), body)
}

/** The same where its bay is open already. */
export function needBox({ says, do: todo }: AlarmView): HTMLElement {
  const body = make('div', {}, make('p', {}, says), make('p', { class: 'faint' }, todo))
  return make('div', { class: 'need' }, icon('alarm'), body)
}
