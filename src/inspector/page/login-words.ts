/** Words of the page that asks for a token. */
import { words } from './language.ts'

/** The texts of signing in. */
export const LOGIN_WORDS = words({
  en: {
    title: 'berth: sign in',
    token: 'Token',
    signIn: 'Sign in',
    yours:
      'Your token is the line of letters and digits that whoever runs this site gave you. This device is asked once.',
    none: 'You have none?',
    ask: 'Ask whoever runs this site for one of your own: it says who you are and what you may do.',
    make: 'Whoever runs it makes one for each person and each screen, where berth runs:',
    first: 'Before there is any, what BERTH_ADMIN_TOKEN holds there is the first one.',
  },
  de: {
    title: 'berth: anmelden',
    token: 'Token',
    signIn: 'Anmelden',
    yours:
      'Ihr Token ist die Zeile aus Buchstaben und Ziffern, die Sie vom Betreiber des Standorts haben. Dieses Gerät wird einmal gefragt.',
    none: 'Sie haben keines?',
    ask: 'Bitten Sie den Betreiber um ein eigenes: Es sagt, wer Sie sind und was Sie dürfen.',
    make: 'Der Betreiber macht eines für jeden Menschen und jeden Bildschirm, dort, wo berth läuft:',
    first: 'Solange es keines gibt, ist das erste, was dort in BERTH_ADMIN_TOKEN steht.',
  },
})
