import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { PROOFS, type ProofKind, type SubjectClaim } from '../privacy/subject-claim.ts'
import { subjectPage } from '../privacy/subject-page.ts'
import { perform } from './privacy-work.ts'

const text = { type: 'string' } as const
const OPTIONS = {
  site: text,
  plate: text,
  account: text,
  proof: text,
  from: text,
  to: text,
  'verified-by': text,
} as const
type Values = { readonly [name in keyof typeof OPTIONS]?: string }

/** `berth erase --plate P …`: 0 once it is done or nothing delays it, 1 where a visit, a dispute or a legal hold does (with the date), 2 for a wrong call. */
export async function erase(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: OPTIONS })
  const asked = read('erase', values)
  if (asked === null) return 2
  const told = await perform(asked.name, asked.site, {
    path: '/api/erasures',
    body: asked.claim,
    fits: ({ erasureId, status }) => typeof erasureId === 'string' && typeof status === 'string',
    here: (desk, by) => desk.erase(asked.claim, by),
  })
  if (told === null) return 1
  const others = Array.isArray(told['also']) ? told['also'].length : 0
  const also = others === 0 ? '' : ` (with ${others} more: \`GET /api/erasures\`)`
  if (told['status'] === 'queued') {
    const { heldUntil } = told
    const until = typeof heldUntil === 'string' ? `Not before ${heldUntil.slice(0, 10)}.` : 'No date is known yet.'
    complain(`berth erase: ${told['erasureId']}${also} waits. ${until} ${told['because'] ?? ''}`)
    return 1
  }
  const whom = asked.claim.plate === undefined ? 'the account, and what is its own,' : 'the vehicle'
  say(
    told['status'] === 'done'
      ? `${told['erasureId']}${also}: ${whom} is forgotten; no key is left that opens what was kept.`
      : `${told['erasureId']}${also}: ${whom} is being forgotten; \`GET /api/erasures\` says when it is done.`,
  )
  return 0
}

/** `berth subject --plate P … --out DIR`: everything that is known of a vehicle, signed: `subject.json` and a page for a person. */
export async function subject(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: { ...OPTIONS, out: text } })
  const asked = read('subject', values)
  if (asked === null) return 2
  if (values.out === undefined) return misused('subject', 'say where to: `--out DIR`.')
  const told = await perform(asked.name, asked.site, {
    path: '/api/subjects',
    body: asked.claim,
    fits: ({ content, signature, page }) => isObject(content) && isObject(signature) && typeof page === 'string',
    here: async (desk, by) => {
      const handed = await desk.subject(asked.claim, by)
      return { ...handed, page: subjectPage(handed) }
    },
  })
  if (told === null) return 1
  const { content, signature, page } = told
  mkdirSync(values.out, { recursive: true, mode: 0o700 })
  const json = join(values.out, 'subject.json')
  writeFileSync(json, `${JSON.stringify({ content, signature }, null, 2)}\n`, { mode: 0o600 })
  writeFileSync(join(values.out, 'subject.html'), String(page), { mode: 0o600 })
  say(
    `${json} and subject.html beside it hold everything that is known; hand them to the person, and delete them here.`,
  )
  return 0
}

/** `berth object --plate P … [--withdraw]`: the plate never starts a charge by itself from now on; cards and apps do. */
export async function object(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: { ...OPTIONS, withdraw: { type: 'boolean' } } })
  const asked = read('object', values)
  if (asked === null) return 2
  const objects = values.withdraw !== true
  const told = await perform(asked.name, asked.site, {
    path: '/api/objections',
    body: { ...asked.claim, objects },
    fits: (told) => told['objects'] === objects && typeof told['vehicles'] === 'number',
    here: (desk, by) => desk.object(asked.claim, objects, by),
  })
  if (told === null) return 1
  const whose = asked.claim.plate === undefined ? `${told['vehicles']} of the account: the` : 'The'
  say(
    objects
      ? `${whose} plate never starts a charge by itself from now on; a card or an app does.`
      : `${whose} objection is withdrawn: the plate may start a charge again, where the register lets it.`,
  )
  return 0
}

type Asked = { readonly name: string; readonly site: string; readonly claim: SubjectClaim }

/** The claim of a command line, or null after a sentence about what is wrong with it. */
function read(name: string, values: Values): Asked | null {
  const { site, plate, account, proof, from, to, 'verified-by': verifiedBy } = values
  const wrong = (says: string): null => {
    misused(name, says)
    return null
  }
  if (site === undefined || (plate === undefined && account === undefined))
    return wrong('say whose and where: `--plate P` or `--account A`, and `--site site.yaml`.')
  if (verifiedBy === undefined) return wrong('say who verified it: `--verified-by NAME`; that goes on record.')
  if (account === undefined && proof === undefined)
    return wrong(`a plate is not a person: say \`--account A\`, or \`--proof ${PROOFS.join('|')} --from T --to T\`.`)
  if (plate === undefined && proof !== undefined)
    return wrong('a proof speaks of a vehicle: say which, `--plate P`; or `--account A` alone.')
  const base = { verifiedBy, ...(plate === undefined ? {} : { plate }), ...(account === undefined ? {} : { account }) }
  if (proof === undefined) return { name, site, claim: base }
  const kind = PROOFS.find((one): one is ProofKind => one === proof)
  const span = [from, to].map((time) => momentOf(time))
  const [start, end] = span
  if (kind === undefined) return wrong(`--proof is one of ${PROOFS.join(', ')}.`)
  if (start == null || end == null)
    return wrong('a proof speaks of a time: `--from 2026-01-01 --to 2026-12-31`, ISO 8601.')
  return { name, site, claim: { ...base, proof: { kind, from: start, to: end } } }
}

/** A day is midnight UTC; null where it is no time. */
function momentOf(time: string | undefined): string | null {
  const value = Date.parse(time ?? '')
  return Number.isNaN(value) ? null : new Date(value).toISOString()
}

function misused(name: string, says: string): number {
  complain(`berth ${name}: ${says}`)
  return 2
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const complain = (line: string): void => void process.stderr.write(`${line}\n`)
