import { openPostgresAsItIs } from '../../../src/journal/postgres-reader.ts'
import { verifyRows } from '../../../src/journal/verification.ts'
import type { HostedLife } from './hosted-life.ts'

/** Statements to the cluster's database. */
export type AskCluster = (text: string) => Promise<readonly { readonly [column: string]: unknown }[]>

type Decision = { readonly type: string; readonly [field: string]: unknown }
type Row = {
  readonly seq: number
  readonly epoch: number
  readonly text: string
  readonly decisions: readonly Decision[]
}

/** What a site's log says of its life: every sentence of `wrong` is a broken promise. */
export type History = {
  readonly wrong: readonly string[]
  readonly records: number
  readonly owners: number
  readonly bills: number
}

/** Checks the whole log of one site against what people and its charge point saw. `url`: of the database. */
export async function checkHistory(life: HostedLife, url: string, ask: AskCluster): Promise<History> {
  const { siteId } = life
  const log = await openPostgresAsItIs({ url, siteId })
  const verdict = await verifyRows(log, undefined, { checkpoints: [], key: null })
  await log.close()
  const rows = (await ask(`SELECT seq, epoch, content FROM berth.record WHERE site = '${siteId}' ORDER BY seq`)).map(
    rowOf,
  )
  const decisions = rows.flatMap((row) => row.decisions)
  const wrong = [
    ...(verdict.broken === null ? [] : [`its chain is broken: ${JSON.stringify(verdict.broken)}`]),
    ...rows.flatMap(({ seq }, index) => (seq === index + 1 ? [] : [`record ${index + 1} is ${seq}`])),
    ...rows.flatMap(({ seq, epoch }, index) =>
      epoch >= (rows[index - 1]?.epoch ?? 0) ? [] : [`record ${seq} is of an older owner than the one before it`],
    ),
    ...lostOrders(life, rows),
    ...startsOf(life, decisions),
    ...billsOf(life, decisions),
  ].map((says) => `${siteId}: ${says}`)
  const owners = new Set(rows.map(({ epoch }) => epoch)).size
  return { wrong, records: rows.length, owners, bills: decisions.filter(({ type }) => type === 'SessionBilled').length }
}

function rowOf(row: { readonly [column: string]: unknown }): Row {
  const text = String(row['content'])
  const { decisions = [] } = JSON.parse(text) as { decisions?: readonly Decision[] }
  return { seq: Number(row['seq']), epoch: Number(row['epoch']), text, decisions }
}

/** An order that was answered stands where the answer said, and nowhere else. */
function lostOrders({ acknowledged }: HostedLife, rows: readonly Row[]): readonly string[] {
  return acknowledged.flatMap(({ id, seq }) => {
    const places = rows.filter(({ text }) => text.includes(id)).map((row) => row.seq)
    return places.length === 1 && places[0] === seq
      ? []
      : [`order ${id} was answered as record ${seq} and stands at ${places}`]
  })
}

/** No start without its record, none sent twice, and one for each reason of a visit. */
function startsOf({ starts }: HostedLife, decisions: readonly Decision[]): readonly string[] {
  const asked = decisions.filter(({ type }) => type === 'StartRequested')
  const ids = asked.map(({ startId }) => startId)
  const twice = [...starts].filter(([, calls]) => calls.size > 1)
  const reasons = asked.map(({ visitId, reason }) => `${visitId} ${reason}`)
  return [
    ...(starts.size <= new Set(ids).size
      ? []
      : [`${starts.size} starts reached its charge point, ${ids.length} are on record`]),
    ...twice.map(([token, calls]) => `a start (${token}) was sent ${calls.size} times`),
    ...(new Set(reasons).size === reasons.length ? [] : [`a visit was started twice for one reason: ${reasons}`]),
  ]
}

/** What was billed is what the charge point counted. */
function billsOf({ client, from_Wh }: HostedLife, decisions: readonly Decision[]): readonly string[] {
  const billed = decisions
    .filter(({ type }) => type === 'SessionBilled')
    .reduce((sum, { energy_Wh }) => sum + Number(energy_Wh), 0)
  const drawn = client.connector(1).register_Wh - from_Wh
  return Math.abs(billed - drawn) <= 1 ? [] : [`${billed} Wh are billed, ${drawn} Wh were drawn`]
}
