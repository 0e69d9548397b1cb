import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { SessionRow } from '../../../projections/bay-view.ts'
import { systemClock } from '../../../src/clock.ts'
import { randomIds } from '../../../src/ids.ts'
import { NotMe } from '../../../src/news/not-me.ts'
import { openRoom } from '../../../src/open-room.ts'
import type { Room } from '../../../src/room.ts'
import type { Caller } from '../../../src/site-desk.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import { passingViews, SiteViews } from '../../../src/views/site-views.ts'
import { cameraMessage, cameraRead } from '../../actors/camera-reads.ts'
import { until, writeSite } from '../serve/serving-line.ts'
import { startServer } from '../server/running-server.ts'

const BY: Caller = { name: 'the operator', role: 'operator' }

/** A site on disk in which a vehicle was started by its plate, and the news of that. */
async function chargingSite() {
  const { path } = await writeSite(1)
  const room = await openRoom(await readSiteFile(path, {}), systemClock, () => {}, {})
  onTestFinished(() => room.close())
  await room.start()
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  const read = cameraRead('AB12CDE')
  for (const frame of ['1', '2', '3']) await room.feed.see(cameraMessage([{ ...read, frame }]))
  const startIn = (): string | undefined => room.site.bay('bay-1')?.visit?.starts[0]?.startId
  await until(() => startIn() !== undefined && room.keys.tokenOf(startIn() ?? '') !== null)
  const idToken = room.keys.tokenOf(startIn() ?? '') ?? ''
  const point = { chargePointId: 'CP-1', evse: 1, happenedAt: systemClock.now() }
  const { transactionId } = await room.chargePointDesk.hear({ type: 'started', ...point, idToken, register_Wh: 1_000 })
  const views = passingViews(room.journal)
  const started = (await views.read('news')).map(([, row]) => row).find(({ type }) => type === 'session.started')
  if (started === undefined || transactionId === null) throw new Error('Nothing was started')
  return { room, views, started, transactionId }
}
/** The one bill of the site, once it is made. */
async function theBill(room: Room): Promise<SessionRow> {
  await until(async () => (await room.desk.sessions.billed({})).length === 1)
  return (await room.desk.sessions.billed({}))[0] as SessionRow
}
const notMeOf = (room: Room, publicUrl: string | null, clock = systemClock): NotMe =>
  new NotMe({ publicUrl, keys: room.keys, views: passingViews(room.journal), site: room.site, ids: randomIds, clock })

test('whoever has the link of a start ends it and disputes its bill, once; opening it changes nothing', async () => {
  const { room, started, transactionId } = await chargingSite()
  const notMe = notMeOf(room, 'https://depot.example')
  const { url, until: end } = notMe.dress(started)['notMe'] as { readonly url: string; readonly until: string }
  expect(url).toMatch(/^https:\/\/depot\.example\/not-me\/\d+-\d+\/[\w-]{43}$/)
  expect(Date.parse(end)).toBeGreaterThan(systemClock.now())
  const { server } = await startServer({ notMe })
  const path = new URL(url).pathname
  const asked = await fetch(server.url + path)
  expect([asked.status, asked.headers.get('content-security-policy')]).toEqual([
    200,
    expect.stringContaining("form-action 'self'"),
  ])
  expect(await asked.text()).toContain('Is this not you?')
  const seq = room.journal.head().seq
  const press = () => fetch(server.url + path, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '' })
  const both = await Promise.all([press(), press()])
  expect(both.map(({ status }) => status).sort()).toEqual([200, 410])
  const records = await room.journal.readSite(seq)
  expect(records.map(({ cause }) => cause.type)).toEqual(['operator.commanded', 'session.disowned'])
  expect(records[0]?.effects).toMatchObject([{ type: 'stop.charging', transactionId }])
  expect((await press()).status).toBe(410)
  expect(await (await fetch(server.url + path)).text()).toContain('Used already')
  const point = { chargePointId: 'CP-1', happenedAt: systemClock.now() }
  await room.chargePointDesk.hear({
    type: 'ended',
    ...point,
    transactionId,
    idToken: null,
    register_Wh: 1_400,
    reason: 'Remote',
    samples: [],
  })
  await room.desk.command('bay-1', { id: 'cmd-1', type: 'release-lock' }, BY)
  const session = await theBill(room)
  expect(session).toMatchObject({ energy_Wh: 400, disputed: expect.stringContaining('not me') })
  const [told] = (await passingViews(room.journal).read('sessions')).map(([, row]) => row)
  expect(told).toMatchObject({
    status: 'billed',
    disputed_Wh: 400,
    disputes: [{ by: 'not-me link', reason: 'the payer says: not me' }],
  })
})

