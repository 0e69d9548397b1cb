import { expect, onTestFinished, test, vi } from 'vitest'
import { SightPost } from '../../../src/centre/sight-post.ts'
import { systemClock } from '../../../src/clock.ts'
import { openRoom } from '../../../src/open-room.ts'
import { GroupKey } from '../../../src/plausibility/group-key.ts'
import type { Sighting } from '../../../src/plausibility/sighting.ts'
import type { Room } from '../../../src/room.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import { openUplink } from '../../../src/uplink/open-uplink.ts'
import { cameraMessage, cameraRead } from '../../actors/camera-reads.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { until, writeSite } from '../serve/serving-line.ts'
import { type CentreStage, openStage, siteWith } from './link-stage.ts'
import { helloOf, openLink } from './raw-link.ts'

vi.setConfig({ testTimeout: 120_000 })
const KEY = 'a-key-of-the-tests-that-all-sites-share'
const PLATE = 'QX77ZZT'
/** By what the word must be folded is known here without asking: Q, Z and Z look like digits. */
const FOLDED = '0X7722T'

/** A site of one bay that runs without its doors, linked to the centre; `key` null compares nothing. */
async function gateway(stage: CentreStage, id: string, key: string | null = KEY) {
  const { token } = await stage.add(id)
  const file = await readSiteFile((await writeSite(1, { policy: { voteWindow_s: 2 } })).path, {})
  const centre = { url: stage.centre.url, token, ca: null, silent_min: 60, driverPages: false, orders: [] }
  const compares = key === null ? {} : { plausibility: { key, travel_min: 20 } }
  const site = { ...file, site: { ...file.site, id }, centre: { ...centre, ...compares } }
  const room = await openRoom(site, systemClock, () => {}, {})
  await room.start()
  // Nobody asks for a driver page here.
  const uplink = openUplink(room, systemClock, () => {}, undefined as never)
  const waking = setInterval(() => {
    room.tick()
    uplink.wake()
  }, 100)
  onTestFinished(async () => {
    clearInterval(waking)
    await uplink.close()
    await room.close()
  })
  await until(() => uplink.levels()['centre_linked'] === 1)
  return room
}

let frames = 0
/** Cameras read the plate until it is agreed on. */
async function comes(room: Room): Promise<void> {
  await until(async () => {
    const frame = `f${++frames}`
    const read = cameraRead(PLATE, { frame })
    await room.feed.see(cameraMessage([{ ...read, capturedAt: null }]))
    return (room.site.bay('bay-1')?.visit?.agreed ?? null) !== null
  }, 180_000)
}

const alarms = (room: Room) => room.desk.alarms().filter(({ type }) => type === 'plate-at-other-site')
const facts = async (room: Room) =>
  (await room.journal.readStream('audit', 0, 1_000)).filter(({ cause }) => cause.type === 'plate-doubt.told')

const minuteNow = (): number => Math.floor(Date.now() / 60_000)
const wordOf = (change: Partial<Sighting> = {}): Sighting => ({
  type: 'sighting',
  hash: new GroupKey(KEY).hash(FOLDED, Math.floor(minuteNow() / 1_440)),
  minute: minuteNow(),
  what: 'stands',
  travel_min: 20,
  ...change,
})

