import { randomUUID } from 'node:crypto'
import { cpSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import type { FactRecord } from '../../../machines/record.ts'
import { PostgresLine } from '../../../src/journal/postgres-line.ts'
import { openPostgresAsItIs, openPostgresJournalReadOnly } from '../../../src/journal/postgres-reader.ts'
import { verifyRows } from '../../../src/journal/verification.ts'
import { codeOf, draftOf, scratchFolder } from '../../contracts/journal-drafts.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { PostgresProxy, type Trouble } from '../../contracts/postgres-proxy.ts'
import { openPostgresStore, type PostgresStore } from '../../contracts/postgres-store.ts'

/** So short that a silent server is given up soon. */
const HASTY = { call: 500, whole: 1_500 }

withPostgres('what befalls a journal on a PostgreSQL', (cluster) => {
  /** A site of its own behind a line that breaks when it is told to. */
  async function opened(patience?: typeof HASTY) {
    const siteId = `faults-${randomUUID()}`
    const [folder, proxy] = [scratchFolder(), await PostgresProxy.open(cluster().port)]
    const url = cluster().url('postgres', proxy.port)
    const open = (where = folder) => openPostgresStore(url, where, { siteId, ...(patience && { patience }) })
    const store = await open()
    onTestFinished(() => store.close())
    return { siteId, folder, proxy, store, open }
  }

  /** The log beside its owner, its chain checked: the seqs of all records. */
  async function inLog(siteId: string): Promise<number[]> {
    const log = await openPostgresAsItIs({ url: cluster().url(), siteId })
    const seqs = (await log.rows(0, 1_000)).map(({ seq }) => seq)
    const verdict = await verifyRows(log, undefined, { checkpoints: [], key: null })
    await log.close()
    expect(verdict).toMatchObject({ broken: null, records: seqs.length })
    return seqs
  }

  for (const trouble of ['cut-before', 'cut-after', 'silent-before', 'silent-after'] as const)
    test(`${trouble}: the batch is written once, answered as written, and the next one follows it`, async () => {
      const { siteId, proxy, store } = await opened()
      await store.journal.append([draftOf('site', 1)])
      proxy.troubles = [trouble]
      const records = await store.journal.append([draftOf('site', 2), draftOf('bay:bay-1', 1)])
      expect(proxy.troubles).toEqual([])
      expect(records.map(({ seq }) => seq)).toEqual([2, 3])
      await store.journal.append([draftOf('site', 3)])
      expect(await inLog(siteId)).toEqual([1, 2, 3, 4])
    })

  test('a server killed between an append and its answer has the batch once when it is back', async () => {
    const { siteId, proxy, store } = await opened()
    await store.journal.append([draftOf('site', 1)])
    for (let version = 2; version <= 4; version++) {
      let back: Promise<void> | null = null
      proxy.troubles = [
        {
          after: () =>
            (back = cluster()
              .kill()
              .then(() => cluster().start())),
        },
      ]
      const [record] = await store.journal.append([draftOf('site', version)])
      expect(record?.seq).toBe(version)
      expect(back).not.toBeNull()
      await back
    }
    expect(await inLog(siteId)).toEqual([1, 2, 3, 4])
  }, 180_000)

  test('a server that is away is a clear fault, and appends go on when it is back, restarted meanwhile', async () => {
    const { siteId, store } = await opened(HASTY)
    await store.journal.append([draftOf('site', 1)])
    await cluster().stop()
    const lost = store.journal.append([draftOf('site', 2)])
    await expect(lost).rejects.toMatchObject({ code: expect.stringMatching(/^STORE_UN(REACHABLE|WRITABLE)$/) })
    await expect(lost).rejects.toThrow(
      /PostgreSQL at postgres:\/\/127\.0\.0\.1:\d+\/postgres (does not answer|did not say)/,
    )
    await expect(store.journal.readSite()).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
    expect(store.journal.head().seq).toBe(1)
    await cluster().start()
    await store.journal.append([draftOf('site', 2)])
    expect(await inLog(siteId)).toEqual([1, 2])
    expect(store.journal.landed()).toEqual([])
  }, 180_000)

  test('a batch that was given up and lands later is taken in before anything else is written, and handed out once', async () => {
    const { siteId, proxy, store } = await opened(HASTY)
    await store.journal.append([draftOf('site', 1)])
    proxy.troubles = Array.from({ length: 20 }, (): Trouble => 'held')
    const lost = store.journal.append([draftOf('site', 2), draftOf('site', 3)])
    await expect(lost).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' })
    expect(store.journal.version('site')).toBe(1)
    proxy.troubles = []
    proxy.release()
    for (let i = 0; i < 6_000 && (await inLog(siteId)).length < 3; i++) await new Promise((go) => setTimeout(go, 10))
    expect(await inLog(siteId), 'held tries are one batch').toEqual([1, 2, 3])
    expect(await codeOf(() => store.journal.append([draftOf('site', 2)]))).toBe('STORE_UNWRITABLE')
    expect(store.journal.landed().map(({ version }: FactRecord) => version)).toEqual([2, 3])
    expect(store.journal.landed()).toEqual([])
    await store.journal.append([draftOf('site', 4)])
    expect(await inLog(siteId)).toEqual([1, 2, 3, 4])
  })

  test('a lock that somebody holds on the site’s row is waited for no longer than a call, and nothing is doubled', async () => {
    const { siteId, store } = await opened(HASTY)
    await store.journal.append([draftOf('site', 1)])
    const line = new PostgresLine(cluster().url(), { call: 10_000, whole: 10_000 })
    await line.transaction(async (ask) => {
      await ask('SELECT * FROM berth.site WHERE site = $1 FOR UPDATE', [siteId])
      expect(await codeOf(() => store.journal.append([draftOf('site', 2)]))).toBe('STORE_UNWRITABLE')
    })
    await line.close()
    await store.journal.append([draftOf('site', 2)]).catch(() => {})
    if (store.journal.landed().length === 0 && store.journal.head().seq === 1)
      await store.journal.append([draftOf('site', 2)])
    expect(await inLog(siteId)).toEqual([1, 2])
  })

  test('an owner that was taken over, frozen or cut off, writes nothing any more', async () => {
    const { siteId, folder, store, open } = await opened()
    await store.journal.append([draftOf('site', 1)])
    // A copy of the folder on another machine: its lock is another file.
    const elsewhere = scratchFolder()
    cpSync(folder, elsewhere, { recursive: true })
    const second = await open(elsewhere)
    expect(second.journal.epoch).toBe(store.journal.epoch + 1)
    // Nothing was written by the newer one yet: the epoch alone fences.
    await expect(store.journal.append([draftOf('site', 2)])).rejects.toMatchObject({
      code: 'STORE_FENCED',
      about: { epoch: store.journal.epoch, newer: second.journal.epoch },
    })
    expect(await codeOf(() => store.journal.append([draftOf('site', 2)]))).toBe('STORE_FENCED')
    await second.journal.append([draftOf('site', 2)])
    expect(await inLog(siteId)).toEqual([1, 2])
    await store.close()
    // The fenced one's leaving says nothing in the newer one's name.
    const [row] = await cluster().ask('postgres', `SELECT state, epoch FROM berth.site WHERE site = '${siteId}'`)
    expect(row).toEqual({ state: 'owned', epoch: String(second.journal.epoch) })
    const epochs = await cluster().ask(
      'postgres',
      `SELECT epoch FROM berth.record WHERE site = '${siteId}' ORDER BY seq`,
    )
    expect(epochs).toEqual([{ epoch: '1' }, { epoch: '2' }])
    await second.close()
  })

  test('a batch of an older owner that was on its way while another took over is not written behind it', async () => {
    const { siteId, folder, proxy, store } = await opened(HASTY)
    await store.journal.append([draftOf('site', 1)])
    proxy.troubles = Array.from({ length: 20 }, (): Trouble => 'held')
    expect(await codeOf(() => store.journal.append([draftOf('site', 2)]))).toBe('STORE_UNWRITABLE')
    const elsewhere = scratchFolder()
    cpSync(folder, elsewhere, { recursive: true })
    const second = await openPostgresStore(cluster().url(), elsewhere, { siteId })
    proxy.troubles = []
    proxy.release()
    await second.journal.append([draftOf('bay:bay-1', 1)])
    expect(await inLog(siteId)).toEqual([1, 2])
    expect((await second.journal.readStream('bay:bay-1')).length).toBe(1)
    expect(await codeOf(() => store.journal.append([draftOf('site', 2)]))).toBe('STORE_FENCED')
    await second.close()
  })

  test('keys of another store, and a second owner on this machine, are refused', async () => {
    const { folder, open } = await opened()
    expect(await codeOf(() => open(folder))).toBe('STORE_OWNED')
    expect(await codeOf(() => open(scratchFolder()))).toBe('KEY_UNAVAILABLE')
  })

  test('a wrong password, no database, no server and no TLS are one sentence each, without the password', async () => {
    const { port } = cluster()
    for (const [url, says] of [
      [`postgres://berth:hunter2@127.0.0.1:${port}/postgres`, /refuses the user or password of `store.url`/],
      [`postgres://berth@127.0.0.1:${port}/postgres`, /asks for a password/],
      [cluster().url('nowhere'), /has no database of this name/],
      ['postgres://berth:hunter2@127.0.0.1:1/postgres', /does not answer \(.*ECONNREFUSED.*\); start it/],
      [`${cluster().url()}?sslmode=verify-full`, /speaks no TLS/],
      [
        `${cluster().url()}?sslmode=verify-full&sslrootcert=/nowhere.pem`,
        /\/nowhere.pem, which `store.url` names, cannot be read/,
      ],
    ] as const) {
      const opening = openPostgresStore(url, scratchFolder(), { patience: HASTY })
      await expect(opening).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
      await expect(opening).rejects.toThrow(says)
      await expect(opening).rejects.not.toThrow(/hunter2|only-for-tests/)
    }
  })

  test('a read-only database, one in another encoding, and a user without rights are refused, and say what to do', async () => {
    const [locked, latin] = [
      await cluster().newDatabase(),
      await cluster().newDatabase(`ENCODING 'LATIN1' TEMPLATE template0`),
    ]
    await cluster().ask('postgres', `ALTER DATABASE ${locked} SET default_transaction_read_only = on`)
    await cluster().ask('postgres', `CREATE ROLE guest LOGIN PASSWORD 'guest'`)
    const guest = new URL(cluster().url(await cluster().newDatabase()))
    guest.username = guest.password = 'guest'
    for (const [url, says] of [
      [cluster().url(locked), /is read-only: a standby, or set so; name the primary/],
      [cluster().url(latin), /has a database in LATIN1; make one in UTF8/],
      [guest.href, /does not let this user do that; .* CREATE on the database/],
    ] as const)
      await expect(openPostgresStore(url, scratchFolder())).rejects.toThrow(says)
  })

  test('a database that turns read-only, or whose disk is full, refuses appends clearly, and goes on when it can', async () => {
    const database = await cluster().newDatabase()
    const url = cluster().url(database)
    const store: PostgresStore = await openPostgresStore(url, scratchFolder())
    await store.journal.append([draftOf('site', 1)])
    await cluster().ask('postgres', `ALTER DATABASE ${database} SET default_transaction_read_only = on`)
    await cluster().ask(
      'postgres',
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`,
    )
    await expect(store.journal.append([draftOf('site', 2)])).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
      message: expect.stringMatching(/is read-only/),
    })
    await cluster().ask('postgres', `ALTER DATABASE ${database} SET default_transaction_read_only = off`)
    await store.journal.append([draftOf('site', 2)])
    // What the server says when a file cannot grow; the code is the server's own.
    await cluster().ask(
      database,
      `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$`,
      'CREATE TRIGGER full_disk BEFORE INSERT ON berth.record EXECUTE FUNCTION full_disk()',
    )
    await expect(store.journal.append([draftOf('site', 3)])).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
      message: expect.stringMatching(/has a full disk; make room there/),
    })
    await cluster().ask(database, 'DROP TRIGGER full_disk ON berth.record')
    const [third] = await store.journal.append([draftOf('site', 3)])
    expect(third?.seq).toBe(3)
    await store.close()
  })

  test('tables of an older or newer berth are left alone, and the sentence says which to take', async () => {
    const database = await cluster().newDatabase()
    const url = cluster().url(database)
    await (await openPostgresStore(url, scratchFolder())).close()
    for (const [version, says] of [
      [2, /a newer berth made its tables \(version 2, this one reads 1\); update this berth/],
      [0, /an older berth made its tables \(version 0, this one reads 1\); copy the site to a file with that berth/],
    ] as const) {
      await cluster().ask(database, `UPDATE berth.version SET version = ${version}`)
      const anew = openPostgresStore(url, scratchFolder())
      await expect(anew).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
      await expect(anew).rejects.toThrow(says)
      await expect(
        openPostgresJournalReadOnly({ url, siteId: 'depot', keys: { open: () => undefined } }),
      ).rejects.toThrow(says)
    }
  })

  test('records that were deleted, cut off or changed by somebody are named, and a log that was cut is not owned', async () => {
    const { siteId, folder, store, open } = await opened()
    await store.journal.append([1, 2, 3, 4].map((version) => draftOf('site', version)))
    await store.close()
    const where = `WHERE site = '${siteId}' AND seq`
    await cluster().ask('postgres', `DELETE FROM berth.record ${where} = 2`)
    const gap = await openPostgresJournalReadOnly({ url: cluster().url(), siteId, keys: store.keys })
    await expect(gap.readSite()).rejects.toThrow(new RegExp(`Record 2 of ${siteId} .* is gone`))
    await expect(gap.readStream('site')).rejects.toThrow(/Version 2 of site .* is gone/)
    await gap.close()
    await cluster().ask('postgres', `DELETE FROM berth.record ${where} = 4`)
    const cut = open(folder)
    await expect(cut).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    await expect(cut).rejects.toThrow(/Record 4 .* is not the one that the log ends with/)
  })

  test('a journal that nobody began is not found, a reader writes nothing, and eight that make the tables at once make them once', async () => {
    const url = cluster().url(await cluster().newDatabase())
    const read = () => openPostgresJournalReadOnly({ url, siteId: 'depot', keys: { open: () => undefined } })
    expect(await codeOf(read)).toBe('NOT_FOUND')
    const sites = ['depot', ...Array.from({ length: 7 }, (_, i) => `other-${i}`)]
    const all = sites.map((siteId) => openPostgresStore(url, scratchFolder(), { siteId }))
    for (const store of await Promise.all(all)) {
      await store.journal.append([draftOf('site', 1)])
      await store.close()
    }
    const reader = await read()
    expect(reader.head().seq).toBe(1)
    expect(await codeOf(() => reader.append([draftOf('site', 2)]))).toBe('STORE_UNWRITABLE')
    await reader.close()
  })
})
