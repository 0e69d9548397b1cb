import type { Bay } from '../machines/knowledge.ts'
import { isLive } from '../machines/learn-transaction.ts'
import { openConnector } from '../machines/lock.ts'
import type { FactRecord } from '../machines/record.ts'

/** One record of a bay, with what the bay knew before and knows after. */
type Seen = { readonly record: FactRecord; readonly was: Bay; readonly now: Bay }

const decided =
  (type: string, field?: string, value?: string) =>
  ({ record }: Seen): boolean =>
    record.decisions.some((one) => one.type === type && (field === undefined || one[field] === value))
const caused =
  (type: string) =>
  ({ record }: Seen): boolean =>
    record.cause.type === type
const ruled =
  (rule: string) =>
  ({ record }: Seen): boolean =>
    record.rule === rule

const tallyOf = ({ record }: Seen): readonly { readonly crowd?: number; readonly witnesses: number }[] =>
  (record.cause['tally'] ?? []) as readonly { readonly crowd?: number; readonly witnesses: number }[]

/** Each situation of the list of edge cases, as it shows in the journal. */
const SITUATIONS: { readonly [id: string]: (seen: Seen) => boolean } = {
  E01: ({ record }) =>
    Object.values(record.personal ?? {}).some(
      (one) => ((one as unknown as { texts?: unknown[] })?.texts?.length ?? 0) > 1,
    ),
  E02: (seen) => ruled('someReads')(seen) && (seen.was.visit?.tally[0]?.witnesses ?? 0) === 1,
  E04: (seen) => tallyOf(seen).some((one) => (one.crowd ?? 0) > 0),
  E06: decided('ContradictionNoticed', 'kind', 'other-plate'),
  E07: (seen) =>
    caused('plate.agreed')(seen) &&
    seen.record.cause['leader'] === seen.was.visit?.payer?.handle &&
    seen.record.decisions.length === 0,
  E08: (seen) => caused('plate.agreed')(seen) && seen.record.cause['clear'] === false,
  E09: caused('plate.contested'),
  E10: (seen) => ruled('anotherCar')(seen) || ruled('replugged')(seen),
  E11: ruled('offerAnonymous'),
  E12: caused('claim.contested'),
  E13: ({ record }) =>
    record.cause['fresh'] === true &&
    Math.abs(Date.parse(String(record.cause.happenedAt)) - Date.parse(record.at)) > 1_800_000,
  E16: ({ record, now }) =>
    record.decisions.some(
      (one) => one.type === 'StartRequested' && now.connectors[String(one['connector'])]?.link === 'offline',
    ),
  E17: ({ record }) => record.rule === 'offerTimeout' && record.cause.type.includes('awaiting-plug'),
  E18: (seen) => decided('StartRequested')(seen) && seen.was.visit?.openedBy === 'connector.status',
  E19: ({ record, was }) =>
    record.cause.type === 'transaction.started' &&
    (record.cause['token'] as { kind?: string })?.kind === 'card' &&
    (was.visit?.starts.some((start) => isLive(start.state)) ?? false),
  E20: decided('TransactionEnded', 'reason', 'replaced'),
  E22: ({ record, was }) =>
    record.cause.type === 'meter.values' &&
    record.cause['transactionId'] !== null &&
    record.cause['transactionId'] === was.connectors[String(record.cause['connector'])]?.lastEnded?.transactionId,
  E24: decided('DrawPaused'),
  E25: decided('ContradictionNoticed', 'kind', 'camera-empty'),
  E26: decided('TransactionOrphaned'),
  E27: (seen) => caused('site.resumed')(seen) && openConnector(seen.was) !== null,
  E28: ({ record, was }) => record.cause.type === 'transaction.started' && (was.visit?.closed.length ?? 0) > 0,
  E29: decided('BayBlocked'),
  E31: decided('IdentityUpgraded', 'to', 'card'),
  E32: decided('ErasureQueued'),
  E33: decided('ContradictionNoticed', 'kind', 'plug-without-vehicle'),
  E34: caused('plug.ambiguous'),
  E35: (seen) => decided('StartRequested')(seen) && Object.keys(seen.now.connectors).length > 1,
}

/** Situations that leave no record of a bay, by what desks and links count. */
const COUNTED: { readonly [name: string]: string } = {
  'read.implausible': 'E03',
  'read.duplicate': 'E05',
  'read.stale': 'E14',
  'transaction.repeated': 'E21',
  'lying-current': 'E23',
  'push.quarantined': 'E15',
  replaced: 'E30',
}

/** The situation that something counted shows, if any. */
export const situationOf = (counted: string): string | null => COUNTED[counted] ?? null

/** The situations that a record shows. */
export const situationsOf = (seen: Seen): string[] =>
  Object.entries(SITUATIONS)
    .filter(([, isMet]) => isMet(seen))
    .map(([id]) => id)

/** Every situation that worlds must meet. */
export const SITUATION_NAMES: readonly string[] = [...Object.keys(SITUATIONS), ...Object.values(COUNTED)].sort()
