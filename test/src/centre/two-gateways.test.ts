import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { FactRecord } from '../../../machines/record.ts'
import { AsideShelf } from '../../../src/centre/aside-shelf.ts'
import { knownSites, removeSite, renewToken, takeOver } from '../../../src/centre/centre-book.ts'
import { systemClock } from '../../../src/clock.ts'
import { centre } from '../../../src/commands/centre.ts'
import type { JournalRow } from '../../../src/journal/journal-row.ts'
import type { SiteStore } from '../../../src/journal/site-store.ts'
import { copyStore } from '../../../src/journal/store-copy.ts'
import { openStore, type Store, scratchFolder } from '../../contracts/journal-drafts.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { until } from '../journal/appended-batches.ts'
import { runCommand } from '../journal/run-command.ts'
import { more, openStage, rowsAt, ship, siteWith, verdictAt } from './link-stage.ts'
import { batchOf, helloOf, openLink, rawLink, rowsOf } from './raw-link.ts'

vi.setConfig({ testTimeout: 180_000 })

const NOW = '2026-11-23T12:00:00.000Z'

/** What is set aside of the site. */
async function listed(shelf: AsideShelf): Promise<readonly JournalRow[]> {
  const rows: JournalRow[] = []
  for await (const row of shelf.all('depot')) rows.push(row)
  return rows
}

/** A second machine with a copy of the folder. */
async function cloneOf(store: Store): Promise<Store> {
  const folder = scratchFolder()
  cpSync(join(store.path, '..'), folder, { recursive: true })
  const clone = await openStore(folder)
  onTestFinished(() => clone.close())
  return clone
}

