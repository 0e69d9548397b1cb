/** A promise of a story was not kept: `what` was promised, in words. */
export class PromiseBroken extends Error {
  readonly what: string
  readonly expected: unknown
  readonly actual: unknown

  constructor(what: string, expected: unknown, actual: unknown) {
    super(`Promise broken: ${what} should be ${shown(expected)} and is ${shown(actual)}.`)
    this.name = 'PromiseBroken'
    this.what = what
    this.expected = expected
    this.actual = actual
  }
}

/** A plain value as people read it: `{exit: exit-seen, energy_Wh: 600}`, and `none` for null. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'none'
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`
  if (!isFields(value)) return String(value)
  const fields = Object.entries(value).map(([key, one]) => `${key}: ${shown(one)}`)
  return `{${fields.join(', ')}}`
}

/** Deep equality of plain values: primitives, lists, objects of fields. A field that is undefined is a field left out. */
export function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, at) => equal(one, b[at]))
  if (!isFields(a) || !isFields(b)) return false
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => equal(a[key], b[key]))
}

/** True where `actual` says all that `pattern` says, and may say more in its objects; lists have one length. */
export function matches(actual: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern))
    return (
      Array.isArray(actual) && actual.length === pattern.length && pattern.every((one, at) => matches(actual[at], one))
    )
  if (!isFields(pattern)) return equal(actual, pattern)
  return isFields(actual) && Object.entries(pattern).every(([key, one]) => matches(actual[key], one))
}

const isFields = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
