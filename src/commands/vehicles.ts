import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { normalize } from '../../machines/plate.ts'
import { countriesOf, PLATE_COUNTRIES, repaired } from '../../machines/plate-formats.ts'
import { systemClock } from '../clock.ts'
import { counted } from '../counted.ts'
import { askOwner, saysBroke, saysRefused } from '../owner-call.ts'
import type { RegisterDesk } from '../site-desk.ts'
import { readSiteFile, type SiteFile } from '../site-file.ts'
import { refusedLine, writeVehicleCsv } from '../vehicle-csv.ts'
import { confusablePairs, lintVehicles, type VehicleLint } from '../vehicle-lint.ts'
import type { Share } from '../vision/reader-bench.ts'
import { toleranceCost } from './tolerance-cost.ts'

/** Takes ownership of a site's store while no server does, for one piece of work. Throws Fault STORE_OWNED naming the owner. */
export type TakeStore = (site: SiteFile) => Promise<{ readonly register: RegisterDesk; close(): Promise<void> }>

/** Opens the site's own store; only this path loads the whole of berth. */
const takeWholeStore: TakeStore = async (site) => {
  const { openRoom } = await import('../open-room.ts')
  return openRoom(site, systemClock, () => undefined, process.env)
}

/** The import's answer, by the desk or by the API. */
type Imported = Awaited<ReturnType<RegisterDesk['importVehicles']>>

const USAGE =
  'berth vehicles: write `berth vehicles lint FILE.csv` or `berth vehicles import FILE.csv --site site.yaml`.'
/** More pairs than this are counted, unless --all asks for them: a fleet numbered in sequence has tens for each vehicle. */
const PAIRS_SHOWN = 100
const REFUSED_SHOWN = 100
/** Too few plates to draw strangers like them say nothing of what tolerance costs. */
const FEWEST_STRANGERS = 100
const MOST_BYTES = 64 << 20

/**
 * `berth vehicles lint FILE.csv [--countries GB,FR]` and `berth vehicles import FILE.csv --site site.yaml`. Answers 0 when nothing is refused, 1 when
 * something is (then nothing is imported), 2 for a wrong call. With `takeStore` null an import needs the site's server to run.
 */
export async function vehicles(argv: string[], takeStore: TakeStore | null = takeWholeStore): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { site: { type: 'string' }, all: { type: 'boolean' }, countries: { type: 'string' } },
  })
  const [verb, file, ...more] = positionals
  const isCall =
    file !== undefined && more.length === 0 && (verb === 'lint' || (verb === 'import' && values.site !== undefined))
  if (!isCall) {
    complain(USAGE)
    return 2
  }
  const text = await readText(file)
  if ('problem' in text) {
    complain(`berth vehicles: ${file}: ${text.problem}`)
    return 1
  }
  const lint = lintVehicles(text.text)
  if (values.site !== undefined && verb === 'import')
    return importFile(file, lint, await readSiteFile(values.site), takeStore)
  const countries = (values.countries ?? '')
    .toUpperCase()
    .split(/[\s,]+/)
    .filter((code) => code !== '')
  const unknown = countries.filter((code) => countriesOf([code]).length === 0)
  if (unknown.length > 0) {
    const known = PLATE_COUNTRIES.map(({ country }) => country).join(', ')
    complain(`berth vehicles: plates of ${unknown.join(', ')} are not known here; known are ${known}.`)
    return 2
  }
  return printLint(file, lint, values.all === true, countries)
}

