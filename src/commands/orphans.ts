import { parseArgs } from 'node:util'
import { type StuckTransaction, stuckIn } from '../../projections/stuck-transactions.ts'
import { storeRecords } from '../journal/journal-source.ts'
import { replayRecords } from './replay.ts'

/**
 * `berth orphans --site site.yaml [--bay B] [--json]`: transactions of which nobody knows how they end, across bays, from the journal
 * alone, also beside its owner. 0 also where there are some; 1 for a bay without a record; 2 for a wrong command line.
 */
export async function orphans(argv: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args: argv, options: { site: text, bay: text, json: { type: 'boolean' } } })
  if (values.site === undefined) {
    process.stderr.write('Say which site: berth orphans --site site.yaml\n')
    return 2
  }
  const { bays, records } = await replayRecords(storeRecords(values.site), { bay: values.bay ?? null, stop: null })
  if (values.bay !== undefined && records === 0) {
    process.stderr.write(`The journal has no record of ${values.bay}; check its id, or leave --bay out.\n`)
    return 1
  }
  const all = [...bays.values()].flatMap((snapshot) => stuckIn(snapshot.context)).toSorted(bySince)
  process.stdout.write(values.json === true ? `${JSON.stringify({ items: all, next: null })}\n` : textOf(all))
  return 0
}

const bySince = (a: StuckTransaction, b: StuckTransaction): number => a.since.localeCompare(b.since)

const WHY: { readonly [kind in StuckTransaction['kind']]: string } = {
  orphaned: 'its visit ended, its end is unknown',
  unpaid: 'nobody pays, and it runs',
  unheard: 'its charge point is away',
  available: 'its charge point says Available',
}

function textOf(all: readonly StuckTransaction[]): string {
  if (all.length === 0) return 'No stuck transactions.\n'
  return all
    .map((one) => {
      const register = `register ${wh(one.first_Wh)} to ${wh(one.last_Wh)}${one.billed_Wh === null ? '' : `, billed to ${wh(one.billed_Wh)}`}`
      return [
        `${one.bayId}  ${one.chargePointId}/${one.evse}  transaction ${one.transactionId}: ${WHY[one.kind]}, since ${one.since}`,
        `  begun ${one.startedAt} by ${one.token === 'start' ? 'berth' : one.token === 'card' ? 'a card' : 'an unknown token'}, account ${one.accountId ?? 'none'}, ${register}, last heard ${one.lastHeardAt}`,
        `  ${one.do}`,
      ].join('\n')
    })
    .join('\n')
    .concat('\n')
}

const wh = (value: number | null): string => (value === null ? 'unknown' : `${value} Wh`)
