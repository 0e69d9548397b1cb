import { Fault } from '../../machines/faults.ts'
import { record } from './field-reading.ts'
import type { OcppCounters, OcppLog } from './ocpp-counters.ts'
import type { ChargePointProfile } from './profiles/charge-point-profile.ts'
import { alike, type SettingsHeard, SettingsLedger, type WantedSetting, wanted2 } from './wanted-settings.ts'

type Parts = {
  readonly chargePointId: string
  readonly profile: ChargePointProfile
  readonly counters: OcppCounters
  readonly log: OcppLog
  readonly settled?: SettingsHeard
  readonly call: (action: string, payload: object) => Promise<unknown>
}

/** How long it waits for a cable: read, never set. */
const PATIENCE = 'TxCtrlr.EVConnectionTimeOut'
/** When its transactions begin and end: read, for the log. */
const POINTS = ['TxCtrlr.TxStartPoint', 'TxCtrlr.TxStopPoint']

/**
 * Sets what the station shall measure and how often, then reads it back: some reject it, some accept and ignore it. What it has of
 * settings for who may charge is read beside that, set where it differs, and read back too.
 */
export async function adjustVariables(parts: Parts): Promise<void> {
  const ledger = new SettingsLedger(parts)
  const wanted = wanted2(parts.profile)
  const known = wanted.filter(({ set }) => set === 'only-known')
  await change(
    parts,
    ledger,
    wanted.filter(({ set }) => set === 'always'),
  )
  const has = await read(parts, [...ledger.taken(), PATIENCE, ...POINTS, ...known.map(({ name }) => name)])
  for (const [name, value] of has) ledger.says(name, value)
  ledger.patience(PATIENCE, has.get(PATIENCE))
  const points = POINTS.map((name) => `${name} ${String(has.get(name) ?? 'unknown').slice(0, 100)}`)
  parts.log({ level: 'info', says: points.join(', '), about: { chargePointId: parts.chargePointId } })
  const others = known.filter(({ name, value }) => has.has(name) && !alike(value, has.get(name)))
  if (others.length > 0) {
    await change(parts, ledger, others)
    for (const [name, value] of await read(
      parts,
      others.map(({ name }) => name),
    ))
      ledger.says(name, value)
  }
  ledger.close()
}

async function change(parts: Parts, ledger: SettingsLedger, settings: readonly WantedSetting[]): Promise<void> {
  const setVariableData = settings.map(({ name, value }) => ({ ...named(name), attributeValue: value }))
  const answers = results(await ask(parts, 'SetVariables', { setVariableData }), 'setVariableResult')
  for (const setting of settings)
    ledger.answered(setting, String(answers.get(setting.name)?.['attributeStatus'] ?? 'no answer'))
}

/** The values of those that it has. */
async function read(parts: Parts, names: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
  const getVariableData = names.map(named)
  const got = results(await ask(parts, 'GetVariables', { getVariableData }), 'getVariableResult')
  return new Map(
    [...got].flatMap(([name, { attributeValue }]) => (attributeValue === undefined ? [] : [[name, attributeValue]])),
  )
}

function named(name: string): object {
  const [component, variable] = name.split('.')
  return { component: { name: component }, variable: { name: variable } }
}

type Result = { readonly attributeStatus?: unknown; readonly attributeValue?: unknown }

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

/** A refusal is an answer too; only a silent or lost charge point ends the adjusting. */
async function ask(parts: Parts, action: string, payload: object): Promise<unknown> {
  try {
    return await parts.call(action, payload)
  } catch (error) {
    if (error instanceof Fault && error.code === 'CHARGE_POINT_REFUSED') return null
    throw error
  }
}
