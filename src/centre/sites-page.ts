import { escaped } from '../escaped-text.ts'
import { catalogue, sentenceIn } from './centre-language.ts'
import { type Around, centrePage, timeOf } from './centre-page.ts'
import type { SiteOnBoard } from './sites-board.ts'
import { stateName } from './state-names.ts'

const many = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`

const boardWords = catalogue({
  en: {
    title: 'Sites',
    site: 'Site',
    link: 'Link',
    newest: 'Newest record',
    bays: 'Bays',
    needsYou: 'Needs you',
    policy: 'Policy',
    records: 'Records',
    aside: 'Set aside',
    none: 'none',
    noSite:
      'No site ships here yet: on this machine `berth centre add SITE` adds one and prints the token for its site file.',
    linked: 'linked',
    never: 'never heard',
    away: (time: string) => `away, heard ${time}`,
    toldTo: (seq: number) => `(told up to record ${seq})`,
    open: (alarms: number, reviews: number) =>
      `(${many(alarms, 'alarm', 'alarms')}, ${many(reviews, 'review', 'reviews')})`,
    orders: 'orders',
    ordersTo: (site: string) => `Orders to ${site}`,
    own: 'its own',
    version: (version: number) => `version ${version}`,
    refused: (version: number) => `${version} refused`,
    wanted: (version: number) => `${version} wanted`,
    waiting: (bays: number) =>
      `(${many(bays, 'bay keeps', 'bays keep')} the one before until ${bays === 1 ? 'its visit ends' : 'their visits end'})`,
  },
  de: {
    title: 'Standorte',
    site: 'Standort',
    link: 'Verbindung',
    newest: 'Neuester Eintrag',
    bays: 'Plätze',
    needsYou: 'Braucht Sie',
    policy: 'Regeln',
    records: 'Einträge',
    aside: 'Beiseite',
    none: 'keine',
    noSite:
      'Noch sendet kein Standort hierher: Auf diesem Rechner fügt `berth centre add STANDORT` einen hinzu und zeigt das Token für seine Standortdatei.',
    linked: 'verbunden',
    never: 'nie gehört',
    away: (time) => `getrennt, gehört ${time}`,
    toldTo: (seq) => `(erzählt bis Eintrag ${seq})`,
    open: (alarms, reviews) => `(${many(alarms, 'Alarm', 'Alarme')}, ${many(reviews, 'Rückfrage', 'Rückfragen')})`,
    orders: 'Anweisungen',
    ordersTo: (site) => `Anweisungen an ${site}`,
    own: 'eigene',
    version: (version) => `Fassung ${version}`,
    refused: (version) => `${version} abgelehnt`,
    wanted: (version) => `${version} gewünscht`,
    waiting: (bays) =>
      `(${many(bays, 'Platz behält', 'Plätze behalten')} die vorige, bis ${bays === 1 ? 'sein Besuch endet' : 'ihre Besuche enden'})`,
  },
})
type Words = ReturnType<typeof boardWords>

/** The sites, what needs somebody first; `isShown`: a site's own board can be opened. Told anew every quarter of a minute. */
export function sitesPage(sites: readonly SiteOnBoard[], isShown: (site: string) => boolean, around: Around): string {
  const words = boardWords(around.language)
  const sorted = [...sites].sort(
    (a, b) => b.needsYou - a.needsYou || Number(a.linked) - Number(b.linked) || (a.site < b.site ? -1 : 1),
  )
  const rows = sorted.map((one) => rowOf(one, isShown(one.site), around)).join('')
  const { site, link, newest, bays, needsYou, policy, records, aside } = words
  const heads = [site, link, newest, bays, needsYou, policy, records, aside]
  const numbers = new Set([needsYou, records, aside])
  const head = heads.map((name) => `<th scope="col"${numbers.has(name) ? ' class="n"' : ''}>${name}</th>`).join('')
  const table = `<table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>`
  const none = `<p>${sentenceIn('en', words.noSite)}</p>`
  return centrePage({
    title: words.title,
    every_s: 15,
    main: `<div data-told><h1>${words.title} (${sites.length})</h1>${sites.length === 0 ? none : table}</div>`,
    around,
  })
}

function rowOf(one: SiteOnBoard, isShown: boolean, { language }: Around): string {
  const words = boardWords(language)
  const { site, linked, heard, at, bays, seq, toldTo, aside } = one
  const path = `/sites/${escaped(encodeURIComponent(site))}`
  const name = isShown ? `<a href="${path}">${escaped(site)}</a>` : escaped(site)
  const link = linked ? words.linked : heard === null ? words.never : words.away(timeOf(heard))
  const behind = toldTo < seq ? ` <span class="quiet">${words.toldTo(toldTo)}</span>` : ''
  const states = Object.entries(bays).map(([state, count]) => `${count} ${escaped(stateName(language, state))}`)
  const orders = `<a href="${path}/orders" aria-label="${escaped(words.ordersTo(site))}">${words.orders}</a>`
  const cells: readonly (readonly [string, string, boolean])[] = [
    [words.link, link, false],
    [words.newest, `${at === null ? words.none : timeOf(at)}${behind}`, false],
    [words.bays, states.join(', ') || words.none, false],
    [words.needsYou, `${needsOf(one, words)} ${orders}`, true],
    [words.policy, policyOf(one.policy, language), false],
    [words.records, String(seq), true],
    [words.aside, aside === 0 ? '0' : `<span class="need">${aside}</span>`, true],
  ]
  const tds = cells.map(([of, text, isNumber]) => `<td data-of="${of}"${isNumber ? ' class="n"' : ''}>${text}</td>`)
  return `<tr><td>${name}</td>${tds.join('')}</tr>`
}

const needsOf = ({ needsYou, alarms, reviews }: SiteOnBoard, words: Words): string =>
  needsYou === 0
    ? '0'
    : `<span class="need">${needsYou}</span> <span class="quiet">${words.open(alarms, reviews)}</span>`

/** The version in force, and what keeps the wanted one. */
function policyOf(policy: SiteOnBoard['policy'], language: Around['language']): string {
  const words = boardWords(language)
  if (policy === null) return `<span class="quiet">${words.own}</span>`
  const { wanted, inForce, waiting, refused } = policy
  const now = inForce === null ? words.own : words.version(inForce)
  if (refused !== null)
    return `${now}, <span class="need">${words.refused(wanted)}</span>: ${sentenceIn(language, refused)}`
  if (inForce !== wanted) return `${now}, <span class="need">${words.wanted(wanted)}</span>`
  return waiting === 0 ? now : `${now} <span class="quiet">${words.waiting(waiting)}</span>`
}
