/** Words of the picture of a bay. */
import { words } from './language.ts'

/** The texts of a bay’s picture, its plates and votes. */
export const PICTURE_WORDS = words({
  en: {
    noCamera: 'No camera has a zone of this bay.',
    camera: 'Camera',
    silent: 'What is seen there is not known now: ',
    plates: 'Plates in this picture',
    none: 'No plate is read in this picture.',
    vehicle: (bayId: string | null) => (bayId === null ? 'vehicle' : `vehicle, ${bayId}`),
    vehicles: (bays: readonly (string | null)[]) =>
      `Dotted: where the camera itself told of a vehicle within the last minute (${bays.map((bayId) => bayId ?? 'in no bay').join(', ')}).`,
    here: 'in this bay',
    beside: (bayId: string) => `in ${bayId}`,
    sure: (confidence: string) => `${confidence} sure`,
    character: (letter: string, confidence: string) => `${letter} ${confidence}`,
    votes: 'Votes of this visit',
    noVotes: 'Nothing was read in this visit.',
    vote: (reads: number, of: number) => `${reads} of ${of} ${of === 1 ? 'read' : 'reads'}`,
    crop: (plate: string) => `The plate that was read as ${plate}`,
  },
  de: {
    noCamera: 'Keine Kamera hat eine Zone dieses Platzes.',
    camera: 'Kamera',
    silent: 'Was dort zu sehen ist, ist gerade nicht bekannt: ',
    plates: 'Kennzeichen in diesem Bild',
    none: 'In diesem Bild wird kein Kennzeichen gelesen.',
    vehicle: (bayId) => (bayId === null ? 'Fahrzeug' : `Fahrzeug, ${bayId}`),
    vehicles: (bays) =>
      `Gepunktet: wo die Kamera selbst in der letzten Minute ein Fahrzeug meldete (${bays.map((bayId) => bayId ?? 'auf keinem Platz').join(', ')}).`,
    here: 'auf diesem Platz',
    beside: (bayId) => `auf ${bayId}`,
    sure: (confidence) => `${confidence} sicher`,
    character: (letter, confidence) => `${letter} ${confidence}`,
    votes: 'Stimmen dieses Besuchs',
    noVotes: 'In diesem Besuch wurde nichts gelesen.',
    vote: (reads, of) => `${reads} von ${of} ${of === 1 ? 'Lesung' : 'Lesungen'}`,
    crop: (plate) => `Das Kennzeichen, das als ${plate} gelesen wurde`,
  },
})
