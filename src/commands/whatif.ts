import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { BY_TABLES } from '../../machines/compiled-step.ts'
import { Fault } from '../../machines/faults.ts'
import { TwinBays } from '../../projections/twin-bays.ts'
import { systemChance } from '../chance.ts'
import { systemClock } from '../clock.ts'
import { counted } from '../counted.ts'
import { fileTrouble } from '../file-trouble.ts'
import { openPersonal } from '../journal/journal-row.ts'
import { exportSource, type JournalSource, storeSource } from '../journal/journal-source.ts'
import { knownMachines } from '../journal/known-machines.ts'
import { ownMachines } from '../journal/machines-bundle.ts'
import { openTwins } from '../journal/machines-sandbox.ts'
import { journalFiles } from '../journal/segment.ts'
import { openStoreReadOnly } from '../journal/sqlite-reader.ts'
import { type KeyStore, openKeyStoreReadOnly } from '../privacy/key-store.ts'
import { readSiteFile } from '../site-file.ts'
import { readTime } from '../time-reading.ts'
import type { TwinLives } from '../whatif/lane.ts'
import { policyChange } from '../whatif/policy-change.ts'
import { triedHistory } from '../whatif/tried-history.ts'
import { TriedRules } from '../whatif/tried-rules.ts'
import { whatIfText } from '../whatif/whatif-text.ts'
import { zoneChange } from '../whatif/zone-change.ts'
import { forgetConstructors, isLockedIn, runLockedIn } from './locked-in.ts'
import { misused, tell } from './told-span.ts'

const text = { type: 'string' } as const
const OPTIONS = {
  site: text,
  store: text,
  policy: { type: 'string', multiple: true },
  zones: text,
  machines: text,
  from: text,
  to: text,
  json: { type: 'boolean' },
  out: text,
  'strange-machines': { type: 'boolean' },
} as const

/**
 * `berth whatif`: recorded history under another policy or by other machines; every visit of which something else comes. Reads the store,
 * also beside its owner; what is sealed only for `--zones`, which weighs the boxes of reads. 2 for a wrong command line.
 */
export async function whatIf(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: OPTIONS })
  const [rules, files] = [positionals.filter(isRule), positionals.filter((one) => !isRule(one))]
  const over = [values.site, values.store, files[0]].filter((one) => one !== undefined)
  if (over.length !== 1)
    return misused(
      'whatif',
      'say over what: `--site site.yaml`, `--store FILE`, or an export, or segments in their order.',
    )
  const [from, to] = [values.from, values.to].map((one) => (one === undefined ? undefined : readTime(one)))
  for (const [flag, said, time] of [
    ['--from', values.from, from],
    ['--to', values.to, to],
  ] as const)
    if (time === null)
      return misused('whatif', `${flag} ${said} is not a time; write it like 2026-11-22T10:00:00Z, or 2026-11-22.`)
  const change = policyChange([...(values.policy ?? []), ...rules])
  const zones = values.zones === undefined ? null : zoneChange(values.zones)
  if (zones && files.length > 0)
    return misused(
      'whatif',
      '--zones needs the boxes of reads, which the keys beside the store open: use --site or --store.',
    )
  const mayRun = values['strange-machines'] === true
  if (mayRun && files.length === 0)
    return misused('whatif', '--strange-machines goes with files; `berth export` makes one of a store.')
  if (mayRun && !isLockedIn()) return runStrange(argv, [...files, ...rules, ...(values.policy ?? [])], values)
  const { source, ...site } = await openSource(values.site, values.store, files)
  const keys = zones ? await openKeys(values.site, values.store) : null
  if (mayRun) forgetConstructors()
  const check = (text: string, isKept: boolean) =>
    isKept && files.length === 0 ? text : knownMachines(text, '--machines today', mayRun)
  const { lives, name } = machinesFor(source, check, values.machines)
  const { report, trial } = await triedHistory(source.records, {
    lives,
    rules: new TriedRules(change, zones),
    ...site,
    open: keys && ((record) => openPersonal(record, keys)),
    from: from ?? null,
    to: to ?? null,
    machines: name,
  })
  keys?.close()
  const out = values.json ? `${JSON.stringify({ ...trial, ...report })}\n` : whatIfText(report, trial)
  return tell(
    'whatif',
    values.out,
    out,
    `${report.totals.changed} of ${counted(report.totals.visits, 'visit')} changed`,
  )
}

