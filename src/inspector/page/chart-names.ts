/** Names of states in the page's language, in a drawing that was made with the English ones. */
import { mark, say } from './dom.ts'
import { placeWord } from './guard-words.ts'

/** What a bold letter takes, and what the drawing leaves at each side of a name, in its units. */
const LETTER = 8.4
const EDGE = 12

/** Puts words into boxes that were drawn for others: a longer one is set narrower, never over the edge. */
export function nameStates(svg: SVGSVGElement): void {
  for (const text of svg.querySelectorAll('[data-state] > text')) {
    const drawn = text.textContent ?? ''
    const word = placeWord(drawn)
    const box = text.previousElementSibling
    const width = Number(box?.getAttribute('width'))
    say(text, word)
    if (word.length <= drawn.length || word.length * LETTER <= width - 2 * EDGE) continue
    mark(text, 'x', String(Number(box?.getAttribute('x')) + EDGE / 2))
    mark(text, 'textLength', String(width - EDGE))
    mark(text, 'lengthAdjust', 'spacingAndGlyphs')
  }
}
