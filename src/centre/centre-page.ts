import { readFileSync } from 'node:fs'
import { browserScript } from '../browser-script.ts'
import { escaped } from '../escaped-text.ts'
import { hashOf, pageHeaders, plainPage } from '../plain-page.ts'
import { type CentreLanguage, catalogue, nameIn, sentenceIn } from './centre-language.ts'

const frameWords = catalogue({
  en: {
    pages: 'Pages',
    sites: 'Sites',
    reviews: 'Reviews',
    other: 'Deutsch',
    signOut: 'Sign out',
    until: (time: string) => `, signed in until ${time}`,
    soon: (minutes: number) => `This screen is signed out in ${minutes === 1 ? '1 minute' : `${minutes} minutes`}:`,
    again: 'Sign in again',
    adminToken: 'Signed in with the admin token',
    machine: 'This machine itself, without a sign-in: no token is set (BERTH_ADMIN_TOKEN)',
  },
  de: {
    pages: 'Seiten',
    sites: 'Standorte',
    reviews: 'Rückfragen',
    other: 'English',
    signOut: 'Abmelden',
    until: (time) => `, angemeldet bis ${time}`,
    soon: (minutes) => `Dieser Schirm wird in ${minutes === 1 ? '1 Minute' : `${minutes} Minuten`} abgemeldet:`,
    again: 'Erneut anmelden',
    adminToken: 'Mit dem Admin-Token angemeldet',
    machine: 'Dieser Rechner selbst, ohne Anmeldung: Es ist kein Token gesetzt (BERTH_ADMIN_TOKEN)',
  },
})

/** Who looks, and how they came in: signed in at the provider until `until` (ISO 8601 UTC), with the admin token, or from this machine itself. `now` ms since 1970. */
export type Looker = {
  readonly name: string
  readonly role: string
  readonly came: 'provider' | 'token' | 'machine'
  readonly until: string | null
  readonly now: number
}

/** What every page here is told beside its own matter; `path`: where it is. */
export type Around = { readonly language: CentreLanguage; readonly who: Looker | null; readonly path: string }

type Page = {
  readonly title: string
  readonly main: string
  readonly around: Around
  /** What stands in `data-told` is told anew every so many seconds. */
  readonly every_s?: number
}

/** Tells pages anew by their parts: readers and hands are not thrown out, as a reload does. */
const TOLD_ANEW = browserScript(readFileSync(new URL('./page/told-anew.ts', import.meta.url), 'utf8')).trim()
/** Of pages that are told anew. */
export const TOLD_HEADERS = pageHeaders(hashOf(TOLD_ANEW))

/** The main part of a page, told anew every so many seconds; 0 = never. */
export const mainTold = (main: string, every_s: number): string =>
  every_s === 0 ? `<main>${main}</main>` : `<main data-every="${every_s}">${main}</main><script>${TOLD_ANEW}</script>`

/** From then on the end of a sign-in is told large, ms before it. */
const SOON_MS = 15 * 60_000

/** A page of the centre: the way to the others, the language, and who looks. `main` is markup. */
export function centrePage({ title, main, around, every_s = 0 }: Page): string {
  const { language, who, path } = around
  const words = frameWords(language)
  const other = language === 'de' ? 'en' : 'de'
  const link = (to: string, text: string): string =>
    `<a href="${to}"${to === path ? ' aria-current="page"' : ''}>${text}</a>`
  const choice = `<a href="/language?is=${other}&amp;to=${encodeURIComponent(path)}" lang="${other}" hreflang="${other}">${words.other}</a>`
  const pages = who === null ? '' : `${link('/', words.sites)}${link('/reviews', words.reviews)}`
  const nav = `<nav aria-label="${words.pages}">${pages}${choice}</nav>`
  const body = `<header>${nav}<div data-told>${who === null ? '' : whoOf(who, around)}</div></header>${mainTold(main, every_s)}`
  return plainPage({ title, body, language })
}

function whoOf({ name, role, came, until, now }: Looker, { language, path }: Around): string {
  const words = frameWords(language)
  const left_min = until === null ? null : Math.max(0, Math.ceil((Date.parse(until) - now) / 60_000))
  const isSoon = came === 'provider' && left_min !== null && left_min * 60_000 <= SOON_MS
  const again = `<a class="button" href="/login/oidc?to=${encodeURIComponent(path)}">${words.again}</a>`
  const soon = isSoon ? `<p role="alert" class="big">${words.soon(left_min)} ${again}</p>` : ''
  const named = `${escaped(name)} (${escaped(nameIn(language, role))})${until === null ? '' : words.until(timeOf(until))}`
  const says = { provider: named, token: words.adminToken, machine: words.machine }[came]
  const out = `<form method="post" action="/logout"><button>${words.signOut}</button></form>`
  return `${soon}<div class="who"><span>${says}</span>${came === 'machine' ? '' : out}</div>`
}

/** One sentence of the server on a page of its own, with the way back. */
export const sentencePage = (says: string, around: Around): string =>
  centrePage({
    title: frameWords(around.language).sites,
    main: `<p role="alert">${sentenceIn(around.language, says)}</p>`,
    around,
  })

/** `2026-11-23 18:05 UTC` as markup; `text` ISO 8601 UTC. */
export const timeOf = (text: string): string =>
  `<time datetime="${escaped(text)}">${escaped(text.slice(0, 16).replace('T', ' '))} UTC</time>`
