/** Words of plots. */
import { words } from './language.ts'

/** The texts around every plot. */
export const PLOT_WORDS = words({
  en: {
    lines: 'Lines',
    notKnown: 'not known',
    nothing: 'Nothing is known of this time.',
    unknown: (name: string) => `${name}: not known.`,
    span: (from: string, to: string) => `From ${from} to ${to}.`,
    between: (name: string, low: string, high: string, last: string) => `${name}: ${low} to ${high}, last ${last}.`,
    most: (name: string, high: string, place: string) => `${name}: ${high} at most, ${place}.`,
    asTable: 'As a table',
    tableOf: (title: string) => `${title}, as a table`,
    newest: (count: number, of: number) => `The newest ${count} of ${of}.`,
  },
  de: {
    lines: 'Linien',
    notKnown: 'nicht bekannt',
    nothing: 'Von dieser Zeit ist nichts bekannt.',
    unknown: (name) => `${name}: nicht bekannt.`,
    span: (from, to) => `Von ${from} bis ${to}.`,
    between: (name, low, high, last) => `${name}: ${low} bis ${high}, zuletzt ${last}.`,
    most: (name, high, place) => `${name}: höchstens ${high}, ${place.replace(/\.$/, '')}.`,
    asTable: 'Als Tabelle',
    tableOf: (title) => `${title}, als Tabelle`,
    newest: (count, of) => `Die neuesten ${count} von ${of}.`,
  },
})
