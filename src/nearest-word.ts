/** The known word with the fewest edits to `word`, or null where none is near enough to be a slip of the hand. */
export function nearestWord(word: string, known: readonly string[]): string | null {
  const ranked = known.map((one) => ({ one, edits: edits(word.toLowerCase(), one.toLowerCase()) }))
  const best = ranked.sort((a, b) => a.edits - b.edits)[0]
  return best && best.edits <= Math.max(2, best.one.length / 2) ? best.one : null
}

/** Levenshtein distance; only the first 40 letters of `a` count. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a.slice(0, 40)].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const swap = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(swap, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
