import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { playStory } from '../../../simulations/player.ts'
import { SCENARIOS } from '../../../simulations/scenario-list.ts'
import { archive } from '../../../src/commands/archive.ts'
import { bundle } from '../../../src/commands/bundle.ts'
import { check } from '../../../src/commands/check.ts'
import { copy } from '../../../src/commands/copy.ts'
import { exportJournal } from '../../../src/commands/export.ts'
import { replay } from '../../../src/commands/replay.ts'
import { verify } from '../../../src/commands/verify.ts'
import { whatIf } from '../../../src/commands/whatif.ts'
import { openSiteJournalReadOnly, type SiteStore } from '../../../src/journal/site-store.ts'
import { openStoreReadOnly } from '../../../src/journal/sqlite-reader.ts'
import { copyStore } from '../../../src/journal/store-copy.ts'
import { codeOf, draftOf, openStore, scratchFolder } from '../../contracts/journal-drafts.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { openPostgresStore, SHORT } from '../../contracts/postgres-store.ts'
import { runCommand as run } from './run-command.ts'

vi.setConfig({ testTimeout: 180_000 })

const RECORDS = 1_203

/** A site file whose journal is at this address; answers the file. */
function siteAt(folder: string, url: string): string {
  const site = join(folder, 'site.yaml')
  writeFileSync(
    site,
    `site: { id: depot, name: Depot, timezone: UTC }
store: { kind: postgres, url: "${url}", path: ./site.db }
http: { host: 127.0.0.1, port: 0 }
ocpp: { host: 127.0.0.1, port: 0 }
bays:
  - { id: bay-1, chargePoint: CP-1, evse: 1, zones: [] }
chargePoints:
  - { id: CP-1 }
`,
  )
  return site
}

/** A stopped site in a file, with a plate in every third record. */
async function sqliteSite(): Promise<SiteStore> {
  const store = await openStore(scratchFolder())
  const vehicle = store.keys.vehicle('QX77ZZT')
  for (let from = 1; from <= RECORDS; from += 401) {
    const versions = Array.from({ length: 401 }, (_, i) => from + i)
    const personal = (version: number) => (version % 3 === 0 ? { [vehicle]: { plate: 'QX77ZZT' } } : {})
    await store.journal.append(versions.map((version) => draftOf('bay:bay-1', version, personal(version))))
  }
  await store.close()
  return { kind: 'sqlite', path: store.path }
}

async function hashesOf(store: SiteStore): Promise<readonly string[]> {
  const journal = await openSiteJournalReadOnly(store, 'depot', { open: () => undefined })
  try {
    return (await journal.readSite(0, RECORDS + 100)).map(({ hash }) => hash)
  } finally {
    await journal.close()
  }
}

