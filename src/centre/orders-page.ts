import { escaped } from '../escaped-text.ts'
import { plainPage } from '../plain-page.ts'
import { type CentreWords, orderInWords } from './centre-words.ts'
import type { KnownOrder } from './order-book.ts'
import type { ShownOrder } from './order-routes.ts'
import type { BayAt } from './site-fold.ts'
import { timeOf } from './sites-page.ts'

export type OrdersPageParts = {
  readonly site: string
  readonly linked: boolean
  /** The records are not read to their end yet. */
  readonly behind: boolean
  readonly bays: readonly BayAt[]
  readonly orders: readonly ShownOrder[]
  /** The id that the next order given here will have: the same form sent twice is one order. */
  readonly nextId: string
  readonly words: CentreWords
}

const LIVES_S = [60, 120, 600, 3600]

/** Whether it is not known yet what became of it. */
export const isOpen = ({ state }: Pick<KnownOrder, 'state'>): boolean =>
  state === 'waiting' || state === 'sent' || state === 'asked'

/** Orders to one site: a form, and what became of those that were given. Told anew every few seconds while one is open, or the site is not told yet. */
export function ordersPage({ site, linked, behind, bays, orders, nextId, words }: OrdersPageParts): string {
  const link = `<p>${linked ? words.linked : `<span class="need">${words.away}</span>`}</p>`
  const form = bays.length === 0 ? `<p>${words.noBay}</p>` : formOf(site, bays, nextId, words)
  const table = orders.length === 0 ? `<p>${words.noOrder}</p>` : tableOf(orders, words)
  const back = `<p><a href="/">${words.sites}</a> · <a href="/reviews">${words.reviewDesk}</a> · <a href="">${words.again}</a></p>`
  const body = `<h1>${escaped(words.ordersTo(site))}</h1>${back}${link}${form}${table}`
  const again = behind || orders.some(isOpen)
  return plainPage({
    title: escaped(words.ordersTo(site)),
    head: again ? '<meta http-equiv="refresh" content="3">' : '',
    body: `<main>${body}</main>`,
    language: words.language,
  })
}

const option = (value: string, text: string): string => `<option value="${escaped(value)}">${escaped(text)}</option>`

function formOf(site: string, bays: readonly BayAt[], nextId: string, words: CentreWords): string {
  const places = bays.map(({ bayId, state, version }) => option(`${version} ${bayId}`, `${bayId} · ${state}`)).join('')
  const types = [
    ...Object.entries(words.orders).map(([type, text]) => option(type, text)),
    option('starts-off', words.startsOff),
    option('starts-on', words.startsOn),
  ].join('')
  const reasons = Object.entries(words.reasons).map(([reason, text]) => option(reason, text))
  const lives = LIVES_S.map((life) => option(String(life), `${life / 60} min`))
  const at = escaped(`/sites/${encodeURIComponent(site)}/orders`)
  return `<form method="post" action="${at}" class="order"><input type="hidden" name="id" value="${nextId}"><label>${words.bay} <select name="bay">${places}</select></label><label>${words.order} <select name="type">${types}</select></label><label>${words.account} <input name="accountId" maxlength="100"></label><label>${words.reason} <select name="reason">${reasons.join('')}</select></label><label>${words.holds} <select name="within_s">${lives.join('')}</select></label><button>${words.give}</button></form>`
}

function tableOf(orders: readonly ShownOrder[], words: CentreWords): string {
  const heads = [words.given, words.order, words.bay, words.by, words.state]
  const head = heads.map((name) => `<th scope="col">${name}</th>`).join('')
  const rows = orders.map((order) => {
    const cells = [
      timeOf(order.given),
      escaped(orderInWords(words, order)),
      escaped(order.bayId ?? ''),
      escaped(order.by ?? ''),
    ]
    const tds = [...cells, stateOf(order, words)].map((text, index) => `<td data-of="${heads[index]}">${text}</td>`)
    return `<tr>${tds.join('')}</tr>`
  })
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`
}

/** What became of it, with the sentence of its gateway. */
export function stateOf(order: Pick<KnownOrder, 'state' | 'says' | 'seq'>, words: CentreWords): string {
  const { state, says, seq } = order
  const isNo = state === 'refused' || state === 'expired'
  const told = `<span${isNo ? ' class="need"' : ''}>${words.states[state]}</span>`
  return `${told}${says === null ? '' : `: ${escaped(says)}`}${seq === null ? '' : ` <span class="quiet">#${seq}</span>`}`
}

/** What the form means, as the body of an order. */
export function orderOfForm(form: URLSearchParams): { readonly [member: string]: unknown } {
  const said = (name: string): string => form.get(name) ?? ''
  const type = said('type')
  const common = { id: said('id'), reason: said('reason'), within_s: Number(said('within_s')) }
  if (type === 'starts-off' || type === 'starts-on')
    return { ...common, type: 'automatic-starts', on: type === 'starts-on' }
  const [, version = '', bayId = ''] = /^(\d+) (.+)$/.exec(said('bay')) ?? []
  const account = said('accountId').trim()
  const payer = type === 'authorize' && account !== '' ? { accountId: account } : {}
  return { ...common, type, bayId, expectVersion: Number(version), ...payer }
}
