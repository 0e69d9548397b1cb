import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ChargePointClient } from '../../../src/demo/charge-point-client.ts'
import { newFolder } from '../../contracts/journal-drafts.ts'
import { A_GUARD, A_RECORD, aChargingBay, TIME } from './line-shapes.ts'
import {
  berth,
  journalOf,
  readsBody,
  register,
  type ServingProcess,
  serveSite,
  until,
  untilState,
  writeSite,
} from './serving-line.ts'
import { answered, callsOf, energyOf } from './wire-calls.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const PLATE = 'AB12CDE'
const CARD = 'CARD4711'

/** One story told once; each test looks at what came of it. */
let serving: ServingProcess
let client: ChargePointClient
// biome-ignore lint/suspicious/noExplicitAny: what the server answered
const seen: { locked: any; token: any } = { locked: null, token: null }
const cleanups: (() => unknown)[] = []
const finish = (clean: () => unknown): void => void cleanups.unshift(clean)

beforeAll(async () => {
  const folder = newFolder()
  finish(() => rmSync(folder, { recursive: true, force: true }))
  const site = await writeSite(2, { folder, policy: { voteWindow_s: 2 } })
  serving = await serveSite(site, { finish })
  client = serving.charge(1)
  await register(serving, PLATE, 'acc-1')
  seen.token = (await serving.ask('PUT', `/api/tokens/${CARD}`, { accountId: 'acc-2' })).status
  await until(() => client.online)
  await serving.post(readsBody(site, [{ bay: 1, plate: PLATE }], { frame: 'f1' }))
  await serving.post(readsBody(site, [{ bay: 1, plate: PLATE }], { frame: 'f2' }))
  await until(() => client.frames.some(({ frame }) => frame[0] === 2 && frame[2] === 'RemoteStartTransaction'))
  client.plug(1)
  await untilState(serving, 1, 'charging-locked')
  await until(async () => {
    const { lock, chargers } = (await serving.ask('GET', '/api/bays/bay-1')).body
    return lock.reasons.length > 1 && chargers[0].status === 'Charging'
  })
  seen.locked = (await serving.ask('GET', '/api/bays/bay-1')).body
}, 180_000)

afterAll(async () => {
  for (const clean of cleanups) await clean()
})

describe('a first session', () => {
  test('shows a bay with every key of the contract', () => {
    const { token } = tokenOnWire()
    expect(seen.locked).toEqual(aChargingBay(PLATE, token))
    for (const guard of seen.locked.why.guards) expect(guard).toEqual({ ...A_GUARD, value: guard.value })
    expect(token).toMatch(/^[0-9A-F]{16}$/)
  })

  test('is in the journal as records of the contract’s shape, gapless and chained', async () => {
    const records = await journalOf(serving)
    expect(records.map((one) => one.seq)).toEqual(records.map((_, index) => index + 1))
    let prev = records[0].prev
    for (const record of records) {
      expect(record).toMatchObject({ ...A_RECORD, prev })
      expect(record.bayId).toBe(record.stream.startsWith('bay:') ? record.stream.slice(4) : null)
      expect(Object.hasOwn(record, 'state')).toBe(true)
      prev = record.hash
    }
    const decided = records.flatMap((record) => record.decisions.map((decision: { type: string }) => decision.type))
    const story = ['VisitOpened', 'PlateAgreed', 'ClaimGranted', 'VisitAuthorized', 'StartRequested', 'BayLocked']
    expect(story.map((type) => decided.indexOf(type))).toEqual(
      [...story.map((type) => decided.indexOf(type))].sort((a, b) => a - b),
    )
    expect(decided).toEqual(expect.arrayContaining(story))
    const mine = (await serving.ask('GET', '/api/bays/bay-1/journal?limit=500')).body.items
    expect(mine).toEqual(records.filter((record) => record.stream === 'bay:bay-1'))
    expect((await serving.ask('GET', '/api/site')).body).toMatchObject({ epoch: 1, seq: expect.any(Number) })
  })

  test('is shown as it was at any record', async () => {
    const mine = (await serving.ask('GET', '/api/bays/bay-1/journal?limit=500')).body.items
    for (const record of mine) {
      const { status, body } = await serving.ask('GET', `/api/bays/bay-1/at?seq=${record.seq}`)
      expect(status).toBe(200)
      expect(body).toMatchObject({ version: record.version, state: record.state, detail: record.detail ?? body.detail })
    }
    const then = seen.locked
    // A sample may have been written since the record that says why.
    const { seq } = mine.find((record: { readonly version: number }) => record.version === then.version)
    expect((await serving.ask('GET', `/api/bays/bay-1/at?seq=${seq}`)).body).toEqual(then)
  })
})

