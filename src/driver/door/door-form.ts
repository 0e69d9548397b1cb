import type { DriverLanguage } from '../../../actors/card-words.ts'
import { escaped } from '../../escaped-text.ts'
import { DOOR_WORDS, type DriverSays } from './door-words.ts'

/** What a driver at the bay may do now; nothing of it says who stands there. */
export type DoorOffer = {
  readonly code: string
  readonly begin: boolean
  /** What paying without an account holds; null where nobody can. */
  readonly pay: { readonly hold: string; readonly currency: string } | null
  readonly stop: 'own' | 'other' | null
  /** Masked plates of which one may be the driver's, by their marks; none where nothing was read or nobody is asked. */
  readonly choices: readonly { readonly mark: string; readonly masked: string }[]
  /** Bays beside this one. */
  readonly neighbours: readonly string[]
  readonly says: DriverSays | null
}

/** The forms of the driver page, as markup: plain forms, so that they work without scripts. */
export function doorForms(offer: DoorOffer, language: DriverLanguage): string {
  return `${offer.begin ? beginForms(offer, language) : ''}${stopForm(offer, language)}`
}

/** What came of the last press, as markup; empty where nothing did. */
export function doorSays({ says, stop }: DoorOffer, language: DriverLanguage): string {
  // Once it charges nobody needs to hear that it is starting.
  return says === null || (says === 'starting' && stop !== null)
    ? ''
    : `<p role="alert">${DOOR_WORDS[language].says[says]}</p>`
}

/** For who scanned the code of another bay, as markup: how to tell, and which bays lie beside it. */
export function elsewhere({ neighbours }: DoorOffer, bayId: string, language: DriverLanguage): string {
  const words = DOOR_WORDS[language]
  const beside = neighbours.length === 0 ? '' : ` ${words.beside(neighbours.map(escaped))}`
  return `<details><summary>${words.notHere}</summary><p>${words.lookAround(escaped(bayId))}${beside}</p></details>`
}

/** One of the plates that were read, and the PIN of its account: nobody need type it, and nobody learns it. */
function choiceForm({ code, choices }: DoorOffer, language: DriverLanguage): string {
  const { unread, secret, start, mine } = DOOR_WORDS[language]
  const lines = choices.map(
    ({ mark, masked }) =>
      `<label class="choice"><input type="radio" name="choice" value="${escaped(mark)}" required><span dir="ltr">${escaped(masked)}</span></label>`,
  )
  return `<form method="post" action="/b/${code}/start?lang=${language}" autocomplete="off"><fieldset><legend>${unread}</legend>${lines.join('')}</fieldset><label>${secret}<input name="secret" type="password" required inputmode="numeric" maxlength="8" autocomplete="off"></label><button>${mine}: ${start}</button></form>`
}

function beginForms(offer: DoorOffer, language: DriverLanguage): string {
  const { code, pay, choices } = offer
  const words = DOOR_WORDS[language]
  const hold = pay === null ? '' : money(pay.hold, pay.currency, language)
  const paying =
    pay === null
      ? ''
      : `<form method="post" action="/b/${code}/pay?lang=${language}"><button>${words.pay(hold)}</button><p>${words.payNote}</p></form>`
  const choosing = choices.length === 0 ? '' : choiceForm(offer, language)
  return `${choosing}${paying}${proof(code, 'start', language, words.account, words.start, pay === null && choices.length === 0)}`
}

function stopForm({ code, stop }: DoorOffer, language: DriverLanguage): string {
  const words = DOOR_WORDS[language]
  if (stop === null) return ''
  if (stop === 'other') return proof(code, 'stop', language, words.stopOther, words.stop, false)
  return `<details><summary>${words.stop}</summary><form method="post" action="/b/${code}/stop?lang=${language}"><p>${words.own}</p><button>${words.stopSure}</button></form></details>`
}

/** Plate and PIN, folded away until they are asked for. */
function proof(code: string, what: string, language: DriverLanguage, title: string, press: string, open: boolean) {
  const { plate, secret } = DOOR_WORDS[language]
  return `<details${open ? ' open' : ''}><summary>${title}</summary><form method="post" action="/b/${code}/${what}?lang=${language}" autocomplete="off"><label>${plate}<input name="plate" dir="ltr" required maxlength="24" autocapitalize="characters" spellcheck="false"></label><label>${secret}<input name="secret" type="password" required inputmode="numeric" maxlength="8" autocomplete="off"></label><button>${press}</button></form></details>`
}

const money = (amount: string, currency: string, language: DriverLanguage): string =>
  new Intl.NumberFormat(language, { style: 'currency', currency, minimumFractionDigits: 0 }).format(Number(amount))
