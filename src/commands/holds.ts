import { parseArgs } from 'node:util'
import { foldHolds, HOLD_REASONS, type LegalHold, type LegalHolds } from '../../machines/legal-holds.ts'
import type { HoldAsked } from '../privacy/privacy-desk.ts'
import { readSiteFile } from '../site-file.ts'
import { readTime } from '../time-reading.ts'
import { perform } from './privacy-work.ts'
import { misused, openTold } from './told-span.ts'

const text = { type: 'string' } as const
const OPTIONS = {
  site: text,
  plate: text,
  account: text,
  reason: text,
  until: text,
  json: { type: 'boolean' },
} as const
type Values = { readonly [name in Exclude<keyof typeof OPTIONS, 'json'>]?: string }
const USAGE =
  'write `berth hold place --plate P --reason REASON --until DAY`, `berth hold list` or `berth hold lift ID`, with `--site site.yaml`.'

/**
 * `berth hold place (--plate P | --account A) --reason R --until DAY --site site.yaml` keeps what is known of a vehicle or an account; `list`
 * names the holds that stand, `lift ID` ends one. 1 where that is refused, 2 for a wrong call.
 */
export async function hold(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: OPTIONS })
  const [verb, holdId, ...more] = positionals
  const { site } = values
  if (site === undefined || more.length > 0 || (verb === 'lift') !== (holdId !== undefined))
    return misused('hold', USAGE)
  if (verb === 'place') return place(site, values)
  if (verb === 'list') return list(site, values.json === true)
  if (verb === 'lift' && holdId !== undefined) return lift(site, holdId)
  return misused('hold', USAGE)
}

async function place(site: string, { plate, account, ...values }: Values): Promise<number> {
  if ((plate === undefined) === (account === undefined))
    return misused('hold', 'say of whom: `--plate P`, or `--account A` for all that is its own.')
  const reason = HOLD_REASONS.find((one) => one === values.reason)
  if (reason === undefined) return misused('hold', `say why: --reason ${HOLD_REASONS.join('|')}.`)
  const until = readTime(values.until ?? '')
  if (until === null) return misused('hold', 'say until when: `--until 2027-06-30`.')
  const asked: HoldAsked = {
    ...(plate === undefined ? {} : { plate }),
    ...(account === undefined ? {} : { account }),
    reason,
    until,
  }
  const told = await perform('hold', site, {
    path: '/api/holds',
    body: asked,
    fits: ({ holdId, until: kept }) => typeof holdId === 'string' && typeof kept === 'string',
    here: (desk, by) => desk.hold(asked, by),
  })
  if (told === null) return 1
  const others = Array.isArray(told['also']) ? told['also'] : []
  say(`${[told['holdId'], ...others].join(', ')}: what is known is kept until ${until.slice(0, 10)}.`)
  return 0
}

async function lift(site: string, holdId: string): Promise<number> {
  const told = await perform('hold', site, {
    path: `/api/holds/${encodeURIComponent(holdId)}`,
    method: 'DELETE',
    fits: (told) => Object.keys(told).length === 0,
    here: async (desk, by) => ({ lifted: await desk.lift(holdId, by) }),
  })
  if (told === null) return 1
  if (told['lifted'] === false) {
    process.stderr.write(
      `berth hold: there is no hold ${holdId.slice(0, 64)} that stands; \`berth hold list\` names them.\n`,
    )
    return 1
  }
  say(`${holdId} is lifted: what its schedule or an erasure says comes to pass.`)
  return 0
}

/** From the journal alone, also beside its owner. */
async function list(site: string, isJson: boolean): Promise<number> {
  const journal = await openTold(await readSiteFile(site))
  try {
    const holds: LegalHolds = new Map()
    for (let after = 0; ; ) {
      const page = await journal.readStream('audit', after, 1_000)
      for (const record of page) foldHolds(holds, record)
      const last = page.at(-1)
      if (!last) break
      after = last.version
    }
    const standing = [...holds.values()].filter(({ until }) => Date.parse(until) > Date.now())
    for (const one of standing) say(isJson ? JSON.stringify(shown(one)) : lineOf(one))
    if (standing.length === 0 && !isJson) say('No legal hold stands.')
    return 0
  } finally {
    await journal.close()
  }
}

/** As people see it: never whose it is. */
const shown = ({ handle: _handle, ...hold }: LegalHold) => hold
const lineOf = ({ holdId, reason, placedAt, until, by }: LegalHold): string =>
  `${holdId}  ${reason}  since ${placedAt.slice(0, 10)} until ${until.slice(0, 10)}  by ${by}`
const say = (line: string): void => void process.stdout.write(`${line}\n`)
