import { Fault } from '../../machines/faults.ts'
import { record } from './field-reading.ts'
import type { OcppCounters, OcppLog } from './ocpp-counters.ts'
import type { ChargePointProfile } from './profiles/charge-point-profile.ts'

type Parts = {
  readonly chargePointId: string
  readonly profile: ChargePointProfile
  readonly counters: OcppCounters
  readonly log: OcppLog
  readonly call: (action: string, payload: object) => Promise<unknown>
}

/** `SampledDataCtrlr.TxUpdatedInterval`, and what it shall be. */
type Variable = { readonly name: string; readonly value: string }

/** How long it waits for a cable: read, never set. */
const PATIENCE = 'TxCtrlr.EVConnectionTimeOut'
/** When its transactions begin and end: read, for the log. */
const POINTS = ['TxCtrlr.TxStartPoint', 'TxCtrlr.TxStopPoint']

const wantedOf = ({ measurands, sampleInterval_s }: ChargePointProfile): readonly Variable[] => [
  { name: 'SampledDataCtrlr.TxStartedMeasurands', value: 'Energy.Active.Import.Register' },
  { name: 'SampledDataCtrlr.TxUpdatedMeasurands', value: measurands.join(',') },
  { name: 'SampledDataCtrlr.TxEndedMeasurands', value: 'Energy.Active.Import.Register' },
  { name: 'SampledDataCtrlr.TxUpdatedInterval', value: String(sampleInterval_s) },
]

/**
 * Sets what the station shall measure and how often, then reads it back: some reject it, some accept and ignore it. Its patience with a
 * start is read beside it and held against the profile's (E18). Nothing of this is fatal; it is counted and logged, and the bay then
 * lives on what is sent.
 */
export async function adjustVariables(parts: Parts): Promise<void> {
  const wanted = wantedOf(parts.profile)
  const setVariableData = wanted.map(({ name, value }) => ({ ...named(name), attributeValue: value }))
  const set = results(await ask(parts, 'SetVariables', { setVariableData }), 'setVariableResult')
  const taken = wanted.filter(({ name }) => {
    const status = String(set.get(name)?.['attributeStatus'] ?? 'no answer')
    if (status === 'Accepted' || status === 'RebootRequired') return true
    note(parts, 'config_rejected', `${name} was not taken (${status.slice(0, 40)})`)
    return false
  })
  const getVariableData = [...taken.map(({ name }) => name), PATIENCE, ...POINTS].map(named)
  const got = results(await ask(parts, 'GetVariables', { getVariableData }), 'getVariableResult')
  for (const { name, value } of taken) {
    const found = got.get(name)?.['attributeValue']
    if (found !== undefined && !alike(value, found))
      note(parts, 'config_ignored', `${name} is something else than what was set`)
  }
  compare(parts, got.get(PATIENCE)?.['attributeValue'])
  const points = POINTS.map((name) => `${name} ${String(got.get(name)?.['attributeValue'] ?? 'unknown').slice(0, 100)}`)
  parts.log({ level: 'info', says: points.join(', '), about: { chargePointId: parts.chargePointId } })
}

function named(name: string): object {
  const [component, variable] = name.split('.')
  return { component: { name: component }, variable: { name: variable } }
}

type Result = { readonly [key: string]: unknown }

/** One answer's results by `component.variable`; a station that answers garbage answered nothing. */
function results(answer: unknown, key: string): ReadonlyMap<string, Result> {
  const list = record(answer)?.[key]
  const found = new Map<string, Result>()
  for (const entry of Array.isArray(list) ? list.slice(0, 100) : []) {
    const one = record(entry)
    if (one)
      found.set(`${String(record(one['component'])?.['name'])}.${String(record(one['variable'])?.['name'])}`, one)
  }
  return found
}

function compare({ profile, counters, log, chargePointId }: Parts, value: unknown): void {
  const seconds = Number(value)
  if (!(seconds > 0) || seconds === profile.connectionTimeout_s) return
  counters.add('config_differs')
  const says =
    `${PATIENCE} is ${seconds} s at the charge point and ${profile.connectionTimeout_s} s in its profile ${profile.name}; ` +
    'a start that came to nothing is noticed early or late. Set them alike.'
  log({ level: 'warn', says, about: { chargePointId } })
}

/** A refusal is an answer too; only a silent or lost charge point ends the adjusting. */
async function ask(parts: Parts, action: string, payload: object): Promise<unknown> {
  try {
    return await parts.call(action, payload)
  } catch (error) {
    if (error instanceof Fault && error.code === 'CHARGE_POINT_REFUSED') return null
    throw error
  }
}

function alike(wanted: string, found: unknown): boolean {
  const sorted = (text: string): string =>
    text
      .split(',')
      .map((one) => one.trim())
      .sort()
      .join(',')
  return sorted(wanted) === sorted(String(found))
}

function note(parts: Parts, counter: 'config_rejected' | 'config_ignored', says: string): void {
  parts.counters.add(counter)
  parts.log({
    level: 'warn',
    says: `${says}; meter values may be missing or slow.`,
    about: { chargePointId: parts.chargePointId },
  })
}
