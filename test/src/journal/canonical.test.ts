import { expect, test } from 'vitest'
import { canonicalJson } from '../../../src/journal/canonical.ts'
import { fc } from '../../seeded-check.ts'

test('members are sorted by UTF-16 code units at every depth, whatever order they came in', () => {
  expect(canonicalJson({ b: 1, a: { d: [{ z: 1, y: 2 }], c: null } })).toBe(
    '{"a":{"c":null,"d":[{"y":2,"z":1}]},"b":1}',
  )
  // RFC 8785's own example: the car (a surrogate pair) sorts before the letter that is one unit above it.
  expect(canonicalJson({ '\ufb33': 1, '\u{1f697}': 2, '\r': 3, '1': 4, '€': 5 })).toBe(
    '{"\\r":3,"1":4,"€":5,"\u{1f697}":2,"\ufb33":1}',
  )
})

test('what JSON can hold comes back as it was, and the order of members never matters', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'grapheme', maxDepth: 4 }), (value) => {
      const text = canonicalJson(value)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(canonicalJson(reversed(value))).toBe(text)
      expect(canonicalJson(JSON.parse(text))).toBe(text)
    }),
  )
})

test('numbers and texts are written as JSON.stringify writes them, undefined members not at all', () => {
  for (const value of [0, -0, 1e21, 1e-7, 0.1 + 0.2, 123_456_789_012, 'a"b\\c\u0001\u2028', '', 'ß', 'x'.repeat(100)])
    expect(canonicalJson(value)).toBe(JSON.stringify(value))
  expect(canonicalJson({ a: undefined, b: 1, c: undefined })).toBe('{"b":1}')
  expect(canonicalJson({ a: undefined })).toBe('{}')
})

test('what has no JSON form is refused, also as a name', () => {
  for (const value of [
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    'x\udc00',
    { 'x\ud800': 1 },
    [undefined],
    () => 1,
    1n,
    Symbol('x'),
  ]) {
    expect(() => canonicalJson({ deep: [value] })).toThrow(/has no JSON form/)
  }
})

test('more shapes than it remembers are still written in order', () => {
  for (let i = 0; i < 6_000; i++) expect(canonicalJson({ [`z${i}`]: 1, [`a${i}`]: 2 })).toBe(`{"a${i}":2,"z${i}":1}`)
})

/** The same value with every object's members the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, reversed(inner)]),
  )
}
