/** One place of a true plate in one frame: what was read there ('' = lost), how surely, and what was read before it that is not there. */
export type ReadPlace = {
  readonly read: string
  readonly sure: number | null
  readonly before: string
  readonly beforeSure: number
}
/** A text by the places of the truth, and what follows the last of them. */
export type Aligned = { readonly places: readonly ReadPlace[]; readonly after: string; readonly afterSure: number }

/** Least edits that make the truth the text, by place of the truth. */
export function alignRead(
  truth: string,
  text: string,
  characters: readonly number[],
): { readonly edits: number; readonly aligned: Aligned } {
  const rows = editRows(truth, text)
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY
  const sure = (j: number): number => characters[j] ?? 0
  const places: ReadPlace[] = []
  let grown = { text: '', sure: 1 }
  let after = { text: '', sure: 1 }
  let [i, j] = [truth.length, text.length]
  const close = (place: Omit<ReadPlace, 'before' | 'beforeSure'>): void => {
    const next = places[0]
    if (next === undefined) after = grown
    else places[0] = { ...next, before: grown.text, beforeSure: grown.sure }
    grown = { text: '', sure: 1 }
    places.unshift({ ...place, before: '', beforeSure: 1 })
  }
  while (i > 0 || j > 0) {
    const isSwap = i > 0 && j > 0 && at(i, j) === at(i - 1, j - 1) + (truth[i - 1] === text[j - 1] ? 0 : 1)
    if (isSwap) {
      i -= 1
      j -= 1
      close({ read: text[j] as string, sure: sure(j) })
    } else if (i > 0 && at(i, j) === at(i - 1, j) + 1) {
      i -= 1
      // What stands beside a lost character tells how sure the reader was there.
      const beside = [characters[j - 1], characters[j]].filter((one) => one !== undefined)
      close({ read: '', sure: beside.length === 0 ? null : Math.min(...beside) })
    } else {
      j -= 1
      grown = { text: (text[j] as string) + grown.text, sure: Math.min(grown.sure, sure(j)) }
    }
  }
  const first = places[0]
  if (first !== undefined) places[0] = { ...first, before: grown.text, beforeSure: grown.sure }
  return { edits: at(truth.length, text.length), aligned: { places, after: after.text, afterSure: after.sure } }
}

/** Levenshtein's table: row i, column j = edits between the first i characters of the truth and the first j of the text. */
function editRows(truth: string, text: string): readonly (readonly number[])[] {
  const rows = [Array.from({ length: text.length + 1 }, (_, at) => at)]
  for (let i = 1; i <= truth.length; i += 1) {
    const above = rows[i - 1] as number[]
    const row = [i]
    for (let j = 1; j <= text.length; j += 1) {
      const swap = (above[j - 1] as number) + (truth[i - 1] === text[j - 1] ? 0 : 1)
      row.push(Math.min(swap, (above[j] as number) + 1, (row[j - 1] as number) + 1))
    }
    rows.push(row)
  }
  return rows
}
