import type { Cause, Decision, FactRecord } from '../../machines/record.ts'
import { EXAMINED } from '../../projections/told-audit.ts'
import { isOwn } from '../own-accounts.ts'
import type { Caller } from '../site-desk.ts'
import { ACCOUNT_FIELDS, ENERGY_ENDS, withoutPayers } from './payer-rights.ts'
import { may, type Right } from './roles.ts'

/** One line of the table: which records, decisions or fields it is about, and the right without which only their name is shown, of fields nothing. */
type RecordRule = {
  /** Records of this stream … */
  readonly stream?: string
  /** … or with one of these causes. A cause named for itself goes before its stream. */
  readonly causes?: readonly string[]
  /** Decisions of these names, in whatever record. */
  readonly decisions?: readonly string[]
  /** Fields of these names (`…` stands for any beginning), in whatever record, of the stream where one is named. */
  readonly fields?: readonly string[]
  readonly right: Right
}

/**
 * Which role sees what of the journal: the one place that says so (`docs/roles.md`). What no line names is everybody's; of the register's
 * and the audit's records everything is named, so that a new kind is shut until somebody opens it here.
 */
export const RECORD_RULES: readonly RecordRule[] = [
  { stream: 'register', right: 'register' },
  { stream: 'audit', right: 'audit' },
  {
    causes: [
      'bay.commissioned',
      'checkpoints.received',
      'keys.rotated',
      'keys.period-ended',
      'plates.expired',
      'staff.expired',
      'store.taken-over',
    ],
    right: 'watch',
  },
  {
    causes: [
      'review.crop-kept',
      'review.crop-seen',
      'review.crops-destroyed',
      'blind-review.opened',
      'blind-review.closed',
      'placing.opened',
      'placing.closed',
    ],
    right: 'plates',
  },
  {
    causes: [
      'tariff.adopted',
      'session.disputed',
      'session.settled',
      'session.disowned',
      'session.stopped',
      'payment.asked',
      'payment.held',
      'payment.refused',
      'payment.unused',
    ],
    right: 'bills',
  },
  {
    decisions: ['SessionBilled', 'SessionCorrected', 'TransactionCorrected', 'SessionDisputed', 'SessionSettled'],
    right: 'bills',
  },
  { fields: [...ACCOUNT_FIELDS, `…${ENERGY_ENDS}`], right: 'bills' },
  { stream: 'audit', fields: EXAMINED, right: 'examine' },
]

/** Members of a record that say something; the others say where it stands in the chain. */
const SAYING = ['cause', 'decisions', 'guards', 'effects'] as const
/** What is left out of a record: its hashes then cover more than is shown. */
export type Withheld = (typeof SAYING)[number]

/** A record as this caller may see it. Of a cause or a decision that is not theirs the name is left; `withheld` says where that is so, and is empty where all is shown. */
export function shownTo<Some extends Omit<FactRecord, 'personal'>>(
  caller: Caller,
  record: Some,
): { readonly record: Some; readonly withheld: readonly Withheld[] } {
  const { cause, decisions } = record
  if (!isTheirs(caller, rightFor(record), cause)) {
    const names = { cause: { type: cause.type }, decisions: decisions.map(({ type }) => ({ type })) }
    return { record: { ...record, ...names, guards: [], effects: [] }, withheld: SAYING }
  }
  const isShut = (decision: Decision) =>
    RECORD_RULES.some((rule) => rule.decisions?.includes(decision.type) && !isTheirs(caller, rule.right, decision))
  const named = decisions.some(isShut) ? decisions.map((one) => (isShut(one) ? { type: one.type } : one)) : decisions
  const shown = {
    cause: withoutPayers(caller, withoutExamined(caller, record)),
    decisions: withoutPayers(caller, named),
    guards: withoutPayers(caller, record.guards),
    effects: withoutPayers(caller, record.effects),
  }
  const withheld = SAYING.filter((name) => shown[name] !== record[name])
  return withheld.length === 0 ? { record, withheld } : { record: { ...record, ...shown }, withheld }
}

/** Who was shown, and how a request was verified, is for who examines the others. */
function withoutExamined(caller: Caller, { stream, cause }: Pick<FactRecord, 'stream' | 'cause'>): Cause {
  if (stream !== 'audit' || may(caller, 'examine') || !EXAMINED.some((field) => field in cause)) return cause
  return Object.fromEntries(Object.entries(cause).filter(([field]) => !EXAMINED.some((one) => one === field))) as Cause
}

/** Of bills and of the register, whoever is held to accounts of their own sees what names one of them. */
function isTheirs(caller: Caller, right: Right, { accountId }: Cause | Decision): boolean {
  const isHeld = right === 'bills' || right === 'register'
  return may(caller, right) && (!isHeld || isOwn(caller, typeof accountId === 'string' ? accountId : null))
}

function rightFor({ stream, cause }: Pick<FactRecord, 'stream' | 'cause'>): Right {
  const named = RECORD_RULES.find(({ causes }) => causes?.includes(cause.type))
  return (named ?? RECORD_RULES.find((rule) => rule.stream === stream && !rule.fields))?.right ?? 'watch'
}
