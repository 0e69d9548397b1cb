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

/** How long it waits for a cable: read, never set. */
const PATIENCE = 'ConnectionTimeOut'

/**
 * Sets what the charge point shall measure and how often, then reads it back: some reject it, some accept and ignore it. Its patience
 * with a start is read beside it and held against the profile's (E18). Nothing of this is fatal; it is counted and logged, and the bay
 * then lives on what is sent.
 */
export async function adjustConfiguration(parts: Parts): Promise<void> {
  const { profile } = parts
  const wanted = new Map([
    ['MeterValuesSampledData', profile.measurands.join(',')],
    ['MeterValueSampleInterval', String(profile.sampleInterval_s)],
  ])
  for (const [key, value] of wanted) {
    const answer = record(await ask(parts, 'ChangeConfiguration', { key, value }))
    const status = String(answer?.['status'] ?? 'no answer')
    if (status === 'Accepted' || status === 'RebootRequired') continue
    note(parts, 'config_rejected', `${key} was not taken (${status.slice(0, 40)})`)
    wanted.delete(key)
  }
  const answer = record(await ask(parts, 'GetConfiguration', { key: [...wanted.keys(), PATIENCE] }))
  const listed = answer?.['configurationKey']
  for (const entry of Array.isArray(listed) ? listed.slice(0, 100) : []) {
    const set = record(entry)
    if (set?.['key'] === PATIENCE) compare(parts, set['value'])
    const value = wanted.get(String(set?.['key']))
    if (value !== undefined && !alike(value, set?.['value']))
      note(parts, 'config_ignored', `${String(set?.['key'])} is something else than what was set`)
  }
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
    if (error instanceof Fault && error.code === 'CHARGE_POINT_REFUSED')
      return { status: String(error.about['errorCode']) }
    throw error
  }
}

function alike(wanted: string, found: unknown): boolean {
  const parts = (text: string): string =>
    text
      .split(',')
      .map((p) => p.trim())
      .sort()
      .join(',')
  return parts(wanted) === parts(String(found ?? ''))
}

function note(parts: Parts, counter: 'config_rejected' | 'config_ignored', says: string): void {
  parts.counters.add(counter)
  parts.log({
    level: 'warn',
    says: `${says}; meter values may be missing or slow.`,
    about: { chargePointId: parts.chargePointId },
  })
}
