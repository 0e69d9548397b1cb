import type { Journal } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { FactRecord } from '../../machines/record.ts'
import { readSiteFile } from '../site-file.ts'
import { type Adoption, adoptionOf, adoptionsIn, keptMachines } from './adopted-machines.ts'
import { fileLines, parseLine } from './export-file.ts'
import { openSiteJournalReadOnly, type SiteStore } from './site-store.ts'
import { type StoredRecord, upcast } from './upcast.ts'

/** Records in their order, and the machines that wrote them: of a store, or of an export. */
export type JournalSource = {
  readonly records: AsyncIterable<FactRecord> | Iterable<FactRecord>
  readonly machines: { readonly adoptions: readonly Adoption[]; source(name: string): string | null }
}

/** Every record of a site's store, in order, without its personal parts. */
export async function* storeRecords(site: string): AsyncGenerator<FactRecord> {
  const file = await readSiteFile(site)
  yield* recordsAt(file.store, file.site.id)
}

async function* recordsAt(store: SiteStore, siteId: string): AsyncGenerator<FactRecord> {
  const journal: Journal = await openSiteJournalReadOnly(store, siteId, { open: () => undefined })
  try {
    for (let after = 0; ; ) {
      const page = await journal.readSite(after, 1000)
      yield* page
      const last = page.at(-1)
      if (!last) return
      after = last.seq
    }
  } finally {
    await journal.close()
  }
}

/** A site's store. Rejects with Fault NOT_FOUND, STORE_CORRUPT or STORE_UNREACHABLE. */
export async function storeSource(store: SiteStore, siteId: string): Promise<JournalSource> {
  const journal = await openSiteJournalReadOnly(store, siteId, { open: () => undefined })
  try {
    const adoptions = await adoptionsIn(journal)
    const source = (name: string) => keptMachines(store.path, name)
    return { records: recordsAt(store, siteId), machines: { adoptions, source } }
  } finally {
    await journal.close()
  }
}

/** An export, or segments in their order. Looks for machines first: they are needed before the first record. Throws the file system's error. */
export function exportSource(paths: readonly string[]): JournalSource {
  const sources = new Map<string, string>()
  const adoptions: Adoption[] = []
  for (const path of paths)
    for (const bytes of fileLines(path)) {
      if (!bytes.includes('machines')) continue
      const line = parseLine(bytes)
      if (line.kind === 'machines' && line.holds) sources.set(line.name, line.source)
      const adoption = line.kind === 'record' ? adoptionOf(line.record as unknown as FactRecord) : null
      if (adoption !== null) adoptions.push(adoption)
    }
  return { records: exportRecords(paths), machines: { adoptions, source: (name) => sources.get(name) ?? null } }
}

/** The whole records of these files; a line that is none ends the reading with a sentence. */
function* exportRecords(paths: readonly string[]): Generator<FactRecord> {
  for (const path of paths) {
    let number = 0
    for (const bytes of fileLines(path)) {
      number += 1
      const line = parseLine(bytes)
      if (line.kind === 'unreadable')
        throw new Fault(
          'CHAIN_BROKEN',
          { line: number },
          { says: `Line ${number} of ${path}: ${line.says}; run \`berth verify ${path}\`.` },
        )
      if (line.kind === 'record') yield upcast(line.record as unknown as StoredRecord) as unknown as FactRecord
    }
  }
}