withPostgres('gateways that are not one', (cluster) => {
  const database = async () => cluster().url(await cluster().newDatabase())

  /** A site of 20 records that shipped all of them, ended, and was taken over at the centre. */
  const takenOver = async () => {
    const stage = await openStage(await database())
    const { token } = await stage.add('depot')
    const site = await siteWith(20)
    const before = ship(site, stage.centre.url, token)
    await until(() => before.uplink.place.sent === 20)
    await before.uplink.close()
    await site.close()
    return { stage, token, site, taken: await takeOver(stage.line, 'depot', NOW) }
  }
  const asideOf = async ({ line }: Awaited<ReturnType<typeof openStage>>) => listed(new AsideShelf(line, systemClock))

  test('of two gateways with one identity the first record in a place counts; the other’s are set aside and never merged, and all are told', async () => {
    const stage = await openStage(await database())
    const { token } = await stage.add('depot')
    const first = await siteWith(300)
    await first.close()
    const second = await cloneOf(first)
    const again = await openStore(join(first.path, '..'))
    onTestFinished(() => again.close())
    const one = ship(again, stage.centre.url, token)
    await until(() => one.uplink.place.sent === 300)
    await more(again, 5, 'one')
    await until(() => one.uplink.place.sent === 305)
    await one.uplink.close()
    await more(second, 7, 'two')
    const two = ship(second, stage.centre.url, token)
    await until(() => two.uplink.place.sent === 307)
    expect(two.alarms.get('centre-other')).toBe(
      'The centre has another record 301 of depot: an older copy of the site was put back, or two gateways run as depot. Records of this gateway from 301 on are set aside at the centre and are no part of its copy.',
    )
    expect(stage.told).toEqual([two.alarms.get('centre-other')])
    await more(second, 3, 'two')
    await until(() => two.uplink.place.sent === 310)
    expect(await rowsAt(stage.store)).toEqual([...rowsOf(again), ...rowsOf(again, 256)])
    expect(await verdictAt(stage.store)).toBe(again.journal.head().hash)
    expect(await asideOf(stage)).toEqual(rowsOf(second, 300))
    expect(await knownSites(stage.line)).toMatchObject([{ site: 'depot', seq: 305, aside: 10 }])
    // Neither the gateway nor the centre begins anew after a restart.
    await two.uplink.close()
    const later = ship(second, stage.centre.url, token)
    await until(() => later.uplink.place.sent === 310)
    expect((await asideOf(stage)).length).toBe(10)
  })

  test('two gateways that are linked at once push each other out, say so, and what either recorded is kept', async () => {
    const stage = await openStage(await database())
    const { token } = await stage.add('depot')
    const site = await siteWith(10)
    await site.close()
    const other = await cloneOf(site)
    const again = await openStore(join(site.path, '..'))
    onTestFinished(() => again.close())
    const one = ship(again, stage.centre.url, token)
    await until(() => one.uplink.place.sent === 10)
    const two = ship(other, stage.centre.url, token)
    await until(() => one.alarms.has('centre-away'))
    expect(one.alarms.get('centre-away')).toMatch(
      /is linked by another gateway with the token of this site: two run with one identity; it has taken nothing since/,
    )
    await until(() => two.uplink.place.sent === 10)
  })

  test('after a takeover the former gateway’s unshipped records are set aside with a clear sentence at both ends, and the new one goes on', async () => {
    const { stage, token, site, taken } = await takenOver()
    expect(taken.epoch).toBe(2)

    // The next machine begins with the centre's copy and the keys of the backup.
    const folder = scratchFolder()
    for (const ending of ['keys', 'keys.master']) cpSync(`${site.path}.${ending}`, join(folder, `at-centre.${ending}`))
    const from: SiteStore = { kind: 'postgres', url: stage.store, path: join(folder, 'at-centre') }
    const to: SiteStore = { kind: 'sqlite', path: join(folder, 'site.db') }
    const copied = await copyStore({ store: from, siteId: 'depot' }, { store: to, siteId: 'depot' })
    expect(copied.head.seq).toBe(20)
    const next = await openStore(folder)
    onTestFinished(() => next.close())
    await more(next, 5, 'next')
    const now = ship(next, stage.centre.url, taken.token)
    await until(() => now.uplink.place.sent === 25)
    expect(now.alarms.size).toBe(0)
    const [record] = await next.journal.readSite(0, 1)
    expect(Object.values(next.journal.open(record as FactRecord))).toEqual([{ plate: 'QX77ZZT' }])

    const former = await openStore(join(site.path, '..'))
    onTestFinished(() => former.close())
    await more(former, 9, 'former')
    const back = ship(former, stage.centre.url, token)
    await until(() => back.uplink.place.sent === 29)
    expect(back.alarms.get('centre-other')).toBe(
      'depot was taken over at the centre (epoch 2, this gateway has 1). Records of this gateway from 21 on are set aside at the centre and are no part of its copy.',
    )
    expect(stage.told).toEqual([back.alarms.get('centre-other')])
    expect(await asideOf(stage)).toEqual(rowsOf(former, 20))
    expect(await rowsAt(stage.store)).toEqual(rowsOf(next))
    expect(await verdictAt(stage.store)).toBe(next.journal.head().hash)
  })

  test('after a takeover a gateway that begins empty is refused in a whole sentence, and the copy can be taken then', async () => {
    const { stage, site, taken } = await takenOver()
    const empty = ship(await siteWith(0), stage.centre.url, taken.token)
    await until(() => empty.alarms.size === 1)
    expect([...empty.alarms.values()].join()).toContain('or its keys were lost.')
    await empty.uplink.close()

    const folder = scratchFolder()
    for (const ending of ['keys', 'keys.master']) cpSync(`${site.path}.${ending}`, join(folder, `at-centre.${ending}`))
    const from: SiteStore = { kind: 'postgres', url: stage.store, path: join(folder, 'at-centre') }
    const to: SiteStore = { kind: 'sqlite', path: join(folder, 'site.db') }
    expect((await copyStore({ store: from, siteId: 'depot' }, { store: to, siteId: 'depot' })).head.seq).toBe(20)
  })

  test('a takeover while a gateway ships ends what it may write at once, also over a link that is open', async () => {
    const stage = await openStage(await database())
    const { token } = await stage.add('depot')
    const site = await siteWith(10)
    const rows = rowsOf(site)
    const link = await openLink(stage.centre.url, token)
    await link.ask(helloOf(site))
    expect(await link.ask(batchOf(rows.slice(0, 4)))).toMatchObject({ type: 'head', seq: 4, current: 1 })
    const { token: next } = await takeOver(stage.line, 'depot', NOW)
    expect(await link.ask(batchOf(rows.slice(4, 6)))).toMatchObject({ type: 'aside', seq: 6 })
    expect((await rowsAt(stage.store)).length).toBe(4)
    // The same machine is let in again by the new token: nothing is lost.
    const again = ship(site, stage.centre.url, next)
    await until(() => again.uplink.place.sent === 10)
    expect(await rowsAt(stage.store)).toEqual(rows)
    expect(again.alarms.size).toBe(0)
  })

  test('a gateway whose store is an older copy is told before it records anything, and what it records then is set aside', async () => {
    const stage = await openStage(await database())
    const { token } = await stage.add('depot')
    const site = await siteWith(10)
    await site.close()
    const older = await cloneOf(site)
    const newer = await openStore(join(site.path, '..'))
    onTestFinished(() => newer.close())
    await more(newer, 6, 'newer')
    const one = ship(newer, stage.centre.url, token)
    await until(() => one.uplink.place.sent === 16)
    await one.uplink.close()
    const two = ship(older, stage.centre.url, token)
    await until(() => two.alarms.has('centre-other'))
    expect(two.alarms.get('centre-other')).toMatch(
      /^The centre has 16 records of depot, this store only 10: an older copy/,
    )
    await more(older, 2, 'older')
    await until(() => two.uplink.place.sent === 12)
    expect(await asideOf(stage)).toEqual(rowsOf(older, 10))
    expect(await verdictAt(stage.store)).toBe(newer.journal.head().hash)
  })

  test('of a gateway that is set aside so much is kept and no more', async () => {
    const stage = await openStage(await database())
    const rows = rowsOf(await siteWith(10))
    const shelf = new AsideShelf(stage.line, systemClock, 6)
    expect(await shelf.keep('depot', 1, rows.slice(0, 4))).toBeNull()
    expect(await shelf.keep('depot', 1, rows.slice(4, 8))).toBeNull()
    expect(await shelf.keep('depot', 1, rows.slice(8))).toMatch(
      /^6 records of depot are set aside at the centre already/,
    )
    // What is kept is kept once.
    expect(await shelf.keep('depot', 1, rows.slice(2, 6))).toBeNull()
    expect(await listed(shelf)).toEqual(rows.slice(0, 8))
    const shown = await runCommand(centre, 'aside', 'depot', '--store', stage.store)
    expect(
      shown.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).hash),
    ).toEqual(rows.slice(0, 8).map(({ hash }) => hash))
    expect((await runCommand(centre, 'forget', 'depot', '--store', stage.store)).out).toBe(
      '8 records of depot that were set aside: thrown away.\n',
    )
    expect(await listed(shelf)).toEqual([])
  })

  test('a token that was renewed or taken away lets nobody in, and a link that it opened ends', async () => {
    const stage = await openStage(await database())
    const { token } = await stage.add('depot')
    const site = await siteWith(2)
    const link = await openLink(stage.centre.url, token)
    await link.ask(helloOf(site))
    const renewed = await renewToken(stage.line, 'depot', NOW)
    expect(await link.closed()).toBe(4403)
    expect(await rawLink(stage.centre.url, token)).toBe(401)
    const next = await openLink(stage.centre.url, renewed.token)
    expect(await next.ask(helloOf(site))).toMatchObject({ type: 'head', epoch: 1, current: 1 })
    await removeSite(stage.line, 'depot', new Date().toISOString())
    expect(await next.closed()).toBe(4403)
    expect(await knownSites(stage.line)).toEqual([])
  })
})
