import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { Fault } from '../../machines/faults.ts'
import { systemChance } from '../chance.ts'
import { systemClock } from '../clock.ts'
import { counted } from '../counted.ts'
import { BayCodes } from '../driver/door/bay-codes.ts'
import { sheetPdf, sheetSvg } from '../driver/door/code-sheet.ts'
import { unreachable } from '../driver/door/public-address.ts'
import { type KeyStore, type KeyStoreOptions, openKeyStore, openKeyStoreReadOnly } from '../privacy/key-store.ts'
import { isLoopback } from '../server/callers.ts'
import { readSiteFile } from '../site-file.ts'

const USAGE = 'write `berth qr --site site.yaml --out sheet.svg`, or sheet.pdf.'

/**
 * `berth qr --site site.yaml --out sheet.svg|sheet.pdf`: the codes of all bays, to print and cut. The same codes each time: they come from the
 * site's own key. `--here`: though they lead to this machine alone, to try them there. 1 where phones could not reach what they say, 2 for a wrong call.
 */
export async function qr(argv: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args: argv, options: { site: text, out: text, here: { type: 'boolean' } } })
  const { site, out, here = false } = values
  if (site === undefined || out === undefined || !/\.(svg|pdf)$/i.test(out)) return told(USAGE, 2)
  const file = await readSiteFile(site)
  const no = unreachable(file.http.publicUrl)
  const { publicUrl } = file.http
  const leadsHere = publicUrl !== null && isLoopback(URL.parse(publicUrl)?.hostname ?? '')
  if (no !== null && !(here && leadsHere)) {
    const trial = leadsHere ? ' To try the pages in a browser of this machine, add `--here`.' : ''
    return told(`${no.says}; expected ${no.expected}.${trial}`, 1)
  }
  if (no !== null) told(`${no.says}: these codes lead a browser of this machine to its bays, and no phone.`, 0)
  const siteId = file.site.id
  const bayIds = file.bays.map(({ id }) => id)
  mkdirSync(dirname(file.store.path), { recursive: true })
  const keys = openKeys({
    path: `${file.store.path}.keys`,
    siteId,
    clock: systemClock,
    chance: systemChance,
    env: process.env,
  })
  try {
    const codes = new BayCodes(keys, siteId, bayIds)
    const bays = bayIds.map((bayId) => ({ bayId, url: `${file.http.publicUrl}/b/${codes.codeOf(bayId)}` }))
    const sheet = { siteName: file.site.name, bays }
    writeFileSync(out, /\.pdf$/i.test(out) ? sheetPdf(sheet) : sheetSvg(sheet))
  } finally {
    keys.close()
  }
  process.stdout.write(`${out}: ${counted(bayIds.length, 'bay')}.\n`)
  return 0
}

/** Beside whoever serves the site, else as the owner: the first sheet may be made before the first start. */
function openKeys(options: KeyStoreOptions): KeyStore {
  try {
    return openKeyStore(options)
  } catch (error) {
    if (error instanceof Fault && error.code === 'STORE_OWNED') return openKeyStoreReadOnly(options)
    throw error
  }
}

function told(says: string, code: number): number {
  process.stderr.write(`berth qr: ${says}\n`)
  return code
}
