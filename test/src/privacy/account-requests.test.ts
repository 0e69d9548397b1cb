import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parse, stringify } from 'yaml'

import { hold } from '../../../src/commands/holds.ts'
import { erase, object, subject } from '../../../src/commands/subjects.ts'
import { serve } from '../../../src/compose.ts'
import { subjectPage } from '../../../src/privacy/subject-page.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import { codeOf, scratchFolder } from '../../contracts/journal-drafts.ts'
import { runCommand } from '../journal/run-command.ts'
import { until, writeSite } from '../serve/serving-line.ts'
import {
  arrives,
  auditOf,
  BY,
  DAY_ms,
  passes,
  privateSite,
  skippingClock,
  startedRoom,
  verifiedIn,
} from './private-room.ts'

const WHO = { verifiedBy: 'Anna Auditor' }

test('an account that asks to be forgotten takes its name, its vehicles and its cards with it, and nobody else’s', async () => {
  const room = await startedRoom(await privateSite())
  await room.register.putAccount('acc-1', { name: 'Ada Lovelace' }, BY)
  await room.register.putAccount('acc-10', { name: 'Grace Hopper' }, BY)
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  await room.register.putVehicle('XY34ZZZ', { accountId: 'acc-1' }, BY)
  await room.register.putVehicle('GH56HOP', { accountId: 'acc-10' }, BY)
  await room.register.putToken('04A1B2C3', { accountId: 'acc-1' }, BY)
  const { privacy } = room.desk
  expect(await codeOf(() => privacy.erase({ ...WHO }, BY))).toBe('BODY_INVALID')
  expect(await codeOf(() => privacy.erase({ account: 'acc-2', ...WHO }, BY))).toBe('NOT_FOUND')
  const asked = await privacy.erase({ account: 'acc-1', ...WHO }, BY)
  expect(asked.also).toHaveLength(3)
  await until(() => privacy.erasures().every(({ status }) => status === 'done'))
  expect(room.register.account('acc-1')).toBeNull()
  expect(await codeOf(() => room.register.putAccount('acc-1', { name: 'Alan Turing' }, BY))).toBe('BODY_INVALID')
  expect(room.register.vehicles().map(({ plate }) => plate)).toEqual(['GH56HOP'])
  expect(room.register.token('04A1B2C3')).toBeNull()
  expect(room.register.account('acc-10')?.name).toBe('Grace Hopper')
  const texts = JSON.stringify((await room.journal.readSite()).map((record) => room.journal.open(record)))
  for (const gone of ['Lovelace', 'AB12CDE', 'XY34ZZZ', '04A1B2C3']) expect(texts).not.toContain(gone)
  expect(texts).toContain('GH56HOP')
  const verified = { by: 'account', accountId: 'acc-1', verifiedBy: 'Anna Auditor' }
  const onRecord = await auditOf(room, 'erasure.asked')
  expect(onRecord.map((record) => verifiedIn(room, record))).toEqual(onRecord.map(() => verified))
  expect(onRecord).toHaveLength(4)
})

test('a backup that is restored does not bring a forgotten account back: neither its name, nor its vehicles and cards', async () => {
  const file = await privateSite()
  const { path } = file.store
  const room = await startedRoom(file)
  await room.register.putAccount('acc-1', { name: 'Ada Lovelace' }, BY)
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  await room.register.putToken('04A1B2C3', { accountId: 'acc-1' }, BY)
  await room.register.putAccount('acc-2', { name: 'Grace Hopper' }, BY)
  await room.close()
  const parts = ['', '.keys', '.checkpoints.jsonl']
  for (const part of parts) copyFileSync(`${path}${part}`, `${path}${part}.backup`)
  const erasing = await startedRoom(file)
  await erasing.desk.privacy.erase({ account: 'acc-1', ...WHO }, BY)
  await until(() => erasing.desk.privacy.erasures().every(({ status }) => status === 'done'))
  await erasing.close()
  for (const part of parts) {
    for (const log of ['-wal', '-shm']) rmSync(`${path}${part}${log}`, { force: true })
    copyFileSync(`${path}${part}.backup`, `${path}${part}`)
  }
  const restored = await startedRoom(file)
  await restored.site.idle()
  await until(() => restored.register.account('acc-1') === null)
  expect(restored.register.vehicle('AB12CDE')).toBeNull()
  expect(restored.register.token('04A1B2C3')).toBeNull()
  expect(restored.register.account('acc-2')?.name).toBe('Grace Hopper')
  const texts = JSON.stringify((await restored.journal.readSite()).map((record) => restored.journal.open(record)))
  expect(texts).not.toMatch(/Lovelace|AB12CDE|04A1B2C3/)
  expect(texts).toContain('Hopper')
})

