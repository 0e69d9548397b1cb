import type { ErrorObject } from 'ajv/dist/2020.js'
import { nearestWord } from './nearest-word.ts'
import type { Path, Problem, Source } from './site-source.ts'

/** One error of a schema in the words of whoever wrote the file. Schemas name a number's unit as `x-unit`. */
export function schemaProblem(error: ErrorObject, source: Source): Problem {
  const path = pathOf(error.instancePath, source.value)
  const params = error.params as Record<string, unknown>
  if (error.keyword === 'additionalProperties') {
    const key = String(params['additionalProperty'])
    const { properties } = error.parentSchema as { properties: { readonly [key: string]: Shape } }
    const known = Object.keys(properties)
    const near = withUnit(key, known) ?? nearestWord(key, known)
    const hint = near
      ? `\`${near}\`${written(properties[near])}, or one of: ${known.join(', ')}`
      : `one of: ${known.join(', ')}`
    return source.problem([...path, key], `unknown key \`${key}\``, hint, 'key')
  }
  if (error.keyword === 'required') {
    const key = String(params['missingProperty'])
    return source.problem([...path, key], `\`${key}\` is missing`, missing(key, error.parentSchema as Shape))
  }
  if (error.keyword === 'uniqueItems') return source.problem(path, `${label(path)} names one twice`, 'each once')
  return source.problem(
    path,
    `${label(path)} is ${shown(error.data, source.hides(path) || path.length === 0)}`,
    wanted(error, params),
  )
}

/** What a schema says of one key. */
type Shape = {
  readonly type?: string | readonly string[]
  readonly 'x-unit'?: string
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Shape[]
  readonly properties?: { readonly [key: string]: Shape }
}

/** A key that must be there: what it is, in which range and unit, and what it is for. */
function missing(key: string, { properties }: Shape): string {
  const shape = properties?.[key]
  if (shape?.enum?.length === 1) return `\`${key}: ${String(shape.enum[0])}\``
  const kind = shape && kindOf(shape)
  const about = shape?.description?.replace(/\.$/, '').replace(/^([A-Z])(?=[a-z ])/, (first) => first.toLowerCase())
  if (!kind) return `\`${key}\` here${about ? ` (${about})` : ''}`
  return `\`${key}: …\`, ${kind}${about ? ` (${about})` : ''}`
}

/** What a value may be; null where only its parts say so. */
function kindOf(shape: Shape): string | null {
  if (shape.enum) return `one of: ${shape.enum.join(', ')}`
  const kinds = (shape.anyOf ?? []).map(kindOf).filter((one) => one !== null)
  if (kinds.length > 0) return [...new Set(kinds)].join(' or ')
  if (shape.type === undefined) return null
  const unit = shape['x-unit'] && shape['x-unit'] !== SHARE ? shape['x-unit'] : null
  const kindAs = (type: string): string => {
    const bounded = type === 'number' || type === 'integer' ? range({ ...shape, type }) : null
    return bounded === null
      ? `${typeOf(type, {})}${unit && type !== 'null' ? `, ${unit}` : ''}`
      : `${bounded}${unit ? ` ${unit}` : ''}`
  }
  return (typeof shape.type === 'string' ? [shape.type] : shape.type).map(kindAs).join(' or ')
}

/** `power` where `power_kW` is known: the same name without its unit. */
const withUnit = (key: string, known: readonly string[]): string | null =>
  known.find((one) => one.toLowerCase().startsWith(`${key.toLowerCase().replace(/_.*$/, '')}_`)) ?? null

/** What to write for a key that has a unit. */
const written = (shape: Shape | undefined): string =>
  shape?.['x-unit'] === undefined ? '' : ` (${typeOf(shape.type ?? 'number', null)}, ${shape['x-unit']})`

/** What the schema wanted there. */
function wanted(error: ErrorObject, params: Record<string, unknown>): string {
  const unit = (error.parentSchema as { 'x-unit'?: string } | undefined)?.['x-unit']
  const units = unit && unit !== SHARE ? ` ${unit}` : ''
  switch (error.keyword) {
    case 'type':
      return (
        numberMeant(error) ??
        `${typeOf(params['type'] as string | readonly string[], error.data)}${unit ? `, ${unit}` : ''}`
      )
    case 'enum':
      return `one of: ${(params['allowedValues'] as unknown[]).join(', ')}`
    case 'pattern':
      return PATTERNS[String(params['pattern'])] ?? `text like ${String(params['pattern'])}`
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum': {
      const shape = error.parentSchema as Shape
      // What may be null as well says so.
      if (Array.isArray(shape.type)) return kindOf(shape) ?? ''
      return `${range(error.parentSchema as Bounds) ?? `a number ${String(params['comparison'])} ${String(params['limit'])}`}${units}`
    }
    case 'minItems':
      return `at least ${entries(params['limit'])}`
    case 'maxItems':
      return `at most ${entries(params['limit'])}`
    case 'minLength':
      return `at least ${String(params['limit'])} characters`
    case 'maxLength':
      return `at most ${String(params['limit'])} characters`
    default:
      return error.message ?? 'something else'
  }
}

