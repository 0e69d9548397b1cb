/**
 * What the desk keeps in memory of strangers' plates and of answered commands: weeks of a busy garage. An older plate is shown by its
 * handle, an older command sent again is taken as a new one.
 */
const NEWEST = 2_000

/** Keeps the newest of a map, 2,000 where nothing else is said; what is set again is new again. */
export function keepNewest<T>(kept: Map<string, T>, key: string, value: T, most = NEWEST): void {
  kept.delete(key)
  kept.set(key, value)
  for (const oldest of kept.keys()) {
    if (kept.size <= most) return
    kept.delete(oldest)
  }
}
