import { Fault } from '../../machines/faults.ts'
import { record } from './field-reading.ts'
import type { OcppCounters, OcppLog } from './ocpp-counters.ts'
import type { ChargePointProfile } from './profiles/charge-point-profile.ts'
import { alike, type SettingsHeard, SettingsLedger, type WantedSetting, wanted16 } from './wanted-settings.ts'

type Parts = {
  readonly chargePointId: string
  readonly profile: ChargePointProfile
  readonly counters: OcppCounters
  readonly log: OcppLog
  readonly settled?: SettingsHeard
  readonly call: (action: string, payload: object) => Promise<unknown>
}

/** How long it waits for a cable: read, never set. */
const PATIENCE = 'ConnectionTimeOut'

/**
 * Sets what the charge point shall measure and how often, then reads it back: some reject it, some accept and ignore it. What it has of
 * settings for who may charge is read beside that, set where it differs, and read back too.
 */
export async function adjustConfiguration(parts: Parts): Promise<void> {
  const ledger = new SettingsLedger(parts)
  const wanted = wanted16(parts.profile)
  const known = wanted.filter(({ set }) => set === 'only-known')
  await change(
    parts,
    ledger,
    wanted.filter(({ set }) => set === 'always'),
  )
  const has = await read(parts, [...ledger.taken(), PATIENCE, ...known.map(({ name }) => name)])
  for (const [name, { value }] of has) ledger.says(name, value)
  ledger.patience(PATIENCE, has.get(PATIENCE)?.value)
  const others = known.filter(({ name, value }) => {
    const its = has.get(name)
    return its !== undefined && !its.readonly && !alike(value, its.value)
  })
  await change(parts, ledger, others)
  if (others.length > 0)
    for (const [name, { value }] of await read(
      parts,
      others.map(({ name }) => name),
    ))
      ledger.says(name, value)
  ledger.close()
}

async function change(parts: Parts, ledger: SettingsLedger, settings: readonly WantedSetting[]): Promise<void> {
  for (const setting of settings) {
    const { name: key, value } = setting
    const answer = record(await ask(parts, 'ChangeConfiguration', { key, value }))
    ledger.answered(setting, String(answer?.['status'] ?? 'no answer'))
  }
}

type Kept = { readonly value: unknown; readonly readonly: boolean }

async function read(parts: Parts, key: readonly string[]): Promise<ReadonlyMap<string, Kept>> {
  const listed = record(await ask(parts, 'GetConfiguration', { key }))?.['configurationKey']
  const kept = new Map<string, Kept>()
  for (const entry of Array.isArray(listed) ? listed.slice(0, 100) : []) {
    const one = record(entry)
    if (one) kept.set(String(one['key']), { value: one['value'], readonly: one['readonly'] === true })
  }
  return kept
}

/** A refusal is an answer too; only a silent or lost charge point ends the adjusting. */
async function ask(parts: Parts, action: string, payload: object): Promise<unknown> {
  try {
    return await parts.call(action, payload)
  } catch (error) {
    if (error instanceof Fault && error.code === 'CHARGE_POINT_REFUSED')
      return { status: String(error.about['errorCode']) }
    throw error
  }
}
