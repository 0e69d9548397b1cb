/** The bar over a site as it was: a place in its journal, and ways to other places. Nothing can be ordered of what it shows. */
import type { ReviewView } from '../../../projections/bay-view.ts'
import type { DesignVisitShown } from '../../server/design-report-routes.ts'
import type { ShortRecord } from '../../server/replay-routes.ts'
import type { SimulationView } from '../../server/scenario-routes.ts'
import { eventWord, ruleWord } from './bay-words.ts'
import { caseInWords } from './case-words.ts'
import { differencePanel } from './difference-panel.ts'
import { arrange, make, mark, say, wantStyle } from './dom.ts'
import { lanePanel } from './lane-panel.ts'
import { ReplayWalk } from './replay-walk.ts'
import { REPLAY_WORDS as WORDS } from './replay-words.ts'
import type { Key } from './screen.ts'
import { atSite } from './server-time.ts'
import { type ReplayStore, zoneOf } from './store.ts'
import { todayPanel } from './today-panel.ts'
import { nameWord } from './told-words.ts'

/** What a bar is made of. */
export type ReplayBarParts = {
  readonly replay: ReplayStore
  readonly lastReviews: () => readonly ReviewView[] | null
  readonly changed: (bays: Iterable<string>) => void
  /** Back to how the site is; null for a recording, which is nothing else. */
  readonly leave: (() => void) | null
}

/** The bar, as the page holds it. */
export type ReplayBar = ReturnType<typeof replayBar>

const SPEEDS = [1, 10, 60] as const
const LANES = ['all', 'camera', 'meter', 'ocpp', 'decisions', 'operator', 'site'] as const

/** The bar; the replay is filled as its hand goes through the journal. */
export function replayBar({ replay, lastReviews, changed, leave }: ReplayBarParts) {
  wantStyle(new URL('./replay.css', import.meta.url))
  const lane = select(
    WORDS.lane,
    LANES.map((name) => [name, WORDS.lanes[name]] as const),
    () => void walk.look(),
  )
  const place = placeLine(replay, leave)
  const ways = waysLine({
    go: (seq) => void walk.go(seq),
    step: (forward) => void step(forward),
    stop: () => walk.stop(),
    play: (speed) => (walk.playing ? walk.stop() : walk.play(speed)),
  })
  ways.group.append(lane.root)
  const folds = { lanes: lanePanel(go), difference: differencePanel(() => zoneOf(replay)), today: todayPanel(go) }
  const walk = new ReplayWalk({
    replay,
    lastReviews,
    lane: () => lane.input.value,
    trouble: (says) => say(place.says, says),
    played: ways.played,
    moved(bays) {
      place.paint(walk.record, walk.newest)
      ways.paint(replay, walk.newest)
      folds.lanes.paint(walk.rows, replay.place)
      folds.difference.at(walk.bay ?? walk.record?.bayId ?? null, replay.place)
      changed(bays)
    },
    rested: () => folds.lanes.paint(walk.rows, replay.place),
  })
  const step = async (forward: boolean) => {
    walk.stop()
    if (!(await walk.step(forward))) say(place.says, WORDS.nothingMore)
  }
  function go(seq: number): void {
    walk.stop()
    void walk.go(seq)
  }
  const below = make('div', {}, folds.lanes.root, folds.difference.root, folds.today.root)
  const root = make('section', { class: 'replay-bar', 'aria-label': WORDS.replay })
  root.append(place.head, ...(place.told ? [place.told] : []), ways.group, ways.slider, place.says, below)
  return {
    root,
    keys: stepKeys(step),
    walk,
    /** Another screen is open: of this bay, or of none. */
    about(bayId: string | null): void {
      if (walk.bay === bayId) return
      walk.bay = bayId
      void walk.look()
    },
  }
}

const stepKeys = (step: (forward: boolean) => void): readonly Key[] => [
  { key: ',', says: WORDS.back, press: () => step(false) },
  { key: '.', says: WORDS.next, press: () => step(true) },
]

/** The word REPLAY with its time, the way back to live, and what the record says. */
function placeLine(replay: ReplayStore, leave: (() => void) | null) {
  const time = make('time', { class: 'replay-time' })
  const link = make('a', { class: 'replay-link' }, WORDS.permalink)
  const says = make('p', { role: 'status', class: 'replay-says' }, WORDS.opening)
  const home = leave && make('button', { type: 'button', class: 'small', onclick: leave }, WORDS.live)
  const simulation = replay.hello?.simulation
  const word = make('strong', {}, simulation === undefined ? WORDS.loud : WORDS.simulation)
  const isCase = simulation !== undefined && 'edgeCase' in simulation
  const all = isCase ? make('a', { class: 'replay-link', href: '#/scenarios' }, WORDS.scenarios) : null
  return {
    head: make('p', { class: 'replay-head' }, word, time, `— ${WORDS.off}`, link, all, home),
    told: simulation === undefined ? null : isCase ? simulationText(simulation) : visitText(simulation),
    says,
    paint(record: ShortRecord | null, newest: number) {
      const zone = zoneOf(replay)
      const address = addressAt(replay.place)
      say(time, atSite(replay.at, zone, true))
      mark(link, 'href', address)
      history.replaceState(null, '', address)
      say(says, WORDS.at(replay.place, newest, record === null ? '' : recordLine(record, zone)))
    },
  }
}

