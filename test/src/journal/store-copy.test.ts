import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemChance } from '../../../src/chance.ts'
import { copy } from '../../../src/commands/copy.ts'
import { verify } from '../../../src/commands/verify.ts'
import { siteStream } from '../../../src/journal/kurrent-event.ts'
import { openSiteJournal, openSiteJournalReadOnly, type SiteStore } from '../../../src/journal/site-store.ts'
import { openDatabase } from '../../../src/journal/sqlite-file.ts'
import { copyStore } from '../../../src/journal/store-copy.ts'
import { openKeyStore, openKeyStoreReadOnly } from '../../../src/privacy/key-store.ts'
import { codeOf, draftOf, openStore, scratchFolder, stillClock } from '../../contracts/journal-drafts.ts'
import { testDouble } from '../../contracts/kurrent-store.ts'
import { runCommand as run } from './run-command.ts'

const RECORDS = 1_203

/** A stopped site with a plate in every third record, and what lies beside a store. */
async function sqliteSite(): Promise<SiteStore> {
  const store = await openStore(scratchFolder())
  const vehicle = store.keys.vehicle('QX77ZZT')
  for (let from = 1; from <= RECORDS; from += 401) {
    const versions = Array.from({ length: 401 }, (_, i) => from + i)
    const personal = (version: number) => (version % 3 === 0 ? { [vehicle]: { plate: 'QX77ZZT' } } : {})
    await store.journal.append(versions.map((version) => draftOf('bay:bay-1', version, personal(version))))
  }
  await store.close()
  mkdirSync(`${store.path}.crops/2026`, { recursive: true })
  writeFileSync(`${store.path}.crops/2026/crop-1.sealed`, 'sealed bytes')
  writeFileSync(`${store.path}.checkpoints.jsonl`, '')
  writeFileSync(`${store.path}.views`, 'told anew')
  return { kind: 'sqlite', path: store.path }
}

const elsewhere = (): SiteStore => ({ kind: 'sqlite', path: join(scratchFolder(), 'moved/site.db') })
const onServer = (url: string): SiteStore => ({ kind: 'kurrentdb', url, path: join(scratchFolder(), 'depot') })
const from = (store: SiteStore, siteId: string | null = 'depot') => ({ store, siteId })

async function hashesOf(store: SiteStore): Promise<readonly string[]> {
  const journal = await openSiteJournalReadOnly(store, 'depot', { open: () => undefined })
  try {
    return (await journal.readSite(0, RECORDS + 100)).map(({ hash }) => hash)
  } finally {
    await journal.close()
  }
}

/** Goes on with a store as its owner: the plate opens, and the next record follows. */
async function goesOn(store: SiteStore): Promise<void> {
  const [clock, siteId] = [stillClock(), 'depot']
  const keys = openKeyStore({ path: `${store.path}.keys`, siteId, clock, chance: systemChance, env: {} })
  const journal = await openSiteJournal(store, { siteId, clock, keys })
  const [third] = await journal.readSite(2, 1)
  expect(Object.values(third ? journal.open(third) : {})).toEqual([{ plate: 'QX77ZZT' }])
  expect(journal.epoch).toBeGreaterThan(1)
  const version = journal.version('bay:bay-1') + 1
  await journal.append([draftOf('bay:bay-1', version)])
  await journal.close()
  keys.close()
}

test('a site moves from a file to a server, to another server and back to a file, with the same hashes, and each goes on', async () => {
  const [first, second] = [await testDouble(), await testDouble({ withBatch: false })]
  const start = await sqliteSite()
  const way = [start, onServer(first.url), onServer(second.url), elsewhere(), elsewhere()]
  const hashes = await hashesOf(start)
  expect(hashes).toHaveLength(RECORDS)
  for (const [index, to] of way.slice(1).entries()) {
    const copied = await copyStore(from(way[index] as SiteStore), from(to))
    expect(copied).toMatchObject({ siteId: 'depot', head: { seq: RECORDS }, resumed: 0 })
    expect(copied.carried).toEqual(['keys', 'master key', 'crops', 'checkpoints'])
    expect(copied.stays).toEqual(index === 0 ? ['views (they are told anew)'] : [])
    expect(await hashesOf(to)).toEqual(hashes)
    expect(readFileSync(`${to.path}.crops/2026/crop-1.sealed`, 'utf8')).toBe('sealed bytes')
    expect(existsSync(`${to.path}.views`)).toBe(false)
  }
  for (const store of way) await goesOn(store)
})

test('a copy that is cut goes on where it stood, is no store before it is whole, and is no other copy’s', async () => {
  const double = await testDouble()
  const start = await sqliteSite()
  for (const to of [elsewhere(), onServer(double.url)]) {
    let seen = 0
    const cut = copyStore(from(start), from(to), (records) => {
      seen = records
      if (records >= 500) throw new Error('the power went')
    })
    await expect(cut).rejects.toThrow('the power went')
    expect(seen).toBe(500)
    const keys = openKeyStore({
      path: join(scratchFolder(), 'other.keys'),
      siteId: 'depot',
      clock: stillClock(),
      chance: systemChance,
      env: {},
    })
    const owning = openSiteJournal(to, { siteId: 'depot', clock: stillClock(), keys })
    await expect(owning).rejects.toThrow(/A copy .* was cut off; run the same `berth copy` again/)
    keys.close()
    expect(await codeOf(async () => copyStore(from(await sqliteSite()), from(to)))).toBe('STORE_OWNED')
    expect(await copyStore(from(start), from(to))).toMatchObject({ resumed: 500, head: { seq: RECORDS } })
    expect(await hashesOf(to)).toEqual(await hashesOf(start))
    await goesOn(to)
  }
})

