import { amountText } from './money.ts'

/** One bill, ours or the back end's. Times in ms since 1970, money in minor units; null = it does not say. */
export type BillLine = {
  /** Its name in sentences: `ses-bay-1-3`, `line 7 (CDR 4711)`. */
  readonly name: string
  readonly evidence: string | null
  readonly transactions: readonly string[]
  readonly evse: string | null
  readonly start: number | null
  readonly end: number | null
  readonly energy_Wh: number | null
  readonly currency: string | null
  readonly total: number | null
  /** What it leaves empty though it has a place for it; absent = nothing. */
  readonly lacks?: readonly ('energy' | 'total')[]
}

/**
 * Ours says too who pays: what nobody pays for is nobody's to miss; nor what lies at the `edge`, just outside of the time that is compared:
 * a clock that is off may have put its bill inside.
 */
export type OurLine = BillLine & { readonly paid: boolean; readonly edge?: boolean }

/** Up to here two bills say the same. Energy: the larger of the two; money in minor units. */
export type Tolerance = {
  readonly energy_Wh: number
  readonly energy_share: number
  readonly money: number
  readonly time_s: number
}

/** Meters say whole Wh and back ends hundredths of a kWh; a cent is one rounding; clocks of charge points may be two minutes off. */
export const TOLERANCE: Tolerance = { energy_Wh: 10, energy_share: 0.005, money: 1, time_s: 120 }

export type Difference = {
  readonly kind: 'missing' | 'extra' | 'different'
  readonly ours: OurLine | null
  readonly theirs: BillLine | null
  /** By what the two were found to be one; null where there is only one. */
  readonly by: 'evidence' | 'transaction' | 'overlap' | null
  /** What differs, in words: `energy 10000 Wh here, 12000 Wh there`. */
  readonly says: readonly string[]
}

/** `ours`: bills that somebody pays for at berth, without those at the edge that match none. */
export type Reconciliation = {
  readonly ours: number
  readonly matched: number
  readonly differences: readonly Difference[]
}

type By = NonNullable<Difference['by']>
type Pair = { readonly ours: OurLine; readonly theirs: BillLine; readonly by: By }

/**
 * Finds for each bill of berth the back end's: by evidence reference, then by transaction id (where times are said, of the same time), then
 * by the EVSE and the time that they share most of. What is left on either side is missing or extra.
 */
export function reconcile(
  ours: readonly OurLine[],
  theirs: readonly BillLine[],
  tolerance: Tolerance = TOLERANCE,
): Reconciliation {
  const left = { ours: new Set(ours), theirs: new Set(theirs) }
  const pairs: Pair[] = []
  const pair = (by: By, fits: (one: OurLine, other: BillLine) => boolean): void => {
    const known = byKey(left.theirs, by)
    for (const one of [...left.ours]) {
      const others = KEYS[by](one).flatMap((key) => known.get(key) ?? [])
      const other = best(
        one,
        others.filter((each) => left.theirs.has(each) && fits(one, each)),
      )
      if (other === undefined) continue
      left.ours.delete(one)
      left.theirs.delete(other)
      pairs.push({ ours: one, theirs: other, by })
    }
  }
  pair('evidence', () => true)
  pair('transaction', (one, other) => mayBeOneTime(one, other, tolerance))
  pair('overlap', (one, other) => overlap(one, other) > 0)
  const counted = ours.filter((one) => one.paid && !(one.edge === true && left.ours.has(one))).length
  return { ours: counted, matched: pairs.length, differences: differencesOf(pairs, left, tolerance) }
}

/** By what a bill is looked up. */
const KEYS: { readonly [by in By]: (line: BillLine) => readonly string[] } = {
  evidence: ({ evidence }) => (evidence === null ? [] : [evidence]),
  transaction: ({ transactions }) => transactions,
  overlap: ({ evse }) => (evse === null ? [] : [evse]),
}

function byKey(lines: Iterable<BillLine>, by: By): ReadonlyMap<string, readonly BillLine[]> {
  const known = new Map<string, BillLine[]>()
  for (const line of lines)
    for (const key of KEYS[by](line)) {
      const others = known.get(key)
      if (others === undefined) known.set(key, [line])
      else others.push(line)
    }
  return known
}

