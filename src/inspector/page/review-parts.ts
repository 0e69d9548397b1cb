/** Pieces that a card and the queue show alike. */
import { make, say } from './dom.ts'
import { REVIEW_WORDS as WORDS } from './review-words.ts'

/** Past its deadline a review stays: its answer is still worth something. */
export const deadline = (by: string | null) =>
  by !== null && make('time', { 'data-until': by, 'data-late': WORDS.late, datetime: by })

/** A button. */
export const press = (label: string, onclick: () => unknown, className: string | null = null) =>
  make('button', { type: 'button', class: className, onclick }, label)

/** `isFinal`: what is typed cannot be taken back, so that it is shown once more before it is sent. `key`: how a hand comes here. */
export function typedForm(answer: (plate: string) => unknown, isFinal: boolean, key = ''): HTMLElement {
  const ready = make('button', { type: 'submit' }, WORDS.thisPlate)
  let shown = ''
  const typed = make('input', {
    maxlength: '16',
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: 'false',
    class: 'plate',
    dir: 'ltr',
  })
  const onsubmit = (event: Event) => {
    event.preventDefault()
    const text = typed.value.trim()
    if (text === '') return
    if (!isFinal || shown === text) {
      answer(text)
      return
    }
    shown = text
    say(ready, WORDS.forGood(text.toUpperCase()))
  }
  const oninput = () => {
    shown = ''
    say(ready, WORDS.thisPlate)
  }
  const line = make('span', { class: 'typed' }, typed, ready)
  return make('form', { onsubmit, oninput }, make('label', {}, `${WORDS.another}${key}`, line))
}
