import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Fault } from '../../../machines/faults.ts'
import { demandCluster } from '../../../src/cluster/cluster-tables.ts'
import { HostedFile } from '../../../src/cluster/hosted-file.ts'
import { HostedSites } from '../../../src/cluster/hosted-sites.ts'
import { type Claimed, Roster } from '../../../src/cluster/roster.ts'
import { PostgresLine } from '../../../src/journal/postgres-line.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'

vi.setConfig({ testTimeout: 180_000 })

withPostgres('the file of a claim', (cluster) => {
  /** A site whose file is `old`, claimed; `losing`: the next answer of the database to a change is lost. */
  async function claimed() {
    const database = cluster().url(await cluster().newDatabase())
    const line = new PostgresLine(database)
    const sites = new HostedSites(database)
    onTestFinished(async () => {
      await sites.close()
      await line.close()
    })
    await demandCluster(line)
    await sites.put('site-1', 'old', null)
    const roster = new Roster(line, { node: 'node-1', url: 'http://node-1', lease_s: 5 })
    await roster.beat(false)
    const [mine] = (await roster.claim(1)) as [Claimed]
    const lost = { next: false }
    const losing: Pick<Roster, 'wrote' | 'newest'> = {
      newest: (claim) => roster.newest(claim),
      async wrote(claim, text) {
        const version = await roster.wrote(claim, text)
        if (!lost.next) return version
        lost.next = false
        throw new Fault('STORE_UNREACHABLE', {}, { says: 'It does not answer.' })
      },
    }
    const said: string[] = []
    const data = scratchFolder()
    const file = new HostedFile(mine, losing, { data, log: (text) => void said.push(text) })
    file.folder.write(mine)
    const path = join(data, 'site-1', 'site.yaml')
    return {
      ...{ file, roster, sites, mine, lost, said, path },
      publish: (text: string) => file.replace(text, async () => writeFileSync(path, text)),
      row: async () => {
        const [{ file: text, version } = {}] = await line.read('SELECT file, version FROM berth.hosted')
        return [text, Number(version)]
      },
      beat: async () => file.follow((await roster.beat(false)).mine[0] as Claimed),
    }
  }

  test('a file that was put since the last beat is not overwritten: what is drawn over the old one is refused, and the newer one is served anew', async () => {
    const { publish, sites, row, beat, path, roster, mine } = await claimed()
    expect(await sites.put('site-1', 'put', null)).toBe(2)
    await expect(publish('drawn')).rejects.toThrow(
      /Somebody put a newer site file of site-1 in .*nothing was published/,
    )
    expect(await roster.wrote(mine, 'drawn')).toBe('newer')
    expect([await row(), readFileSync(path, 'utf8')]).toEqual([['put', 2], 'old'])
    expect(await beat()).toBe(true)
  })

  test('a change by hand gives way to a file that was put, and that is said', async () => {
    const { file, sites, row, said, path } = await claimed()
    writeFileSync(path, 'by hand')
    await sites.put('site-1', 'put', null)
    await file.passOn()
    expect([await row(), said]).toEqual([['put', 2], [expect.stringContaining('gives way to the newer file')]])
  })

  test('a change whose answer was lost was refused, so the next beat puts the old file back; it is nobody’s newer one', async () => {
    const { publish, row, beat, lost, path } = await claimed()
    lost.next = true
    await expect(publish('drawn')).rejects.toThrow(
      /cannot be kept in the database of the nodes, so nothing was published/,
    )
    expect([await row(), readFileSync(path, 'utf8')]).toEqual([['drawn', 2], 'old'])
    expect(await beat()).toBe(false)
    expect(await row()).toEqual(['old', 3])
    await publish('drawn again')
    expect([await row(), readFileSync(path, 'utf8')]).toEqual([['drawn again', 4], 'drawn again'])
    expect(await beat()).toBe(false)
  })

  test('a try that was repeated because its answer was lost is taken for done, and a lost site is nobody’s to change', async () => {
    const { roster, mine, publish, row } = await claimed()
    expect([await roster.wrote(mine, 'drawn'), await roster.wrote(mine, 'drawn')]).toEqual([2, 2])
    await roster.release(mine)
    await expect(publish('late')).rejects.toThrow(/served by another node now, so nothing was published/)
    expect(await row()).toEqual(['drawn', 2])
  })
})
