/** Words of a bay's records. */
import { words } from './language.ts'

/** The texts of the timeline. */
export const TIMELINE_WORDS = words({
  en: {
    records: 'Records',
    older: 'Older',
    source: 'Source',
    sources: { all: 'all', camera: 'camera', charger: 'charger', person: 'person', site: 'site' },
    journalFailed: 'The journal could not be read; it is asked again with the next record.',
    noRecords: 'No records.',
    not: (guard: string) => `not ${guard}`,
  },
  de: {
    records: 'Einträge',
    older: 'Ältere',
    source: 'Quelle',
    sources: { all: 'alle', camera: 'Kamera', charger: 'Ladepunkt', person: 'Mensch', site: 'Standort' },
    journalFailed: 'Das Journal ließ sich nicht lesen; mit dem nächsten Eintrag wird wieder gefragt.',
    noRecords: 'Keine Einträge.',
    not: (guard) => `nicht: ${guard}`,
  },
})
