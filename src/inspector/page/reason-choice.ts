/** Why something is done, chosen from a list: nothing is chosen for anybody, since what goes on record is what a person said. */
import { make, say } from './dom.ts'
import { words } from './language.ts'

const WORDS = words({
  en: { none: '– choose –', missing: 'Choose a reason first: it goes on record with your name.' },
  de: { none: '– bitte wählen –', missing: 'Wählen Sie erst einen Grund: Er kommt mit Ihrem Namen ins Journal.' },
})

/** A list of `reasons` (words by their names), none of them chosen unless `preset` names the one that is plain from what was done. */
export function reasonChoice<Reason extends string>(
  id: string,
  label: string,
  reasons: { readonly [reason in Reason]: string },
  preset: Reason | '' = '',
) {
  const options = Object.entries<string>(reasons).map(([value, text]) => make('option', { value }, text))
  const select = make('select', { id, 'aria-required': 'true' }, make('option', { value: '' }, WORDS.none), ...options)
  select.value = preset
  return {
    /** The label and the list. */
    parts: [make('label', { for: id }, label), select],
    /** The reason; where there is none the list gets the focus, and `says` (null = it is said elsewhere) asks for it. */
    chosen(says: Element | null): Reason | null {
      if (select.value !== '') return select.value as Reason
      if (says !== null) say(says, WORDS.missing)
      select.focus()
      return null
    },
  }
}
