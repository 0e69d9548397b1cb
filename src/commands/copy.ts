import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { counted } from '../counted.ts'
import { type Copied, type CopyEnd, copyStore } from '../journal/store-copy.ts'
import { readSiteFile } from '../site-file.ts'

/**
 * `berth copy --from SITE_OR_STORE --to SITE_OR_STORE`: a site's journal with its hashes, and what lies beside it, into an empty store; a
 * copy that was cut goes on. An end is a site file (.yaml, .yml) or the file of a SQLite store. 2 for a wrong command line.
 */
export async function copy(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: { from: { type: 'string' }, to: { type: 'string' } } })
  if (values.from === undefined || values.to === undefined) {
    process.stderr.write('berth copy: say from where to where: `--from site.yaml --to other-site.yaml`.\n')
    return 2
  }
  const [from, to] = [await endOf(values.from), await endOf(values.to)]
  const { isTTY } = process.stderr
  try {
    const copied = await copyStore(from, to, (records, of) => {
      if (isTTY) process.stderr.write(`\r${records} of ${of} records`)
    })
    if (isTTY) process.stderr.write('\r\u001b[K')
    for (const line of linesOn(copied)) process.stdout.write(`${line}\n`)
    return 0
  } catch (fault) {
    if (isTTY) process.stderr.write('\r\u001b[K')
    throw fault
  }
}

async function endOf(path: string): Promise<CopyEnd> {
  if (!/\.ya?ml$/i.test(path)) return { store: { kind: 'sqlite', path: resolve(path) }, siteId: null }
  const file = await readSiteFile(path)
  return { store: file.store, siteId: file.site.id }
}

function linesOn({ siteId, from, to, head, resumed, carried, stays }: Copied): string[] {
  const before = resumed > 0 ? `, ${resumed} of them before it was cut` : ''
  return [
    `${siteId}: ${counted(head.seq, 'record')} copied from ${from} to ${to}${before}; the copy was read again and holds, newest hash ${head.hash}`,
    ...(carried.length > 0 ? [`carried: ${carried.join(', ')}`] : []),
    ...(stays.length > 0 ? [`not carried: ${stays.join(', ')}`] : []),
    'Serve one of the two from now on, never both: each would go on with other records under the same numbers.',
  ]
}
