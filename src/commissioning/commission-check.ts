import type { FactRecord } from '../../machines/record.ts'

/** What is shown at each bay before it may act, in this order. */
export const COMMISSION_STEPS = ['plate', 'plug', 'start', 'stop', 'night'] as const
export type CommissionStep = (typeof COMMISSION_STEPS)[number]

/** What the journal says of one step since the bay's commissioning began. */
export type StepSeen = {
  readonly step: CommissionStep
  /** Seq of the record that shows it; null while nothing does. */
  readonly seq: number | null
  /** Cameras that saw it, connectors that were meant. */
  readonly by: readonly string[]
  /** Other bays that saw the same: a zone that overlaps; a cable that went in where nobody stood, while none went in here. */
  readonly others: readonly string[]
  /** Reads of the plate that agreed. */
  readonly witnesses: number | null
}

/** Which records show a step; `night` is a person's word alone. */
const SHOWS: { readonly [step in CommissionStep]: (record: FactRecord) => boolean } = {
  plate: ({ cause }) => cause.type === 'plate.agreed',
  plug: ({ cause }) => cause.type === 'connector.status' && cause['status'] === 'preparing',
  start: ({ cause }) => cause.type === 'transaction.started',
  stop: ({ cause }) => cause.type === 'transaction.ended',
  night: () => false,
}

/**
 * What these records, oldest first, show of the bay. A step counts after the one before it only where one leads to the other: a start
 * needs its plug, a stop its start.
 */
export function commissionSeen(bayId: string, records: readonly FactRecord[]): readonly StepSeen[] {
  const seen = new Map<CommissionStep, StepSeen>()
  for (const step of COMMISSION_STEPS) {
    const after = step === 'start' ? 'plug' : step === 'stop' ? 'start' : null
    const from = after === null ? 0 : (seen.get(after)?.seq ?? Number.POSITIVE_INFINITY)
    const shown = records.filter((record) => record.bayId !== null && record.seq > from && SHOWS[step](record))
    const own = shown.find((record) => record.bayId === bayId)
    const handle = own?.cause['leader'] ?? null
    const same = shown.filter((one) =>
      step === 'plug' ? own === undefined && isNobodys(one) : step === 'plate' && one.cause['leader'] === handle,
    )
    const others = own === undefined && step === 'plate' ? [] : same.flatMap((one) => one.bayId ?? [])
    seen.set(step, {
      step,
      seq: own?.seq ?? null,
      by: own === undefined ? [] : [String(own.cause['cameraId'] ?? own.cause['connector'] ?? '')],
      others: [...new Set(others)].filter((other) => other !== bayId),
      witnesses: step === 'plate' && own !== undefined ? witnessesIn(own) : null,
    })
  }
  return COMMISSION_STEPS.flatMap((step) => seen.get(step) ?? [])
}

/** A plug in a bay where nobody was known to stand: of whoever parks there it is ordinary traffic. */
const isNobodys = ({ state, decisions }: FactRecord): boolean =>
  state === 'vacant' || decisions.some(({ type }) => type === 'VisitOpened')

function witnessesIn({ cause }: FactRecord): number | null {
  const [first] = Array.isArray(cause['tally']) ? cause['tally'] : []
  const count = first !== null && typeof first === 'object' && !Array.isArray(first) ? first['witnesses'] : null
  return typeof count === 'number' ? count : null
}
