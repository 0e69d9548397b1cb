import { createHash } from 'node:crypto'
import type { DriverLanguage } from '../actors/card-words.ts'
import { escaped } from './escaped-text.ts'

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
.quiet { opacity: .75; }
header nav { display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; }
header nav a { display: inline-flex; align-items: center; min-height: 48px; min-width: 48px; }
header nav a[aria-current] { font-weight: 700; text-decoration: none; }
header nav a[hreflang] { margin-left: auto; }
main a { text-underline-offset: .15em; }
figure { margin: 1rem 0; }
figure img { max-width: 100%; min-width: min(20rem, 100%); }
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
const PLAIN_POLICY = `default-src 'none'; style-src ${hashOf(STYLE)}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`

/** Headers of every plain page. Without any referrer browsers would not say whose form it is. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': PLAIN_POLICY,
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const

/** Of a page with one script of its own, which may ask this server; `pictures`: where they may come from. */
export const pageHeaders = (scriptHash: string, pictures: 'none' | 'data:' = 'none') => ({
  ...PAGE_HEADERS,
  'content-security-policy': `${PLAIN_POLICY}; script-src ${scriptHash}; connect-src 'self'${pictures === 'none' ? '' : `; img-src ${pictures}`}`,
})

type Document = {
  readonly title: string
  readonly body: string
  readonly language?: DriverLanguage
}

/** A whole page; `title` is a text, `body` is markup. */
export const plainPage = ({ title, body, language = 'en' }: Document): string =>
  `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>`
