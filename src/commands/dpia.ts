import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { Fault } from '../../machines/faults.ts'
import { emptyRegister, foldRegister } from '../../machines/register.ts'
import { fileTrouble } from '../file-trouble.ts'
import { openSiteJournalReadOnly } from '../journal/site-store.ts'
import { type AssessedCounts, assessmentText, signText } from '../privacy/assessment-text.ts'
import { RIGHTS } from '../server/roles.ts'
import { readSiteFile, type SiteFile } from '../site-file.ts'
import { drawZones } from './zone-drawing.ts'

/**
 * `berth dpia --site site.yaml --out DIR [--contact TEXT] [--pictures DIR]`: the pack for a data protection impact assessment, from the site
 * file and the journal: `dpia.md`, `sign.txt` and a drawing of each camera's zones. 1 where it cannot be written, 2 for a wrong call.
 */
export async function dpia(argv: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args: argv, options: { site: text, out: text, contact: text, pictures: text } })
  if (values.site === undefined || values.out === undefined)
    return misused('say which site and where to: `--site site.yaml --out DIR`.')
  const site = await readSiteFile(values.site)
  const contact = values.contact ?? site.privacy.contact
  if (contact === undefined)
    return misused('say whom people ask: `--contact "privacy@example.org"`, or `privacy.contact` in the site file.')
  try {
    await mkdir(values.out, { recursive: true })
    const files = await drawZones(site, values.out, values.pictures ?? null)
    const about = {
      site,
      contact,
      madeAt: new Date().toISOString(),
      counts: await countsOf(site),
      rights: RIGHTS,
      drawings: Object.fromEntries(site.cameras.map(({ id }, index) => [id, basename(files[index] ?? '')])),
    }
    for (const [name, words] of [
      ['dpia.md', assessmentText(about)],
      ['sign.txt', signText(about)],
    ] as const) {
      await writeFile(join(values.out, name), words)
      files.push(join(values.out, name))
    }
    for (const file of files) process.stdout.write(`${file}\n`)
    return 0
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause
    process.stderr.write(`berth dpia: the pack cannot be written to ${values.out}: ${fileTrouble(cause)}\n`)
    return 1
  }
}

/** Nothing was recorded yet. */
function noJournal(fault: unknown): null {
  if (fault instanceof Fault && fault.code === 'NOT_FOUND') return null
  throw fault
}

/** What the journal holds, without opening anything that is sealed; null where there is none. */
async function countsOf({ store, site }: SiteFile): Promise<AssessedCounts | null> {
  const journal = await openSiteJournalReadOnly(store, site.id, { open: () => undefined }).catch(noJournal)
  if (journal === null) return null
  try {
    const register = emptyRegister()
    const seen = { records: 0, visits: 0, erasures: 0, holds: 0 }
    let [first, last]: (string | null)[] = [null, null]
    for (let page = await journal.readSite(); page.length > 0; page = await journal.readSite(page.at(-1)?.seq))
      for (const record of page) {
        seen.records += 1
        first ??= record.at
        last = record.at
        if (record.stream === 'register') foldRegister(register, record)
        if (record.cause.type === 'hold.placed') seen.holds += 1
        for (const { type } of record.decisions) {
          if (type === 'VisitOpened') seen.visits += 1
          if (type === 'SubjectErased' || type === 'ErasureHonoured') seen.erasures += 1
        }
      }
    const { vehicles, accounts, cards, objections } = register
    const sizes = { vehicles: vehicles.size, accounts: accounts.size, cards: cards.size, objections: objections.size }
    return { ...seen, ...sizes, first: first ?? null, last: last ?? null }
  } finally {
    await journal.close()
  }
}

function misused(says: string): number {
  process.stderr.write(`berth dpia: ${says}\n`)
  return 2
}
