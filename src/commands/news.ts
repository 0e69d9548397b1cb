import { parseArgs } from 'node:util'
import { systemClock } from '../clock.ts'
import { writeLoneEntry } from '../journal/lone-entry.ts'
import { type ReceiverView, receiverView, resumedEntry } from '../news/news-desk.ts'
import { behind } from '../news/news-round.ts'
import { PositionBook, readPositions } from '../news/position-book.ts'
import { askOwner, saysBroke, saysRefused } from '../owner-call.ts'
import { readSiteFile, type SiteFile } from '../site-file.ts'
import { misused } from './told-span.ts'

const USAGE = 'write `berth news --site site.yaml`, or `berth news resume ID [--after SEQ] --site site.yaml`.'
const BY = 'berth on the command line'

/**
 * `berth news --site site.yaml [--json]`: who is told of the site, how far, and who is told no more. `resume ID [--after SEQ]` lets one go
 * on. 1 where nobody is called so or it cannot be written, 2 for a wrong call.
 */
export async function news(argv: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const options = { site: text, after: text, json: { type: 'boolean' } } as const
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options })
  const [verb, receiver, ...more] = positionals
  if (values.site === undefined || more.length > 0) return misused('news', USAGE)
  const file = await readSiteFile(values.site)
  if (verb === undefined) return await list(file, values.json === true)
  if (verb !== 'resume' || receiver === undefined) return misused('news', USAGE)
  const { after } = values
  if (after !== undefined && !/^\d{1,12}$/.test(after))
    return misused('news', `--after ${after.slice(0, 20)} is no seq; write it like 4711.`)
  return resume(file, receiver, after === undefined ? null : Number(after))
}

async function list(file: SiteFile, isJson: boolean): Promise<number> {
  const all = (await liveReceivers(file)) ?? receiversOf(file)
  for (const one of all) say(isJson ? JSON.stringify(one) : lineOf(one))
  if (all.length === 0 && !isJson) say('The site file tells nobody of this site, or it was never served.')
  return 0
}

async function resume(file: SiteFile, receiver: string, after: number | null): Promise<number> {
  const path = `/api/news/receivers/${encodeURIComponent(receiver)}/resume`
  const body = JSON.stringify(after === null ? {} : { after })
  const answer = await askOwner(file, path, {
    type: 'application/json',
    body,
    fits: (told) => told['receiver'] === receiver,
  })
  if (answer !== null) {
    if ('broke' in answer) return refused(saysBroke(answer, 'run it again.'))
    return answer.status >= 300 ? refused(saysRefused(answer)) : done(receiver, after)
  }
  const known = receiversOf(file).find((one) => one.receiver === receiver)
  if (known === undefined)
    return refused(`no receiver ${receiver.slice(0, 64)} was ever told anything; \`berth news\` names them.`)
  await writeLoneEntry(file.store, file.site.id, systemClock, resumedEntry(known, after, BY))
  const book = new PositionBook(bookOf(file))
  if (after !== null) book.note(receiver, behind(after))
  book.free(receiver)
  book.close()
  return done(receiver, after)
}

/** As the site that is served knows them: since when one has taken nothing stands on no disk. Null where nobody serves it, or answers. */
async function liveReceivers(file: SiteFile): Promise<readonly ReceiverView[] | null> {
  const answer = await askOwner(file, '/api/news/receivers', {
    method: 'GET',
    fits: ({ items }) => Array.isArray(items),
  })
  if (answer === null || 'broke' in answer || answer.status >= 300) return null
  return (answer.body?.['items'] ?? null) as readonly ReceiverView[] | null
}

const bookOf = ({ store }: SiteFile): string => `${store.path}.news`
const receiversOf = (file: SiteFile): readonly ReceiverView[] => readPositions(bookOf(file)).map(receiverView)

function lineOf({ receiver, after, parkedAt, awaySince, says }: ReceiverView): string {
  const state = parkedAt !== null ? `PARKED since ${parkedAt}` : awaySince === null ? 'told' : `AWAY since ${awaySince}`
  return `${receiver}  ${state}  up to record ${after}${says === null ? '' : `  ${says}`}`
}

function done(receiver: string, after: number | null): number {
  say(`${receiver} goes on ${after === null ? 'where it stopped' : `behind record ${after}`}.`)
  return 0
}

function refused(says: string): number {
  process.stderr.write(`berth news: ${says}\n`)
  return 1
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)