async function readText(file: string): Promise<{ readonly text: string } | { readonly problem: string }> {
  try {
    const bytes = await readFile(file)
    if (bytes.length > MOST_BYTES) return { problem: 'the file is larger than 64 MB; split it.' }
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch (broken) {
    const code = (broken as NodeJS.ErrnoException).code
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return { problem: 'the file is not UTF-8 text; save it as "CSV UTF-8".' }
    if (code === 'ENOENT') return { problem: 'there is no such file.' }
    return { problem: `the file cannot be read (${code ?? 'unknown'}).` }
  }
}

function printLint(file: string, lint: VehicleLint, isAll: boolean, countries: readonly string[]): number {
  printRefused(file, lint.refused, isAll)
  if (countries.length > 0) printForeign(file, lint, countries)
  for (const { line, plate, plausible } of lint.vehicles) {
    if (!plausible)
      say(
        `${file}:${line}: warning: ${plate} is read as lettering, not as a plate; its driver starts with a card or the app.`,
      )
  }
  let pairs = 0
  for (const [one, other] of confusablePairs(lint.vehicles)) {
    pairs += 1
    if (!isAll && pairs > PAIRS_SHOWN) continue
    say(
      `${file}:${one.line} and ${other.line}: warning: ${one.plate} and ${other.plate} are one character apart; a misread between them goes to a person, never to a start.`,
    )
  }
  if (!isAll && pairs > PAIRS_SHOWN)
    say(`${file}: ${pairs - PAIRS_SHOWN} more pairs one character apart; --all names them.`)
  printCost(file, lint)
  say(
    `${file}: ${counted(lint.vehicles.length, 'vehicle')} could be registered, ${counted(lint.refused.length, 'row')} refused, ${counted(pairs, 'pair')} one character apart.`,
  )
  return lint.refused.length > 0 ? 1 : 0
}

/** Plates that none of these countries issues: mistyped, or from elsewhere. */
function printForeign(file: string, { vehicles }: VehicleLint, codes: readonly string[]): void {
  const among = countriesOf(codes)
  for (const { line, plate } of vehicles) {
    const normal = normalize(plate)
    const meant = repaired(normal, among)
    if (meant.includes(normal)) continue
    const hint = meant.length > 0 ? `; is it ${meant.slice(0, 3).join(' or ')}?` : '.'
    say(`${file}:${line}: warning: ${plate} is built like no plate of ${codes.join(', ')}${hint}`)
  }
}

/** What each tolerance would cost on this list. */
function printCost(file: string, { vehicles }: VehicleLint): void {
  const { strangers, lookalikes, oneCharacter } = toleranceCost(vehicles.map(({ plate }) => plate))
  if (strangers < FEWEST_STRANGERS) return
  const share = ({ value, low, high }: Share): string =>
    `${(100 * value).toFixed(2)} % [${(100 * low).toFixed(2)} to ${(100 * high).toFixed(2)}]`
  say(
    `${file}: of ${strangers} strangers with plates built like these, ${share(lookalikes)} look like a listed one (same matching key), and one misread character would make ${share(oneCharacter)} more a listed one, were it tolerated.`,
  )
}

async function importFile(
  file: string,
  lint: VehicleLint,
  site: SiteFile,
  takeStore: TakeStore | null,
): Promise<number> {
  if (lint.refused.length > 0) return refuse(file, lint.refused)
  const answer = (await importByOwner(site, lint)) ?? (await takeOver(site, lint, takeStore))
  if ('problem' in answer) {
    complain(`berth vehicles: ${answer.problem}`)
    return 1
  }
  if (answer.refused.length > 0)
    return refuse(
      file,
      answer.refused.map((one) => refusedLine(lint.vehicles, one)),
    )
  say(`${counted(answer.imported, 'vehicle')} of ${file} stand in the register of ${site.site.name}.`)
  return 0
}

function refuse(file: string, refused: VehicleLint['refused']): number {
  printRefused(file, refused, false)
  complain(`berth vehicles: ${counted(refused.length, 'row')} of ${file} refused, nothing was imported.`)
  return 1
}

function printRefused(file: string, refused: VehicleLint['refused'], isAll: boolean): void {
  for (const { line, says } of isAll ? refused : refused.slice(0, REFUSED_SHOWN))
    say(`${file}:${line}: refused: ${says}`)
  if (!isAll && refused.length > REFUSED_SHOWN) say(`${file}: ${refused.length - REFUSED_SHOWN} more rows refused.`)
}

/** Sends the file to the process that owns the store; null where none listens at the site's address. */
async function importByOwner(
  site: SiteFile,
  { vehicles }: VehicleLint,
): Promise<Imported | { readonly problem: string } | null> {
  const answer = await askOwner(site, '/api/vehicles/import', {
    type: 'text/csv; charset=utf-8',
    body: writeVehicleCsv(vehicles),
    fits: ({ imported }) => typeof imported === 'number',
  })
  if (answer === null) return null
  if ('broke' in answer)
    return {
      problem: saysBroke(answer, 'run the import again, what is there already is not written twice.'),
    }
  const refused = Array.isArray(answer.body?.['refused']) ? (answer.body['refused'] as Imported['refused']) : []
  const imported = answer.body?.['imported']
  if (refused.length > 0) return { imported: 0, refused }
  if (answer.status < 300 && typeof imported === 'number') return { imported, refused }
  return { problem: saysRefused(answer) }
}

async function takeOver(
  site: SiteFile,
  { vehicles }: VehicleLint,
  takeStore: TakeStore | null,
): Promise<Imported | { readonly problem: string }> {
  if (takeStore === null)
    return {
      problem: `no berth runs at ${site.http.host}:${site.http.port}; start \`berth serve --site ${site.path}\` and import again.`,
    }
  const store = await takeStore(site)
  try {
    return await store.register.importVehicles(
      vehicles.map(({ fields }) => fields),
      { name: 'berth vehicles import', role: 'admin' },
    )
  } finally {
    await store.close()
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const complain = (line: string): void => void process.stderr.write(`${line}\n`)