describe('commands', () => {
  const command = (bay: number, body: object) => serving.ask('POST', `/api/bays/bay-${bay}/commands`, body)

  test('are answered 202 with the record’s seq, and the same id again with the same seq', async () => {
    const first = await command(2, { id: 'cmd-1', type: 'out-of-service', reason: 'maintenance' })
    expect(first).toMatchObject({ status: 202, body: { seq: expect.any(Number) } })
    expect(await command(2, { id: 'cmd-1', type: 'out-of-service' })).toEqual(first)
    expect((await serving.ask('GET', '/api/bays/bay-2')).body.service).toBe('out-of-service')
    const both = await Promise.all([1, 2, 3].map(() => command(2, { id: 'cmd-2', type: 'in-service' })))
    expect(new Set(both.map((answer) => answer.body.seq)).size).toBe(1)
    const recorded = (await journalOf(serving)).filter(
      (record) => record.cause.id === 'cmd-1' || record.cause.id === 'cmd-2',
    )
    expect(recorded.map((record) => record.cause.id)).toEqual(['cmd-1', 'cmd-2'])
    expect(recorded[0].seq).toBe(first.body.seq)
  })

  test('are answered 409 with the newer bay where it moved since expectVersion, and 202 where only its version rose', async () => {
    const old = await command(1, { id: 'cmd-3', type: 'autonomy', level: 'act', expectVersion: 3 })
    expect(old).toMatchObject({ status: 409, body: { bay: { bayId: 'bay-1', state: 'charging-locked' } } })
    const { version } = (await serving.ask('GET', '/api/bays/bay-1')).body
    expect(await command(1, { id: 'cmd-4', type: 'autonomy', level: 'act', expectVersion: version })).toMatchObject({
      status: 202,
    })
  })

  test('are answered 422 with why not', async () => {
    expect(await command(1, { id: 'cmd-5', type: 'release-lock' })).toMatchObject({
      status: 422,
      body: { detail: expect.stringMatching(/\w+/) },
    })
    expect(await command(2, { id: 'cmd-6', type: 'authorize', accountId: 'nobody' })).toMatchObject({ status: 422 })
    expect((await command(9, { id: 'cmd-7', type: 'deny' })).status).toBe(404)
    expect((await command(1, { id: 'cmd-8', type: 'dance' })).status).toBe(400)
  })
})

describe('a doubtful read', () => {
  test('waits for a person, whose answer goes to the bay it was asked of', async () => {
    const { site } = serving
    for (const [index, plate] of ['XY34ZZZ', 'QQ99QQQ'].entries())
      await serving.post(readsBody(site, [{ bay: 2, plate }], { frame: `doubt-${index}`, vehicles: false }))
    await until(async () => (await serving.ask('GET', '/api/reviews')).body.items.length > 0)
    const [review] = (await serving.ask('GET', '/api/reviews')).body.items
    expect(review).toMatchObject({
      bayId: 'bay-2',
      reviewId: expect.any(String),
      visitId: expect.any(String),
      since: TIME,
      reason: expect.any(String),
    })
    expect(review.candidates.map((one: { plate: string }) => one.plate)).toContain('XY34ZZZ')
    const answer = await serving.ask('POST', `/api/reviews/${encodeURIComponent(review.reviewId)}/answer`, {
      plate: 'XY34ZZZ',
    })
    expect(answer.status).toBe(202)
    await until(async () => (await serving.ask('GET', '/api/bays/bay-2')).body.visit?.plate === 'XY34ZZZ')
    expect((await serving.ask('GET', '/api/reviews')).body.items).toEqual([])
  })
})

describe('the end of the session', () => {
  test('is billed whole to its payer once the vehicle is seen to have left', async () => {
    const { site } = serving
    const started = client.connector(1)
    client.unplug(1)
    await untilState(serving, 1, 'exiting')
    await until(async () => {
      await serving.post(readsBody(site, [], { frame: `gone-${Date.now()}` }))
      return (await serving.ask('GET', '/api/bays/bay-1')).body.state === 'vacant'
    })
    const { body } = await serving.ask('GET', '/api/sessions')
    expect(body.items).toEqual([
      {
        sessionId: seen.locked.session.sessionId,
        visitId: seen.locked.visit.visitId,
        bayId: 'bay-1',
        accountId: 'acc-1',
        identifiedBy: 'plate',
        idToken: seen.locked.session.idToken,
        transactionId: '1',
        transactions: ['1'],
        startedAt: TIME,
        endedAt: TIME,
        energy_Wh: energyOf(client),
        idle_s: expect.any(Number),
        exit: 'exit-seen',
        disputed: null,
        settled: null,
        corrections: [],
        evidence: expect.any(Array),
      },
    ])
    expect(started.transactionId).toBe(1)
    expect((await serving.ask('GET', '/api/sessions.csv')).body).toContain('acc-1')
    expect((await serving.ask('GET', '/api/bays/bay-1')).body).toMatchObject({
      visit: null,
      session: null,
      lock: { locked: false, reasons: [] },
    })
  })

  test('a token that has died with its visit charges nobody, and an alarm says so', async () => {
    const { token } = tokenOnWire()
    client.tapCard(1, token)
    await until(() => answered(client, 'Authorize').length > 0)
    expect(answered(client, 'Authorize')[0]?.answer).toMatchObject({ idTagInfo: { status: 'Invalid' } })
    expect((await serving.ask('GET', '/api/alarms')).body.items).toEqual(expect.any(Array))
  })
})

