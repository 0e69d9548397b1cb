/** The board: who needs you, and all bays at a glance. Tiles are made once; what changes in them is text and attributes. */
import type { BayView, ReviewView } from '../../../projections/bay-view.ts'
import { amperes, ampereText, bayWord, detailWord, masked, overlays, stateWord, whyLine } from './bay-words.ts'
import { BOARD_WORDS as WORDS } from './board-words.ts'
import { make, mark, say, show } from './dom.ts'
import { bayAddress, needItem, needsOf } from './need-list.ts'
import { type Screen, type Site, tickTimes } from './screen.ts'
import { icon } from './state-icon.ts'
import { isTrueNow, type Shown } from './store.ts'

/** The first screen. */
export function boardScreen({ shown }: Site): Screen {
  const needs = needsPanel(shown)
  const tiles = make('ul', { class: 'tiles' })
  const bays = make('section', { 'aria-labelledby': 'bays-title' }, make('h2', { id: 'bays-title' }, WORDS.bays))
  bays.append(tiles, legend())
  const root = make('div', { class: 'board' }, needs.root, bays)
  const known = new Map<string, ReturnType<typeof tile>>()
  const arrange = () => {
    const ids = [...shown.bays.keys()]
    show(tiles, ids.join(' '), () =>
      ids.map((bayId) => {
        const one = known.get(bayId) ?? tile(bayId)
        known.set(bayId, one)
        return one.root
      }),
    )
  }
  return {
    root,
    title: 'berth',
    update(changed) {
      arrange()
      const alarmed = new Set(needsOf(shown).map(({ bayId }) => bayId))
      for (const [bayId, one] of known) {
        const bay = shown.bays.get(bayId)
        if (bay !== undefined && (changed.has(bayId) || one.alarmed !== alarmed.has(bayId))) {
          one.alarmed = alarmed.has(bayId)
          fillTile(one, bay)
        }
      }
      needs.update()
    },
    tick: (now) => tickTimes(root, now),
  }
}

function needsPanel(shown: Shown) {
  const needs = make('ol', { class: 'needs-list', tabindex: '0', 'aria-labelledby': 'needs-title' })
  const nobody = make('p', { class: 'faint' }, WORDS.nobody)
  const queue = make('a', { href: '#/reviews', class: 'queue-link' })
  const cameras = make('a', { href: '#/cameras', class: 'queue-link' })
  const title = make('h2', { id: 'needs-title' }, WORDS.needYou)
  const ways = make('p', { class: 'ways-on' }, queue, cameras)
  return {
    root: make('section', { class: 'needs-you', 'aria-labelledby': 'needs-title' }, title, nobody, ways, needs),
    update() {
      const rows = needsOf(shown)
      const isKnown = isTrueNow(shown)
      nobody.hidden = rows.length > 0
      say(nobody, isKnown ? WORDS.nobody : WORDS.unknown)
      queue.hidden = shown.reviews.length === 0
      say(queue, queueWords(shown.reviews))
      cameras.hidden = shown.kind === 'replay'
      say(cameras, isKnown ? cameraWords(shown.bays) : WORDS.cameras)
      show(needs, JSON.stringify(rows), () => rows.map(needItem))
    },
  }
}

function queueWords(reviews: readonly ReviewView[]): string {
  const checks = reviews.filter(({ blind }) => blind).length
  const waiting = reviews.length - checks
  const parts = [waiting > 0 ? WORDS.waiting(waiting) : '', checks > 0 ? WORDS.toCheck(checks) : '']
  return WORDS.queue(parts.filter((part) => part !== '').join(', '))
}

/** How many cameras see nothing of a bay. */
function cameraWords(bays: ReadonlyMap<string, BayView>): string {
  const seen = [...bays.values()].flatMap(({ cameras }) => cameras)
  return WORDS.camerasBlind(
    new Set(seen.filter(({ status }) => status === 'lost').map(({ cameraId }) => cameraId)).size,
  )
}

function tile(bayId: string) {
  const parts = {
    icon: make('span', { class: 'tile-icon' }),
    word: make('span', { class: 'word' }),
    detail: make('span', { class: 'detail' }),
    since: make('time', {}),
    plate: make('span', { class: 'plate', dir: 'ltr' }),
    amps: make('span', { class: 'amps' }),
    over: make('span', { class: 'over' }),
    why: make('span', { class: 'why' }),
  }
  const link = make(
    'a',
    { class: 'tile', href: bayAddress(bayId), 'data-bay': bayId },
    make('span', { class: 'tile-head' }, parts.icon, make('span', { class: 'bay-name' }, bayId), parts.since),
    make('span', { class: 'tile-state' }, parts.word, parts.detail),
    make('span', { class: 'tile-facts' }, parts.plate, parts.amps, parts.over),
    parts.why,
  )
  return { root: make('li', {}, link), link, parts, alarmed: false }
}

function fillTile({ link, parts, alarmed }: ReturnType<typeof tile>, bay: BayView): void {
  const current = amperes(bay)
  const extra = overlays(bay)
  show(parts.icon, alarmed ? 'alarm' : bay.state, () => [icon(alarmed ? 'alarm' : bay.state)])
  say(parts.word, bayWord(bay))
  say(parts.detail, detailWord(bay))
  mark(parts.since, 'data-since', bay.since)
  mark(parts.since, 'datetime', bay.since)
  say(parts.plate, bay.visit === null ? '' : (masked(bay.visit.plate) ?? WORDS.noPlate))
  say(parts.amps, bay.lock.locked || (current ?? 0) > 0 ? ampereText(current) : '')
  say(parts.over, extra.join(' · '))
  say(parts.why, whyLine(bay))
  const off = bay.service === 'in-service' ? '' : ' off'
  mark(link, 'class', `tile is-${bay.state}${alarmed ? ' needs-you-tile' : ''}${off}`)
  mark(link, 'data-state', bay.state)
  mark(link, 'data-version', String(bay.version))
}

function legend(): HTMLElement {
  const states = ['vacant', 'detecting', 'authorizing', 'charging-locked', 'exiting'] as const
  return make(
    'p',
    { class: 'legend' },
    ...states.map((state) => make('span', {}, icon(state), stateWord(state))),
    make('span', {}, icon('alarm'), WORDS.needsYou),
  )
}
