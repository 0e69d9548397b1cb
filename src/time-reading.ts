/** A time or a day as a person types it, as ISO 8601 UTC with milliseconds, so that texts compare as times do; null where it is none. */
export function readTime(text: string): string | null {
  const known = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$/.test(text)
  const time = known ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}
