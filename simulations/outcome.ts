import type { FactRecord } from '../machines/record.ts'
import { equal, PromiseBroken } from './promise-broken.ts'
import type { Bill, Outcome } from './scenario.ts'
import type { ToyOrder } from './toy-order.ts'
import type { Scene } from './toy-scene.ts'

/** How things stand now: what a story's end is compared by. */
export function outcomeOf(scene: Scene): Outcome {
  const { site } = scene
  const bays = [...site.site.hosts.keys()].map((bayId) => [
    bayId,
    { state: scene.state(bayId), payer: scene.payer(bayId), told: scene.told(bayId), bills: billsOf(scene, bayId) },
  ])
  return { bays: Object.fromEntries(bays), commands: site.orders.map(orderWords), ...alarmsOf(site.journal.records) }
}

/** Throws PromiseBroken at the first thing that ended otherwise. */
export function demandOutcome(actual: Outcome, expected: Outcome): void {
  for (const bayId of new Set([...Object.keys(expected.bays), ...Object.keys(actual.bays)]))
    for (const what of ['state', 'payer', 'told', 'bills'] as const)
      demand(`${WORDS[what]} ${bayId} in the end`, expected.bays[bayId]?.[what], actual.bays[bayId]?.[what])
  demand('the commands sent', expected.commands, actual.commands)
  demand('the alarms open in the end', expected.alarms, actual.alarms)
  demand('the alarms ever raised', expected.alarmsEver, actual.alarmsEver)
}

const WORDS = {
  state: 'the state of',
  payer: 'the payer of',
  told: 'what the driver was told in',
  bills: 'the bills of',
}

function demand(what: string, expected: unknown, actual: unknown): void {
  if (!equal(actual, expected)) throw new PromiseBroken(what, expected, actual)
}

const billsOf = (scene: Scene, bayId: string): Bill[] =>
  scene.bills(bayId).map(({ accountId, energy_Wh, exit, disputed }) => ({
    accountId: typeof accountId === 'string' ? accountId : null,
    energy_Wh: Number(energy_Wh),
    exit: String(exit),
    ...(typeof disputed === 'string' ? { disputed } : {}),
  }))

/** `start CP-1/1`, `stop CP-1`, `ask CP-1/1 for status`. */
export function orderWords({ type, chargePointId, evse, about }: ToyOrder): string {
  if (type === 'stop') return `stop ${chargePointId}`
  return `${type} ${chargePointId}/${evse}${about === undefined ? '' : ` for ${about}`}`
}

function alarmsOf(records: readonly FactRecord[]): Pick<Outcome, 'alarms' | 'alarmsEver'> {
  const open = new Set<string>()
  const ever = new Set<string>()
  for (const { type, alarmId } of records.flatMap((record) => record.effects)) {
    if (type === 'raise.alarm') for (const set of [open, ever]) set.add(String(alarmId))
    if (type === 'clear.alarm') open.delete(String(alarmId))
  }
  return { alarms: [...open].sort(), alarmsEver: [...ever].sort() }
}
