import { escaped } from '../escaped-text.ts'
import { CENTRAL_ORDERS, type CentralOrderType } from '../uplink/central-order.ts'
import { type CentreLanguage, nameIn, sentenceIn } from './centre-language.ts'
import { type Around, centrePage, timeOf } from './centre-page.ts'
import { type CentreWords, centreWords, orderInWords } from './centre-words.ts'
import type { KnownOrder } from './order-book.ts'
import type { ShownOrder } from './order-routes.ts'
import type { BayAt } from './site-fold.ts'
import { stateName } from './state-names.ts'

export type OrdersPageParts = {
  readonly site: string
  readonly linked: boolean
  /** The records are not read to their end yet. */
  readonly behind: boolean
  readonly bays: readonly BayAt[]
  readonly orders: readonly ShownOrder[]
  /** What the site lets its centre order; null = not known now. */
  readonly allowed: readonly CentralOrderType[] | null
  /** Whether this person may give such an order at all. */
  readonly may: (type: CentralOrderType) => boolean
  readonly role: string
  /** A form that was not taken: what was filled in, and why not. */
  readonly refused?: { readonly form: URLSearchParams; readonly says: string } | null
  /** The id that the next order given here will have: the same form sent twice is one order. */
  readonly nextId: string
  readonly around: Around
}

const LIVES_S = [60, 120, 600, 3600]
/** Given by its form alone: which level, which review. */
const ELSEWHERE: readonly CentralOrderType[] = ['autonomy', 'answer-review']

/** Whether it is not known yet what became of it. */
export const isOpen = ({ state }: Pick<KnownOrder, 'state'>): boolean =>
  state === 'waiting' || state === 'sent' || state === 'asked'

/** Orders to one site: a form of what may be ordered, and what became of those that were given. Told anew every few seconds while one is open, or the site is not told yet. */
export function ordersPage(parts: OrdersPageParts): string {
  const { site, linked, behind, bays, orders, allowed, refused = null, around } = parts
  const words = centreWords(around.language)
  const link = `<p>${linked ? words.linked : `<span class="need">${words.away}</span>`}</p>`
  const unknown = allowed === null ? `<p class="quiet" data-told>${words.allowsUnknown}</p>` : ''
  const no = refused === null ? '' : `<p role="alert" class="need">${sentenceIn(around.language, refused.says)}</p>`
  const form = bays.length === 0 ? `<p data-told>${words.noBay}</p>` : formOf(parts, words)
  const table = orders.length === 0 ? `<p>${words.noOrder}</p>` : tableOf(orders, words)
  const path = escaped(`/sites/${encodeURIComponent(site)}/orders`)
  const again = `<p><a href="${path}">${words.again}</a></p>`
  return centrePage({
    title: words.ordersTo(site),
    every_s: behind || orders.some(isOpen) ? 3 : 15,
    main: `<h1>${escaped(words.ordersTo(site))}</h1>${no}<div data-told>${link}</div>${unknown}${form}<div data-told>${table}</div>${again}`,
    around,
  })
}

type Choice = { readonly value: string; readonly text: string }

function select(name: string, choices: readonly Choice[], chosen: string | null): string {
  const options = choices.map(
    ({ value, text }) =>
      `<option value="${escaped(value)}"${value === chosen ? ' selected' : ''}>${escaped(text)}</option>`,
  )
  return `<select name="${name}" required>${options.join('')}</select>`
}

/** What may be ordered here by this form. */
function typesOf({ allowed, may }: OrdersPageParts, words: CentreWords): readonly Choice[] {
  const types = CENTRAL_ORDERS.filter((type) => (allowed ?? CENTRAL_ORDERS).includes(type) && may(type))
  return types.flatMap((type) => {
    if (ELSEWHERE.includes(type)) return []
    if (type !== 'automatic-starts') return [{ value: type, text: orderInWords(words, { type }) }]
    return [
      { value: 'starts-off', text: words.startsOff },
      { value: 'starts-on', text: words.startsOn },
    ]
  })
}

function formOf(parts: OrdersPageParts, words: CentreWords): string {
  const { site, bays, nextId, allowed, role, refused = null, around } = parts
  const types = typesOf(parts, words)
  if (types.length === 0) {
    const none = allowed?.some((type) => !ELSEWHERE.includes(type)) === false
    return `<p>${sentenceIn('en', none ? words.allowsNone : words.roleMayNone(nameIn(around.language, role)))}</p>`
  }
  const kept = (name: string): string | null => refused?.form.get(name) ?? null
  const places = bays.map(({ bayId, state, version }) => ({
    value: `${version} ${bayId}`,
    text: `${bayId} · ${stateName(around.language, state)}`,
  }))
  const keptBay = kept('bay')?.replace(/^\d+ /, '')
  const bay = places.find(({ value }) => value.replace(/^\d+ /, '') === keptBay)?.value ?? null
  // What goes on record is what somebody chose.
  const reasons = [
    { value: '', text: words.choose },
    ...Object.entries(words.reasons).map(([value, text]) => ({ value, text })),
  ]
  const lives = LIVES_S.map((life) => ({ value: String(life), text: `${life / 60} min` }))
  const account = `<label>${words.account} <input name="accountId" maxlength="100" autocomplete="off" value="${escaped(kept('accountId') ?? '')}"></label>`
  const fields = [
    `<label>${words.bay} ${select('bay', places, bay)}</label>`,
    `<label>${words.order} ${select('type', types, kept('type'))}</label>`,
    types.some(({ value }) => value === 'authorize') ? account : '',
    `<label>${words.reason} ${select('reason', reasons, kept('reason'))}</label>`,
    `<label>${words.holds} ${select('within_s', lives, kept('within_s'))}</label>`,
  ]
  const at = escaped(`/sites/${encodeURIComponent(site)}/orders`)
  return `<form method="post" action="${at}" class="order"><input type="hidden" name="id" value="${nextId}">${fields.join('')}<button>${words.give}</button></form>`
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
  const why = says === null ? '' : `: ${sentenceIn(words.language, says)}`
  return `${told}${why}${seq === null ? '' : ` <span class="quiet">#${seq}</span>`}`
}

/** What the form means, as the body of an order; a sentence where something is missing that only whoever fills it in knows. */
export function orderOfForm(
  form: URLSearchParams,
  language: CentreLanguage,
): { readonly [member: string]: unknown } | string {
  const words = centreWords(language)
  const said = (name: string): string => form.get(name) ?? ''
  const type = said('type')
  if (said('reason') === '') return words.needsReason
  const common = { id: said('id'), reason: said('reason'), within_s: Number(said('within_s')) }
  if (type === 'starts-off' || type === 'starts-on')
    return { ...common, type: 'automatic-starts', on: type === 'starts-on' }
  // A bay may be called anything.
  const [, version, bayId] = /^(\d+) (.+)$/s.exec(said('bay')) ?? []
  if (version === undefined || bayId === undefined) return words.needsBay
  const account = said('accountId').trim()
  if (type === 'authorize' && account === '') return words.needsAccount
  return { ...common, type, bayId, expectVersion: Number(version), ...(type === 'authorize' && { accountId: account }) }
}
