import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { Fault } from '../../machines/faults.ts'
import { actAdvice } from '../act-advice.ts'
import { counted } from '../counted.ts'
import { fileTrouble } from '../file-trouble.ts'
import { serverDoor } from '../journal/server-store.ts'
import { certificateTrouble } from '../ocpp/tls-files.ts'
import { unreadableFile } from '../relay/upstream-line.ts'
import { missingPeople } from '../second-people.ts'
import { readTokens } from '../server/token-book.ts'
import { checkSiteFileAt, problemLine, type SiteFile } from '../site-file.ts'
import { type Problem, parseSource } from '../site-source.ts'
import { zoneLines } from '../zone-report.ts'
import { drawZones } from './zone-drawing.ts'

/**
 * `berth check SITE.yaml`: every error and warning on a line of its own, and what its store says against letting it act. Answers 1
 * where there is an error. `--draw` draws what each camera sees of which bay.
 */
export async function check(argv: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { draw: { type: 'string' }, pictures: { type: 'string' } },
  })
  const [path] = positionals
  if (path === undefined || positionals.length > 1) {
    process.stderr.write('berth check takes one site file: `berth check site.yaml`.\n')
    return 2
  }
  const { errors: inText, warnings: noted, site: checked } = await checkSiteFileAt(path)
  const certificate = checked && (await ofCertificate(checked))
  const missing = checked ? await ofUpstreamFiles(checked) : []
  const people = checked ? await ofPeople(checked) : []
  const models = checked ? await ofModels(checked) : []
  const store = checked ? await ofStore(checked) : []
  const errors = [...inText, ...(certificate?.broken ? [certificate.problem] : []), ...models, ...store]
  const site = errors.length === 0 ? checked : null
  const inFile = [...noted, ...(certificate && !certificate.broken ? [certificate.problem] : []), ...missing, ...people]
  const warnings = site ? [...inFile, ...(await againstActing(site))] : inFile
  for (const problem of errors) process.stdout.write(`error    ${problemLine(problem, path)}\n`)
  for (const problem of warnings) process.stdout.write(`warning  ${problemLine(problem, path)}\n`)
  const alsoSaid = warnings.length > 0 ? `, ${counted(warnings.length, 'warning')}` : ''
  if (!site) {
    process.stdout.write(`${path} does not check: ${counted(errors.length, 'error')}${alsoSaid}.\n`)
    return 1
  }
  for (const line of zoneLines(site)) process.stdout.write(`zone     ${line}\n`)
  if (values.draw !== undefined && !(await draws(site, values.draw, values.pictures ?? null))) return 1
  const size = `${counted(site.bays.length, 'bay')}, ${counted(site.cameras.length, 'camera')}, ${counted(site.chargePoints.length, 'charge point')}`
  process.stdout.write(`${path} checks: ${site.site.name}, ${size}${alsoSaid}.\n`)
  return 0
}

/** Draws the zones of every camera and names the files; false where that failed, said in one sentence. */
async function draws(site: SiteFile, folder: string, pictures: string | null): Promise<boolean> {
  try {
    for (const file of await drawZones(site, folder, pictures)) process.stdout.write(`drawn    ${file}\n`)
    return true
  } catch (cause) {
    process.stderr.write(`The zones could not be drawn into ${folder}: ${fileTrouble(cause)}\n`)
    return false
  }
}

/** The certificate of the charge points' server, or else of the API's, the cameras' or the drivers': files that do not hold, or that end soon. */
async function ofCertificate(site: SiteFile): Promise<{ readonly problem: Problem; readonly broken: boolean } | null> {
  const { http, ocpp } = site
  const all = [
    [['ocpp'], ocpp.tls],
    [['http'], http.tls && { ...http.tls, clientCa: null }],
    [['http', 'intake'], http.intake?.tls && { ...http.intake.tls, clientCa: null }],
    [['http', 'driver'], http.driver?.tls && { ...http.driver.tls, clientCa: null }],
  ] as const
  for (const [where, tls] of all) {
    const trouble = tls && certificateTrouble(tls, Date.now())
    if (!trouble) continue
    const source = parseSource(await readFile(site.path, 'utf8'), process.env)
    const problem = source.problem([...where, 'tls'], trouble.says, 'a certificate and its key that hold for months')
    return { problem, broken: trouble.broken }
  }
  return null
}

/** Models of the site's own that are not there, are others than the file says, or do not fit what they stand for. */
async function ofModels({ path, reader }: SiteFile): Promise<readonly Problem[]> {
  if (reader.recogniser === null && reader.detector === null) return []
  // Networks are loaded only where the site brings one.
  const { planTroubles } = await import('../vision/plan-trouble.ts')
  const source = parseSource(await readFile(path, 'utf8'), process.env)
  return (await planTroubles(reader)).map(({ model, says }) =>
    source.problem(['reader', model], says, 'the ONNX file of this hash, by the contract of docs/reader.md'),
  )
}

/** A server of the journal that cannot be used: away, refusing, or holding something else. */
async function ofStore({ path, site, store }: SiteFile): Promise<readonly Problem[]> {
  if (store.kind === 'sqlite') return []
  const { product, trouble } = serverDoor(store.kind)
  const says = await trouble({ url: store.url, siteId: site.id })
  if (says === null) return []
  const source = parseSource(await readFile(path, 'utf8'), process.env)
  return [source.problem(['store', 'url'], says, `a ${product} that answers, with the log of this site or none`)]
}

/** Orders that two people must want where fewer than two have tokens for them. */
async function ofPeople({ path, store, twoPeople }: SiteFile): Promise<readonly Problem[]> {
  if (twoPeople.commands.length === 0 && !twoPeople.zones) return []
  const hasAdmin = (process.env['BERTH_ADMIN_TOKEN'] ?? '') !== ''
  const missing = missingPeople(twoPeople, readTokens(`${store.path}.tokens`), hasAdmin)
  if (missing === null) return []
  const { key, says } = missing
  const source = parseSource(await readFile(path, 'utf8'), process.env)
  const role = key === 'zones' ? 'installer' : 'operator'
  const expected = `two people with tokens of fitting roles: \`berth token add NAME --role ${role}\``
  return [source.problem(['twoPeople', key], says, expected)]
}

/** Files of client certificates towards the back end that cannot be read here. */
async function ofUpstreamFiles({ path, chargePoints }: SiteFile): Promise<readonly Problem[]> {
  const source = parseSource(await readFile(path, 'utf8'), process.env)
  return chargePoints.flatMap(({ id, upstreamTls }, i) => {
    const file = unreadableFile(upstreamTls)
    if (file === null) return []
    const says = `${file} cannot be read, and without it the back end of ${id} is not dialled`
    return [source.problem(['chargePoints', i], says, 'the file, readable for the user that runs the relay')]
  })
}

/** At most one warning, where the file says that its bays act. */
async function againstActing(site: SiteFile): Promise<readonly Problem[]> {
  const { isTTY } = process.stderr
  try {
    const advice = await actAdvice(site, (records) => {
      if (isTTY) process.stderr.write(`\r${records} records read`)
    })
    if (!advice) return []
    const source = parseSource(await readFile(site.path, 'utf8'), process.env)
    return [source.problem(advice.path, advice.says, advice.expected)]
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault
    const says = `the journal ${site.store.path} cannot be read, so nothing is known of what its bays would start`
    const expected = 'a store that `berth verify` finds whole'
    return [{ line: 1, column: 1, path: 'store.path', says, expected }]
  } finally {
    if (isTTY) process.stderr.write('\r\u001b[K')
  }
}