test('an account waits to be forgotten while a visit runs for which it pays', async () => {
  const clock = skippingClock()
  const room = await startedRoom(await privateSite(), clock)
  await room.register.putAccount('acc-1', { name: 'Ada Lovelace' }, BY)
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  await arrives(room, 'AB12CDE')
  await until(() => room.site.bay('bay-1')?.visit?.payer?.accountId === 'acc-1')
  const { privacy } = room.desk
  await privacy.erase({ account: 'acc-1', ...WHO }, BY)
  expect(privacy.erasures().map(({ status, waitsFor }) => [status, waitsFor])).toEqual([
    ['queued', ['bay-1']],
    ['queued', ['bay-1']],
  ])
  expect(room.register.account('acc-1')?.name).toBe('Ada Lovelace')
  await passes(room, clock, 10 * 60_000)
  await until(() => privacy.erasures().every(({ status }) => status === 'done'))
  expect(room.register.account('acc-1')).toBeNull()
})

test('an account gets its own name, vehicles, cards and charges, of a vehicle only the time in which it held it', async () => {
  const clock = skippingClock()
  const room = await startedRoom(await privateSite({ unmatched_s: 2_678_400 }), clock)
  await room.register.putAccount('acc-1', { name: 'Ada Lovelace' }, BY)
  await room.register.putAccount('acc-2', { name: 'Grace Hopper' }, BY)
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-2' }, BY)
  await arrives(room, 'AB12CDE')
  await until(() => room.site.bay('bay-1')?.visit?.payer?.accountId === 'acc-2')
  const theirs = String(room.site.bay('bay-1')?.visit?.visitId)
  await passes(room, clock, 10 * 60_000)
  expect(room.site.bay('bay-1')?.visit).toBeNull()
  await room.register.deleteVehicle('AB12CDE', BY)
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  await room.register.putToken('04A1B2C3', { accountId: 'acc-1' }, BY)
  await arrives(room, 'AB12CDE')
  await until(() => room.site.bay('bay-1')?.visit?.payer?.accountId === 'acc-1')
  const mine = String(room.site.bay('bay-1')?.visit?.visitId)
  for (const claim of [{ account: 'acc-1' }, { account: 'acc-1', plate: 'AB12CDE' }]) {
    const handed = await room.desk.privacy.subject({ ...claim, ...WHO }, BY)
    const whole = JSON.stringify(handed.content)
    expect(whole).toContain(mine)
    expect(whole).not.toContain(theirs)
    expect(whole).not.toContain('acc-2')
    expect(whole).not.toContain('Hopper')
  }
  const { content, signature } = await room.desk.privacy.subject({ account: 'acc-1', ...WHO }, BY)
  expect(content).toMatchObject({
    plate: null,
    account: { accountId: 'acc-1', name: 'Ada Lovelace' },
    vehicles: [{ plate: 'AB12CDE' }],
    cards: [{ idToken: '04A1B2C3' }],
  })
  expect(subjectPage({ content, signature })).toContain('knows of the account acc-1')
})

