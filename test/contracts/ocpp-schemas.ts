import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import type { ToyFrame } from '../../simulations/toy-wire.ts'

// The specification's own schemas, as the OCPP library ships them; 2.1's are named otherwise there.
const FOLDER = join(createRequire(import.meta.url).resolve('ocpp-rpc'), '../lib/schemas')
const NAMES = {
  'ocpp2.0.1': { file: 'ocpp2_0_1', call: '.req', answer: '.conf' },
  'ocpp2.1': { file: 'ocpp2_1', call: 'Request', answer: 'Response' },
} as const
export type SpecifiedVersion = keyof typeof NAMES

type Takes = (name: string, payload: unknown) => string | null
const books = new Map<SpecifiedVersion, Takes>()

/** Holds a payload against the specification's schema of that name: null where it takes it, else what it says. */
export function specified(version: SpecifiedVersion): Takes {
  const known = books.get(version)
  if (known) return known
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true })
  const schemas = JSON.parse(readFileSync(join(FOLDER, `${NAMES[version].file}.json`), 'utf8')) as { $id: string }[]
  const compiled = new Map<string, ValidateFunction>()
  const takes: Takes = (name, payload) => {
    const validate = compiled.get(name) ?? compile(name)
    compiled.set(name, validate)
    return validate(payload) ? null : `${name}: ${ajv.errorsText(validate.errors)}`
  }
  const compile = (name: string): ValidateFunction => {
    const found = schemas.find(({ $id }) => $id === `urn:${name}`)
    if (!found) throw new Error(`${version} has no ${name}`)
    // The library's names are no whole URNs, which Ajv does not take.
    const { $id: _id, ...schema } = found
    return ajv.compile(schema)
  }
  books.set(version, takes)
  return takes
}

/** What the specification has against the frames that went over one wire, both ways; empty where nothing. Errors (CALLERROR) are listed too. */
export function breaches(version: SpecifiedVersion, frames: readonly { readonly frame: ToyFrame }[]): string[] {
  const takes = specified(version)
  const { call, answer } = NAMES[version]
  const asked = new Map<string, string>()
  return frames.flatMap(({ frame }) => {
    if (frame[0] === 2) {
      asked.set(frame[1], frame[2])
      return takes(`${frame[2]}${call}`, frame[3]) ?? []
    }
    const action = asked.get(frame[1])
    if (frame[0] === 4) return `${action} was answered ${frame[2]}`
    return action === undefined ? [] : (takes(`${action}${answer}`, frame[2]) ?? [])
  })
}
