import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Claimed } from './roster.ts'

/** What of a site lies on a node's machine, in a folder of its own below the node's: made anew with every claim. */
export class SiteFolder {
  /** Name of what lies beside the journal: `<path>.keys` … */
  readonly path: string
  readonly file: string

  constructor(data: string, siteId: string) {
    this.path = join(data, siteId, 'store')
    this.file = join(data, siteId, 'site.yaml')
  }

  /** Writes the site file and the tokens as the database has them. */
  write({ file, tokens }: Pick<Claimed, 'file' | 'tokens'>): void {
    mkdirSync(join(this.path, '..'), { recursive: true, mode: 0o700 })
    writeFileSync(this.file, file, { mode: 0o600 })
    if (tokens !== null) writeFileSync(`${this.path}.tokens`, tokens, { mode: 0o600 })
    else if (existsSync(`${this.path}.tokens`)) rmSync(`${this.path}.tokens`)
  }

  /** The site file as it stands now. */
  text(): string {
    return readFileSync(this.file, 'utf8')
  }
}

/** Tells one text of a site file from another. */
export const stampOf = (text: string): string => createHash('sha256').update(text).digest('hex')
