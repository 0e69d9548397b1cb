/** Words of the queue of reviews, where one item is shown at a time. */
import { words } from './language.ts'

/** The texts of the queue. */
export const QUEUE_WORDS = words({
  en: {
    item: 'The review under your hand',
    place: (of: number) => `1 of ${of}`,
    mayNot: (count: number) =>
      `${count === 1 ? 'One read waits' : `${count} reads wait`} for a person; your role may look at the board, not answer.`,
    othersAtIt: (count: number) => `${count} more, and somebody else is at each of them.`,
    begin: 'Look at it, and keep it for me',
    mine: 'It is yours: nobody else can answer. A minute without a sign from you sets it free.',
    free: 'A minute without a sign: it is anybody’s again.',
    settled: 'This one was settled meanwhile, without you. Nothing was sent.',
    next: 'To the next one',
    later: 'Leave it, take the next one',
    enhanced: (number: number) => `Picture ${number} with its contrast raised`,
    plates: 'Which one is it?',
    nearOne: (plate: string, account: string) => `${plate} (one character away; ${account})`,
    heldBack: (answer: string, where: string, seconds: number) =>
      `${answer}, ${where}: goes out in ${seconds} s. Nothing was sent yet.`,
    undo: 'Back to it',
    sending: (answer: string, where: string) => `${answer}, ${where}: sending…`,
    sent: (answer: string, where: string) => `${answer}, ${where}: on record.`,
    refused: (answer: string, where: string, says: string) => `${answer}, ${where}: NOT done. ${says}`,
    unsure: (answer: string, where: string) =>
      `${answer}, ${where}: no answer came. Look whether it is still in the queue.`,
    somewhere: 'a bay',
    keys: {
      begin: 'look at it, or go to the next one',
      type: 'type another plate',
      notAPlate: 'not a plate',
      unreadable: 'cannot be read',
      later: 'leave it, take the next one',
      undo: 'back to the last one, while its answer has not gone out',
    },
  },
  de: {
    item: 'Die Rückfrage unter Ihrer Hand',
    place: (of) => `1 von ${of}`,
    mayNot: (count) =>
      `${count === 1 ? 'Eine Lesung wartet' : `${count} Lesungen warten`} auf einen Menschen; Ihre Rolle darf zusehen, nicht antworten.`,
    othersAtIt: (count) => `Noch ${count}, und an jeder ist jemand anderes.`,
    begin: 'Ansehen und für mich behalten',
    mine: 'Sie gehört Ihnen: Niemand sonst kann antworten. Eine Minute ohne Zeichen von Ihnen gibt sie frei.',
    free: 'Eine Minute ohne Zeichen: Sie gehört wieder allen.',
    settled: 'Diese wurde inzwischen ohne Sie erledigt. Nichts wurde gesendet.',
    next: 'Zur nächsten',
    later: 'Liegen lassen, die nächste nehmen',
    enhanced: (number) => `Bild ${number} mit erhöhtem Kontrast`,
    plates: 'Welches ist es?',
    nearOne: (plate, account) => `${plate} (ein Zeichen entfernt; ${account})`,
    heldBack: (answer, where, seconds) => `${answer}, ${where}: geht in ${seconds} s hinaus. Noch ist nichts gesendet.`,
    undo: 'Zurück dazu',
    sending: (answer, where) => `${answer}, ${where}: wird gesendet…`,
    sent: (answer, where) => `${answer}, ${where}: im Journal.`,
    refused: (answer, where, says) => `${answer}, ${where}: NICHT geschehen. ${says}`,
    unsure: (answer, where) =>
      `${answer}, ${where}: Es kam keine Antwort. Sehen Sie nach, ob sie noch in der Liste steht.`,
    somewhere: 'ein Platz',
    keys: {
      begin: 'ansehen, oder zur nächsten',
      type: 'ein anderes Kennzeichen tippen',
      notAPlate: 'kein Kennzeichen',
      unreadable: 'nicht lesbar',
      later: 'liegen lassen, die nächste nehmen',
      undo: 'zurück zur letzten, solange ihre Antwort nicht hinaus ist',
    },
  },
})