/** The same in a process of its own, which writes no file: what it told is written here. */
async function runStrange(
  argv: readonly string[],
  files: readonly string[],
  { machines, out }: { readonly machines?: string | undefined; readonly out?: string | undefined },
): Promise<number> {
  const words = argv.filter((word, at) => word !== '--out' && argv[at - 1] !== '--out' && !word.startsWith('--out='))
  const read = [...files, ...(machines === undefined ? [] : [machines])].filter((file) => existsSync(file))
  const { code, out: told } = await runLockedIn('whatif', words, read)
  return code === 0 ? tell('whatif', out, told, 'as the machines of the file decide') : code
}

const isRule = (word: string): boolean => /^[A-Za-z_.]+=/.test(word) && !existsSync(word)

type Opened = { readonly source: JournalSource; readonly timezone: string; readonly hasNoReader: boolean }

async function openSource(
  site: string | undefined,
  store: string | undefined,
  files: readonly string[],
): Promise<Opened> {
  if (site !== undefined) {
    const read = await readSiteFile(site)
    return {
      source: await storeSource(read.store, read.site.id),
      timezone: read.site.timezone,
      hasNoReader: read.secondReader === null,
    }
  }
  if (store !== undefined)
    return { source: await storeSource({ kind: 'sqlite', path: store }, ''), timezone: 'UTC', hasNoReader: false }
  try {
    return { source: exportSource(journalFiles(files)), timezone: 'UTC', hasNoReader: false }
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault('NOT_FOUND', {}, { cause: error, says: `${files.join(', ')}: ${fileTrouble(error)}` })
  }
}

/** The keys beside a store. Throws Fault KEY_UNAVAILABLE or MASTER_KEY_WRONG. */
async function openKeys(site: string | undefined, store: string | undefined): Promise<KeyStore> {
  const file = site === undefined ? null : await readSiteFile(site)
  const path = file === null ? String(store) : file.store.path
  const siteId = file === null ? siteIn(path) : file.site.id
  return openKeyStoreReadOnly({ path: `${path}.keys`, siteId, clock: systemClock, chance: systemChance })
}

function siteIn(path: string): string {
  const { siteId, database } = openStoreReadOnly(path)
  database.close()
  return siteId
}

/** Machines by name, or in a file; else those that wrote the newest records. `name` null: this berth's own, and nobody asked for others. */
function machinesFor(
  { machines }: JournalSource,
  check: (text: string, isKept: boolean) => string,
  asked?: string,
): { readonly lives: TwinLives; readonly name: string | null } {
  const name = asked ?? machines.adoptions.at(-1)?.name ?? 'today'
  if (name === 'today' || name === ownMachines().name)
    return {
      lives: new TwinBays(BY_TABLES),
      name: asked === undefined ? null : `of this berth (${ownMachines().name.slice(0, 12)})`,
    }
  const isName = /^[0-9a-f]{64}$/.test(name)
  const source = isName ? machines.source(name) : readMachines(name)
  if (source === null) {
    const says = `The machines ${name} are not here; put ${name}.js back into the folder \`<store>.machines\`, or ask those of this berth with \`--machines today\`.`
    throw new Fault('NOT_FOUND', {}, { says })
  }
  const checked = check(source, isName)
  return { lives: openTwins(checked, isName ? name : 'given'), name: isName ? name.slice(0, 12) : name }
}

function readMachines(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const says = `--machines ${path}: ${fileTrouble(error)} Name a file, the 64 characters of kept machines, or \`today\`.`
    throw new Fault('NOT_FOUND', {}, { cause: error, says })
  }
}
