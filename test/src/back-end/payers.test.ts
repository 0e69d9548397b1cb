import { expect, onTestFinished, test, vi } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { openRoom } from '../../../src/open-room.ts'
import type { Room } from '../../../src/room.ts'
import { readSiteFile, type SiteAuthorizer, type SiteFile } from '../../../src/site-file.ts'
import { until, writeSite } from '../serve/serving-line.ts'
import { openToyBackEnd, SECRET } from './toy-back-end.ts'

vi.setConfig({ testTimeout: 180_000 })

const SETTINGS: Omit<SiteAuthorizer, 'url'> = {
  secret: SECRET,
  plate: 'clear',
  deadline_s: 30,
  cache_s: 0,
  offline: 'allow-known',
  known_days: 30,
  failures: 2,
  rest_s: 60,
}

async function siteBefore(url: string, more: Partial<SiteAuthorizer> = {}): Promise<SiteFile> {
  const file = await readSiteFile((await writeSite(1)).path, {})
  return { ...file, authorizer: { ...SETTINGS, url, ...more } }
}

async function opens(file: SiteFile): Promise<Room> {
  const room = await openRoom(file, systemClock, () => {}, {})
  onTestFinished(() => room.close())
  await room.start()
  return room
}

async function see(room: Room, plate: string): Promise<void> {
  const frame = { confidence: 0.97, characters: [], box: [0.4, 0.6, 0.1, 0.05] as const, capturedAt: null, id: null }
  for (const name of ['1', '2', '3'])
    await room.feed.see({
      cameraId: 'cam-1',
      reads: [{ ...frame, plate, frame: name }],
      frame: null,
      capturedAt: null,
      reader: 'device',
    })
}

const causes = async (room: Room, type: string) =>
  (await room.journal.readSite(0, 1000)).map(({ cause }) => cause).filter((cause) => cause.type === type)
const visitOf = (room: Room) => room.site.bay('bay-1')?.visit
const card = (room: Room, idToken: string, rank?: 'autocharge' | 'plug-and-charge') =>
  room.chargePointDesk.hear({ type: 'authorize', chargePointId: 'CP-1', idToken, ...(rank ? { rank } : {}) })

test('a plate that only the operator’s back end knows is asked about, pays, and stands in the journal with who knew it', async () => {
  const toy = await openToyBackEnd(() => ({ status: 'accepted', accountId: 'acc-far' }))
  const room = await opens(await siteBefore(toy.url))
  await see(room, 'AB12CDE')
  await until(() => visitOf(room)?.payer?.accountId === 'acc-far')
  expect(toy.asked).toHaveLength(1)
  expect(toy.asked[0]).toMatchObject({
    signed: true,
    body: { plate: 'AB12CDE', presented: 'plate', bayId: 'bay-1', chargePointId: 'CP-1', siteId: 'depot-north' },
  })
  await until(async () => (await causes(room, 'authorization.granted')).length > 0)
  expect(await causes(room, 'authorization.granted')).toMatchObject([
    { accountId: 'acc-far', by: 'back-end', source: 'back-end' },
  ])
  expect(visitOf(room)?.evidence).toContainEqual(expect.objectContaining({ rank: 'plate', source: 'back-end' }))
})

test('a vehicle of the register is nobody else’s question', async () => {
  const toy = await openToyBackEnd(() => ({ status: 'blocked' }))
  const room = await opens(await siteBefore(toy.url))
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, { name: 'op', role: 'operator' })
  await see(room, 'AB12CDE')
  await until(() => visitOf(room)?.payer?.accountId === 'acc-1')
  expect(toy.asked).toHaveLength(0)
})

test.each(['fallback', 'deny', 'allow-known'] as const)(
  'a back end that does not answer (%s) leaves a stranger with a card at once, who may charge by it, and the site with an alarm until it answers again',
  async (offline) => {
    const toy = await openToyBackEnd(() => null)
    const room = await opens(await siteBefore(toy.url, { deadline_s: 0.5, failures: 1, rest_s: 0.1, offline }))
    await room.register.putToken('CARD-1', { accountId: 'acc-1' }, { name: 'op', role: 'operator' })
    await see(room, 'AB12CDE')
    await until(() => room.desk.bay('bay-1')?.detail === 'denied')
    expect(await causes(room, 'authorization.refused')).toMatchObject([{ reason: 'unanswered', by: 'back-end' }])
    // The offer stands with the refusal, and the register’s own cards go on.
    const records = await room.journal.readSite(0, 1000)
    const refusal = records.find(({ cause }) => cause.type === 'authorization.refused')
    expect(refusal?.decisions).toContainEqual(
      expect.objectContaining({ type: 'FallbackOffered', reason: 'unanswered' }),
    )
    expect(room.words.of('bay-1')).toMatchObject({ message: 'present-card' })
    expect((await card(room, 'CARD-1')).status).toBe('accepted')
    expect(room.desk.alarms().map(({ type }) => type)).toContain('authorizer')
    toy.answers = () => ({ status: 'accepted', accountId: 'acc-far' })
    await until(async () => (await card(room, 'CARD-7')).status === 'accepted')
    expect(room.desk.alarms().map(({ type }) => type)).not.toContain('authorizer')
  },
)

