/** Words of the board and of what needs a person. */
import { words } from './language.ts'

/** The texts of the board. */
export const BOARD_WORDS = words({
  en: {
    needYou: 'Need you',
    bays: 'Bays',
    nobody: 'Nobody needs you.',
    unknown: 'Not known now: the site is not heard.',
    cameras: 'Cameras',
    camerasBlind: (count: number) => `Cameras: ${count === 0 ? 'none blind' : `${count} blind`}`,
    queueName: 'Reviews',
    queue: (parts: string) => `Review queue: ${parts}`,
    waiting: (count: number) => `${count} waiting`,
    toCheck: (count: number) => `${count} to check`,
    whichPlate: (reason: string) => `Which plate is it? ${reason}.`,
    openAndAnswer: 'Open the bay and answer.',
    isAtIt: (by: string) => `${by} is at it.`,
    site: 'site',
    noPlate: 'no plate',
    needsYou: 'needs you',
  },
  de: {
    needYou: 'Braucht Sie',
    bays: 'Plätze',
    nobody: 'Niemand braucht Sie.',
    unknown: 'Gerade nicht bekannt: Der Standort ist nicht zu hören.',
    cameras: 'Kameras',
    camerasBlind: (count) => `Kameras: ${count === 0 ? 'keine blind' : `${count} blind`}`,
    queueName: 'Prüfliste',
    queue: (parts) => `Prüfliste: ${parts}`,
    waiting: (count) => `${count} warten`,
    toCheck: (count) => `${count} zu prüfen`,
    whichPlate: (reason) => `Welches Kennzeichen ist es? ${reason}.`,
    openAndAnswer: 'Öffnen Sie den Platz und antworten Sie.',
    isAtIt: (by) => `${by} ist dabei.`,
    site: 'Standort',
    noPlate: 'kein Kennzeichen',
    needsYou: 'braucht Sie',
  },
})
