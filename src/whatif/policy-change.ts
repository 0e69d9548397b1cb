import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parse } from 'yaml'
import type { Policy } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import { fileTrouble } from '../file-trouble.ts'
import { nearestWord } from '../nearest-word.ts'
import type { PolicyChange } from './tried-rules.ts'

type Schema = { readonly properties: { readonly [key: string]: Schema }; readonly $defs?: object }
const site = JSON.parse(readFileSync(new URL('../site.schema.json', import.meta.url), 'utf8')) as Schema
const policy = site.properties['policy'] as Schema
const ajv = new Ajv2020({ allowUnionTypes: true })
ajv.addVocabulary(['x-unit'])
const accepts = ajv.compile({ ...policy, $defs: site.$defs })

/** Rules by which something was decided before it was recorded: the journal does not hold what they would have let through. */
const BEFORE_THE_JOURNAL: { readonly [key in keyof Policy]?: string } = {
  freshness_s: 'how old a read is was judged by its camera’s clock before it was recorded',
  clockSkew_s: 'it only alarms, and decides nothing',
  plugAmbiguity_s: 'to which bay a plug belongs was decided before it was recorded',
}

/** The policy's keys that are tried, from `quorum=3` (or `lock.on_A=1`) and names of YAML files. Throws Fault BODY_INVALID with a sentence. */
export function policyChange(words: readonly string[]): PolicyChange {
  let change: { [key: string]: unknown } = {}
  for (const word of words) {
    const pair = /^([A-Za-z_.]+)=(.*)$/s.exec(word)
    change = { ...change, ...(pair ? assignment(change, pair[1] ?? '', pair[2] ?? '') : fileChange(word)) }
  }
  for (const key of Object.keys(change)) checkKey(key, Object.keys(policy.properties), '')
  const lock = change['lock']
  if (typeof lock === 'object' && lock !== null)
    for (const key of Object.keys(lock))
      checkKey(key, Object.keys((policy.properties['lock'] as Schema).properties), 'lock.')
  if (change['reviewers'] === 'present')
    throw invalid('reviewers=present cannot be tried over a journal: who was there is not in it; try true or false.')
  if (accepts(change)) return change as PolicyChange
  const [error] = accepts.errors ?? []
  const where = (error?.instancePath ?? '').slice(1).replaceAll('/', '.')
  throw invalid(`The policy's ${where} ${error?.message ?? 'is not understood'}; see \`policy\` in the README.`)
}

function assignment(
  change: { readonly [key: string]: unknown },
  key: string,
  text: string,
): { [key: string]: unknown } {
  const [first = '', second, ...more] = key.split('.')
  if (more.length > 0 || (second !== undefined && first !== 'lock')) throw unknown(key, Object.keys(policy.properties))
  const value = parse(text) as unknown
  return { [first]: second === undefined ? value : { ...(change[first] as object | undefined), [second]: value } }
}

function fileChange(path: string): { [key: string]: unknown } {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw invalid(`--policy ${path}: ${fileTrouble(error)} One rule is written like quorum=3.`)
  }
  const value = parsed(path, text)
  const inner = value['policy']
  return (typeof inner === 'object' && inner !== null ? inner : value) as { [key: string]: unknown }
}

function parsed(path: string, text: string): { readonly [key: string]: unknown } {
  const trouble = invalid(`--policy ${path} is no mapping of rules; write it like \`quorum: 3\`.`)
  try {
    const value = parse(text) as unknown
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw trouble
    return value as { [key: string]: unknown }
  } catch {
    throw trouble
  }
}

function checkKey(key: string, known: readonly string[], before: string): void {
  if (!known.includes(key)) throw unknown(key, known, before)
  const why = BEFORE_THE_JOURNAL[key as keyof Policy]
  if (why && before === '') throw invalid(`${key} cannot be tried over a journal: ${why}.`)
}

function unknown(key: string, known: readonly string[], before = ''): Fault {
  const near = nearestWord(key, known)
  const hint = near ? `did you mean ${before}${near}? There are` : 'there are'
  return invalid(`The policy has no ${before}${key.slice(0, 40)}; ${hint}: ${known.join(', ')}.`)
}

const invalid = (says: string): Fault => new Fault('BODY_INVALID', {}, { says })
