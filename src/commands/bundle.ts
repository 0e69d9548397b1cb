import { randomInt } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type BayBundle, bayBundle } from '../bundle/bay-bundle.ts'
import { systemChance } from '../chance.ts'
import { systemClock } from '../clock.ts'
import { adoptionsIn, keptMachines } from '../journal/adopted-machines.ts'
import { packPage } from '../journal/packed-pages.ts'
import { openStoreRows } from '../journal/site-store.ts'
import { type KeyStore, openKeyStoreReadOnly } from '../privacy/key-store.ts'
import { recordLook } from '../recorded-look.ts'
import { readSiteFile, type SiteFile } from '../site-file.ts'
import { readTime } from '../time-reading.ts'
import { berthVersion } from '../version.ts'
import { misused } from './told-span.ts'

/**
 * `berth bundle --site site.yaml --bay B --from T --to T [--out FILE]`: a journal of one bay that replays, with every name, plate, token and
 * text re-invented and its times moved, for a bug report. 1 where it would not come out as it did; 2 for a wrong command line.
 */
export async function bundle(argv: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args: argv, options: { site: text, bay: text, from: text, to: text, out: text } })
  const { site, bay, out = 'berth-bundle.jsonl.gz' } = values
  if (site === undefined || bay === undefined || values.from === undefined || values.to === undefined)
    return misused('bundle', 'say of which bay, and of when: `--site site.yaml --bay B --from T --to T`.')
  const [from, to] = [readTime(values.from), readTime(values.to)]
  if (from === null || to === null)
    return misused(
      'bundle',
      `${from === null ? `--from ${values.from}` : `--to ${values.to}`} is not a time; write it like 2026-11-22T10:00:00Z, or 2026-11-22.`,
    )
  const file = await readSiteFile(site)
  const unrecorded = await recordLook(file, 'bundle', bay, { from, to })
  if (unrecorded !== null)
    process.stderr.write(`berth bundle: that this bundle was made is not on record: ${unrecorded}.\n`)
  const made = await madeOf(file, { bay, from, to })
  const failed = write(out, made.text)
  if (failed !== null) {
    process.stderr.write(`berth bundle: ${out} cannot be written (${failed}); name a file in a folder that is yours.\n`)
    return 1
  }
  const { records, bays, plates } = made
  process.stdout.write(
    `${out}: ${records} records of ${bays === 1 ? 'one bay' : `${bays} bays that contended`}, ${plates} plates re-invented; it replays as it did. Read it before you send it: \`berth replay ${out}\`.\n`,
  )
  return 0
}

async function madeOf(file: SiteFile, ask: { bay: string; from: string; to: string }): Promise<BayBundle> {
  const { path } = file.store
  const reader = await openStoreRows(file.store, file.site.id)
  const keys = openKeys(file)
  try {
    const adoptions = await adoptionsIn(reader)
    const source = (name: string) => keptMachines(path, name)
    return await bayBundle({
      reader,
      ask,
      adoptions,
      source,
      keys,
      roll: (below) => randomInt(below),
      berth: berthVersion(),
    })
  } finally {
    keys?.close()
    await reader.close()
  }
}

/** Plates are re-invented by the form of the originals where those can be read; a bundle can be made without. */
function openKeys({ site, store }: SiteFile): KeyStore | null {
  try {
    const options = { path: `${store.path}.keys`, siteId: site.id, clock: systemClock, chance: systemChance }
    return openKeyStoreReadOnly(options)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    process.stderr.write(`berth bundle: no plates are re-invented: ${why}\n`)
    return null
  }
}

/** Under another name until it is whole; packed where its name ends in .gz. Answers the error's code, or null. */
function write(out: string, text: string): string | null {
  const part = `${out}.part`
  try {
    const file = openSync(part, 'w')
    try {
      writeFileSync(file, out.endsWith('.gz') ? packPage(text) : Buffer.from(text))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(part, out)
    return null
  } catch (error) {
    rmSync(part, { force: true })
    const { code, syscall } = error as NodeJS.ErrnoException
    if (syscall === undefined) throw error
    return String(code)
  }
}