/** What was simulated: nobody takes it for a site's own past. The case is told once its words are loaded. */
function simulationText(simulation: SimulationView): HTMLElement {
  const title = make('strong', {})
  const told = make('p', {})
  const head = make('p', {}, `${WORDS.simulated} `, title)
  const fold = make('details', { class: 'fold' }, make('summary', {}, WORDS.theCase), told)
  void caseInWords(simulation).then((said) => {
    const { edgeCase, given, when, wanted, promise, story } = said
    say(title, `${edgeCase} ${said.title}`)
    const parts = [given && WORDS.given(given), when && WORDS.when(when), WORDS.wanted(wanted)].filter((one) => one)
    say(told, `${parts.join(' ')} ${WORDS.promise(said.promiseOf(story, promise))}`)
  })
  return make('div', { class: 'replay-case' }, head, fold)
}

/** Which visit of a simulated site this is, and the way back to its report. */
function visitText(visit: DesignVisitShown): HTMLElement {
  const told = make('div', { class: 'replay-case' })
  void import('./design-report-words.ts').then(({ DESIGN_REPORT_WORDS, troubleWord }) => {
    const { site, bay, trouble } = visit
    const link = make('a', { class: 'replay-link', href: '#/design-report' }, DESIGN_REPORT_WORDS.back)
    arrange(told, [make('p', {}, DESIGN_REPORT_WORDS.shown(site, bay, troubleWord(trouble)), ' ', link)])
  })
  return told
}

type Ways = {
  readonly go: (seq: number) => void
  readonly step: (forward: boolean) => void
  readonly stop: () => void
  readonly play: (speed: () => number) => void
}

/** Slider and buttons. Ends are turned off, never taken away. */
function waysLine({ go, step, stop, play }: Ways) {
  const jump = (seq: number) => () => {
    stop()
    go(seq)
  }
  const button = (text: string, onclick: () => void) =>
    make('button', { type: 'button', class: 'small', onclick }, text)
  const speeds = SPEEDS.map((each) => [String(each), WORDS.times(each)] as const)
  const speed = select(WORDS.speed, speeds, () => {})
  const first = button(WORDS.first, jump(1))
  const back = button(WORDS.back, () => step(false))
  const turn = button(WORDS.play, () => play(() => Number(speed.input.value)))
  const on = button(WORDS.next, () => step(true))
  const last = button(WORDS.last, jump(Number.MAX_SAFE_INTEGER))
  const slider = make('input', {
    type: 'range',
    min: '1',
    value: '1',
    class: 'replay-slider',
    'aria-label': WORDS.place,
  })
  slider.addEventListener('input', () => jump(Number(slider.value))())
  return {
    group: make('div', { class: 'buttons replay-ways' }, first, back, turn, on, last, speed.root),
    slider,
    played: (isOn: boolean) => say(turn, isOn ? WORDS.pause : WORDS.play),
    paint(replay: ReplayStore, newest: number) {
      mark(slider, 'max', String(newest))
      slider.value = String(replay.place)
      mark(slider, 'aria-valuetext', `${replay.place}, ${atSite(replay.at, zoneOf(replay), true)}`)
      first.disabled = replay.place <= 1
      back.disabled = replay.place <= 1
      on.disabled = replay.place >= newest
      last.disabled = replay.place >= newest
    },
  }
}

/** The address of this screen at a record. */
const addressAt = (seq: number): string => `${(location.hash || '#/').replace(/\?.*$/, '')}?at=seq:${seq}`

function recordLine({ at, bayId, event, rule, decisions }: ShortRecord, zone: string): string {
  const happened = `${atSite(at, zone)}${bayId === null ? '' : ` ${bayId}`}, ${eventWord(event)}`
  // A rule that says no more than what happened is not said twice.
  const isSaid = rule === null || ruleWord(rule) === eventWord(event)
  const ruled = isSaid ? happened : `${happened} (${ruleWord(rule)})`
  return decisions.length === 0 ? ruled : `${ruled}: ${decisions.map((type) => nameWord('decisions', type)).join(', ')}`
}

function select(name: string, options: readonly (readonly [value: string, text: string])[], onchange: () => void) {
  const input = make('select', { onchange }, ...options.map(([value, text]) => make('option', { value }, text)))
  return { input, root: make('label', { class: 'replay-select' }, name, ' ', input) }
}
