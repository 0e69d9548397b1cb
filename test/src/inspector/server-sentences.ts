import { readFileSync } from 'node:fs'

/** A sentence as the sources write it: every `${…}` stands as `7`, which is no word. */
export type Written = { readonly file: string; readonly text: string }

const ROOT = new URL('../../../', import.meta.url)
/** A name that stands in the place of what the sentence names; a number fits where a number is counted. */
const NAMED = '7'

/** The texts of a source that read like sentences: several words with a full stop, or those that `also` picks. */
export function sentencesOf(file: string, also: (text: string) => boolean = () => false): readonly Written[] {
  const source = readFileSync(new URL(file, ROOT), 'utf8').replaceAll(/^\s*(?:\/\*\*|\*|\/\/).*$/gm, '')
  return literalsOf(source)
    .filter((text) => isSentence(text) || also(text))
    .map((text) => ({ file, text }))
}

const isSentence = (text: string): boolean => /^\S+(?: \S+){2,}\.$/.test(text) && !text.includes('\n')

/** What stands between quotes, in the order of the source. */
function literalsOf(source: string): readonly string[] {
  const found: string[] = []
  for (let at = 0; at < source.length; at += 1) {
    const quote = source[at]
    if (quote !== "'" && quote !== '`' && quote !== '"') continue
    const { text, end } = literalAt(source, at, quote)
    found.push(text)
    at = end
  }
  return found
}

function literalAt(source: string, begin: number, quote: string): { readonly text: string; readonly end: number } {
  let text = ''
  for (let at = begin + 1; at < source.length; at += 1) {
    if (source[at] === quote || (quote !== '`' && source[at] === '\n')) return { text, end: at }
    if (source[at] === '\\') {
      at += 1
      text += source[at]
    } else if (quote === '`' && source.startsWith('${', at)) {
      at = closing(source, at + 2)
      text += NAMED
    } else text += source[at]
  }
  return { text, end: source.length }
}

/** Where the brace of a `${` closes; texts within it are passed over. */
function closing(source: string, from: number): number {
  let depth = 1
  for (let at = from; at < source.length; at += 1) {
    const one = source[at]
    if (one === "'" || one === '`' || one === '"') at = literalAt(source, at, one).end
    else if (one === '{') depth += 1
    else if (one === '}') depth -= 1
    if (depth === 0) return at
  }
  return source.length
}
