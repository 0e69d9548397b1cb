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
  /** In which form that was pressed: of the masked plates, or of plate and PIN. */
  readonly pressedIn: 'choice' | 'plate'
}

/** What is said beside the fields that it is about: their form is open then, and has the focus. */
const BESIDE: readonly (DriverSays | null)[] = ['wrong', 'pause', 'not-yours']

/** The form that what is said is about, null where it is about none that is there. */
function formSaidOf({ says, pressedIn, begin, stop, choices }: DoorOffer): DoorOffer['pressedIn'] | null {
  if (!BESIDE.includes(says)) return null
  if (pressedIn === 'choice') return begin && choices.length > 0 ? 'choice' : null
  return begin || stop === 'other' ? 'plate' : null
}

/** The forms of the driver page, as markup: plain forms, so that they work without scripts. */
export function doorForms(offer: DoorOffer, language: DriverLanguage): string {
  return `${offer.begin ? beginForms(offer, language) : ''}${stopForm(offer, language)}`
}

/** What came of the last press, as markup; empty where nothing did. */
export function doorSays(offer: DoorOffer, language: DriverLanguage): string {
  const { says, stop } = offer
  if (formSaidOf(offer) !== null) return ''
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

/** The sentence above the fields of a form, where a phone's keyboard hides it not, and what ties them to it; nothing where it is about another form, or none. */
function besideFields(offer: DoorOffer, form: DoorOffer['pressedIn'], language: DriverLanguage) {
  const { says } = offer
  if (says === null || formSaidOf(offer) !== form) return { isAbout: false, ties: '', focus: '', sentence: '' }
  const sentence = `<p role="alert" id="wrong">${DOOR_WORDS[language].says[says]}</p>`
  return { isAbout: true, ties: ' aria-invalid="true" aria-describedby="wrong"', focus: ' autofocus', sentence }
}

/** One of the plates that were read, and the PIN of its account: nobody need type it, and nobody learns it. */
function choiceForm(offer: DoorOffer, language: DriverLanguage): string {
  const { code, choices } = offer
  const { unread, start, mine } = DOOR_WORDS[language]
  const { ties, focus, sentence } = besideFields(offer, 'choice', language)
  const lines = choices.map(
    ({ mark, masked }) =>
      `<label class="choice"><input type="radio" name="choice" value="${escaped(mark)}" required><span dir="ltr">${escaped(masked)}</span></label>`,
  )
  return `<form method="post" action="/b/${code}/start?lang=${language}" autocomplete="off"><fieldset><legend>${unread(choices.length)}</legend>${lines.join('')}</fieldset>${sentence}${secretField(`${ties}${focus}`, language)}<button>${mine}: ${start}</button></form>`
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
  return `${choosing}${paying}${proof(offer, 'start', language)}`
}

function stopForm(offer: DoorOffer, language: DriverLanguage): string {
  const { code, stop } = offer
  const words = DOOR_WORDS[language]
  if (stop === null) return ''
  if (stop === 'other') return proof(offer, 'stop', language)
  return `<details><summary>${words.stop}</summary><form method="post" action="/b/${code}/stop?lang=${language}"><p>${words.own}</p><button class="stop">${words.stopSure}</button></form></details>`
}

/** Plate and PIN, folded away until they are asked for, or were wrong. */
function proof(offer: DoorOffer, what: 'start' | 'stop', language: DriverLanguage): string {
  const { code, pay, choices } = offer
  const { plate, account, start, stop, stopOther, whoStops } = DOOR_WORDS[language]
  const { isAbout, ties, focus, sentence } = besideFields(offer, 'plate', language)
  const isOpen = isAbout || (what === 'start' && pay === null && choices.length === 0)
  const [title, button] = what === 'start' ? [account, `<button>${start}`] : [stopOther, `<button class="stop">${stop}`]
  const plateField = `<label>${plate}<input name="plate" dir="ltr" required maxlength="24" autocapitalize="characters" spellcheck="false"${ties}${focus}></label>`
  return `<details${isOpen ? ' open' : ''}><summary>${title}</summary><form method="post" action="/b/${code}/${what}?lang=${language}" autocomplete="off">${sentence || (what === 'stop' ? `<p>${whoStops}</p>` : '')}${plateField}${secretField(ties, language)}${button}</button></form></details>`
}

const secretField = (more: string, language: DriverLanguage): string =>
  `<label>${DOOR_WORDS[language].secret}<input name="secret" type="password" required inputmode="numeric" maxlength="8" autocomplete="off"${more}></label>`

const money = (amount: string, currency: string, language: DriverLanguage): string =>
  new Intl.NumberFormat(language, { style: 'currency', currency, minimumFractionDigits: 0 }).format(Number(amount))
