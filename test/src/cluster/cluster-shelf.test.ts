import { expect, onTestFinished, test, vi } from 'vitest'
import { clusterShelf } from '../../../src/cluster/cluster-shelf.ts'
import { demandCluster } from '../../../src/cluster/cluster-tables.ts'
import { PostgresLine } from '../../../src/journal/postgres-line.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

withPostgres('the kept state of a site that nodes serve', (cluster) => {
  test('is written by the owner of the epoch alone, whole, and read by whoever comes next', async () => {
    const line = new PostgresLine(cluster().url(await cluster().newDatabase()))
    onTestFinished(() => line.close())
    await demandCluster(line)
    const OWNED = `INSERT INTO berth.site (site, epoch, seq, hash, key_store, state, host, pid, since)
      VALUES ('depot', 3, 0, '', 'keys', 'owned', 'here', 1, '')`
    await line.read(OWNED)
    const shelf = clusterShelf(line, 'depot', 3)
    expect(await shelf.read()).toBeNull()
    await shelf.write(Buffer.from('one'))
    await shelf.write(Buffer.from('two'))
    expect(String(await shelf.read())).toBe('two')
    await line.read('UPDATE berth.site SET epoch = 4')
    await expect(shelf.write(Buffer.from('late'))).rejects.toMatchObject({ code: 'STORE_FENCED' })
    await shelf.drop()
    expect(String(await clusterShelf(line, 'depot', 4).read())).toBe('two')
    await clusterShelf(line, 'depot', 4).drop()
    expect(await shelf.read()).toBeNull()
  })
})
