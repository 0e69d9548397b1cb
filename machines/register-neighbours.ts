/** Two keys that one misread character turns into each other; `a` and `b` are positions in the list asked about, a < b. */
export type Neighbours = { readonly a: number; readonly b: number }

/**
 * Every pair of distinct keys one edit apart (a character other, more or fewer), in time that grows with the keys and their
 * pairs, not with their square: keys that agree but for one place share a gap, a longer key holds the shorter as one of its deletions.
 * `keys` are folded plates, each once. The pairs come one by one, since a fleet numbered in sequence has tens for each vehicle.
 */
export function* neighbours(keys: readonly string[]): Generator<Neighbours> {
  const place = new Map(keys.map((key, index) => [key, index]))
  const gaps = new Map<string, number[]>()
  for (const [index, key] of keys.entries()) {
    const shorter = new Set<string>()
    for (let at = 0; at < key.length; at += 1) {
      const rest = key.slice(0, at) + key.slice(at + 1)
      // The place is part of the name: keys with equal rests at different places are two edits apart.
      const gap = `${at}:${rest}`
      const sharing = gaps.get(gap)
      if (sharing === undefined) gaps.set(gap, [index])
      else {
        for (const other of sharing) yield { a: other, b: index }
        sharing.push(index)
      }
      shorter.add(rest)
    }
    for (const rest of shorter) {
      const other = place.get(rest)
      if (other !== undefined) yield { a: Math.min(other, index), b: Math.max(other, index) }
    }
  }
}