/** What a number may be, and how the text that stands there is written as one; null where no number is wanted, or its value may not be shown. */
function numberMeant({ data, parentSchema }: ErrorObject): string | null {
  const shape = parentSchema as Shape
  if (![shape.type].flat().some((type) => type === 'number' || type === 'integer')) return null
  const meant = typeof data === 'string' ? asNumber(data.trim(), shape['x-unit'] ?? '') : null
  return `${kindOf(shape)}${meant === null ? '' : `, here ${meant}`}`
}

/** `11kW`, `11,5`, `3 %`, `1/500` or a number in quotes as YAML writes a number; null where none is meant. */
function asNumber(text: string, unit: string): string | null {
  const [, number = '', rest = ''] = /^(-?\d{1,9}(?:[.,]\d{1,9})?)\s*(.{0,12})$/.exec(text) ?? []
  const value = Number(number.replace(',', '.'))
  if (number === '') return null
  if (rest === '') return number.includes(',') ? String(value) : `${value} without quotes`
  if (rest === '%') return String(Number((value / 100).toPrecision(6)))
  const divisor = /^\/\s*(\d{1,6})$/.exec(rest)?.[1]
  if (divisor !== undefined)
    return Number(divisor) > 0 ? String(Number((value / Number(divisor)).toPrecision(3))) : null
  // The key says the unit already. Another unit would be another number.
  return rest.toLowerCase() === unit.toLowerCase() ? String(value) : null
}

const entries = (limit: unknown): string => `${String(limit)} ${limit === 1 ? 'entry' : 'entries'}`

/** The unit of shares, which their bounds say already. */
const SHARE = '0..1'

type Bounds = Shape & { readonly minimum?: number; readonly exclusiveMinimum?: number; readonly maximum?: number }

/** Both ends of what a number may be; null where it has only one. */
function range({ type, minimum, exclusiveMinimum, maximum }: Bounds): string | null {
  if (maximum === undefined) return null
  const number = type === 'integer' ? 'a whole number' : 'a number'
  if (minimum !== undefined) return `${number} from ${minimum} to ${maximum}`
  return exclusiveMinimum === undefined ? null : `${number} above ${exclusiveMinimum}, up to ${maximum}`
}

const typeOf = (type: string | readonly string[], data: unknown): string =>
  typeof type === 'string'
    ? `${TYPES[type] ?? type}${type === 'string' && typeof data !== 'object' ? ' (put it in quotes)' : ''}`
    : type.map((one) => typeOf(one, data)).join(' or ')

const TYPES: Readonly<Record<string, string>> = {
  object: 'a mapping (key: value)',
  array: 'a list',
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
}

/** The schema's patterns in words. */
const PATTERNS: Readonly<Record<string, string>> = {
  '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$': 'up to 64 letters, digits, `-`, `_` or `.`, a letter or digit first',
  '^[A-Za-z0-9*+._:|@-]{1,48}$': 'an OCPP identity: up to 48 letters, digits or any of *+._:|@-',
  '^wss?://[^/?#]+[^?#]*$': 'an address that begins with wss:// or ws://, without ? and #',
  '^(hamburg-public|us-workplace|rates|.+\\.json)$':
    'hamburg-public, us-workplace, rates, or a demand file of `berth sim fit` (NAME.json)',
  '^(2|4|5|6|8|12)MP-1/(3|2\\.8|2\\.7|2\\.5|2|1\\.8|1\\.2)$':
    'megapixels (2, 4, 5, 6, 8 or 12) and sensor type, such as 4MP-1/2.7',
  '^(19|20)\\d\\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$': 'a day, such as 2026-01-05',
  '^[A-Z]{2}$': 'two capital letters (ISO 3166)',
  '^[A-Z]{3}$': 'three capital letters',
  '^[A-Z0-9]{3}$': 'three capital letters or digits',
  '^\\d{1,9}(\\.\\d{1,6})?$': 'a decimal of 0 or more, at most six digits after the point',
  '^mqtts?://[^/]': 'an address that begins with mqtt:// or mqtts://',
  '^[^#+]{1,200}$': 'a topic without # and +',
  '^https?://[^/]': 'an address that begins with http:// or https://',
  '^[A-Za-z0-9._~-]{1,128}$': 'up to 128 letters, digits, `-`, `_`, `.` or `~`: it is part of an address',
}

const label = (path: Path): string => {
  const last = path.at(-1)
  return typeof last === 'string' ? `\`${last}\`` : last === undefined ? 'the file' : 'this'
}

/** A value as an error may show it: short, and never a secret. */
function shown(value: unknown, hidden: boolean): string {
  if (value === null || value === undefined) return 'empty'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return 'a mapping'
  if (hidden) return 'something else (not shown)'
  if (typeof value === 'number') return String(value)
  return JSON.stringify(typeof value === 'string' ? value.slice(0, 40) : value)
}

/** A JSON pointer as steps: digits are an index where a list stands. */
function pathOf(pointer: string, top: unknown): Path {
  let value = top
  return pointer
    .split('/')
    .slice(1)
    .map((raw) => {
      const key = raw.replaceAll('~1', '/').replaceAll('~0', '~')
      const step = Array.isArray(value) ? Number(key) : key
      value = (value as Record<string | number, unknown> | undefined)?.[step]
      return step
    })
}