test('a link that was cut off between its two records works again after a restart, and the charge is stopped and disputed', async () => {
  const { room, started, transactionId } = await chargingSite()
  const { site } = room
  let commits = 0
  const cut = <T>(commit: () => Promise<T>): Promise<T> => {
    commits += 1
    return commits === 2 ? Promise.reject(new Error('the process ended')) : commit()
  }
  const notMe = (): NotMe =>
    new NotMe({
      ...{ publicUrl: 'https://depot.example', keys: room.keys, views: passingViews(room.journal), ids: randomIds },
      clock: systemClock,
      site: {
        bay: (bayId) => site.bay(bayId),
        tell: (bayId, event) => cut(() => site.tell(bayId, event)),
        write: (records) => cut(() => site.write(records)),
      },
    })
  const [name = '', mark = ''] = String((notMe().dress(started)['notMe'] as { url: string }).url)
    .split('/')
    .slice(-2)
  const { seq } = room.journal.head()
  await expect(notMe().use(name, mark)).rejects.toThrow('the process ended')
  expect((await notMe().use(name, mark)).state).toBe('open')
  const records = await room.journal.readSite(seq)
  expect(records.filter(({ cause }) => cause.type === 'session.disowned')).toHaveLength(1)
  expect(records.flatMap(({ effects }) => effects)).toContainEqual(
    expect.objectContaining({ type: 'stop.charging', transactionId }),
  )
  expect((await notMe().use(name, mark)).state).toBe('used')
})

test('a link that was guessed, is of something else, or is a day old does nothing', async () => {
  const { room, started } = await chargingSite()
  const notMe = notMeOf(room, 'https://depot.example')
  const [name = '', mark = ''] = String((notMe.dress(started)['notMe'] as { url: string }).url)
    .split('/')
    .slice(-2)
  const { seq } = room.journal.head()
  const states = [
    await notMe.use(
      name,
      mark.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
    ),
    await notMe.use(name, ''),
    await notMe.use('1-1', room.keys.mark('not-me|1-1')),
    await notMe.use('../1', mark),
    await notMeOf(room, null, { ...systemClock, now: () => systemClock.now() + 24 * 3_600_000 }).use(name, mark),
  ]
  expect(states.map(({ state }) => state)).toEqual(['unknown', 'unknown', 'unknown', 'unknown', 'over'])
  expect(room.journal.head().seq).toBe(seq)
})

test('what is told of a visit lies on disk without its plate, its token or what a person wrote', async () => {
  const { room, transactionId } = await chargingSite()
  const token = room.desk.bay('bay-1')?.session?.idToken ?? ''
  expect(token).toMatch(/^[0-9A-F]{16}$/)
  const point = { chargePointId: 'CP-1', happenedAt: systemClock.now() }
  await room.chargePointDesk.hear({
    type: 'ended',
    ...point,
    transactionId,
    idToken: null,
    register_Wh: 1_400,
    reason: 'Local',
    samples: [],
  })
  await room.desk.command('bay-1', { id: 'cmd-1', type: 'release-lock', reason: 'Mrs Poppins called' }, BY)
  await room.desk.dispute((await theBill(room)).sessionId, 'Mrs Poppins was on holiday', BY)
  const path = join(mkdtempSync(join(tmpdir(), 'berth-views-')), 'site.views')
  onTestFinished(() => rmSync(dirname(path), { recursive: true }))
  const views = await SiteViews.open(path, room.journal, (cause) => {
    throw cause
  })
  expect((await views.read('sessions')).length).toBe(1)
  const bytes = ['', '-wal'].map((end) => readFileSync(`${path}${end}`).toString('latin1')).join('')
  await views.close()
  expect(bytes).toContain('acc-1')
  for (const secret of ['AB12CDE', token, 'Poppins']) expect([secret, bytes.includes(secret)]).toEqual([secret, false])
})

test('no link is made where the site has no address outside, for a charge that nobody pays, nor for other news', async () => {
  const { room, started } = await chargingSite()
  expect(notMeOf(room, null).dress(started)).toBe(started)
  const nobodys = { ...started, accountId: null, identifiedBy: null }
  expect(notMeOf(room, 'https://depot.example').dress(nobodys)).toBe(nobodys)
  const other = { ...started, type: 'visit.opened' }
  expect(notMeOf(room, 'https://depot.example').dress(other)).toBe(other)
})
