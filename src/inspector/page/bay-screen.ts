/** One bay: what it is, why, what comes next, what was, and what may be ordered. */
import type { BayView, ReviewView } from '../../../projections/bay-view.ts'
import { BAY_WORDS as WORDS } from './bay-screen-words.ts'
import { bayWord, detailWord, overlays } from './bay-words.ts'
import { chartPanel } from './chart-panel.ts'
import { commandPanel } from './command-panel.ts'
import { make, mark, say, show } from './dom.ts'
import { factsPanel } from './facts-panel.ts'
import { lateMeter } from './late-meter.ts'
import { latePicture } from './late-picture.ts'
import { lateTimeline } from './late-timeline.ts'
import { needBox } from './need-list.ts'
import type { ReviewPanel } from './review-panel.ts'
import { type Orders, type Screen, type Site, tickTimes } from './screen.ts'
import { atSite } from './server-time.ts'
import { icon } from './state-icon.ts'
import { zoneOf } from './store.ts'
import { inWords } from './told-words.ts'
import { whyPanel } from './why-panel.ts'

/** The screen of one bay. */
export function bayScreen({ shown, orders }: Site, bayId: string): Screen {
  const head = headPanel(bayId)
  const why = whyPanel(() => zoneOf(shown))
  const next = make('section', { class: 'card', 'aria-label': WORDS.next })
  const facts = factsPanel()
  const alarms = make('section', { class: 'alarms', 'aria-label': WORDS.alarms })
  const commands = orders && commandPanel(orders, bayId)
  // Who may not answer is asked nothing.
  const mayAnswer = () => shown.hello?.rights.includes('operate') === true
  const mine = () => (mayAnswer() ? shown.reviews.filter((each) => each.bayId === bayId && !each.blind) : [])
  const reviews = orders && lateReviews(mine, orders)
  const chart = chartPanel()
  const meter = lateMeter(shown, bayId)
  const picture = latePicture(shown, bayId)
  const timeline = lateTimeline(shown, bayId)
  const absent = make('p', { class: 'card' }, WORDS.noSuchBay)
  const first = [alarms, reviews?.root, why.root, next, facts.root, commands?.root]
  const body = make(
    'div',
    { class: 'bay' },
    make('div', { class: 'column' }, ...first),
    make('div', { class: 'column' }, picture.root, chart.root, meter.root, timeline.root),
  )
  const update = (changed: ReadonlySet<string>) => {
    const bay = shown.bays.get(bayId)
    absent.hidden = bay !== undefined || !shown.known
    body.hidden = bay === undefined
    if (bay === undefined) return
    reviews?.update()
    picture.update()
    const raised = shown.alarms.filter((alarm) => alarm.bayId === bayId)
    show(alarms, JSON.stringify(raised), () => raised.map(needBox))
    if (!changed.has(bayId)) return
    head.update(bay)
    why.update(bay)
    showNext(next, bay, zoneOf(shown))
    facts.update(bay)
    commands?.update(bay)
    chart.update(bay, shown.kind === 'replay' ? shown.machines : null)
    meter.update(bay)
    timeline.update(bay)
  }
  const root = make('div', {}, head.root, absent, body)
  return {
    root,
    title: bayId,
    update,
    get keys() {
      return commands?.keys() ?? []
    },
    tick(now) {
      commands?.tick()
      reviews?.tick()
      picture.tick(now)
      tickTimes(root, now)
    },
    leave() {
      commands?.leave()
      meter.end()
      picture.end()
    },
  }
}

/** The panel of reviews, loaded when the first one is there: most bays have none. */
function lateReviews(mine: () => readonly ReviewView[], orders: Orders) {
  const root = make('div', { class: 'late' })
  let panel: ReviewPanel | null = null
  let isLoading = false
  const load = async () => {
    isLoading = true
    // Where it could not be loaded, the next change or tick asks again.
    const loaded = await import('./review-panel.ts').catch(() => null)
    isLoading = false
    if (loaded === null) return
    panel = loaded.reviewPanel(mine, orders)
    root.append(panel.root)
    panel.update()
  }
  const update = () => {
    if (panel !== null) panel.update()
    else if (!isLoading && mine().length > 0) void load()
  }
  return { root, update, tick: () => (panel === null ? update() : panel.tick()) }
}

function headPanel(bayId: string) {
  const picture = make('span', { class: 'tile-icon' })
  const word = make('span', { class: 'word', id: 'bay-state' })
  const detail = make('span', { class: 'detail' })
  const since = make('time', {})
  const over = make('span', { class: 'over' })
  const lasting = make('span', {}, ` ${WORDS.since} `, since)
  const line = make('p', {}, word, ' ', detail, lasting)
  const root = make('header', { class: 'bay-head' }, make('h2', {}, picture, bayId), line, over)
  return {
    root,
    update(bay: BayView) {
      show(picture, bay.state, () => [icon(bay.state)])
      say(word, bayWord(bay))
      say(detail, detailWord(bay))
      mark(since, 'data-since', bay.since)
      // The state began then; when it went out of service stands in its records.
      lasting.hidden = bay.service !== 'in-service'
      say(over, overlays(bay).join(' · '))
      mark(root, 'class', `bay-head is-${bay.state}`)
    },
  }
}

/** The deadline that changes this bay first, by name; the others behind it. */
function showNext(section: HTMLElement, bay: BayView, zone: string): void {
  const { by, what, others } = bay.next
  const until = (at: string) => make('time', { 'data-until': at, title: atSite(at, zone, true) })
  show(section, JSON.stringify([bay.detail, bay.next]), () => [
    make('h3', {}, WORDS.next),
    make('p', {}, inWords(bay.next.expect)),
    by !== null && make('p', { class: 'deadline' }, until(by), `: ${what === null ? WORDS.changes : inWords(what)}`),
    others.length > 0 &&
      make(
        'ul',
        { class: 'faint', 'aria-label': WORDS.others },
        ...others.map((one) => make('li', {}, until(one.by), `: ${inWords(one.what)}`)),
      ),
  ])
}