withPostgres('commands over a journal on a PostgreSQL', (cluster) => {
  const onServer = async (): Promise<SiteStore> => {
    return { kind: 'postgres', url: cluster().url(await cluster().newDatabase()), path: join(scratchFolder(), 'depot') }
  }
  const end = (store: SiteStore) => ({ store, siteId: 'depot' })

  test('a site moves from a file to a PostgreSQL, to another one and back to a file, with the same hashes', async () => {
    const start = await sqliteSite()
    const way = [
      start,
      await onServer(),
      await onServer(),
      { kind: 'sqlite', path: join(scratchFolder(), 'back.db') } as const,
    ]
    const hashes = await hashesOf(start)
    for (const [index, to] of way.slice(1).entries()) {
      const copied = await copyStore(end(way[index] as SiteStore), end(to))
      expect(copied).toMatchObject({ siteId: 'depot', head: { seq: RECORDS }, resumed: 0 })
      expect(await hashesOf(to)).toEqual(hashes)
    }
    const last = way.at(-1) as SiteStore
    const { reader, database } = openStoreReadOnly(last.path)
    expect(reader.epoch()).toBe(1)
    database.close()
  })

  test('a copy that is cut goes on where it stood, is nobody’s before it is whole, and full ones are refused', async () => {
    const [start, to] = [await sqliteSite(), await onServer()]
    const cut = copyStore(end(start), end(to), (records) => {
      if (records >= 500) throw new Error('the power went')
    })
    await expect(cut).rejects.toThrow('the power went')
    const url = to.kind === 'postgres' ? to.url : ''
    await expect(openPostgresStore(url, scratchFolder())).rejects.toThrow(
      /A copy .* was cut off; run the same `berth copy`/,
    )
    expect(await codeOf(async () => copyStore(end(await sqliteSite()), end(to)))).toBe('STORE_OWNED')
    expect(await copyStore(end(start), end(to))).toMatchObject({ resumed: 500, head: { seq: RECORDS } })
    expect(await hashesOf(to)).toEqual(await hashesOf(start))
    await expect(copyStore(end(await sqliteSite()), end({ ...to, path: join(scratchFolder(), 'x') }))).rejects.toThrow(
      /holds 1203 records already/,
    )
  })

  test('check, verify, export, replay, whatif, archive, bundle and copy know it; nothing is dropped from it', async () => {
    const folder = scratchFolder()
    const url = cluster().url(await cluster().newDatabase())
    const site = siteAt(folder, url)
    expect(await run(check, site)).toMatchObject({ code: 0 })
    const story = SCENARIOS.find(({ edgeCase }) => edgeCase === 'E21')?.stories[0]
    if (!story) throw new Error('E21 has no story')
    const store = await openPostgresStore(url, folder, { patience: { ...SHORT, whole: 40_000 } })
    const { records } = await playStory(story)
    for (const { personal: _sealed, personalHash: _p, contentHash: _c, prev: _v, hash: _h, ...record } of records) {
      const { seq: _seq, siteId: _site, recordedAt: _at, ...draft } = record
      await store.journal.append([{ ...draft, personal: {} }])
    }
    const { seq } = store.journal.head()
    // Served: the copy is refused by the lock, and from another folder by the log's own note.
    const elsewhere = siteAt(scratchFolder(), url)
    const back = join(scratchFolder(), 'back.db')
    await expect(run(copy, '--from', site, '--to', back)).rejects.toThrow(/is owned by process/)
    await expect(run(copy, '--from', elsewhere, '--to', back)).rejects.toThrow(/Process \d+ on .* did not let it go/)
    await store.close()
    const [segments, out, all] = [join(folder, 'segments'), join(folder, 'bundle.jsonl.gz'), join(folder, 'all.jsonl')]
    const middle = records.find(({ at }) => at > (records[0]?.at ?? ''))?.at ?? ''
    const span = ['--bay', 'bay-1', '--from', '2020-01-01', '--to', '2100-01-01', '--out', out]
    const done = [
      await run(verify, '--site', site),
      await run(replay, '--site', site),
      await run(whatIf, '--site', site, '--policy', 'absence_s=600'),
      await run(archive, '--site', site, '--before', middle, '--out', segments),
      await run(archive, '--site', site, '--before', '2100-01-01', '--out', segments),
      await run(verify, segments),
      await run(replay, segments),
      await run(bundle, '--site', site, ...span),
      await run(replay, out),
      await run(exportJournal, '--site', site, '--out', all),
      await run(verify, all),
      await run(copy, '--from', site, '--to', back),
      await run(verify, back),
    ]
    expect(done.map(({ code, err }) => (code === 0 ? 'done' : err))).toEqual(done.map(() => 'done'))
    expect(done[0]?.out).toMatch(new RegExp(`depot on postgres://127.0.0.1:\\d+/\\w+: depot: ${seq} records hold`))
    expect(done[1]?.out).toContain('no difference')
    expect(await run(archive, '--site', site, '--before', middle, '--drop')).toMatchObject({
      code: 2,
      err: expect.stringContaining('its own log'),
    })
    await cluster().ask(
      url.split('/').at(-1) ?? '',
      `UPDATE berth.record SET content = replace(content, 'bay', 'bax') WHERE seq = 3`,
    )
    expect(await run(verify, '--site', site)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/record 3: its content was altered/),
    })
  })
})
