/** Words of the recorded scenarios. */
import { words } from './language.ts'

/** The texts of their list. */
export const SCENARIO_WORDS = words({
  en: {
    title: 'Scenarios',
    about:
      'Situations that real sites have seen, played by the machines that run here. Nothing of it happened at a site, and nothing can be ordered.',
    nonePlayed: 'This site lives and plays no scenarios. “berth play --inspect” shows them on any computer.',
    asking: 'Asking…',
    find: 'Find',
    found: (count: number, of: number) => `${count} of ${of} cases`,
    opening: 'It is played, and opens in a moment.',
    given: 'given',
    when: 'when',
    wanted: 'then',
    watch: (story: number) => `Watch promise ${story}`,
  },
  de: {
    title: 'Fälle',
    about:
      'Lagen, die echte Standorte erlebt haben, gespielt von den Maschinen, die hier laufen. Nichts davon ist an einem Standort geschehen, und nichts lässt sich anweisen.',
    nonePlayed: 'Dieser Standort lebt und spielt keine Fälle. „berth play --inspect“ zeigt sie auf jedem Rechner.',
    asking: 'Wird gefragt …',
    find: 'Suchen',
    found: (count, of) => `${count} von ${of} Fällen`,
    opening: 'Der Fall wird gespielt und öffnet gleich.',
    given: 'gegeben',
    when: 'wenn',
    wanted: 'dann',
    watch: (story) => `Zusage ${story} ansehen`,
  },
})
