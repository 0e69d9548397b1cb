import { createHash } from 'node:crypto'
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
.need { font-weight: 700; }
.quiet { opacity: .7; }
@media (max-width: 40rem) { thead { display: none; } tr, td { display: block; border: 0; padding: .1rem 0; } td.n { text-align: left; } td[data-of]::before { content: attr(data-of) ': '; opacity: .7; } tr { border-bottom: 1px solid color-mix(in srgb, currentcolor 20%, transparent); padding: .6rem 0; } }
`.trim()
const HASH = createHash('sha256').update(STYLE).digest('base64')

/** What the pages may load: their own style, and nothing else. */
const SITES_PAGE_POLICY = `default-src 'none'; style-src 'sha256-${HASH}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`

/** Headers of every page here. Without any referrer browsers would not say whose form it is. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': SITES_PAGE_POLICY,
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const

const document = (title: string, head: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>${head}<style>${STYLE}</style></head><body>${body}</body></html>`

/** The sites, what needs somebody first; `isShown`: a site's own board can be opened. Told anew every quarter of a minute. */
export function sitesPage(sites: readonly SiteOnBoard[], isShown: (site: string) => boolean): string {
  const sorted = [...sites].sort(
    (a, b) => b.needsYou - a.needsYou || Number(a.linked) - Number(b.linked) || (a.site < b.site ? -1 : 1),
  )
  const rows = sorted.map((one) => rowOf(one, isShown(one.site))).join('')
  const heads = ['Site', 'Link', 'Newest record', 'Bays', 'Needs you', 'Records', 'Set aside']
  const numbers = new Set(['Needs you', 'Records', 'Set aside'])
  const head = heads.map((name) => `<th scope="col"${numbers.has(name) ? ' class="n"' : ''}>${name}</th>`).join('')
  const table = `<table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>`
  const none = '<p>No site ships here yet: <code>berth centre add SITE</code> on this machine adds one.</p>'
  const body = `<h1>Sites (${sites.length})</h1>${sites.length === 0 ? none : table}`
  return document('Sites', '<meta http-equiv="refresh" content="15">', body)
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
    ['Needs you', needs, true],
    ['Records', String(seq), true],
    ['Set aside', aside === 0 ? '0' : `<span class="need">${aside}</span>`, true],
  ]
  const tds = cells.map(([of, text, isNumber]) => `<td data-of="${of}"${isNumber ? ' class="n"' : ''}>${text}</td>`)
  return `<tr><td>${name}</td>${tds.join('')}</tr>`
}

const timeOf = (text: string): string =>
  `<time datetime="${escaped(text)}">${escaped(text.slice(0, 16).replace('T', ' '))} UTC</time>`

/** Asks for the token; `wrong` = the last one was. */
export const signInPage = (wrong: boolean): string =>
  document(
    'Sign in',
    '',
    `<h1>Sites</h1>${wrong ? '<p role="alert">Nobody holds this token; check it and send it again.</p>' : ''}<form method="post" action="/login"><label>Token <input name="token" type="password" autocomplete="current-password" required autofocus></label> <button>Sign in</button></form>`,
  )

/** One sentence instead of a site's board; `again`: asked again by itself. */
export const waitPage = (says: string, again: boolean) => ({
  headers: PAGE_HEADERS,
  body: document('Sites', again ? '<meta http-equiv="refresh" content="2">' : '', `<p>${escaped(says)}</p>`),
})