function differencesOf(
  pairs: readonly Pair[],
  left: { readonly ours: ReadonlySet<OurLine>; readonly theirs: ReadonlySet<BillLine> },
  tolerance: Tolerance,
): readonly Difference[] {
  const known = new Set(pairs.map(({ theirs }) => theirs.evidence).filter((one) => one !== null))
  return [
    ...[...left.ours]
      .filter(
        (one) => one.paid && one.edge !== true && ((one.energy_Wh ?? 0) > tolerance.energy_Wh || (one.total ?? 0) > 0),
      )
      .map(
        (one): Difference => ({
          kind: 'missing',
          ours: one,
          theirs: null,
          by: null,
          says: ['the back end has no bill of it'],
        }),
      ),
    ...[...left.theirs].map((one): Difference => {
      const twice = one.evidence !== null && known.has(one.evidence)
      const says = [twice ? 'the back end bills this session twice' : 'berth knows no session of it']
      return { kind: 'extra', ours: null, theirs: one, by: null, says }
    }),
    ...pairs.flatMap((pair): readonly Difference[] => {
      const says = wordsOf(pair, tolerance)
      return says.length === 0 ? [] : [{ kind: 'different', ...pair, says }]
    }),
  ]
}

/** Charge points and back ends use numbers again: only bills that could be of one time are one. */
function mayBeOneTime(one: BillLine, other: BillLine, { time_s }: Tolerance): boolean {
  if (one.start === null || other.start === null) return true
  const slack = time_s * 1000
  return (
    one.start - slack <= (other.end ?? other.start) + slack && other.start - slack <= (one.end ?? one.start) + slack
  )
}

/** Of several the one that shares most time. */
const best = (one: BillLine, others: readonly BillLine[]): BillLine | undefined =>
  others.toSorted((a, b) => overlap(one, b) - overlap(one, a))[0]

/** Time that both say, ms; 0 where either says none. */
function overlap(one: BillLine, other: BillLine): number {
  if (one.start === null || one.end === null || other.start === null || other.end === null) return 0
  return Math.max(0, Math.min(one.end, other.end) - Math.max(one.start, other.start))
}

/** What differs by more than is tolerated. */
function wordsOf({ ours, theirs }: Pair, tolerance: Tolerance): readonly string[] {
  const says: string[] = []
  if (!ours.paid) says.push('nobody pays for it at berth')
  const [here, there] = [ours.energy_Wh, theirs.energy_Wh]
  if (here !== null && there !== null) {
    const most = Math.max(tolerance.energy_Wh, tolerance.energy_share * Math.max(here, there))
    if (Math.abs(here - there) > most) says.push(`energy ${here} Wh here, ${there} Wh there`)
  }
  if (here !== null && theirs.lacks?.includes('energy') && here > tolerance.energy_Wh)
    says.push(`energy ${here} Wh here, none said there`)
  if (ours.total !== null && theirs.lacks?.includes('total') && ours.total > tolerance.money)
    says.push(`total ${moneyOf(ours, ours.total)} here, none said there`)
  if (ours.currency !== null && theirs.currency !== null && ours.currency !== theirs.currency)
    says.push(`currency ${ours.currency} here, ${theirs.currency} there`)
  else if (ours.total !== null && theirs.total !== null && Math.abs(ours.total - theirs.total) > tolerance.money)
    says.push(`total ${moneyOf(ours, ours.total)} here, ${moneyOf(theirs, theirs.total)} there`)
  for (const edge of ['start', 'end'] as const) {
    const [mine, other] = [ours[edge], theirs[edge]]
    if (mine !== null && other !== null && Math.abs(mine - other) > tolerance.time_s * 1000)
      says.push(`${edge} ${isoOf(mine)} here, ${isoOf(other)} there`)
  }
  if (ours.evse !== null && theirs.evse !== null && ours.evse !== theirs.evse)
    says.push(`EVSE ${ours.evse} here, ${theirs.evse} there`)
  return says
}

/** Minor units as people write them. */
const moneyOf = ({ currency }: BillLine, minor: number): string =>
  `${amountText(minor, currency ?? '')} ${currency ?? ''}`.trim()

const isoOf = (ms: number): string => new Date(ms).toISOString()
