import type { Json } from './events.ts'
import { Fault } from './faults.ts'
import { parseHours } from './opening-hours.ts'
import { normalize } from './plate.ts'
import type { Confirm, RegisteredAccount, Validity } from './register.ts'

/** What a caller, a script or a file sends for one entry of the register. */
export type Fields = { readonly [key: string]: Json | undefined }

export type AccountFields = RegisteredAccount & { readonly name: string | null }
export type CardFields = Validity & { readonly accountId: string }
export type VehicleFields = Validity & {
  /** As typed, trimmed. */
  readonly plate: string
  readonly accountId: string
  readonly fleet: string | null
  /** The token that an upstream knows. */
  readonly alias: string | null
  readonly hours: string | null
}

/** The columns of a vehicle, in the order of the file format. */
export const VEHICLE_COLUMNS = [
  'plate',
  'accountId',
  'fleet',
  'alias',
  'validFrom',
  'validTo',
  'hours',
  'blocked',
] as const

const PLATE_CHARACTERS = { least: 2, most: 12 }
const PLATE_TYPED = 24
/**
 * What no plate of any country shows and no person writes for one: marks of markup, formulas and code, and what nobody sees. Hearts, stars, dots,
 * slashes, apostrophes, `&` and `+` within are on plates, and stay.
 */
const NO_PLATE = /[\p{Cc}\u202a-\u202e\u2066-\u2069<>_="`\\{}[\]$%^~;@?!]|^[+\-*'&#/.,:]/u

/** BODY_INVALID with one sentence; `field` names where. The sentence never repeats a plate or a token. */
const invalid = (field: string, says: string): Fault => new Fault('BODY_INVALID', { field }, { says })

/** The id of an account as it may be used: 1 to 64 characters, first a letter or digit. Throws Fault BODY_INVALID. */
export function readAccountId(value: Json | undefined): string {
  if (typeof value !== 'string' || value.trim() === '')
    throw invalid('accountId', 'accountId is missing; name the account that pays.')
  const id = value.trim()
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._:@+-]{0,63}$/u.test(id)) {
    throw invalid(
      'accountId',
      'accountId takes 1 to 64 letters, digits, spaces or . _ : @ + - and begins with a letter or digit.',
    )
  }
  return id
}

/** The fields of an account; what is left out is its default (no name, active, never). Throws Fault BODY_INVALID. */
export function readAccountFields(fields: Fields): AccountFields {
  refuseUnknown(fields, ['accountId', 'name', 'status', 'confirm', 'plateStartsPerDay'], 'An account')
  return {
    name: readText(fields, 'name', 120),
    status: readChoice(fields, 'status', ['active', 'blocked'] as const) ?? 'active',
    confirm: readChoice(fields, 'confirm', ['never', 'first-visit', 'always'] satisfies readonly Confirm[]) ?? 'never',
    ...readLimit(fields),
  }
}

/** A whole number of 0 or more; left out or null = as the site says. */
function readLimit(fields: Fields): Pick<RegisteredAccount, 'plateStartsPerDay'> {
  const value = fields['plateStartsPerDay'] ?? null
  if (value === null) return {}
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 1000)
    throw invalid('plateStartsPerDay', 'plateStartsPerDay must be a whole number from 0 to 1000.')
  return { plateStartsPerDay: value }
}

/** The fields of a vehicle; `accountId` must be there. Throws Fault BODY_INVALID. */
export function readVehicleFields(plate: Json | undefined, fields: Fields): VehicleFields {
  refuseUnknown(fields, VEHICLE_COLUMNS, 'A vehicle')
  const typed = readPlate(plate)
  return {
    plate: typed,
    accountId: readAccountId(fields['accountId']),
    fleet: readText(fields, 'fleet', 64),
    alias: readAlias(fields),
    hours: readHours(fields),
    ...readValidity(fields),
  }
}

const YES = ['true', 'yes', '1']
const NO = ['false', 'no', '0']

/** The same from a row of a file, where everything is text: `blocked` as true, yes, 1, false, no or 0. Throws Fault BODY_INVALID. */
export function readVehicleRow(fields: Fields): VehicleFields {
  const { blocked } = fields
  if (typeof blocked !== 'string') return readVehicleFields(fields['plate'], fields)
  const word = blocked.trim().toLowerCase()
  if (word !== '' && !YES.includes(word) && !NO.includes(word))
    throw invalid('blocked', 'blocked must be true or false (yes, no, 1 and 0 will do).')
  return readVehicleFields(fields['plate'], { ...fields, blocked: YES.includes(word) })
}

/** The fields of a card or app token; `accountId` must be there. Throws Fault BODY_INVALID. */
export function readCardFields(fields: Fields): CardFields {
  refuseUnknown(fields, ['idToken', 'accountId', 'validFrom', 'validTo', 'blocked'], 'A token')
  return { accountId: readAccountId(fields['accountId']), ...readValidity(fields) }
}

