/** A JSON Schema (2020-12), or a part of one. */
export type Schema = { readonly [keyword: string]: unknown }

/** A reference to a schema below. */
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })

/** A text. */
export const text: Schema = { type: 'string' }
/** A text, or null. */
export const maybeText: Schema = { type: ['string', 'null'] }
/** ISO 8601 UTC. */
export const time: Schema = { type: 'string', format: 'date-time' }
/** ISO 8601 UTC, or null. */
export const maybeTime: Schema = { type: ['string', 'null'], format: 'date-time' }
/** A whole number from 0. */
export const count: Schema = { type: 'integer', minimum: 0 }
/** A number; its unit is in its name. */
export const amount: Schema = { type: 'number' }
/** Such a number, or null. */
export const maybeAmount: Schema = { type: ['number', 'null'] }
/** Yes or no. */
export const flag: Schema = { type: 'boolean' }
/** An id that a caller makes. */
export const id: Schema = { type: 'string', minLength: 1, maxLength: 128 }
/** A list. */
export const listOf = (items: Schema): Schema => ({ type: 'array', items })
/** One of these words. */
export const oneOf = (...values: (string | null)[]): Schema => ({ enum: values })
/** This, or null. */
export const maybe = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] })

/** An answer: all properties are there, and more may come in later versions. */
export const answer = (properties: Schema, optional: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
})
/** A body: only these properties, the required ones named. */
export const body = (properties: Schema, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