describe('afterwards', () => {
  test('SIGTERM ends it with 0 and nothing left open; another owner may come at once', async () => {
    await client.close()
    const { length } = await journalOf(serving)
    expect(await serving.stop()).toBe(0)
    expect(serving.said()).not.toContain('unexpected')
    expect(serving.said()).not.toContain('failed')
    expect(readdirSync(join(serving.site.folder, 'data')).filter((name) => /-(wal|shm|journal)$/.test(name))).toEqual(
      [],
    )
    const verified = await berth('verify', '--site', serving.site.path)
    expect(verified).toMatchObject({ code: 0, err: '' })
    expect(Number(/(\d+) records hold/.exec(verified.out)?.[1])).toBeGreaterThanOrEqual(length)
  }, 180_000)

  test('the journal replays without a difference, whole, one bay, and up to a record', async () => {
    const { path } = serving.site
    const whole = await berth('replay', '--site', path)
    expect(whole).toMatchObject({ code: 0, err: '' })
    expect(whole.out).toMatch(/^bay-1 {2}vacant .*\nbay-2 .*\n\d+ records replayed, no difference\.\n$/)
    const then = await berth('replay', '--site', path, '--bay', 'bay-1', '--until', String(seen.locked.why.seq))
    expect(then.out).toMatch(
      /^bay-1 {2}charging-locked\.charging .*account acc-1\n\d+ records replayed, no difference\.\n$/,
    )
    expect(await berth('replay', '--site', path, '--bay', 'bay-9')).toMatchObject({
      code: 1,
      err: expect.stringContaining('bay-9'),
    })
  }, 180_000)

  test('an export verifies and replays; one altered record is named', async () => {
    const { path, folder } = serving.site
    const out = join(folder, 'journal.jsonl')
    expect(await berth('export', '--site', path, '--out', out)).toMatchObject({ code: 0, err: '' })
    const [verified, replayed] = await Promise.all([berth('verify', out), berth('replay', out)])
    expect(verified).toMatchObject({ code: 0, err: '' })
    expect(replayed).toMatchObject({ code: 0, err: '', out: expect.stringContaining('no difference') })
    const lines = readFileSync(out, 'utf8').split('\n')
    const at = lines.findIndex((line) => line.includes('"VisitAuthorized"'))
    const seq = /"seq":(\d+)/.exec(lines[at] as string)?.[1]
    lines[at] = (lines[at] as string).replaceAll('acc-1', 'acc-2')
    const forged = join(folder, 'forged.jsonl')
    writeFileSync(forged, lines.join('\n'))
    expect(await berth('verify', forged)).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(new RegExp(`[Rr]ecord ${seq}\\b`)),
    })
    // Its forged decision fits its forged cause: what it led to does not.
    expect(await berth('replay', forged)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^Record \d+ \(bay:bay-1[^)]*\) differs in decisions/),
    })
  }, 180_000)

  test('neither a plate nor a token stands in clear in any file of the store', () => {
    const folder = join(serving.site.folder, 'data')
    // The text of the machines that decided is the same at every site, and its comments show an example of a plate.
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => !name.includes('.machines') && statSync(join(folder, name)).isFile(),
    )
    expect(files).toEqual(expect.arrayContaining(['depot-north.db', 'depot-north.db.keys']))
    for (const file of files) {
      const bytes = readFileSync(join(folder, file)).toString('latin1')
      for (const secret of [PLATE, CARD, 'XY34ZZZ', 'QQ99QQQ', tokenOnWire().token, 'cam-1-secret'])
        expect(`${file} ${bytes.includes(secret)}`).toBe(`${file} false`)
    }
  })
})

const tokenOnWire = (): { token: string } => ({ token: callsOf(client, 'RemoteStartTransaction', 'in')[0]?.['idTag'] })
