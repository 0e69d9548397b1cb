import type { Proposals } from '../projections/shadow-rows.ts'
import { adviceOn, PER_VEHICLE, type ShadowTally } from '../projections/shadow-tally.ts'
import type { Share } from '../projections/share.ts'
import { counted } from './counted.ts'

/** What the report is made of. Times are ISO 8601; `first` and `last` are of the watched visits, null where there is none. */
export type ShadowReport = {
  readonly site: string
  readonly first: string | null
  readonly last: string | null
  readonly total: ShadowTally
  readonly bays: readonly ShadowTally[]
  readonly cameras: readonly ShadowTally[]
  readonly proposals: Proposals
}

const HEADS = ['', 'visits', 'known', 'right', 'missed', 'wrong', 'confirmed', 'nobody asked', 'unknown card']
const REASONS_SHOWN = 6

const percent = (share: number): string => `${Math.round(share * 100)}`
const withShare = (n: number, { share, low, high, of }: Share): string =>
  of === 0 ? String(n) : `${n}  ${percent(share)} % (${percent(low)}-${percent(high)})`

/** The report for people: a table of bays, one of cameras, why starts were missed, and a sentence of advice a bay. */
export function shadowText(report: ShadowReport): string {
  const { site, first, last, total, bays, cameras } = report
  if (total.visits === 0)
    return `${site}: no visit has been watched in this time. A bay on \`autonomy: observe\` or \`suggest\` is watched from its next visit on.\n`
  return [
    `${site}: ${total.visits} visits watched, ${first} to ${last}.`,
    '',
    ...table([...bays, ...(bays.length > 1 ? [total] : [])]),
    '',
    ...table(cameras),
    '',
    'known: visits whose payer a card, the vehicle or an app named, or an operator where berth proposed nobody or another. right, missed: of those, share with its 95 % interval; wrong: of right + wrong.',
    'confirmed: an operator let what berth proposed, having seen it; that proves nothing, and is not in the other numbers.',
    `advice: rests on cards, the vehicle's own word and apps; of each vehicle at most ${PER_VEHICLE} starts count.`,
    'nobody asked: berth would have started and no card came; with the cable in, it would have charged for it.',
    '',
    ...missedLines(total),
    ...bays.map((bay) => `${bay.name}: ${adviceOn(bay).says}`),
    ...rowLines(report.proposals),
    '',
  ].join('\n')
}

function table(tallies: readonly ShadowTally[]): string[] {
  const rows = tallies.map(({ name, visits, counts, unaskedPlugged, right, missed, wrong }) => [
    name,
    String(visits),
    String(right.of),
    withShare(counts.right, right),
    withShare(counts.missed, missed),
    withShare(counts.wrong, wrong),
    String(counts.confirmed),
    counts.unasked === 0 ? '0' : `${counts.unasked} (${unaskedPlugged} with the cable in)`,
    String(counts['unknown-card']),
  ])
  const widths = HEADS.map((head, column) => Math.max(head.length, ...rows.map((row) => (row[column] ?? '').length)))
  return [HEADS, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function missedLines({ why }: ShadowTally): string[] {
  if (why.length === 0) return []
  const shown = why.slice(0, REASONS_SHOWN).map(([reason, visits]) => `  ${visits}  ${reason}`)
  return ['Why starts were missed:', ...shown, '']
}

function rowLines({ rows, contradicted }: Proposals): string[] {
  const lines: string[] = []
  if (rows.length === 0 && contradicted.length === 0)
    lines.push(
      'No vehicle to propose for the register yet: one is proposed once it has charged in two visits with cards of one account.',
    )
  if (rows.length > 0)
    lines.push(
      `${counted(rows.length, 'vehicle')} that the register does not hold charged twice or more with cards of one account: --rows FILE.csv writes ${rows.length === 1 ? 'it' : 'them'} for \`berth vehicles import\`.`,
    )
  if (contradicted.length > 0)
    lines.push(
      `${counted(contradicted.length, 'vehicle')} charged with cards of another account than before, or than the register says; ask whose ${contradicted.length === 1 ? 'it is' : 'they are'}.`,
    )
  return lines.length === 0 ? [] : ['', ...lines]
}
