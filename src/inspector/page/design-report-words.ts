/** Words of the report of a simulated site. */
import { words } from './language.ts'

/** The texts of its screen, and of the bar over one of its visits. */
export const DESIGN_REPORT_WORDS = words({
  en: {
    title: 'Simulation report',
    of: (site: string) => `Simulation report: ${site}`,
    about:
      'A site that was simulated with the machines that run here. Nothing of it happened, and nothing can be ordered.',
    none: 'No report is shown here. “berth sim show DIR” shows the one that “berth sim run” wrote.',
    asking: 'Asking…',
    opening: 'Its journal is opened.',
    badly: 'What went badly',
    each: 'Of each kind of trouble one visit: its bay, record by record, from where the vehicle came.',
    nothing: 'Nothing went badly, or these results have no journals.',
    watch: 'Watch',
    visit: (bay: number, replication: number, index: number) =>
      `bay ${bay}, visit ${index} of replication ${replication}`,
    page: 'The report',
    alone: 'Open it alone',
    tongue: '',
    back: 'The report',
    shown: (site: string, bay: number, trouble: string) =>
      `Nothing of this happened at a site. It was simulated for ${site}: bay ${bay}, ${trouble}.`,
    troubles: {
      'wrong-payer': 'the wrong one was to pay',
      'wrong-bay': 'taken for a vehicle in another bay',
      'misread-accepted': 'a misread plate was accepted',
      'false-release': 'let go while still there',
      'not-charged': 'never charged',
      'late-release': 'let go late',
      slow: 'slow to charge',
    },
  },
  de: {
    title: 'Simulationsbericht',
    of: (site) => `Simulationsbericht: ${site}`,
    about:
      'Ein Standort, der mit den Maschinen simuliert wurde, die hier laufen. Nichts davon ist geschehen, und nichts lässt sich anweisen.',
    none: 'Hier wird kein Bericht gezeigt. „berth sim show ORDNER“ zeigt den, den „berth sim run“ geschrieben hat.',
    asking: 'Wird gefragt …',
    opening: 'Das Journal wird geöffnet.',
    badly: 'Was schlecht lief',
    each: 'Von jeder Art ein Besuch: der Platz, Eintrag für Eintrag, ab der Ankunft des Fahrzeugs.',
    nothing: 'Nichts lief schlecht, oder zu diesen Ergebnissen gibt es keine Journale.',
    watch: 'Ansehen',
    visit: (bay, replication, index) => `Platz ${bay}, Besuch ${index} im Durchlauf ${replication}`,
    page: 'Der Bericht (auf Englisch)',
    alone: 'Allein öffnen',
    tongue: 'Der Bericht selbst ist auf Englisch.',
    back: 'Zum Bericht',
    shown: (site, bay, trouble) =>
      `Nichts davon ist an einem Standort geschehen. Es wurde für ${site} simuliert: Platz ${bay}, ${trouble}.`,
    troubles: {
      'wrong-payer': 'der Falsche sollte zahlen',
      'wrong-bay': 'für ein Fahrzeug auf einem anderen Platz gehalten',
      'misread-accepted': 'ein falsch gelesenes Kennzeichen wurde angenommen',
      'false-release': 'freigegeben, obwohl das Fahrzeug noch dort stand',
      'not-charged': 'nie geladen',
      'late-release': 'spät freigegeben',
      slow: 'langsam bis zum Laden',
    },
  },
})

/** A kind of trouble in words; its own name where it has none. */
export const troubleWord = (trouble: string): string =>
  (DESIGN_REPORT_WORDS.troubles as { readonly [name: string]: string })[trouble] ?? trouble
