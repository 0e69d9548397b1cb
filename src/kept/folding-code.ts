import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ownInputs } from '../journal/machines-bundle.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Whatever folds a record, or says what that makes, lies in these. */
const ROOMS = ['machines', 'actors', 'projections', 'src'] as const
const CODE = /\.(?:ts|js|json)$/

let own: string | null = null

/** Hash of this berth's own code, XState and Node: what another one remembered is not taken. Made once a process. */
export function foldingCode(): string {
  if (own !== null) return own
  const hash = createHash('sha256').update(JSON.stringify([ownInputs(), process.versions.v8]))
  for (const room of ROOMS)
    for (const file of filesOf(join(ROOT, room))) {
      const text = readFileSync(file)
      hash.update(`${file.slice(ROOT.length)} ${text.length}\n`).update(text)
    }
  own = hash.digest('hex')
  return own
}

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && CODE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
