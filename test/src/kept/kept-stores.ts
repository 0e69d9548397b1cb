import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { Draft } from '../../../machines/record.ts'
import { systemChance } from '../../../src/chance.ts'
import { systemClock } from '../../../src/clock.ts'
import { openSqliteJournal } from '../../../src/journal/sqlite.ts'
import { type KeptState, openState, sealState } from '../../../src/kept/kept-state.ts'
import { openRoom } from '../../../src/open-room.ts'
import { type KeyStore, openKeyStore } from '../../../src/privacy/key-store.ts'
import type { Room } from '../../../src/room.ts'
import { checkSiteFile, type SiteFile } from '../../../src/site-file.ts'
import { asToldDraft, siteText } from '../../bench/long-site.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { livedPast } from '../../projections/lived-past.ts'
import { remembered } from './remembered-room.ts'

/** The environment of every store here. */
export const ENV = { BERTH_MASTER_KEY: 'ab'.repeat(32) }
/** More than a start lives without keeping what it made. */
export const PAST: readonly Draft[] = (await livedPast(3, 0.6)).slice(0, 2_400).map(asToldDraft)

/** A store that holds this past, and its site file. */
export async function storeOf(drafts: readonly Draft[]): Promise<SiteFile> {
  const file = fileAt(join(scratchFolder(), 'site.db'))
  await append(file, drafts)
  return file
}

/** Writes more behind what a store holds. */
export async function append(file: SiteFile, drafts: readonly Draft[]): Promise<void> {
  const siteId = file.site.id
  const { path } = file.store
  const keys = keysOf(file)
  const journal = await openSqliteJournal({ path, siteId, clock: systemClock, keys })
  for (let from = 0; from < drafts.length; from += 500) await journal.append(drafts.slice(from, from + 500))
  await journal.close()
  keys.close()
}

/** The key store of a site that nobody serves now. */
export const keysOf = ({ site, store }: SiteFile): KeyStore =>
  openKeyStore({ path: `${store.path}.keys`, siteId: site.id, clock: systemClock, chance: systemChance, env: ENV })

/** The file of a site over a store at this path. */
export function fileAt(path: string, more: object = {}): SiteFile {
  const bays = [...new Set(PAST.flatMap(({ bayId }) => bayId ?? []))].toSorted()
  const { site: file, errors } = checkSiteFile(siteText(bays, path, more), join(path, '..', 'site.yaml'))
  if (!file) throw new Error(JSON.stringify(errors))
  return file
}

/** A start of this site, all lines of its log (`said`: but for those about the clock), and what it remembers. */
export async function opened(
  file: SiteFile,
  restored = false,
): Promise<{ room: Room; said: string[]; told: string[]; memory: unknown }> {
  const told: string[] = []
  const room = await openRoom(file, systemClock, (line) => told.push(line), ENV, { restored })
  onTestFinished(() => room.close().catch(() => {}))
  const memory = remembered(room)
  return { room, said: told.filter((line) => !line.startsWith('The clock of this machine')), told, memory }
}

/** Where the kept state of a site lies. */
export const keptPath = (file: SiteFile): string => `${file.store.path}.kept`

/** A store that was started once, what that start made of its records, and where it kept that. */
export async function startedStore() {
  const file = await storeOf(PAST)
  const { room, memory } = await opened(file)
  expect(remembered(room)).toEqual(memory)
  await room.close()
  expect(existsSync(keptPath(file))).toBe(true)
  return { file }
}

/** What a start without a kept state makes of this store. */
export async function wholeOf(file: SiteFile): Promise<unknown> {
  rmSync(keptPath(file), { force: true })
  const { room, memory, said } = await opened(file)
  await room.close()
  expect(said).toEqual([])
  return memory
}

/** Puts another state in the place of the kept one, sealed as it was. */
export async function reseal(
  file: SiteFile,
  change: (kept: KeptState) => KeptState,
  as: SiteFile = file,
): Promise<void> {
  const keys = keysOf(file)
  const kept = await openState(readFileSync(keptPath(file)), file, keys)
  if (typeof kept === 'string') throw new Error(kept)
  writeFileSync(keptPath(file), await sealState(change(kept), as, keys))
  keys.close()
}
