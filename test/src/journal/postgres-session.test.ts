import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PostgresLine } from '../../../src/journal/postgres-line.ts'
import { draftOf, scratchFolder } from '../../contracts/journal-drafts.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { openPostgresStore } from '../../contracts/postgres-store.ts'
import { ToyAuthority } from '../ocpp/toy-authority.ts'

withPostgres('the line to a PostgreSQL', (cluster) => {
  test('a line is TLS to a server whose certificate fits, and whoever shows another is refused in one sentence', async () => {
    const [ours, theirs] = [new ToyAuthority('Ours'), new ToyAuthority('Theirs')]
    const folder = scratchFolder()
    const [ca, other] = [join(folder, 'ca.pem'), join(folder, 'other.pem')]
    writeFileSync(ca, ours.cert)
    writeFileSync(other, theirs.cert)
    const { cert, key } = ours.issue('db')
    const files = [
      `ssl_cert_file=${cluster().ownFile('cert.pem', cert)}`,
      `ssl_key_file=${cluster().ownFile('key.pem', key)}`,
    ]
    await cluster().stop()
    await cluster().start('ssl=on', ...files)
    const isTls = async (options: string): Promise<unknown> => {
      const line = new PostgresLine(`${cluster().url()}${options}`, { call: 2_000, whole: 4_000 })
      try {
        return (await line.read('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()'))[0]?.['ssl']
      } finally {
        await line.close()
      }
    }
    expect(await isTls(`?sslmode=verify-full&sslrootcert=${ca}`)).toBe(true)
    expect(await isTls('?sslmode=no-verify')).toBe(true)
    expect(await isTls('')).toBe(false)
    for (const options of ['?sslmode=verify-full', `?sslmode=verify-full&sslrootcert=${other}`])
      await expect(isTls(options)).rejects.toThrow(
        /shows a certificate that does not hold here \(\w+\); name its authority/,
      )
    const store = await openPostgresStore(`${cluster().url()}?sslmode=verify-full&sslrootcert=${ca}`, folder, {
      siteId: 'tls',
    })
    expect((await store.journal.append([draftOf('site', 1)])).length).toBe(1)
    await store.close()
  }, 180_000)

  test('calls behind one that is stuck are bounded in number and in time, and the next one after it goes through', {
    timeout: 180_000,
    retry: 2,
  }, async () => {
    const line = new PostgresLine(cluster().url(), { call: 300, whole: 600 })
    expect(await line.read('SELECT 1 AS one')).toEqual([{ one: 1 }])
    const begun = performance.now()
    const stuck = line.read('SELECT pg_sleep(30)').catch((fault) => fault.code)
    const others = Array.from({ length: 400 }, () => line.read('SELECT pg_sleep(30)').catch((fault) => fault.code))
    const said = await Promise.all([stuck, ...others])
    expect(new Set(said)).toEqual(new Set(['STORE_UNREACHABLE']))
    expect(performance.now() - begun).toBeLessThan(25_000)
    expect(await line.read('SELECT 1 AS one')).toEqual([{ one: 1 }])
    await line.close()
    await expect(line.read('SELECT 1 AS one')).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
  })

  test('what a session needs is set whatever the server’s defaults are', async () => {
    const database = await cluster().newDatabase()
    await cluster().ask(
      database,
      `ALTER DATABASE ${database} SET synchronous_commit = off`,
      `ALTER DATABASE ${database} SET default_transaction_isolation = 'serializable'`,
    )
    const line = new PostgresLine(cluster().url(database))
    const [row] =
      await line.read(`SELECT current_setting('synchronous_commit') AS durable, current_setting('transaction_isolation') AS isolation,
      current_setting('idle_in_transaction_session_timeout') AS idle, current_setting('lock_timeout') AS lock`)
    expect(row).toEqual({ durable: 'on', isolation: 'read committed', idle: '10s', lock: '5s' })
    await line.close()
  })

  test('a server that loses what it answers at a power cut is refused', async () => {
    await cluster().stop()
    await cluster().start('fsync=off')
    await expect(openPostgresStore(cluster().url(), scratchFolder())).rejects.toThrow(
      /keeps nothing through a power cut \(fsync is off\)/,
    )
    await cluster().stop()
    await cluster().start()
  }, 180_000)
})
