import { type CentreLanguage, catalogue } from './centre-language.ts'

/** What states of a bay are called, as at the site. */
const states = catalogue({
  en: {
    vacant: 'free',
    detecting: 'seeing',
    authorizing: 'asking',
    'charging-locked': 'charging',
    exiting: 'leaving',
  },
  de: {
    vacant: 'frei',
    detecting: 'erkennt',
    authorizing: 'fragt an',
    'charging-locked': 'lädt',
    exiting: 'fährt ab',
  },
})

/** A state's name; one that this berth does not know as it stands in the record. */
export function stateName(language: CentreLanguage, state: string): string {
  const names: { readonly [state: string]: string } = states(language)
  return Object.hasOwn(names, state) ? (names[state] ?? state) : state
}
