import { createHash } from 'node:crypto'
import type { DriverLanguage } from '../../actors/card-words.ts'
import { counted } from '../counted.ts'
import { escaped } from '../escaped-text.ts'
import type { SiteOnBoard } from './sites-board.ts'

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.4 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 80rem; padding: 0 1rem; }
h1 { font-size: 1.3rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .45rem .8rem .45rem 0; border-bottom: 1px solid color-mix(in srgb, currentcolor 20%, transparent); vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
a { color: inherit; }
.need { font-weight: 700; }
.order { display: flex; flex-wrap: wrap; gap: .8rem; align-items: end; margin: 1rem 0 2rem; }
.order label { display: grid; gap: .2rem; }
select, .order input { font: inherit; min-height: 3rem; min-width: 3rem; margin: 0; padding: 0 .8rem; }
article { border-top: 1px solid color-mix(in srgb, currentcolor 20%, transparent); padding: .6rem 0 1rem; }
article:focus { outline: 3px solid; outline-offset: 4px; }
article h2 { margin: 0; font-size: 1.1rem; }
article p { margin: .2rem 0; }
article button { margin: .3rem .3rem 0 0; }
kbd { border: 1px solid; border-radius: .2rem; padding: 0 .35rem; }
.quiet { opacity: .7; }
.big { font-size: 1.25rem; font-weight: 700; }
.who { display: flex; flex-wrap: wrap; gap: .8rem; align-items: center; }
.who form { margin: 0; }
.button, button { display: inline-flex; align-items: center; gap: .5rem; min-height: 48px; padding: 0 1.1rem; border: 1px solid currentcolor; border-radius: .4rem; background: none; color: inherit; font: inherit; text-decoration: none; cursor: pointer; }
input { box-sizing: border-box; min-height: 48px; margin: .2rem 0; font: inherit; }
summary { min-height: 48px; line-height: 48px; cursor: pointer; }
@media (max-width: 40rem) { thead { display: none; } tr, td { display: block; border: 0; padding: .1rem 0; } td.n { text-align: left; } td[data-of]::before { content: attr(data-of) ': '; opacity: .7; } tr { border-bottom: 1px solid color-mix(in srgb, currentcolor 20%, transparent); padding: .6rem 0; } }
`.trim()
/** As a policy names it. */
export const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** What the pages may load: their own style, and nothing else. */
const SITES_PAGE_POLICY = `default-src 'none'; style-src ${hashOf(STYLE)}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`

/** Headers of every page here. Without any referrer browsers would not say whose form it is. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': SITES_PAGE_POLICY,
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const

/** Of a page with one script of its own, which may ask this server. */
export const pageHeaders = (scriptHash: string) => ({
  ...PAGE_HEADERS,
  'content-security-policy': `${SITES_PAGE_POLICY}; script-src ${scriptHash}; connect-src 'self'`,
})

type Document = {
  readonly title: string
  readonly head?: string
  readonly body: string
  readonly language?: DriverLanguage
}

/** A whole page of the centre. */
export const centreDocument = ({ title, head = '', body, language = 'en' }: Document): string =>
  `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>${head}<style>${STYLE}</style></head><body>${body}</body></html>`

/** Who looks, signed in until `until` (ISO 8601 UTC; null = as long as the token counts). `now` ms since 1970. */
export type Looker = {
  readonly name: string
  readonly role: string
  readonly until: string | null
  readonly now: number
}

/** From then on the end of a sign-in is told large, ms before it. */
const SOON_MS = 15 * 60_000

function whoOf({ name, role, until, now }: Looker): string {
  const left_min = until === null ? null : Math.max(0, Math.ceil((Date.parse(until) - now) / 60_000))
  const soon =
    left_min === null || left_min * 60_000 > SOON_MS
      ? ''
      : `<p role="alert" class="big">This screen is signed out in ${counted(left_min, 'minute')}: <a class="button" href="/login/oidc">Sign in again</a></p>`
  const ends = until === null ? '' : `, signed in until ${timeOf(until)}`
  const out = '<form method="post" action="/logout"><button>Sign out</button></form>'
  return `${soon}<div class="who"><span>${escaped(name)} (${escaped(role)})${ends}</span>${out}</div>`
}

/** The sites, what needs somebody first; `isShown`: a site's own board can be opened. Told anew every quarter of a minute. */
export function sitesPage(
  sites: readonly SiteOnBoard[],
  isShown: (site: string) => boolean,
  who: Looker | null = null,
): string {
  const sorted = [...sites].sort(
    (a, b) => b.needsYou - a.needsYou || Number(a.linked) - Number(b.linked) || (a.site < b.site ? -1 : 1),
  )
  const rows = sorted.map((one) => rowOf(one, isShown(one.site))).join('')
  const heads = ['Site', 'Link', 'Newest record', 'Bays', 'Needs you', 'Policy', 'Records', 'Set aside']
  const numbers = new Set(['Needs you', 'Records', 'Set aside'])
  const head = heads.map((name) => `<th scope="col"${numbers.has(name) ? ' class="n"' : ''}>${name}</th>`).join('')
  const table = `<table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>`
  const none = '<p>No site ships here yet: <code>berth centre add SITE</code> on this machine adds one.</p>'
  const body = `${who === null ? '' : whoOf(who)}<h1>Sites (${sites.length})</h1><p><a href="/reviews">Reviews of all sites</a></p>${sites.length === 0 ? none : table}`
  return centreDocument({ title: 'Sites', head: '<meta http-equiv="refresh" content="15">', body })
}

function rowOf(one: SiteOnBoard, isShown: boolean): string {
  const { site, linked, heard, at, bays, needsYou, alarms, reviews, seq, toldTo, aside } = one
  const name = isShown ? `<a href="/sites/${escaped(encodeURIComponent(site))}">${escaped(site)}</a>` : escaped(site)
  const link = linked ? 'linked' : heard === null ? 'never heard' : `away, heard ${timeOf(heard)}`
  const behind = toldTo < seq ? ` <span class="quiet">(told up to record ${toldTo})</span>` : ''
  const states = Object.entries(bays).map(([state, count]) => `${count} ${escaped(state)}`)
  const needs =
    needsYou === 0
      ? '0'
      : `<span class="need">${needsYou}</span> <span class="quiet">(${counted(alarms, 'alarm')}, ${counted(reviews, 'review')})</span>`
  const cells: readonly (readonly [string, string, boolean])[] = [
    ['Link', link, false],
    ['Newest record', `${at === null ? 'none' : timeOf(at)}${behind}`, false],
    ['Bays', states.join(', ') || 'none', false],
    ['Needs you', `${needs} <a href="/sites/${escaped(encodeURIComponent(site))}/orders">orders</a>`, true],
    ['Policy', policyOf(one.policy), false],
    ['Records', String(seq), true],
    ['Set aside', aside === 0 ? '0' : `<span class="need">${aside}</span>`, true],
  ]
  const tds = cells.map(([of, text, isNumber]) => `<td data-of="${of}"${isNumber ? ' class="n"' : ''}>${text}</td>`)
  return `<tr><td>${name}</td>${tds.join('')}</tr>`
}

/** The version in force, and what keeps the wanted one. */
function policyOf(policy: SiteOnBoard['policy']): string {
  if (policy === null) return '<span class="quiet">its own</span>'
  const { wanted, inForce, waiting, refused } = policy
  const now = inForce === null ? 'its own' : `version ${inForce}`
  if (refused !== null) return `${now}, <span class="need">${wanted} refused</span>: ${escaped(refused)}`
  if (inForce !== wanted) return `${now}, <span class="need">${wanted} wanted</span>`
  return waiting === 0
    ? now
    : `${now} <span class="quiet">(${counted(waiting, 'bay keeps', 'bays keep')} the one before until its visit ends)</span>`
}

export const timeOf = (text: string): string =>
  `<time datetime="${escaped(text)}">${escaped(text.slice(0, 16).replace('T', ' '))} UTC</time>`

/** One sentence instead of a site's board; `again`: asked again by itself. */
export const waitPage = (says: string, again: boolean) => ({
  headers: PAGE_HEADERS,
  body: centreDocument({
    title: 'Sites',
    head: again ? '<meta http-equiv="refresh" content="2">' : '',
    body: `<p>${escaped(says)}</p>`,
  }),
})