test('a copy that lost the personal fields of a record is not taken for the same', async () => {
  const [start, to] = [await sqliteSite(), elsewhere()]
  const cut = copyStore(from(start), from(to), (records) => {
    if (records >= 500) throw new Error('the power went')
  })
  await expect(cut).rejects.toThrow('the power went')
  openDatabase(to.path, 'UPDATE record SET personal = NULL WHERE seq = 300').close()
  await expect(copyStore(from(start), from(to))).rejects.toThrow(
    /The copy in .* is not the same: record 300 has not the personal fields of the source; throw it away/,
  )
}, 180_000)

test('a target that holds something, a source that is served and an end of another site are refused, and nothing changes', async () => {
  const double = await testDouble()
  const [start, other] = [await sqliteSite(), await sqliteSite()]
  const before = await hashesOf(other)
  await expect(copyStore(from(start), from(other))).rejects.toThrow(/holds 1203 records already, and a copy goes only/)
  expect(await hashesOf(other)).toEqual(before)
  const server = onServer(double.url)
  await copyStore(from(start), from(server))
  await expect(copyStore(from(other), from(onServer(double.url)))).rejects.toThrow(/holds 1203 records already/)

  const beside = elsewhere()
  mkdirSync(join(beside.path, '..'), { recursive: true })
  writeFileSync(`${beside.path}.keys.master`, 'somebody’s')
  await expect(copyStore(from(start), from(beside))).rejects.toThrow(/keys.master lies where the copy's would be/)
  expect(readFileSync(`${beside.path}.keys.master`, 'utf8')).toBe('somebody’s')

  await expect(copyStore(from(start), from(elsewhere(), 'depot-south'))).rejects.toThrow(/is of depot, the target of/)
  await expect(copyStore(from(start), from(start))).rejects.toThrow(/name two stores/)
  expect(await codeOf(() => copyStore(from(elsewhere()), from(elsewhere())))).toBe('NOT_FOUND')

  // Served: by this machine's lock, and by the log's own note where another machine has it.
  const [clock, siteId] = [stillClock(), 'depot']
  for (const store of [start, server]) {
    const keys = openKeyStore({ path: `${store.path}.keys`, siteId, clock, chance: systemChance, env: {} })
    const journal = await openSiteJournal(store, { siteId, clock, keys })
    await expect(copyStore(from(store), from(elsewhere()))).rejects.toThrow(/is owned by process \d+/)
    if (store.kind === 'kurrentdb')
      await expect(copyStore(from({ ...store, path: elsewhere().path }), from(elsewhere()))).rejects.toThrow(
        /Process \d+ on .* has owned the log of depot .* did not let it go/,
      )
    await journal.close()
    keys.close()
  }
})

test('a link that does not hold is named, and nothing after it is copied; a server that lost records is found at the end', async () => {
  const double = await testDouble()
  const start = await sqliteSite()
  openDatabase(start.path, `UPDATE record SET content = replace(content, '6.1', '9.9') WHERE seq = 700`).close()
  const to = onServer(double.url)
  await expect(copyStore(from(start), from(to))).rejects.toThrow(/record 700: its content was altered/)
  expect(double.shelf.read(siteStream('depot'))).toHaveLength(500)

  const sound = await sqliteSite()
  const other = await testDouble()
  const lossy = copyStore(from(sound), from(onServer(other.url)), (records) => {
    if (records === RECORDS)
      other.shelf.alter(siteStream('depot'), 600, (event) => ({
        ...event,
        data: Buffer.from(Buffer.from(event.data).toString().replace('6.1', '9.9')),
      }))
  })
  await expect(lossy).rejects.toThrow(/The copy in depot on kurrentdb.* is not the same: record 601: its content was/)
})

test('the command says what was carried, and moves a site between site files and stores', async () => {
  const double = await testDouble()
  const start = await sqliteSite()
  const folder = scratchFolder()
  const file = join(folder, 'site.yaml')
  writeFileSync(
    file,
    `site: { id: depot }\nstore: { kind: kurrentdb, url: "${double.url}", path: ./data/depot }\nbays:\n  - { id: bay-1, chargePoint: CP-1, evse: 1 }\nchargePoints:\n  - { id: CP-1 }\n`,
  )
  const { code, out, err } = await run(copy, '--from', start.path, '--to', file)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(
    /^depot: 1203 records copied from \S+site\.db to depot on kurrentdb:\/\/127\.0\.0\.1:\d+; the copy/,
  )
  expect(out).toContain('carried: keys, master key, crops, checkpoints\n')
  expect(out).toContain('not carried: views (they are told anew)\n')
  expect(out).toContain('Serve one of the two from now on')
  expect(await run(verify, '--site', file)).toMatchObject({ code: 0, err: '' })
  const back = join(folder, 'back.db')
  expect(await run(copy, '--from', file, '--to', back)).toMatchObject({ code: 0, err: '' })
  expect(await run(verify, back)).toMatchObject({ code: 0, err: '' })
  const keys = openKeyStoreReadOnly({
    path: `${back}.keys`,
    siteId: 'depot',
    clock: stillClock(),
    chance: systemChance,
    env: {},
  })
  expect(keys.findVehicle('QX77ZZT')).not.toBeNull()
  keys.close()
  expect(await run(copy, '--from', file)).toMatchObject({ code: 2 })
})
