import { createRequire } from 'node:module'
import { fc } from '../../seeded-check.ts'

type Schema = {
  readonly type?: string
  readonly $ref?: string
  readonly enum?: readonly string[]
  readonly format?: string
  readonly maxLength?: number
  readonly properties?: { readonly [name: string]: Schema }
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly definitions?: { readonly [name: string]: Schema }
}

const require = createRequire(import.meta.url)

/** The payloads of one action, of its calls and of its answers. */
export type ActionPayloads = {
  readonly action: string
  readonly call: fc.Arbitrary<unknown>
  readonly answer: fc.Arbitrary<unknown>
}

/** Every action of a version with payloads as its schemas have them: what is required always, all else now and then. */
export function actionPayloads(version: '1_6' | '2_0_1' | '2_1'): ActionPayloads[] {
  const schemas = require(`ocpp-rpc/lib/schemas/ocpp${version}.json`) as (Schema & { readonly $id: string })[]
  const find = (...ids: string[]) => schemas.find(({ $id }) => ids.includes($id))
  return schemas.flatMap((call) => {
    const action = /^urn:(\w+?)(?:\.req|Request)$/.exec(call.$id)?.[1]
    const answer = find(`urn:${action}.conf`, `urn:${action}Response`)
    return action === undefined || !answer
      ? []
      : [{ action, call: madeOf(call, call, 0), answer: madeOf(answer, answer, 0) }]
  })
}

function madeOf(schema: Schema, root: Schema, depth: number): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) {
    const named = root.definitions?.[schema.$ref.split('/').at(-1) ?? '']
    if (!named) throw new Error(`no ${schema.$ref}`)
    return madeOf(named, root, depth)
  }
  if (schema.enum) return fc.constantFrom(...schema.enum)
  switch (schema.type) {
    case 'object':
      return objectOf(schema, root, depth)
    case 'array':
      return fc.array(madeOf(schema.items ?? {}, root, depth + 1), { minLength: 1, maxLength: 2 })
    case 'integer':
      return fc.integer({ min: 0 })
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true })
    case 'boolean':
      return fc.boolean()
    default:
      if (schema.format === 'date-time') return fc.constantFrom('2026-11-22T10:00:00Z', '2026-11-22T11:00:00.123+01:00')
      return fc.string({ unit: 'grapheme', maxLength: Math.min(schema.maxLength ?? 20, 20) })
  }
}

function objectOf(schema: Schema, root: Schema, depth: number): fc.Arbitrary<unknown> {
  const { properties = {}, required = [] } = schema
  const names = Object.keys(properties).filter((name) => required.includes(name) || depth < 3)
  const fields = Object.fromEntries(names.map((name) => [name, madeOf(properties[name] ?? {}, root, depth + 1)]))
  return fc.record(fields, { requiredKeys: required.filter((name) => names.includes(name)), noNullPrototype: true })
}
