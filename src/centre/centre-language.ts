import type { FastifyReply, FastifyRequest } from 'fastify'
import { DRIVER_LANGUAGES, type DriverLanguage } from '../../actors/card-words.ts'
import { languageOf } from '../driver/driver-page.ts'
import { escaped } from '../escaped-text.ts'
import { inGerman } from '../inspector/page/sentences-german.ts'

/** Languages of the centre's pages: the first where a browser wants none of them. */
export type CentreLanguage = DriverLanguage

type Text = string | ((...args: never[]) => string)
type Texts = { readonly [name: string]: Text | Texts }
/** The same names and arguments, with any text. */
type Same<T> = {
  readonly [name in keyof T]: T[name] extends string
    ? string
    : T[name] extends (...args: infer Args) => string
      ? (...args: Args) => string
      : Same<T[name]>
}

/** Texts by language: English says which there are, and a language that lacks one or has one too many does not compile. */
export function catalogue<const English extends Texts>(texts: {
  readonly en: English
  readonly de: Same<NoInfer<English>>
}): (language: CentreLanguage) => Same<English> {
  const en: unknown = texts.en
  return (language) => (language === 'de' ? texts.de : (en as Same<English>))
}

const COOKIE = 'berth_language'
const YEAR_S = 31_536_000

type Asked = Pick<FastifyRequest, 'headers'> & { readonly query?: unknown }

/** The person's choice on this device, else the browser's first language that is known here; `?lang=` stands above both. */
export function languageFor({ headers, query }: Asked): CentreLanguage {
  const { lang } = (query ?? {}) as { readonly lang?: unknown }
  const kept = new RegExp(`(?:^|;\\s*)${COOKIE}=(\\w{2})(?:;|$)`).exec(headers.cookie ?? '')?.[1]
  return languageOf(typeof lang === 'string' ? lang : kept, headers['accept-language'])
}

/** Keeps a choice on this device. */
export const keepLanguage = (reply: FastifyReply, wanted: string): FastifyReply =>
  DRIVER_LANGUAGES.some((one) => one === wanted)
    ? reply.header('set-cookie', `${COOKIE}=${wanted}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${YEAR_S}`)
    : reply

/** A sentence of a gateway or of the server as markup: in the page's language where it is known in it, with what stands in backticks as code. */
export function sentenceIn(language: CentreLanguage, says: string): string {
  const own = language === 'de' ? inGerman(says) : says
  const text = escaped(own ?? says).replaceAll(/`([^`]+)`/g, '<code>$1</code>')
  return own === null ? `<span lang="en">${text}</span>` : text
}

/** A name of the field (a role, a state) in the page's language. */
export const nameIn = (language: CentreLanguage, name: string): string =>
  (language === 'de' ? inGerman(name) : null) ?? name