test('on the command line: a hold is placed, listed and lifted, and erase, subject and object take an account, on record with who verified it', async () => {
  const { path } = await writeSite(1)
  const file = await readSiteFile(path, {})
  const clock = skippingClock()
  const room = await startedRoom(file, clock)
  await room.register.putAccount('acc-1', { name: 'Ada Lovelace' }, BY)
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  await room.close()
  const on = ['--site', path, '--verified-by', 'Anna Auditor', '--account', 'acc-1']

  const day = new Date(Date.now() + 30 * DAY_ms).toISOString().slice(0, 10)
  expect((await runCommand(hold, 'place', '--site', path, '--account', 'acc-1', '--reason', 'whim')).code).toBe(2)
  const placed = await runCommand(
    hold,
    'place',
    '--site',
    path,
    '--account',
    'acc-1',
    '--reason',
    'police',
    '--until',
    day,
  )
  expect([placed.code, placed.err]).toEqual([0, ''])
  const listed = await runCommand(hold, 'list', '--site', path, '--json')
  const holds = listed.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { holdId: string; reason: string; until: string })
  expect(holds.map(({ reason, until: end }) => [reason, end.slice(0, 10)])).toEqual([
    ['police', day],
    ['police', day],
  ])
  expect(listed.out).not.toContain('veh-')

  const held = await runCommand(erase, ...on)
  expect(held.code).toBe(1)
  expect(held.err).toContain(`A legal hold (police) keeps it until ${day}`)
  const out = join(scratchFolder(), 'package')
  expect((await runCommand(subject, ...on, '--out', out)).code).toBe(0)
  const packed = JSON.parse(readFileSync(join(out, 'subject.json'), 'utf8')) as {
    content: { account: { name: string }; holds: { reason: string }[] }
  }
  expect(packed.content.account.name).toBe('Ada Lovelace')
  expect(packed.content.holds.map(({ reason }) => reason)).toEqual(['police', 'police'])
  const objected = await runCommand(object, ...on)
  expect(objected).toMatchObject({ code: 0, err: '' })
  expect(objected.out).toContain('1 of the account')

  for (const { holdId } of holds) expect((await runCommand(hold, 'lift', holdId, '--site', path)).code).toBe(0)
  const again = await runCommand(hold, 'lift', 'hold-none', '--site', path)
  expect([again.code, again.err]).toEqual([
    1,
    'berth hold: there is no hold hold-none that stands; `berth hold list` names them.\n',
  ])
  expect((await runCommand(hold, 'list', '--site', path)).out).toBe('No legal hold stands.\n')
  const after = await startedRoom(file, clock)
  await until(() => after.desk.privacy.erasures().every(({ status }) => status === 'done'))
  expect(after.register.accounts()).toEqual([])
  const asked = await auditOf(after, 'erasure.asked')
  expect(asked.map((record) => verifiedIn(after, record))).toContainEqual({
    by: 'account',
    accountId: 'acc-1',
    verifiedBy: 'Anna Auditor',
  })
})

test('a command for a site that nobody serves never asks another site that is served at the same address', async () => {
  const [mine, other] = [await writeSite(1), await writeSite(1)]
  const named = (path: string, id: string, httpPort: number): void => {
    const file = parse(readFileSync(path, 'utf8')) as { site: object; http: object }
    writeFileSync(path, stringify({ ...file, site: { ...file.site, id }, http: { ...file.http, port: httpPort } }))
  }
  named(mine.path, 'depot-south', other.httpPort)
  named(other.path, 'depot-north', other.httpPort)
  const serving = await serve(other.path, { env: {}, readerFollows: true })
  onTestFinished(() => serving.stop())
  const rooms = [serving.desk.register, (await startedRoom(await readSiteFile(mine.path, {}))).register]
  for (const register of rooms) await register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  // It goes to its own store, which this test owns.
  const words = ['--plate', 'AB12CDE', '--account', 'acc-1', '--verified-by', 'Anna', '--site', mine.path]
  expect(await codeOf(() => erase(words))).toBe('STORE_OWNED')
  expect(serving.desk.privacy.erasures()).toEqual([])
  expect(serving.desk.register.vehicle('AB12CDE')).not.toBeNull()
  const there = await fetch(`${serving.url}/health/live`, { headers: { 'berth-site': 'depot-south' } })
  expect([there.status, ((await there.json()) as { code: string }).code]).toEqual([421, 'WRONG_SITE'])
  expect((await fetch(`${serving.url}/health/live`, { headers: { 'berth-site': 'depot-north' } })).status).toBe(200)
})

test('a request that several things delay is answered with the date of the last hold, and one without a date says so', async () => {
  const file = await privateSite()
  const room = await startedRoom(file)
  for (const plate of ['AB12CDE', 'XY34ZZZ']) await room.register.putVehicle(plate, { accountId: 'acc-1' }, BY)
  const until = new Date(Date.now() + 30 * DAY_ms).toISOString()
  await room.desk.privacy.hold({ plate: 'XY34ZZZ', reason: 'police', until }, BY)
  await arrives(room, 'AB12CDE')
  const asked = await room.desk.privacy.erase({ account: 'acc-1', ...WHO }, BY)
  expect([asked.status, asked.heldUntil]).toEqual(['queued', until])
  await room.close()
  const words = ['--verified-by', 'Anna', '--site', file.path]
  const held = await runCommand(erase, '--plate', 'XY34ZZZ', '--account', 'acc-1', ...words)
  expect([held.code, held.err]).toEqual([
    1,
    expect.stringContaining(` waits. Not before ${until.slice(0, 10)}. A legal`),
  ])
  const stands = await runCommand(erase, '--plate', 'AB12CDE', '--account', 'acc-1', ...words)
  expect([stands.code, stands.err]).toEqual([1, expect.stringContaining(' waits. No date is known yet. The vehicle')])
})
