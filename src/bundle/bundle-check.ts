import { Fault } from '../../machines/faults.ts'

/** Shorter texts are in everything by chance: words of a few letters, and counts (of transactions, of observations). */
const isTelling = (text: string): boolean => text.length >= (/\p{L}/u.test(text) ? 5 : 9)
const WORD = /[\p{L}\p{N}]+/gu

/**
 * None of these texts is in the bundle any more, but for those that `isOwn` to it: words of the machines, and names that were invented.
 * Throws Fault BODY_INVALID: nothing is written then.
 */
export function demandNobody(body: string, originals: readonly string[], isOwn: (text: string) => boolean): void {
  const words = new Set(body.match(WORD))
  for (const text of originals) {
    if (!isTelling(text) || isOwn(text)) continue
    // A long bundle names many: it is looked through for a text only where its words are in it at all.
    const isThere = (text.match(WORD) ?? []).every((word) => words.has(word)) && standsIn(body, text)
    if (!isThere) continue
    const says =
      'Something of the original would have stood in the bundle, so it was not written; report this with the version of berth.'
    throw new Fault('BODY_INVALID', {}, { says })
  }
}

/** As a whole word: `track` is part of other words. */
function standsIn(body: string, text: string): boolean {
  const written = JSON.stringify(text).slice(1, -1)
  const isPart = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character)
  for (let at = body.indexOf(written); at >= 0; at = body.indexOf(written, at + 1))
    if (!isPart(body[at - 1]) && !isPart(body[at + written.length])) return true
  return false
}
