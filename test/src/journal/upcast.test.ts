import { expect, test } from 'vitest'
import { type StoredRecord, upcast } from '../../../src/journal/upcast.ts'

const record = (schema: number): StoredRecord => ({ schema, seq: 7, cause: { type: 'meter.values', amps: 6 } })

test('a record of the newest schema is taken as it stands', () => {
  const one = record(1)
  expect(upcast(one)).toBe(one)
})

test('an older record is lifted step by step, and is itself not touched', () => {
  const one = record(1)
  const lifted = upcast(one, [
    ({ cause, ...rest }) => ({ ...rest, cause: { type: 'meter.values', current_A: (cause as { amps: number }).amps } }),
    (older) => ({ ...older, added: true }),
  ])
  expect(lifted).toEqual({ schema: 3, seq: 7, cause: { type: 'meter.values', current_A: 6 }, added: true })
  expect(one).toEqual(record(1))
  expect(upcast(record(2), [(older) => older, (older) => ({ ...older, added: true })])).toMatchObject({ added: true })
})

test('a record of a schema that is not known yet is refused with what to do', () => {
  for (const schema of [2, 0, 1.5])
    expect(() => upcast(record(schema))).toThrow(/was written in schema .* use the version/)
})
