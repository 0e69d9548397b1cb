/** The report of a simulated site, and its worst visits, each in an inspector of its own. */
import type { DesignReport, DesignVisitView } from '../../server/design-report-routes.ts'
import { troubleWord, DESIGN_REPORT_WORDS as WORDS } from './design-report-words.ts'
import { arrange, make, say } from './dom.ts'
import type { Screen, Site } from './screen.ts'
import { address, ask } from './server-call.ts'

/** Where the report itself lies: beside this page, but no part of it. */
const PAGE = '/design-report/'

/** The visits first, then the report in a frame in which no script runs. */
export function designReportScreen({ shown }: Site): Screen {
  const says = make('p', { role: 'status' }, WORDS.asking)
  const title = make('h2', {}, WORDS.title)
  const found = make('div', { class: 'design-report' })
  const open = async (name: string) => {
    say(says, WORDS.opening)
    const told = await ask<{ readonly url: string }>(address('design-report', 'visits', name, 'recording'))
    if (!told.ok) return say(says, told.says)
    // By the name of this machine that the person used to come here.
    const url = new URL(told.body.url)
    url.hostname = location.hostname
    location.assign(url)
  }
  const fill = async () => {
    const told = await ask<Pick<DesignReport, 'site' | 'visits'>>(address('design-report'))
    if (!told.ok) return say(says, told.status === 404 ? WORDS.none : told.says)
    say(says, '')
    say(title, WORDS.of(told.body.site))
    arrange(found, [visitList(told.body.visits, open), reportFrame()])
  }
  let isAsked = false
  const begin = () => {
    if (isAsked || shown.hello === null) return
    isAsked = true
    void fill()
  }
  begin()
  const root = make('div', {}, title, make('p', {}, WORDS.about), says, found)
  return { root, title: WORDS.title, update: begin, tick() {} }
}

function visitList(visits: readonly DesignVisitView[], open: (name: string) => Promise<void>): HTMLElement {
  const head = make('h3', {}, WORDS.badly)
  const rows = visits.map(({ name, trouble, bay, replication, index }) => {
    const word = troubleWord(trouble)
    const place = WORDS.visit(bay, replication, index)
    const fields = { type: 'button', 'data-visit': name, 'aria-label': `${WORDS.watch}: ${word}` }
    const button = make('button', { ...fields, onclick: () => void open(name) }, WORDS.watch)
    return make('li', {}, button, ' ', make('span', {}, `${word} (${place})`))
  })
  const list = rows.length === 0 ? make('p', {}, WORDS.nothing) : make('ul', {}, ...rows)
  return make('section', { class: 'card scenarios' }, head, rows.length === 0 ? null : make('p', {}, WORDS.each), list)
}

function reportFrame(): HTMLElement {
  const fields = { src: PAGE, title: WORDS.page, sandbox: 'allow-top-navigation-by-user-activation' }
  const head = make('h3', {}, WORDS.page)
  const link = make('p', {}, make('a', { href: PAGE }, WORDS.alone))
  const tongue = WORDS.tongue !== '' && make('p', { class: 'faint' }, WORDS.tongue)
  return make(
    'section',
    { class: 'card' },
    head,
    link,
    tongue,
    make('iframe', { ...fields, lang: 'en', class: 'report-page' }),
  )
}
