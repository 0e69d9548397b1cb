import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { systemChance } from '../../../src/chance.ts'
import { systemClock } from '../../../src/clock.ts'
import { fileShelf } from '../../../src/kept/kept-shelf.ts'
import { keptFor } from '../../../src/kept/room-rebuild.ts'
import { openMemoryKeys } from '../../../src/privacy/key-store.ts'
import type { SiteFile } from '../../../src/site-file.ts'
import { until } from '../serve/serving-line.ts'
import { append, fileAt, keptPath, opened, PAST, reseal, startedStore, storeOf, wholeOf } from './kept-stores.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const UNFIT: readonly (readonly [name: string, spoil: (file: SiteFile) => Promise<void> | void, says: string])[] = [
  ['a changed byte', (file) => changeByte(keptPath(file)), 'is damaged'],
  ['half a file', (file) => writeFileSync(keptPath(file), readFileSync(keptPath(file)).subarray(0, 900)), 'is damaged'],
  ['nothing in it', (file) => writeFileSync(keptPath(file), ''), 'is damaged'],
  [
    'another site file',
    (file) => reseal(file, (kept) => kept, fileAt(file.store.path, { twoPeople: { zones: true } })),
    'another site file',
  ],
  [
    'another past',
    (file) => reseal(file, ({ link, said }) => ({ said, link: { ...link, hash: 'f'.repeat(64) } })),
    'another past',
  ],
  [
    'a longer past',
    (file) => reseal(file, ({ link, said }) => ({ said, link: { ...link, seq: 9_999 } })),
    'of record 9999, and this journal ends at 24',
  ],
  ['the state of another site', async (file) => putInPlace(file, await startedStore()), 'not of this key store'],
  [
    'a part missing',
    (file) => reseal(file, ({ link, said }) => ({ link, said: { site: (said as { site: object }).site } })),
    'could not be taken back',
  ],
]

test.each(UNFIT)('with %s the whole journal is lived, and one line says why', async (_name, spoil, says) => {
  const { file } = await startedStore()
  await spoil(file)
  const spoilt = await opened(file)
  await spoilt.room.close()
  expect(spoilt.said).toHaveLength(1)
  expect(spoilt.said[0]).toContain(says)
  expect(spoilt.memory).toEqual(await wholeOf(file))
})

const putInPlace = (file: SiteFile, other: { readonly file: SiteFile }): void =>
  writeFileSync(keptPath(file), readFileSync(keptPath(other.file)))

test('an older copy of the store that was put back beside a newer kept state is noticed, and nothing of the newer one is known', async () => {
  const file = await storeOf(PAST.slice(0, 2_100))
  const { path } = file.store
  cpSync(path, `${path}.backup`)
  await append(file, PAST.slice(2_100))
  await (await opened(file)).room.close()
  for (const ending of ['-wal', '-shm']) rmSync(`${path}${ending}`, { force: true })
  cpSync(`${path}.backup`, path)
  const { room, told, memory } = await opened(file, true)
  await room.close()
  expect(told.join('\n')).toMatch(
    /The kept state is of record 24\d\d, and this journal ends at 21\d\d, so an older copy of the store was put back: the whole journal is lived/,
  )
  expect(memory).toEqual(await wholeOf(file))
})

test('where the kept state can neither be read nor written the site starts all the same, and two lines say so', async () => {
  const { file } = await startedStore()
  rmSync(keptPath(file))
  mkdirSync(join(keptPath(file), 'in-the-way'), { recursive: true })
  const { room, told, memory } = await opened(file)
  // Not waited for by anybody: the line comes once the disk has refused.
  await until(() => told.some((line) => line.startsWith('The state of this start could not be kept (EISDIR')))
  expect(
    told.some((line) => /^The kept state could not be read \(EISDIR.*: the whole journal is lived/.test(line)),
  ).toBe(true)
  await room.close()
  rmSync(keptPath(file), { recursive: true })
  expect(memory).toEqual(await wholeOf(file))
})

test('a longer journal that must be lived whole says how long that takes some', async () => {
  const said: string[] = []
  const { file } = await startedStore()
  const keys = openMemoryKeys({ siteId: file.site.id, clock: systemClock, chance: systemChance })
  const journal = { head: () => ({ seq: 191_901, hash: 'a' }), readSite: async () => [] }
  const ground = { file, journal, keys, log: (line: string) => said.push(line) }
  expect(await keptFor({ ...ground, shelf: fileShelf(keptPath(file)) })).toBeNull()
  rmSync(keptPath(file))
  expect(await keptFor({ ...ground, shelf: fileShelf(keptPath(file)) })).toBeNull()
  expect(said).toEqual([
    'The kept state is damaged, or not of this key store: the whole journal is lived instead (191901 records, some 19 s).',
    'No state of this site is kept yet: its whole journal is lived (191901 records, some 19 s).',
  ])
})

function changeByte(path: string): void {
  const bytes = readFileSync(path)
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1
  writeFileSync(path, bytes)
}
