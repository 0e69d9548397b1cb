/** Words of orders that wait for a second person. */
import { words } from './language.ts'

/** The texts of their panel. */
export const SECOND_WORDS = words({
  en: {
    title: 'Waits for a second person',
    asks: (by: string, label: string, why: string) => `${by} ordered “${label}” (${why}). To be agreed to `,
    other: 'You gave this order: somebody else must agree to it.',
    agree: (label: string) => `I agree: ${label}`,
    refuse: 'Refuse it',
    plate: 'Plate: ',
    pays: (account: string) => `Would pay: ${account}`,
    against: (why: string) => `It would be refused now: ${why}`,
  },
  de: {
    title: 'Wartet auf einen zweiten Menschen',
    asks: (by, label, why) => `${by} hat „${label}“ angewiesen (${why}). Zustimmung `,
    other: 'Sie haben das angewiesen: Jemand anderes muss zustimmen.',
    agree: (label) => `Ich stimme zu: ${label}`,
    refuse: 'Ablehnen',
    plate: 'Kennzeichen: ',
    pays: (account) => `Zahlen würde: ${account}`,
    against: (why) => `Sie würde jetzt abgelehnt: ${why}`,
  },
})
