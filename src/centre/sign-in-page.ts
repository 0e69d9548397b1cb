import type { DriverLanguage } from '../../actors/card-words.ts'
import { escaped } from '../escaped-text.ts'
import { sentenceIn } from './centre-language.ts'
import { centrePage } from './centre-page.ts'

/** What somebody is told who is not signed in, or is not any more. */
export type SignInSays = 'wrong-token' | 'signed-out' | 'denied' | 'away' | 'broken' | 'old' | 'no-role' | 'no-site'

type Words = {
  readonly title: string
  readonly at: (provider: string) => string
  readonly token: string
  readonly withToken: string
  readonly signIn: string
  readonly says: { readonly [says in SignInSays]: string }
}

const WORDS: { readonly [language in DriverLanguage]: Words } = {
  en: {
    title: 'Sites: sign in',
    at: (provider) => `Sign in at ${provider}`,
    token: 'Token',
    withToken: 'With the admin token',
    signIn: 'Sign in',
    says: {
      'wrong-token': 'Nobody holds this token; check it and send it again.',
      'signed-out': 'You are signed out here. At the provider you may be signed in still.',
      denied: 'The provider did not let you in; try again, or ask whoever runs it.',
      away: 'The provider does not answer; try again in a moment. Until then the admin token lets in.',
      broken:
        'The provider’s answer does not hold, so nobody was signed in; try again. The log of the centre says why.',
      old: 'This sign-in took too long or was used before; begin again.',
      'no-role':
        'You are known, but none of your groups may do anything here; ask whoever runs the centre to map one (`login.oidc.roles`).',
      'no-site':
        'You are known, but none of your groups may see a site; ask whoever runs the centre to map one (`login.oidc.sites`).',
    },
  },
  de: {
    title: 'Standorte: anmelden',
    at: (provider) => `Bei ${provider} anmelden`,
    token: 'Token',
    withToken: 'Mit dem Admin-Token',
    signIn: 'Anmelden',
    says: {
      'wrong-token': 'Niemand hat dieses Token; prüfen Sie es und senden Sie es erneut.',
      'signed-out': 'Sie sind hier abgemeldet. Beim Anbieter sind Sie vielleicht noch angemeldet.',
      denied: 'Der Anbieter hat Sie nicht eingelassen; versuchen Sie es erneut oder fragen Sie, wer ihn betreibt.',
      away: 'Der Anbieter antwortet nicht; versuchen Sie es gleich noch einmal. Bis dahin lässt das Admin-Token ein.',
      broken:
        'Die Antwort des Anbieters ist nicht gültig, darum wurde niemand angemeldet; versuchen Sie es erneut. Warum, steht im Log der Zentrale.',
      old: 'Diese Anmeldung dauerte zu lange oder wurde schon benutzt; beginnen Sie neu.',
      'no-role':
        'Sie sind bekannt, aber keine Ihrer Gruppen darf hier etwas tun; bitten Sie, wer die Zentrale betreibt, eine zuzuordnen (`login.oidc.roles`).',
      'no-site':
        'Sie sind bekannt, aber keine Ihrer Gruppen darf einen Standort sehen; bitten Sie, wer die Zentrale betreibt, eine zuzuordnen (`login.oidc.sites`).',
    },
  },
}

export type SignInPage = {
  readonly language: DriverLanguage
  /** Null where nothing is to be said. */
  readonly says: SignInSays | null
  /** Host of the provider; null where there is none. */
  readonly provider: string | null
  /** Whether there is an admin token. */
  readonly takesToken: boolean
  /** The page to come back to. */
  readonly to: string
}

/** Asks who it is: at the provider first, and by the admin token for when that is away. */
export function signInPage({ language, says, provider, takesToken, to }: SignInPage): string {
  const words = WORDS[language]
  const told = says === null ? '' : `<p role="alert" class="big">${sentenceIn('en', words.says[says])}</p>`
  const field = `<label>${words.token} <input name="token" type="password" autocomplete="current-password" required></label>`
  const form = `<form method="post" action="/login">${field} <button>${words.signIn}</button></form>`
  const at = `<p><a class="button" href="/login/oidc?to=${encodeURIComponent(to)}">${escaped(words.at(provider ?? ''))}</a></p>`
  const byToken = provider === null ? form : `<details><summary>${words.withToken}</summary>${form}</details>`
  const main = `<h1>${words.title}</h1>${told}${provider === null ? '' : at}${takesToken ? byToken : ''}`
  return centrePage({ title: words.title, main, around: { language, who: null, path: to } })
}
