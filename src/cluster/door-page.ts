import { isIP } from 'node:net'
import type { DriverLanguage } from '../../actors/card-words.ts'
import { languageOf } from '../driver/driver-page.ts'
import { escaped } from '../escaped-text.ts'
import { plainPage } from '../plain-page.ts'

type Words = {
  readonly title: string
  readonly says: string
  readonly how: string
  readonly site: string
  readonly who: string
}

const WORDS: { readonly [language in DriverLanguage]: Words } = {
  en: {
    title: 'Which site?',
    says: 'Several sites stand behind this address, and yours names none of them.',
    how: 'Put the id of your site before it:',
    site: 'SITE',
    who: 'Whoever runs the sites knows the ids; this page does not tell them.',
  },
  de: {
    title: 'Welcher Standort?',
    says: 'Hinter dieser Adresse stehen mehrere Standorte, und Ihre nennt keinen davon.',
    how: 'Setzen Sie die Kennung Ihres Standorts davor:',
    site: 'STANDORT',
    who: 'Die Kennungen kennt, wer die Standorte betreibt; diese Seite nennt sie nicht.',
  },
}

/** What a browser is shown at the door of a node that does not know which site it wants; `host` as it asked. No site is named: who knocks may be anybody. */
export function doorPage(host: string, scheme: 'http' | 'https', accepts: string | undefined): string {
  const language = languageOf(undefined, accepts)
  const words = WORDS[language]
  const [name = ''] = host.split(':')
  // An address of numbers has no names before it; a host that names a site that is not here is not the sites’ own.
  const isNamed = /^[\w.-]+(?::\d+)?$/.test(host) && isIP(name) === 0
  const rest = name.split('.').length > 2 ? host.slice(host.indexOf('.') + 1) : host
  const address = isNamed ? `${scheme}://${words.site}.${rest}/` : `${scheme}://${words.site}.berth.example/`
  const main = `<main><h1>${words.title}</h1><p>${words.says}</p><p>${words.how} <code>${escaped(address)}</code></p><p class="quiet">${words.who}</p></main>`
  return plainPage({ title: words.title, body: main, language })
}
