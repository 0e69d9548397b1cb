import { createPublicKey, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { fold } from '../../../machines/plate.ts'
import { canonicalJson } from '../../../src/journal/canonical.ts'
import { subjectPage } from '../../../src/privacy/subject-page.ts'
import { codeOf } from '../../contracts/journal-drafts.ts'
import { until } from '../serve/serving-line.ts'
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

const LONG = { unmatched_s: 2_678_400 }
const PROOF = { kind: 'lease', from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' } as const

test('a plate alone proves nothing: neither without account or proof, nor with another’s account, nor for a time that the proof does not cover', async () => {
  const clock = skippingClock()
  const room = await startedRoom(await privateSite(LONG, 2), clock)
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  await room.register.putAccount('acc-2', {}, BY)
  await arrives(room, 'ZZ99ABC', 1, 2)
  await arrives(room, 'AB12CDE', 2, 2)
  const { privacy } = room.desk
  const ask = (claim: object) => codeOf(() => privacy.erase({ plate: 'AB12CDE', ...claim }, BY))
  expect(await ask({})).toBe('CLAIM_UNPROVEN')
  expect(await ask({ account: 'acc-2' })).toBe('CLAIM_UNPROVEN')
  expect(await ask({ proof: { ...PROOF, to: '2020-02-01T00:00:00Z' } })).toBe('CLAIM_UNPROVEN')
  expect(await ask({ proof: { ...PROOF, from: 'yesterday' } })).toBe('BODY_INVALID')
  expect(await ask({ plate: '?', account: 'acc-1' })).toBe('BODY_INVALID')
  expect(await ask({ plate: 'NEVER11', account: 'acc-1' })).toBe('NOT_FOUND')
  expect(privacy.erasures()).toEqual([])
  await passes(room, clock, 3 * 60_000)
  const done = await privacy.erase({ plate: 'AB12CDE', account: 'acc-1', verifiedBy: 'Anna Auditor' }, BY)
  await until(() => privacy.erasures().some(({ status }) => status === 'done'))
  const asked = await auditOf(room, 'erasure.asked')
  expect(asked.map((record) => [record.cause['erasureId'], verifiedIn(room, record)])).toEqual([
    [done.erasureId, { by: 'account', accountId: 'acc-1', verifiedBy: 'Anna Auditor' }],
  ])
  expect((await auditOf(room, 'erasure.done')).flatMap(({ decisions }) => decisions.map(({ type }) => type))).toEqual([
    'SubjectErased',
  ])
  expect(room.register.vehicle('AB12CDE')).toBeNull()
})

test('a legal hold keeps a plate that is due and an erasure that is asked, says until when, and both happen when its day is past', async () => {
  const clock = skippingClock()
  const file = await privateSite()
  const room = await startedRoom(file, clock)
  const handle = await arrives(room, 'ZZ99ABC')
  const { privacy } = room.desk
  const day = new Date(clock.now() + 10 * DAY_ms).toISOString()
  expect(
    await codeOf(() => privacy.hold({ plate: 'ZZ99ABC', reason: 'police', until: '2099-01-01T00:00:00Z' }, BY)),
  ).toBe('BODY_INVALID')
  const placed = await privacy.hold({ plate: 'ZZ99ABC', reason: 'police', until: day }, BY)
  const { also, ...standing } = placed
  expect([also, privacy.holds()]).toEqual([[], [standing]])
  await passes(room, clock, 2 * DAY_ms)
  expect(room.site.bay('bay-1')?.visit).toBeNull()
  expect(room.keys.isLivingVehicle(handle)).toBe(true)
  const asked = await privacy.erase({ plate: 'ZZ99ABC', proof: PROOF }, BY)
  expect(asked).toMatchObject({ status: 'queued', heldBy: [placed.holdId], heldUntil: day })
  expect(asked.because).toBe(`A legal hold (police) keeps it until ${day.slice(0, 10)}, or until it is lifted.`)
  await room.close()

  const again = await startedRoom(file, clock)
  expect(again.desk.privacy.erasures()).toMatchObject([{ status: 'queued', heldUntil: day }])
  await passes(again, clock, 9 * DAY_ms)
  await until(() => again.desk.privacy.erasures().every(({ status }) => status === 'done'))
  expect(again.keys.isLivingVehicle(handle)).toBe(false)
})

test('a legal hold that is lifted holds nothing from then on', async () => {
  const clock = skippingClock()
  const room = await startedRoom(await privateSite(), clock)
  const handle = await arrives(room, 'ZZ99ABC')
  const { privacy } = room.desk
  const day = new Date(clock.now() + 10 * DAY_ms).toISOString()
  const { holdId } = await privacy.hold({ plate: 'ZZ99ABC', reason: 'bill', until: day }, BY)
  await passes(room, clock, 10 * 60_000)
  await privacy.erase({ plate: 'ZZ99ABC', proof: PROOF }, BY)
  expect(await privacy.lift(holdId, BY)).toBe(true)
  expect(await privacy.lift(holdId, BY)).toBe(false)
  await until(() => privacy.erasures().every(({ status }) => status === 'done'))
  expect(room.keys.isLivingVehicle(handle)).toBe(false)
  expect((await auditOf(room, 'hold.lifted')).map(({ cause }) => cause['by'])).toEqual([BY.name])
})

test('a person gets everything that is known of the vehicle in the proven time, nobody else’s names, signed and readable, and that is on record', async () => {
  const room = await startedRoom(await privateSite(LONG, 2))
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1', fleet: 'night <shift>' }, BY)
  const theirs = await arrives(room, 'ZZ99ABC', 1, 2)
  const ours = await arrives(room, 'AB12CDE', 2, 2)
  const handed = await room.desk.privacy.subject({ plate: 'AB12CDE', account: 'acc-1' }, BY)
  const { content, signature } = handed
  expect(content).toMatchObject({
    format: 'berth-subject-1',
    plate: 'AB12CDE',
    register: { plate: 'AB12CDE', fleet: 'night <shift>' },
    objects: false,
  })
  const whole = JSON.stringify(content)
  expect(content.records.length).toBeGreaterThan(2)
  expect(whole).toContain('"text":"AB12CDE"')
  expect(whole).toContain(ours)
  expect(whole).not.toContain('ZZ99')
  expect(whole).not.toContain(theirs)
  const key = createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(signature.publicKey, 'hex')]),
    format: 'der',
    type: 'spki',
  })
  const signed = (text: string) => verify(null, Buffer.from(text), key, Buffer.from(signature.value, 'base64'))
  expect(signature.publicKey).toBe(room.keys.signer().publicKey)
  expect(signed(canonicalJson(JSON.parse(whole)))).toBe(true)
  expect(signed(canonicalJson(JSON.parse(whole.replace('AB12CDE', 'AB12CDF'))))).toBe(false)
  const page = subjectPage(handed)
  expect(page).toContain('night &lt;shift&gt;')
  expect(page).not.toContain('<script')
  expect((await auditOf(room, 'personal.seen')).map(({ cause }) => [cause['what'], cause['subjects']])).toEqual([
    ['subject', [ours]],
  ])
  const early = { ...PROOF, to: '2020-02-01T00:00:00Z' }
  expect(await codeOf(() => room.desk.privacy.subject({ plate: 'AB12CDE', proof: early }, BY))).toBe('NOT_FOUND')
})

