import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ownInputs } from '../journal/machines-bundle.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Whatever folds a record, or says what that makes, lies in these. */
const ROOMS = ['machines', 'actors', 'projections', 'src'] as const
const CODE = /\.(?:ts|js|json)$/

/**
 * Hash of this berth's own code, XState and Node: what another one remembered is not taken. Made as this process loads that code: files that are replaced under
 * a berth that runs are of the next one.
 */
export const FOLDING_CODE = made()

function made(): string {
  const hash = createHash('sha256').update(JSON.stringify([ownInputs(), process.versions.v8]))
  for (const room of ROOMS)
    for (const file of filesOf(join(ROOT, room))) {
      const text = readFileSync(file)
      hash.update(`${file.slice(ROOT.length)} ${text.length}\n`).update(text)
    }
  return hash.digest('hex')
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && CODE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
