/** Words of orders. */
import { words } from './language.ts'

/** The texts of what may be ordered of a bay. */
export const ORDER_WORDS = words({
  en: {
    orders: 'Orders',
    labels: {
      authorize: 'Authorize',
      deny: 'Deny',
      'correct-plate': 'Correct plate',
      'remote-stop': 'Remote stop',
      'release-lock': 'Release lock',
      'out-of-service': 'Out of service',
      'in-service': 'Back in service',
      'learn-empty': 'Learn empty bay',
    },
    send: 'Send',
    sending: 'Sending…',
    notLive: 'NOT LIVE',
    seen: (label: string, seq: number) => `${label}: on record as ${seq}, seen`,
    unseen: (label: string, seq: number) => `${label}: on record as ${seq}, not yet seen here`,
    again: 'No answer came. Sending again is safe: the same order is done once.',
    notAsked: 'The question could not be loaded: the server does not answer. Nothing was done.',
    undo: 'Undo…',
    takeBack: 'Take it back',
    held: (label: string, seconds: number) => `${label}: goes out in ${seconds} s. `,
    notDone: (label: string, why: string) => `${label}: NOT done. ${why}`,
    asked: (label: string, until: string) =>
      `${label}: waits for a second person until ${until}. Nothing was done yet.`,
    key: (label: string) => `order: ${label}`,
  },
  de: {
    orders: 'Anweisungen',
    labels: {
      authorize: 'Freigeben',
      deny: 'Ablehnen',
      'correct-plate': 'Kennzeichen berichtigen',
      'remote-stop': 'Laden beenden',
      'release-lock': 'Sperre lösen',
      'out-of-service': 'Außer Betrieb',
      'in-service': 'Wieder in Betrieb',
      'learn-empty': 'Leeren Platz lernen',
    },
    send: 'Senden',
    sending: 'Wird gesendet…',
    notLive: 'NICHT LIVE',
    seen: (label, seq) => `${label}: im Journal als ${seq}, gesehen`,
    unseen: (label, seq) => `${label}: im Journal als ${seq}, hier noch nicht gesehen`,
    again: 'Es kam keine Antwort. Noch einmal senden ist sicher: Dieselbe Anweisung geschieht einmal.',
    notAsked: 'Die Frage ließ sich nicht laden: Der Server antwortet nicht. Nichts ist geschehen.',
    undo: 'Rückgängig…',
    takeBack: 'Zurücknehmen',
    held: (label, seconds) => `${label}: geht in ${seconds} s hinaus. `,
    notDone: (label, why) => `${label}: NICHT geschehen. ${why}`,
    asked: (label, until) => `${label}: wartet bis ${until} auf einen zweiten Menschen. Noch ist nichts geschehen.`,
    key: (label) => `anweisen: ${label}`,
  },
})
