import { counted } from '../counted.ts'
import { escaped } from '../escaped-text.ts'
import { PAGE_HEADERS, plainPage } from '../plain-page.ts'
import type { SiteOnBoard } from './sites-board.ts'

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
  return plainPage({ title: 'Sites', head: '<meta http-equiv="refresh" content="15">', body })
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
  body: plainPage({
    title: 'Sites',
    head: again ? '<meta http-equiv="refresh" content="2">' : '',
    body: `<p>${escaped(says)}</p>`,
  }),
})
