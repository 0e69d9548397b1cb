/** Words of what meters said. */
import { words } from './language.ts'

/** The texts of the panel. */
export const METER_WORDS = words({
  en: {
    current: 'Current',
    energy: 'Energy since the first reading shown',
    none: 'The meters said nothing in this time.',
    ofSession: (since: string) => `This session, since ${since}.`,
    lastHours: (since: string) => `No session is open; since ${since}.`,
  },
  de: {
    current: 'Strom',
    energy: 'Energie seit dem ersten gezeigten Wert',
    none: 'Die Zähler haben in dieser Zeit nichts gemeldet.',
    ofSession: (since) => `Dieser Ladevorgang, seit ${since}.`,
    lastHours: (since) => `Kein Ladevorgang ist offen; seit ${since}.`,
  },
})
