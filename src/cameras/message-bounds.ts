/** Deepest nesting that a message may have: real ones have six. What is deeper exhausts the stack of whoever walks it. */
const DEEPEST = 64
/** Most tags that an XML message may have: real ones have two hundred. */
const MOST_TAGS = 2_000

/** A text without these characters at its ends. Walks from each end once: a pattern tries again at every place of a long run. */
export function withoutEnds(text: string, isEdge: (letter: string) => boolean): string {
  let [from, to] = [0, text.length]
  while (from < to && isEdge(text[from] ?? '')) from += 1
  while (to > from && isEdge(text[to - 1] ?? '')) to -= 1
  return text.slice(from, to)
}

/** Space of any kind, by the letter. */
export const isSpace = (letter: string): boolean => letter.trim() === ''

/** Whether JSON text nests no deeper than any device does. Looks at brackets outside of strings only; passes over strings whole. */
export function isShallowJson(text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charCodeAt(at)
    if (letter === 0x22) at = stringEnd(text, at + 1)
    else if (letter === 0x5b || letter === 0x7b) depth += 1
    else if (letter === 0x5d || letter === 0x7d) depth -= 1
    if (depth > DEEPEST) return false
  }
  return true
}

/** The place of the quote that ends the string which begins at `from`; the text's end where none does. */
function stringEnd(text: string, from: number): number {
  for (let end = text.indexOf('"', from); end >= 0; end = text.indexOf('"', end + 1)) {
    let back = end
    while (back > from && text.charCodeAt(back - 1) === 0x5c) back -= 1
    if ((end - back) % 2 === 0) return end
  }
  return text.length
}

/** Whether XML text has no more tags than any device writes, and so no deeper nesting either. */
export function isSmallXml(text: string): boolean {
  let tags = 0
  for (let at = text.indexOf('<'); at >= 0 && tags <= MOST_TAGS; at = text.indexOf('<', at + 1)) tags += 1
  return tags <= MOST_TAGS
}