test('whoever objects is never started by the plate, not even where it is registered, also after a new key; withdrawn, it starts again', async () => {
  const clock = skippingClock()
  const room = await startedRoom(await privateSite({ keyPeriod_days: 1, keyKept_days: 0 }), clock)
  const { privacy } = room.desk
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  expect(await privacy.object({ plate: 'AB12CDE', account: 'acc-1' }, true, BY)).toEqual({
    plate: 'AB12CDE',
    objects: true,
    vehicles: 1,
  })
  await privacy.object({ plate: 'AB12CDE', account: 'acc-1', verifiedBy: 'Boris Auditor' }, true, BY)
  const repeated = await auditOf(room, 'claim.repeated')
  expect(repeated.map((record) => [record.cause['what'], verifiedIn(room, record)])).toEqual([
    ['objection', { by: 'account', accountId: 'acc-1', verifiedBy: 'Boris Auditor' }],
  ])
  const own = { plate: 'QQ11QQQ', proof: PROOF }
  await privacy.object(own, true, BY)
  expect(
    await codeOf(() => privacy.object({ ...own, proof: { ...PROOF, to: '2021-01-01T00:00:00Z' } }, true, BY)),
  ).toBe('CLAIM_UNPROVEN')
  const entered = (await room.journal.readStream('register')).filter(({ cause }) => cause.type === 'objection.entered')
  expect(entered).toHaveLength(2)
  await passes(room, clock, 1.1 * DAY_ms)
  await passes(room, clock, 1_000)
  expect(room.keys.periods().map(({ period }) => period)).toEqual([2])
  expect(room.keys.findVehicle(fold('QQ11QQQ')), 'known on, although it is not registered').not.toBeNull()
  await arrives(room, 'AB12CDE')
  await until(() => room.site.bay('bay-1')?.visit?.asked?.reason === 'objected')
  expect(room.site.bay('bay-1')?.visit).toMatchObject({ payer: null, starts: [] })
  await privacy.object({ plate: 'AB12CDE', account: 'acc-1' }, false, BY)
  await passes(room, clock, 5 * 60_000)
  expect(room.site.bay('bay-1')?.visit).toBeNull()
  await arrives(room, 'AB12CDE')
  await until(() => room.site.bay('bay-1')?.visit?.payer?.accountId === 'acc-1')
})
