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
    asksZones: (by: string, why: string) => `${by} would publish zones (${why}). To be agreed to `,
    look: 'Show it in the picture',
    looked: 'It is your draft now, to look at: agree or refuse below, or give it up.',
    ownFirst: 'Publish or give up your own draft first to see this one in the picture.',
    agreeZones: 'I agree: publish them',
    waits: (until: string) =>
      `Nothing counts yet: somebody else must agree until ${until}. Your draft stays here until then.`,
    secondName: (name: string) => `, agreed to by ${name}`,
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
    asksZones: (by, why) => `${by} möchte Zonen veröffentlichen (${why}). Zustimmung `,
    look: 'Im Bild zeigen',
    looked: 'Er ist jetzt Ihr Entwurf, zum Ansehen: Stimmen Sie unten zu, lehnen Sie ab, oder geben Sie ihn auf.',
    ownFirst: 'Veröffentlichen Sie erst Ihren eigenen Entwurf, oder geben Sie ihn auf, um diesen im Bild zu sehen.',
    agreeZones: 'Ich stimme zu: veröffentlichen',
    waits: (until) => `Noch gilt nichts: Jemand anderes muss bis ${until} zustimmen. Ihr Entwurf bleibt so lange hier.`,
    secondName: (name) => `, zugestimmt hat ${name}`,
  },
})
