/** Words of the reports. */
import { words } from './language.ts'

/** The texts of the screen of reports. */
export const REPORT_WORDS = words({
  en: {
    title: 'Reports',
    which: 'Report',
    names: {
      sessions: 'charging sessions',
      occupancy: 'occupancy by hour',
      visits: 'visits',
      fleets: 'fleets and accounts by day',
      reviews: 'reviews',
      alarms: 'alarms',
    },
    bay: 'Bay',
    first: 'First',
    on: 'Next page',
    show: 'Show',
    rows: (count: number, more: string) => `${count} rows${more}`,
    moreLie: ', more on the next page',
    none: 'No rows.',
    csv: 'All as CSV',
    table: 'Rows of the report',
  },
  de: {
    title: 'Berichte',
    which: 'Bericht',
    names: {
      sessions: 'Ladevorgänge',
      occupancy: 'Belegung je Stunde',
      visits: 'Besuche',
      fleets: 'Flotten und Konten je Tag',
      reviews: 'Rückfragen',
      alarms: 'Alarme',
    },
    bay: 'Platz',
    first: 'Anfang',
    on: 'Nächste Seite',
    show: 'Zeigen',
    rows: (count, more) => `${count} Zeilen${more}`,
    moreLie: ', weitere auf der nächsten Seite',
    none: 'Keine Zeilen.',
    csv: 'Alles als CSV',
    table: 'Zeilen des Berichts',
  },
})
