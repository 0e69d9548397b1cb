/** Words of a recording. */
import { words } from './language.ts'

/** The texts of the bar above a recording. */
export const RECORDING_WORDS = words({
  en: {
    recording: 'Recording',
    place: 'Place in the recording',
    back: 'Back',
    next: 'Next',
    at: (at: number, of: number, what: string) => `Recording, ${at} of ${of}: ${what}`,
  },
  de: {
    recording: 'Aufzeichnung',
    place: 'Stelle in der Aufzeichnung',
    back: 'Zurück',
    next: 'Weiter',
    at: (at, of, what) => `Aufzeichnung, ${at} von ${of}: ${what}`,
  },
})
