import { writeFileSync } from 'node:fs'
import type { Journal } from '../../actors/ports.ts'
import type { RowFilter } from '../../projections/told.ts'
import { openSiteJournalReadOnly } from '../journal/site-store.ts'
import type { SiteFile } from '../site-file.ts'
import { readTime } from '../time-reading.ts'
import { keptViews } from '../views/kept-views.ts'
import type { Views } from '../views/site-views.ts'

/** Options of commands that tell the past of a span of time. */
export const SPAN_OPTIONS = {
  site: { type: 'string' },
  out: { type: 'string' },
  format: { type: 'string' },
  bay: { type: 'string' },
  account: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
} as const

type Span = { readonly [option in 'bay' | 'account' | 'from' | 'to']?: string | undefined }

/** What the options ask for, or a sentence on the one that is none. */
export function spanOf({ bay, account, from, to }: Span): RowFilter | string {
  const [since, until] = [from, to].map((text) => (text === undefined ? undefined : readTime(text)))
  for (const [flag, text, time] of [
    ['--from', from, since],
    ['--to', to, until],
  ] as const)
    if (time === null) return `${flag} ${text} is not a time; write it like 2026-11-22T10:00:00Z, or 2026-11-22.`
  return {
    ...(bay === undefined ? {} : { bay }),
    ...(account === undefined ? {} : { account }),
    ...(since == null ? {} : { from: since }),
    ...(until == null ? {} : { to: until }),
  }
}

/** The site's journal, also beside its owner; what is sealed in it stays so. */
export const openTold = (file: SiteFile): Promise<Journal> =>
  openSiteJournalReadOnly(file.store, file.site.id, { open: () => undefined })

/** Rows that are told of it, from those that the running site left where they hold. */
export const viewsBeside = (file: SiteFile, journal: Journal): Views => keptViews(`${file.store.path}.views`, journal)

/** Writes to the file, or to the pipe where none is named; answers the exit code. */
export function tell(command: string, out: string | undefined, text: string, says: string): number {
  if (out === undefined) {
    process.stdout.write(text)
    return 0
  }
  try {
    // Bills and visits name people: only the owner of the file may read it.
    writeFileSync(out, text, { mode: 0o600 })
    process.stderr.write(`${out}: ${says}\n`)
    return 0
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    if (syscall === undefined) throw error
    process.stderr.write(
      `berth ${command}: ${out} cannot be written (${code}); name a file in a folder that is yours.\n`,
    )
    return 1
  }
}

/** A wrong command line, in a sentence. */
export function misused(command: string, says: string): number {
  process.stderr.write(`berth ${command}: ${says}\n`)
  return 2
}