test.each([
  [undefined, 'card', 'card'],
  ['autocharge', 'autocharge', 'MacAddress'],
  ['plug-and-charge', 'plug-and-charge', 'eMAID'],
] as const)(
  'a token shown as %s that only the back end knows pays with its own rank, and is asked about as %s',
  async (shown, rank, type) => {
    const toy = await openToyBackEnd(() => ({ status: 'accepted', accountId: 'acc-far' }))
    const room = await opens(await siteBefore(toy.url))
    await see(room, 'ZZ99ZZZ')
    await until(() => visitOf(room) !== null && visitOf(room) !== undefined)
    toy.asked.length = 0
    toy.answers = (body) =>
      body.presented === 'plate' ? { status: 'unknown' } : { status: 'accepted', accountId: 'acc-card' }
    const started = await room.chargePointDesk.hear({
      type: 'started',
      chargePointId: 'CP-1',
      evse: 1,
      idToken: 'DEABC1234567',
      register_Wh: 1000,
      happenedAt: systemClock.now(),
      ...(shown ? { rank: shown } : {}),
    })
    expect(started).toMatchObject({ status: 'accepted', transactionId: expect.any(String) })
    expect(toy.asked.map(({ body }) => body.token.type)).toContain(type)
    await until(
      () =>
        visitOf(room)?.payer?.accountId === 'acc-card' ||
        visitOf(room)?.evidence.some((one) => one.accountId === 'acc-card') === true,
    )
    expect(visitOf(room)?.evidence).toContainEqual(expect.objectContaining({ rank, accountId: 'acc-card' }))
  },
)

test('a card that the back end blocks is answered blocked, one that it does not know invalid', async () => {
  const toy = await openToyBackEnd(() => ({ status: 'blocked' }))
  const room = await opens(await siteBefore(toy.url))
  expect(await card(room, 'CARD-7')).toMatchObject({ status: 'blocked' })
  toy.answers = () => ({ status: 'unknown' })
  expect(await card(room, 'CARD-8')).toMatchObject({ status: 'invalid' })
})

test('after a restart without the back end, who charged by its word charges again', async () => {
  const toy = await openToyBackEnd(() => ({ status: 'accepted', accountId: 'acc-far' }))
  const file = await siteBefore(toy.url)
  const first = await opens(file)
  expect(await card(first, 'CARD-7')).toMatchObject({ status: 'accepted' })
  await see(first, 'AB12CDE')
  await until(() => visitOf(first)?.payer?.accountId === 'acc-far')
  await until(async () => (await causes(first, 'authorization.granted')).length > 0)
  await first.close()
  await toy.close()
  const again = await opens(file)
  expect(await card(again, 'CARD-7')).toMatchObject({ status: 'accepted' })
  expect(await card(again, 'CARD-9')).toMatchObject({ status: 'invalid' })
  expect(await causes(again, 'token.presented')).toMatchObject([
    { standing: 'accepted', by: 'back-end' },
    { token: { standing: 'accepted', by: 'back-end', kept: true } },
    { token: { standing: 'unknown', by: 'back-end' } },
  ])
})

test('by which rules it is asked stands in the journal once for each change, without its secret and its path', async () => {
  const toy = await openToyBackEnd()
  const file = await siteBefore(`${toy.url}/key-in-the-path`)
  const adopted = async (one: SiteFile) => {
    const room = await opens(one)
    const rules = (await causes(room, 'authorizer.adopted')).map((cause) => cause['rules'])
    await room.close()
    return rules
  }
  const rules = { ...SETTINGS, host: new URL(toy.url).host, secret: undefined }
  expect(await adopted(file)).toEqual([rules])
  expect(await adopted(file)).toHaveLength(1)
  expect(
    await adopted({ ...file, authorizer: file.authorizer && { ...file.authorizer, offline: 'deny' } }),
  ).toHaveLength(2)
  const last = await adopted({ ...file, authorizer: null })
  expect(last).toHaveLength(3)
  expect(last[2]).toBeNull()
  expect(JSON.stringify(last)).not.toMatch(/secret|key-in-the-path/)
})
