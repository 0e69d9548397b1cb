/** Words of the question before an order: loaded by who gives or agrees to one. */
import { words } from './language.ts'

/** The texts of the question. */
export const ORDER_FORM_WORDS = words({
  en: {
    warns: {
      authorize: 'The account pays for this visit, and the charge starts.',
      deny: 'This visit gets no energy unless a card is shown.',
      'correct-plate': 'Both readings stay on record; who pays follows the new one.',
      'remote-stop': 'The charge point is told to end the transaction.',
      'release-lock': 'Your word declares the transaction dead and ends the visit. This cannot be undone.',
      'out-of-service': 'No new visit starts here until the bay is back.',
      'in-service': 'Visits start here again.',
      'learn-empty': 'What the cameras see now counts as the empty bay. Look: is it really empty?',
    },
    reasons: {
      'driver-asked': 'driver asked',
      'wrong-plate': 'wrong plate',
      'wrong-account': 'wrong account',
      maintenance: 'maintenance',
      blocked: 'blocked',
      emergency: 'emergency',
      test: 'test',
      other: 'other',
    },
    asks: { plate: 'Plate as it should be', accountId: 'Account that pays' },
    reason: 'Reason',
    cancel: 'Cancel',
    now: (state: string) => `Now ${state}.`,
    lockedBy: (state: string, reasons: string) => `Now ${state}, locked by ${reasons}.`,
    changed: (now: string) => `The bay changed meanwhile: it is now ${now}. Nothing was done; decide again.`,
  },
  de: {
    warns: {
      authorize: 'Dieses Konto zahlt den Besuch, und das Laden beginnt.',
      deny: 'Dieser Besuch bekommt keinen Strom, außer es wird eine Karte gezeigt.',
      'correct-plate': 'Beide Lesungen bleiben im Journal; wer zahlt, folgt der neuen.',
      'remote-stop': 'Der Ladepunkt wird angewiesen, die Transaktion zu beenden.',
      'release-lock':
        'Ihr Wort erklärt die Transaktion für tot und beendet den Besuch. Das lässt sich nicht zurücknehmen.',
      'out-of-service': 'Hier beginnt kein Besuch mehr, bis der Platz zurück ist.',
      'in-service': 'Hier beginnen wieder Besuche.',
      'learn-empty': 'Was die Kameras jetzt sehen, gilt als leerer Platz. Sehen Sie hin: Ist er wirklich leer?',
    },
    reasons: {
      'driver-asked': 'Wunsch des Fahrers',
      'wrong-plate': 'falsches Kennzeichen',
      'wrong-account': 'falsches Konto',
      maintenance: 'Wartung',
      blocked: 'blockiert',
      emergency: 'Notfall',
      test: 'Probe',
      other: 'anderes',
    },
    asks: { plate: 'Kennzeichen, wie es sein soll', accountId: 'Konto, das zahlt' },
    reason: 'Grund',
    cancel: 'Abbrechen',
    now: (state) => `Jetzt ${state}.`,
    lockedBy: (state, reasons) => `Jetzt ${state}, gesperrt durch ${reasons}.`,
    changed: (now) => `Der Platz hat sich inzwischen geändert: jetzt ${now}. Nichts wurde getan; entscheiden Sie neu.`,
  },
})
