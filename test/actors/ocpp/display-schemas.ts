import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Ajv } from 'ajv'

// The specification's own schemas, as the OCPP library ships them.
const FOLDER = join(createRequire(import.meta.url).resolve('ocpp-rpc'), '../lib/schemas')
const NAMES = {
  'OCPP 2.0.1': { file: 'ocpp2_0_1', request: '.req', answer: '.conf' },
  'OCPP 2.1': { file: 'ocpp2_1', request: 'Request', answer: 'Response' },
} as const

type Version = keyof typeof NAMES
type Schema = {
  readonly $id: string
  readonly definitions?: { readonly [name: string]: { readonly enum?: readonly string[] } }
}

export const DISPLAY_VERSIONS = Object.keys(NAMES) as Version[]

function schemaOf(version: Version, name: string): Omit<Schema, '$id'> {
  const all = JSON.parse(readFileSync(join(FOLDER, `${NAMES[version].file}.json`), 'utf8')) as Schema[]
  const found = all.find(({ $id }) => $id === `urn:${name}`)
  if (!found) throw new Error(`${version} has no ${name}`)
  // The library's names are no whole URNs, which Ajv does not take.
  const { $id: _id, ...schema } = found
  return schema
}

/** Holds calls against the specification: null where it takes the payload, else what it says. */
export function specifiedCalls(version: Version): (action: string, payload: object) => string | null {
  const ajv = new Ajv({ strict: false, validateFormats: false })
  return (action, payload) => {
    const takes = ajv.compile(schemaOf(version, `${action}${NAMES[version].request}`))
    return takes(payload) ? null : ajv.errorsText(takes.errors)
  }
}

/** Every status that SetDisplayMessage may be answered with. */
export const statusWords = (version: Version): readonly string[] =>
  schemaOf(version, `SetDisplayMessage${NAMES[version].answer}`).definitions?.['DisplayMessageStatusEnumType']?.enum ??
  []