/** A card's or app token's text as OCPP can carry it, upper case (OCPP compares without case). Throws Fault BODY_INVALID. */
export function readIdToken(value: string): string {
  const token = value.trim().toUpperCase()
  if (!/^[\x21-\x7e]{1,36}$/.test(token))
    throw invalid('idToken', 'A token takes 1 to 36 characters without spaces or accents.')
  return token
}

/** A plate as typed, trimmed, with 2 to 12 letters and digits in it. Throws Fault BODY_INVALID. */
export function readPlate(value: Json | undefined): string {
  if (typeof value !== 'string' || value.trim() === '') throw invalid('plate', 'The plate is missing.')
  const typed = value.trim()
  const { length } = normalize(typed)
  if (length === 0) throw invalid('plate', 'The plate has no letters or digits.')
  if (NO_PLATE.test(typed))
    throw invalid(
      'plate',
      'The plate holds signs that stand on no plate; write its letters, digits, spaces and dashes.',
    )
  if (length < PLATE_CHARACTERS.least)
    throw invalid('plate', `The plate is too short; write at least ${PLATE_CHARACTERS.least} letters or digits.`)
  if (length > PLATE_CHARACTERS.most || typed.length > PLATE_TYPED) {
    throw invalid('plate', `The plate is too long; write at most ${PLATE_CHARACTERS.most} letters or digits.`)
  }
  if (/\p{Cc}/u.test(typed)) throw invalid('plate', 'The plate holds a control character; type it again.')
  return typed
}

function refuseUnknown(fields: Fields, known: readonly string[], what: string): void {
  for (const key of Object.keys(fields)) {
    if (!known.includes(key))
      throw invalid(key.slice(0, 40), `${what} has no "${key.slice(0, 40)}"; it takes ${known.join(', ')}.`)
  }
}

function readText(fields: Fields, key: string, most: number): string | null {
  const value = fields[key] ?? null
  if (value === null) return null
  if (typeof value !== 'string') throw invalid(key, `${key} must be text.`)
  const trimmed = value.trim()
  if (trimmed.length > most) throw invalid(key, `${key} is too long; write at most ${most} characters.`)
  if (!trimmed.isWellFormed()) throw invalid(key, `${key} holds half a character; type it again.`)
  if (/\p{Cc}/u.test(trimmed)) throw invalid(key, `${key} holds a control character; type it again.`)
  return trimmed === '' ? null : trimmed
}

function readChoice<const C extends string>(fields: Fields, key: string, choices: readonly C[]): C | null {
  const value = fields[key] ?? null
  if (value === null) return null
  const choice = choices.find((each) => each === value)
  if (choice === undefined) throw invalid(key, `${key} must be one of ${choices.join(', ')}.`)
  return choice
}

function readAlias(fields: Fields): string | null {
  const alias = readText(fields, 'alias', 36)
  if (alias !== null && !/^[\x21-\x7e]+$/.test(alias))
    throw invalid('alias', 'alias is a token: 1 to 36 characters without spaces or accents.')
  return alias
}

function readHours(fields: Fields): string | null {
  const hours = readText(fields, 'hours', 200)
  if (hours === null) return null
  const parsed = parseHours(hours)
  if ('problem' in parsed) throw invalid('hours', parsed.problem)
  return hours
}

function readValidity(fields: Fields): Validity {
  const validFrom = readMoment(fields, 'validFrom')
  const validTo = readMoment(fields, 'validTo')
  if (validFrom !== null && validTo !== null && isAfter(validFrom, validTo))
    throw invalid('validTo', 'validTo is before validFrom.')
  const blocked = fields['blocked'] ?? false
  if (typeof blocked !== 'boolean') throw invalid('blocked', 'blocked must be true or false.')
  return { validFrom, validTo, blocked }
}

/** `2026-11-22`, or an instant with its offset, kept as UTC with milliseconds. */
function readMoment(fields: Fields, key: string): string | null {
  const value = readText(fields, key, 40)
  if (value === null) return null
  const wrong = invalid(
    key,
    `${key} must be a date that exists, like 2026-11-22, or a time with its offset, like 2026-11-22T10:00:00Z.`,
  )
  const match = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/i.exec(value)
  const date = match?.[1]
  if (date === undefined) throw wrong
  // Date.parse rolls 30 February over into March: the day must come back as it was.
  const day = Date.parse(`${date}T00:00:00Z`)
  if (Number.isNaN(day) || !new Date(day).toISOString().startsWith(date)) throw wrong
  if (match?.[2] === undefined) return date
  const instant = Date.parse(value.toUpperCase())
  if (Number.isNaN(instant)) throw wrong
  return new Date(instant).toISOString()
}

/** Two dates or two instants compare as text; a date beside an instant gets the slack of all time zones. */
function isAfter(from: string, to: string): boolean {
  if (from.length === to.length) return from > to
  const slack = 14 * 3_600_000
  const earliest = Date.parse(from) - (from.length === 10 ? slack : 0)
  const latest = Date.parse(to) + (to.length === 10 ? 24 * 3_600_000 + slack : 0)
  return earliest > latest
}