withPostgres('one plate at two sites', (cluster) => {
  const database = async () => cluster().url(await cluster().newDatabase())

  test('two gateways alarm it at both, with a fact each; a third one with another key hears of nothing', async () => {
    const stage = await openStage(await database())
    const [north, south] = [await gateway(stage, 'depot-north'), await gateway(stage, 'depot-south')]
    const east = await gateway(stage, 'depot-east', 'another-key-than-that-of-the-others')
    const west = await gateway(stage, 'depot-west', null)
    for (const room of [north, east, west, south]) await comes(room)
    await until(() => alarms(north).length === 1 && alarms(south).length === 1)
    expect(alarms(north)).toMatchObject([
      {
        bayId: 'bay-1',
        says: 'The plate of the vehicle at bay-1 stands at the site depot-south too: one of the two is a clone or a misread.',
      },
    ])
    expect(alarms(south)[0]?.says).toContain('depot-north')
    const [fact] = await facts(north)
    const visit = north.site.bay('bay-1')?.visit
    expect(fact?.cause).toMatchObject({
      ...{ bayId: 'bay-1', visitId: visit?.visitId, handle: visit?.agreed?.handle },
      ...{ site: 'depot-south', apart_min: null, source: 'centre' },
    })
    expect(await facts(south)).toHaveLength(1)
    // Nothing is stopped, nobody's payment is decided by it: the bay was told nothing.
    const bay = await north.journal.readStream('bay:bay-1', 0, 1_000)
    expect(bay.filter(({ cause }) => cause['source'] === 'centre')).toEqual([])
    for (const room of [east, west]) expect([alarms(room), await facts(room)]).toEqual([[], []])
    expect(stage.told.join()).not.toContain(PLATE)
  })

  test('a gateway of before is not asked; a word of another form ends its link, one that is late or one too many is passed over', async () => {
    const stage = await openStage(await database())
    const north = await gateway(stage, 'depot-north')
    const { token } = await stage.add('depot')
    const store = await siteWith(1)
    const link = await openLink(stage.centre.url, token)
    const heard: string[] = []
    link.socket.on('message', (data) => void heard.push(String(data)))
    const say = (word: object) => link.socket.send(JSON.stringify(word))
    // Before it said who it is nobody listens.
    say(wordOf())
    expect(await link.ask(helloOf(store))).toMatchObject({ type: 'head', hears: ['sighting'] })
    await comes(north)
    say(wordOf({ minute: minuteNow() - 10 }))
    await until(() => stage.told.some((line) => /^The clock of depot is 1[01] min/.test(line)))
    expect(alarms(north)).toEqual([])
    say(wordOf())
    await until(() => alarms(north).length === 1)
    expect(alarms(north)[0]?.says).toContain('the site depot too')
    expect(heard).toHaveLength(1)
    say(wordOf({ hash: PLATE }))
    expect(await link.closed()).toBe(4400)
    expect(stage.told.some((line) => line.includes('a sighting lacks hash'))).toBe(true)
  })
})

withPostgres('a gateway that links anew', (cluster) => {
  test('has said nothing yet: what its former link told of counts as left', async () => {
    const stage = await openStage(cluster().url(await cluster().newDatabase()))
    const [depot, east] = [await siteWith(1, 'depot'), await siteWith(1, 'east')]
    const { token } = await stage.add('depot')
    const first = await openLink(stage.centre.url, token)
    await first.ask(helloOf(depot))
    first.socket.send(JSON.stringify(wordOf()))
    // What comes after the word is answered after it was heard.
    await first.ask({ type: 'knows', seq: 1, hash: '0'.repeat(64) })
    const next = await openLink(stage.centre.url, token)
    await next.ask(helloOf(depot))
    expect(await first.closed()).toBe(4409)
    const link = await openLink(stage.centre.url, (await stage.add('east')).token)
    await link.ask({ ...helloOf(east, 'east'), takes: ['plate-doubt'] })
    // The next message is what the centre tells of it.
    const { hash } = wordOf()
    expect(await link.ask(wordOf())).toMatchObject({
      ...{ type: 'request', kind: 'plate-doubt' },
      body: { hash, site: 'depot', apart_min: expect.any(Number) },
    })
  })
})

test('a site that tells of more than 300 plates a minute is heard no further, and its link’s end makes its plates left', async () => {
  let tell: (site: string, word: Sighting) => void = () => {}
  let away: (site: string) => void = () => {}
  const asked: [string, string, unknown][] = []
  const log: string[] = []
  let now = Date.UTC(2026, 10, 23, 12)
  const links = {
    onSighting: (told: typeof tell) => {
      tell = told
    },
    onAway: (told: typeof away) => {
      away = told
    },
    async request(site: string, kind: string, body: unknown) {
      asked.push([site, kind, body])
      return null
    },
  }
  const post = new SightPost({ links, clock: { now: () => now }, log: (says) => void log.push(says) })
  const word = (plate: number): Sighting => ({
    ...{ type: 'sighting', hash: String(plate).padStart(64, '0'), minute: Math.floor(now / 60_000) },
    ...{ what: 'stands', travel_min: 20 },
  })
  for (let plate = 0; plate < 310; plate++) tell('north', word(plate))
  expect(log).toEqual(['north tells of more plates than 300 a minute; the rest is not heard.'])
  for (const plate of [299, 300]) tell('south', word(plate))
  expect(asked.map(([site, kind]) => [site, kind])).toEqual([
    ['south', 'plate-doubt'],
    ['north', 'plate-doubt'],
  ])
  away('north')
  now += 5 * 60_000
  tell('south', word(7))
  expect(asked.at(-1)).toEqual(['north', 'plate-doubt', { hash: word(7).hash, site: 'south', apart_min: 5 }])
  now += 15 * 60_000
  await post.look()
  tell('south', word(8))
  expect(asked).toHaveLength(4)
})
