/** Words of the screen on which a camera of this computer is tried. */
import { words } from './language.ts'

/** The texts of the screen of `berth try`. */
export const TRY_WORDS = words({
  en: {
    title: 'Try it',
    says: 'Hold a plate up to the camera. Its pictures go to this computer only.',
    denied: 'The browser gives no camera. Allow it, on localhost or over HTTPS, and reload.',
    refused: (status: number) => `The intake answers ${status}.`,
    sent: (count: number) => `${count} pictures sent`,
    camera: 'Picture of this camera',
    open: 'Open the bay',
  },
  de: {
    title: 'Ausprobieren',
    says: 'Halten Sie ein Kennzeichen in die Kamera. Die Bilder gehen nur an diesen Rechner.',
    denied: 'Der Browser gibt keine Kamera frei. Erlauben Sie sie, auf localhost oder über HTTPS, und laden Sie neu.',
    refused: (status) => `Die Annahme antwortet mit ${status}.`,
    sent: (count) => `${count} Bilder gesendet`,
    camera: 'Bild dieser Kamera',
    open: 'Platz öffnen',
  },
})
