/** The language of the page, its words by language, and its numbers. */

/** Languages of the inspector; the first where a browser wants none of them. */
export const LANGUAGES = ['en', 'de'] as const
export type Language = (typeof LANGUAGES)[number]

/** What each calls itself. */
export const NAMES: { readonly [language in Language]: string } = { en: 'English', de: 'Deutsch' }

const KEPT = 'berth-language'
const known = (name: string | null | undefined): Language | undefined =>
  LANGUAGES.find((one) => one === (name ?? '').toLowerCase().split('-')[0])

/** The person's choice on this device, else the browser's first language that is known here. */
function preferred(): Language {
  if (typeof document === 'undefined') return 'en'
  let kept: string | null = null
  try {
    kept = localStorage.getItem(KEPT)
  } catch {
    // A browser that keeps nothing asks its settings each time.
  }
  return known(kept) ?? navigator.languages.map(known).find((one) => one !== undefined) ?? 'en'
}

/** The language of this page; it changes with a reload only. */
export const language: Language = preferred()
if (typeof document !== 'undefined') document.documentElement.lang = language

/** Takes another language on this device, for all its pages. */
export function chooseLanguage(wanted: Language): void {
  try {
    localStorage.setItem(KEPT, wanted)
  } catch {
    // Then the choice cannot be kept, and the page stays as it is.
  }
  location.reload()
}

type Text = string | ((...args: never[]) => string)
type Texts = { readonly [name: string]: Text | Texts }
/** The same names and arguments, with any text. */
export type WordsLike<T> = {
  readonly [name in keyof T]: T[name] extends string
    ? string
    : T[name] extends (...args: infer Args) => string
      ? (...args: Args) => string
      : WordsLike<T[name]>
}

/** A catalogue: English says which texts there are, and a language that lacks one or has one too many does not compile. Answers the page's language. */
export function words<const English extends Texts>(texts: {
  readonly en: English
  readonly de: WordsLike<NoInfer<English>>
}): WordsLike<English> {
  const en: unknown = texts.en
  return language === 'de' ? texts.de : (en as WordsLike<English>)
}

/** For `Intl`: how numbers and dates are written. */
export const LOCALE = language === 'de' ? 'de-DE' : 'en-GB'

const formats = new Map<number, Intl.NumberFormat>()

/** A number with exactly so many decimals: `6.1`, `6,1`. */
export function decimal(value: number, digits: number): string {
  let format = formats.get(digits)
  if (format === undefined) {
    format = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: digits, maximumFractionDigits: digits })
    formats.set(digits, format)
  }
  return format.format(value)
}

/** `95 %` of 0.95. */
export const percent = (share: number): string => `${decimal(share * 100, 0)} %`
