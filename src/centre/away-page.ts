import { plainPage } from '../plain-page.ts'
import { mainTold, TOLD_HEADERS } from './centre-page.ts'

/** What a driver is told while the site cannot be asked; `pressed`: they pressed something, and nobody knows what became of it. */
const SAID = {
  en: {
    away: 'The page of this bay cannot be reached now.',
    instead:
      'Hold your card (RFID) to the charge point, or call the number on its sign. A charge that runs goes on by itself.',
    pressed: 'Whether what you pressed was taken is not known: open the page of your bay again in a moment.',
  },
  de: {
    away: 'Die Seite dieses Platzes ist gerade nicht erreichbar.',
    instead:
      'Halten Sie Ihre Karte (RFID) an die Ladesäule, oder rufen Sie die Nummer auf dem Schild an. Ein Ladevorgang, der läuft, geht von selbst weiter.',
    pressed:
      'Ob angenommen wurde, was Sie gedrückt haben, ist nicht bekannt: Öffnen Sie die Seite Ihres Platzes gleich noch einmal.',
  },
} as const

/** One quiet page in both languages: nobody is here who could say which is read. */
export function awayPage(pressed: boolean): { readonly headers: typeof TOLD_HEADERS; readonly body: string } {
  const part = (language: 'en' | 'de'): string => {
    const { away, instead, pressed: unknown } = SAID[language]
    return `<section lang="${language}"><p class="big">${away}</p>${pressed ? `<p>${unknown}</p>` : ''}<p>${instead}</p></section>`
  }
  // A page is asked for again by itself; nothing is pressed twice.
  const body = mainTold(`<div data-told>${part('en')}<hr>${part('de')}</div>`, pressed ? 0 : 10)
  return { headers: TOLD_HEADERS, body: plainPage({ title: 'berth', body }) }
}
