/** What comes next, in the page's language: the server's sentences are English. */
import type { BayView } from '../../../projections/bay-view.ts'
import { language } from './language.ts'
import { inWords } from './told-words.ts'

/** By the detail of the statechart: what is expected there. */
const EXPECTED: { readonly [detail: string]: string } = {
  vacant: 'ein Fahrzeug kommt',
  collecting: 'Lesungen, die sich über ein Kennzeichen einig sind',
  'second-reading': 'der zweite Leser antwortet',
  'in-review': 'ein Mensch liest das Kennzeichen, oder der Fahrer zeigt eine Karte',
  claiming: 'der Standort sagt, ob ein anderer Platz dieses Fahrzeug hat',
  asking: 'das Register sagt, wer zahlt',
  starting: 'der Ladepunkt beantwortet den Start',
  'awaiting-plug': 'das Fahrzeug wird angesteckt und die Transaktion beginnt',
  fallback: 'eine Karte, ein Mensch, oder doch noch Einigkeit über das Kennzeichen',
  denied: 'das Fahrzeug fährt ab, oder eine gültige Karte wird gezeigt',
  charging: 'die Transaktion endet, oder der Stecker kommt heraus',
  suspended: 'es fließt wieder Strom, oder die Transaktion endet',
  frozen: 'der Ladepunkt verbindet sich wieder',
  contradicted: 'Kamera und Ladepunkt sind sich wieder einig, oder die Transaktion endet',
  'still-plugged': 'das Kabel wird abgezogen',
  'still-here': 'das Fahrzeug fährt ab',
  unseen: 'die Zone bleibt leer',
  unconfirmed: 'ein Zeichen des Fahrzeugs, oder seines Fehlens',
}

/** Of a free bay that cannot be used. */
const OFF: { readonly [service in Exclude<BayView['service'], 'in-service'>]: string } = {
  'out-of-service': 'jemand nimmt den Platz wieder in Betrieb',
  faulted: 'der Ladepunkt meldet, dass die Störung vorbei ist',
}

/** Deadlines, by the server's sentence. */
const OVER: { readonly [what: string]: string } = {
  'the time for reads that agree is over': 'die Zeit für einige Lesungen ist um',
  'the time of the second reader is over': 'die Zeit des zweiten Lesers ist um',
  'nobody has looked: card and QR remain': 'niemand hat hingesehen: Karte und Code bleiben',
  'no answer on who may charge: card and QR remain': 'keine Antwort, wer laden darf: Karte und Code bleiben',
  'the time to plug in is over: card and QR remain': 'die Zeit zum Anstecken ist um: Karte und Code bleiben',
}

/** What is expected of a bay. */
export function expectedText({ state, detail, service, next }: BayView): string {
  if (language !== 'de') return next.expect
  const isOff = state === 'vacant' && service !== 'in-service'
  return (isOff ? OFF[service] : EXPECTED[detail.split('.').at(-1) ?? '']) ?? inWords(next.expect)
}

/** What a deadline means; the server's own sentence where this page has none. */
export const deadlineText = (what: string): string => (language === 'de' ? OVER[what] : undefined) ?? inWords(what)

/** Details that are said in German: for the test that no state of the chart is left out. */
export const saidInGerman = (): readonly string[] => Object.keys(EXPECTED)
