import { fc } from '../../seeded-check.ts'

/** A valid text with one thing changed somewhere: a value replaced, a field dropped, or its text cut or stirred. */
export function mutations(valid: readonly unknown[], count: number, seed: number): string[] {
  const junk = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(null, '', -1, 1e308, '__proto__', [], {}, { toString: 1 }, '\ud800', 'Z'.repeat(3_000)),
    fc.string({ unit: 'binary', maxLength: 200 }),
  )
  const one = fc
    .tuple(fc.constantFrom(...valid), fc.nat(), junk, fc.constantFrom('replace', 'drop', 'cut', 'stir'), fc.nat())
    .map((picked) => mutate(...picked))
  return fc.sample(one, { numRuns: count, seed })
}

/** A valid message with one thing changed somewhere: a value replaced, a field dropped, or its text cut or stirred. */
export function mutate(frame: unknown, where: number, value: unknown, how: string, at: number): string {
  const text = JSON.stringify(frame)
  if (how === 'cut') return text.slice(0, at % text.length)
  if (how === 'stir')
    return text.slice(0, at % text.length) + String.fromCharCode(at % 0x250) + text.slice((at % text.length) + 1)
  const places: [object, string][] = []
  const copy: unknown = JSON.parse(text, function (this: object, key, part: unknown) {
    places.push([this, key])
    return part
  })
  const [holder, key] = places[where % places.length] ?? [{}, '']
  if (key === '') return JSON.stringify(value)
  if (how === 'drop') Reflect.deleteProperty(holder, key)
  else Reflect.set(holder, key, value)
  return JSON.stringify(copy)
}
