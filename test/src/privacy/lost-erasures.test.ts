import { appendFileSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { openRoom } from '../../../src/open-room.ts'
import type { Room } from '../../../src/room.ts'
import type { SiteFile } from '../../../src/site-file.ts'
import { until } from '../serve/serving-line.ts'
import { arrives, auditOf, BY, DAY_ms, privateSite, skippingClock, startedRoom } from './private-room.ts'

const PROOF = { kind: 'registration', from: '2026-01-01', to: '2027-12-31' } as const

/** Copies these files of the store, without the logs that belong to them, or puts the copies back. */
function keep({ store: { path } }: SiteFile, parts: readonly string[]): () => void {
  for (const part of parts) copyFileSync(`${path}${part}`, `${path}${part}.backup`)
  return () => {
    for (const part of parts) {
      for (const log of ['-wal', '-shm']) rmSync(`${path}${part}${log}`, { force: true })
      copyFileSync(`${path}${part}.backup`, `${path}${part}`)
    }
  }
}

/** Opens the site and starts it; answers it with what it logged. */
async function started(file: SiteFile, restored = false): Promise<{ room: Room; logged: string[] }> {
  const logged: string[] = []
  const room = await openRoom(file, systemClock, (line) => logged.push(line), {}, { restored })
  onTestFinished(() => room.close())
  await room.start()
  await room.site.idle()
  return { room, logged }
}

const alarmsOf = (room: Room) =>
  room.desk.siteAlarms.open().flatMap((alarm) => (alarm.type === 'erasures' ? [alarm.says] : []))

async function erased(file: SiteFile, accounts: readonly string[]): Promise<void> {
  const room = await startedRoom(file)
  for (const account of accounts) await room.desk.privacy.erase({ account, verifiedBy: 'Anna Auditor' }, BY)
  await until(() => room.desk.privacy.erasures().every(({ status }) => status === 'done'))
  await room.close()
}

/** A site with two accounts, closed. */
async function twoAccounts(change: (file: SiteFile) => SiteFile = (file) => file): Promise<SiteFile> {
  const file = change(await privateSite())
  const room = await startedRoom(file)
  await room.register.putAccount('acc-1', { name: 'Ada Lovelace' }, BY)
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  await room.register.putAccount('acc-2', { name: 'Grace Hopper' }, BY)
  await room.close()
  return file
}

test('keys from a backup without the list of erasures: the journal names whom it called erased, they are forgotten again and stand on the list, and an alarm says so once', async () => {
  const file = await twoAccounts()
  const list = `${file.store.path}.keys.erased`
  const restore = keep(file, ['.keys'])
  await erased(file, ['acc-1'])
  const names = readFileSync(list, 'utf8').match(/\S+$/gm)
  restore()
  rmSync(list)

  const { room, logged } = await started(file)
  expect(alarmsOf(room)).toEqual([
    expect.stringMatching(
      /^The list of erasures .*\.keys\.erased was lost, or an older copy of it was put back; 2 whom/,
    ),
  ])
  expect(logged.join()).toContain('Put the newest copy of that file back and start berth again')
  expect(readFileSync(list, 'utf8').match(/\S+$/gm)?.toSorted()).toEqual(names?.toSorted())
  for (const name of names ?? []) expect(room.keys.isLiving(name)).toBe(false)
  expect(room.register.vehicle('AB12CDE')).toBeNull()
  expect(await auditOf(room, 'erasure.repeated')).not.toEqual([])
  await room.close()
  const again = await started(file)
  expect(alarmsOf(again.room)).toEqual([])
  expect(again.logged.join()).not.toContain('erasures')
})

test('a list that is shorter than the key store remembers is alarmed although the journal names nobody', async () => {
  const file = await twoAccounts()
  const list = `${file.store.path}.keys.erased`
  const restore = keep(file, ['', '.checkpoints.jsonl'])
  await erased(file, ['acc-1'])
  restore()
  rmSync(list)
  const { room } = await started(file)
  expect(alarmsOf(room).join()).toMatch(/; 2 who stood on it are not named anywhere else\.$/)
})

test('everything put back from one backup, the list of erasures too: the start that goes on with it says what may be known again', async () => {
  const file = await twoAccounts()
  await erased(file, ['acc-2'])
  const restore = keep(file, ['', '.keys', '.keys.erased'])
  await erased(file, ['acc-1'])
  const newer = readFileSync(`${file.store.path}.keys.erased`)
  restore()
  const { room } = await started(file, true)
  expect(alarmsOf(room)).toEqual([expect.stringContaining('holds nothing newer: whoever was erased since')])
  expect(room.register.account('acc-1')?.name).toBe('Ada Lovelace')
  await room.close()
  writeFileSync(`${file.store.path}.keys.erased`, newer)
  const mended = await started(file)
  expect(mended.room.register.account('acc-1')).toBeNull()
  expect(mended.logged.join()).toContain('Erased once and known again from an older copy: 2')
})

test('the list is kept beside checkpoints that are sent to a file elsewhere, and comes back from there', async () => {
  const file = await twoAccounts((one) => {
    const to = [{ kind: 'file' as const, path: `${one.store.path}.elsewhere.jsonl` }]
    return { ...one, checkpoints: { ...one.checkpoints, to } }
  })
  const { path } = file.store
  const restore = keep(file, ['', '.keys', '.checkpoints.jsonl'])
  await erased(file, ['acc-1'])
  const copy = `${path}.elsewhere.jsonl.erased`
  const named = (from: string) => readFileSync(from, 'utf8').match(/^\S+ \S+/gm)
  expect(named(copy)).toEqual(named(`${path}.keys.erased`))
  restore()
  // Whoever can write there erases nobody by it.
  appendFileSync(copy, `2026-11-22T10:00:00.000Z acc-2\n2026-11-22T10:00:00.000Z acc-2 ${'0'.repeat(32)}\n`)
  rmSync(`${path}.keys.erased`)
  const { room } = await started(file)
  expect(room.register.account('acc-1')).toBeNull()
  expect(room.register.account('acc-2')?.name).toBe('Grace Hopper')
  expect(alarmsOf(room)).toEqual([])
  expect(existsSync(`${path}.keys.erased`)).toBe(true)
})

test('a request that waited when the backup was made, and was carried out since, is told as done', async () => {
  const clock = skippingClock()
  const file = await privateSite()
  const room = await startedRoom(file, clock)
  const handle = await arrives(room, 'ZZ99ABC')
  await room.desk.privacy.hold(
    { plate: 'ZZ99ABC', reason: 'police', until: new Date(clock.now() + 10 * DAY_ms).toISOString() },
    BY,
  )
  const asked = await room.desk.privacy.erase({ plate: 'ZZ99ABC', proof: PROOF, verifiedBy: 'Anna Auditor' }, BY)
  expect(asked.status).toBe('queued')
  await room.close()
  const restore = keep(file, ['', '.keys', '.checkpoints.jsonl'])
  const lifting = await startedRoom(file, clock)
  for (const { holdId } of lifting.desk.privacy.holds()) await lifting.desk.privacy.lift(holdId, BY)
  clock.skip(DAY_ms)
  lifting.tick()
  await until(() => {
    lifting.tick()
    return lifting.desk.privacy.erasures().every(({ status }) => status === 'done')
  })
  await lifting.close()
  restore()

  const { room: restored } = await started(file)
  expect(restored.keys.isLivingVehicle(handle)).toBe(false)
  expect(restored.desk.privacy.erasures()).toMatchObject([{ status: 'done', because: null, heldUntil: null }])
})
