import { expect, test, vi } from 'vitest'
import type { Clock } from '../../../actors/ports.ts'
import { systemClock } from '../../../src/clock.ts'
import type { ChargePointClient } from '../../../src/demo/charge-point-client.ts'
import { type Answer, berth, journalOf, readsBody, type ServingProcess, serveSite, spawnSite, listening, until, writeSite, type LineSite } from './serving-line.ts'

vi.setConfig({ testTimeout: 120_000 })

const KILLS = 12
const LETTERS = 'CDEFHJKLMNPRTUVWXY'

/** Charge points try again at once: the server is never up for long. */
const impatient: Clock = { now: systemClock.now, after: (delay, run) => systemClock.after(Math.min(delay, 150), run) }

/** What clients were promised. */
type Promised = {
  readonly commands: Map<string, number>
  readonly vehicles: Map<string, string>
  /** Plate by bay whose two frames were both acknowledged. */
  readonly seen: { readonly bay: number; readonly plate: string }[]
}

/** One visit as its driver knows it. */
type Visit = { readonly bay: number; readonly plate: string; readonly accountId: string; readonly meterStart: number; readonly meterStop: number }

/** A car park under load whose server is killed again and again. */
class Storm {
  readonly promised: Promised = { commands: new Map(), vehicles: new Map(), seen: [] }
  readonly parked = new Map<number, { readonly plate: string; acknowledged: number }>()
  readonly visits: Visit[] = []
  readonly clients = new Map<number, ChargePointClient>()
  serving: ServingProcess
  readonly site: LineSite
  /** Drivers, office and operator end what they are at; the camera looks on until all is dark. */
  over = false
  dark = false
  #count = 0

  constructor(site: LineSite, serving: ServingProcess) {
    this.site = site
    this.serving = serving
  }

  number(): number {
    return ++this.#count
  }

  /** Asks until the server says something better than 503; null once the storm is over. */
  async insist(method: string, path: string, body?: unknown, once = false): Promise<Answer | null> {
    while (!this.over || once) {
      const answer = await this.serving.ask(method, path, body).catch(() => null)
      if (answer !== null && answer.status < 500) return answer
      await pause(40)
    }
    return null
  }

  async camera(): Promise<void> {
    while (!this.dark) {
      const here = [...this.parked]
      const body = readsBody(this.site, here.map(([bay, { plate }]) => ({ bay, plate })), { frame: `frame-${this.number()}` })
      const status = await this.serving.post(body).catch(() => 0)
      if (status === 200)
        for (const [bay, car] of here) {
          car.acknowledged += 1
          if (car.acknowledged === 2) this.promised.seen.push({ bay, plate: car.plate })
        }
      await pause(120)
    }
  }

  /** An office that writes the register: a new account with each vehicle, in one piece. */
  async office(): Promise<void> {
    while (!this.over) {
      const number = this.number()
      const plate = `GB${String(number).padStart(5, '2')}`
      const answer = await this.serving.ask('PUT', `/api/vehicles/${plate}`, { accountId: `new-${number}` }).catch(() => null)
      if (answer !== null && answer.status < 300) this.promised.vehicles.set(plate, `new-${number}`)
      await pause(30)
    }
  }

  /** An operator who sends each command until it is answered, with the same id. */
  async operator(bay: number): Promise<void> {
    while (!this.over) {
      const id = `cmd-${this.number()}`
      const answer = await this.insist('POST', `/api/bays/bay-${bay}/commands`, { id, type: 'autonomy', level: 'act' })
      if (answer?.status === 202) this.promised.commands.set(id, answer.body.seq)
      await pause(25)
    }
  }

  plateFor(bay: number): string {
    const number = this.number()
    const letter = (place: number): string => LETTERS[Math.floor(number / LETTERS.length ** place) % LETTERS.length] as string
    return `KL4${bay}${letter(2)}${letter(1)}${letter(0)}`
  }

  /** Drives in, waits for the start, plugs in. */
  async arrive(bay: number): Promise<{ plate: string; accountId: string; meterStart: number }> {
    const client = this.clients.get(bay) as ChargePointClient
    const plate = this.plateFor(bay)
    const accountId = `acc-${plate}`
    await this.insist('PUT', `/api/vehicles/${plate}`, { accountId }, true)
    const before = startsOf(client).length
    this.parked.set(bay, { plate, acknowledged: 0 })
    await until(() => startsOf(client).length > before, 25_000, () => `bay-${bay} starts ${plate}`)
    await pause(Math.random() * 700)
    client.plug(1)
    await until(() => client.connector(1).transactionId !== null, 25_000, () => `CP-${bay} has its transaction`)
    return { plate, accountId, meterStart: Number(callsOf(client, 'StartTransaction').at(-1)?.['meterStart']) }
  }

  /** Pulls the cable and drives away. */
  async leave(bay: number, { plate, accountId, meterStart }: { plate: string; accountId: string; meterStart: number }): Promise<void> {
    const client = this.clients.get(bay) as ChargePointClient
    client.unplug(1)
    this.parked.delete(bay)
    await until(() => callsOf(client, 'StopTransaction').length > this.visits.filter((visit) => visit.bay === bay).length, 25_000)
    this.visits.push({ bay, plate, accountId, meterStart, meterStop: Number(callsOf(client, 'StopTransaction').at(-1)?.['meterStop']) })
    await until(async () => (await this.insist('GET', `/api/bays/bay-${bay}`, undefined, true))?.body.state === 'vacant', 25_000, () => `bay-${bay} is vacant again`)
  }

  async drivers(bay: number): Promise<void> {
    while (!this.over) {
      const visit = await this.arrive(bay)
      await pause(200 + Math.random() * 900)
      await this.leave(bay, visit)
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
// biome-ignore lint/suspicious/noExplicitAny: fields as they went over the wire
type Fields = { readonly [key: string]: any }
const callsOf = (client: ChargePointClient, action: string, way: 'in' | 'out' = 'out'): Fields[] => {
  const byId = new Map<string, Fields>()
  for (const { way: went, frame } of client.frames) if (went === way && frame[0] === 2 && frame[2] === action) byId.set(`${frame[1]}`, frame[3])
  // A call that was not answered goes out again with a new id: it is the same fact.
  return [...new Map([...byId.values()].map((fields) => [JSON.stringify(fields), fields])).values()]
}
const startsOf = (client: ChargePointClient): Fields[] => client.frames.flatMap(({ way, frame }) => (way === 'in' && frame[0] === 2 && frame[2] === 'RemoteStartTransaction' ? [frame[3] as Fields] : []))

/** Answered calls of one kind, by their message id, within what the client still remembers. */
function answered(client: ChargePointClient, action: string): { readonly sent: Fields; readonly answer: Fields }[] {
  const sent = new Map<string, Fields>()
  return client.frames.flatMap(({ way, frame }) => {
    if (way === 'out' && frame[0] === 2 && frame[2] === action) sent.set(frame[1], frame[3])
    const call = way === 'in' && frame[0] === 3 ? sent.get(frame[1]) : undefined
    return call === undefined ? [] : [{ sent: call, answer: frame[2] as Fields }]
  })
}

test(`killed ${KILLS} times in the middle of its work it keeps every promise, and every session goes on to the right bill`, async () => {
  const site = await writeSite(4)
  const storm = new Storm(site, await serveSite(site))
  for (const bay of [1, 2, 3, 4]) storm.clients.set(bay, storm.serving.charge(bay, { clock: impatient, habits: { meterInterval_s: 0.3, afterLoss: bay === 1 ? 'resume' : 'boot-resume' } }))
  await until(() => [...storm.clients.values()].every((client) => client.online))
  const broken: unknown[] = []
  const camera = storm.camera()
  const going: Promise<void>[] = []
  const long = await storm.arrive(1)
  going.push(storm.office(), storm.operator(4), storm.drivers(2), storm.drivers(3))
  for (const one of going) one.catch((reason: unknown) => broken.push(reason))

  for (let kill = 0; kill < KILLS && broken.length === 0; kill++) {
    await pause(Math.random() * 1_200)
    await storm.serving.kill()
    storm.serving = spawnSite(site)
    // Now and then it does not even get through its start.
    if (kill % 5 === 4) {
      await pause(Math.random() * 900)
      await storm.serving.kill()
      storm.serving = spawnSite(site)
    }
    await listening(storm.serving)
    const bay = (await storm.insist('GET', '/api/bays/bay-1', undefined, true))?.body
    expect(bay).toMatchObject({ state: 'charging-locked', lock: { locked: true }, visit: { plate: long.plate, accountId: long.accountId }, session: { transactionId: '1' } })
    expect(storm.serving.said()).not.toContain('unexpected')
  }
  await pause(500)
  storm.over = true
  await Promise.all(going).catch((reason: unknown) => broken.push(reason))
  expect(broken).toEqual([])
  await storm.leave(1, long)
  storm.dark = true
  await camera
  await judge(storm)
}, 120_000)

async function judge(storm: Storm): Promise<void> {
  const { serving, promised, site } = storm
  const records = await journalOf(serving)
  expect(records.map((record) => record.seq)).toEqual(records.map((_, index) => index + 1))

  // Commands: each on record once, under the seq that was answered.
  const commands = records.filter((record) => record.cause.type === 'operator.commanded')
  const byId = Map.groupBy(commands, (record) => record.cause.id as string)
  expect([...byId.values()].filter((list) => list.length > 1)).toEqual([])
  for (const [id, seq] of promised.commands) expect(`${id} ${byId.get(id)?.[0].seq}`).toBe(`${id} ${seq}`)
  expect(promised.commands.size).toBeGreaterThan(KILLS)

  // Register: what was acknowledged is there; account and vehicle are one piece, there or not together.
  for (const [plate, accountId] of promised.vehicles) expect((await serving.ask('GET', `/api/vehicles/${plate}`)).body).toMatchObject({ plate, accountId })
  expect(promised.vehicles.size).toBeGreaterThan(KILLS)
  const named = new Map<string, Set<string>>()
  for (const record of records.filter((one) => one.stream === 'register')) {
    const accountId = String(record.cause.accountId)
    named.set(accountId, (named.get(accountId) ?? new Set()).add(record.cause.type))
  }
  for (const [accountId, types] of named) if (accountId.startsWith('new-')) expect(`${accountId} ${[...types].sort()}`).toBe(`${accountId} account.changed,vehicle.registered`)

  // Reads: both frames acknowledged means that the plate is on record at that bay.
  for (const { bay, plate } of promised.seen) {
    const told = records.some((record) => record.bayId === `bay-${bay}` && JSON.stringify(record.personal).includes(plate))
    expect(`${plate} at bay-${bay}: ${told}`).toBe(`${plate} at bay-${bay}: true`)
  }

  // Charge points: every answered start and stop is on record, once.
  for (const [bay, client] of storm.clients) {
    const mine = records.filter((record) => record.bayId === `bay-${bay}`)
    const started = mine.filter((record) => record.cause.type === 'transaction.started')
    for (const { sent, answer } of answered(client, 'StartTransaction')) {
      expect(answer).toMatchObject({ idTagInfo: { status: 'Accepted' } })
      expect(started.filter((record) => record.cause.transactionId === String(answer['transactionId'])).map((record) => record.cause.register_Wh)).toEqual([sent['meterStart']])
    }
    for (const { sent } of answered(client, 'StopTransaction'))
      expect(mine.filter((record) => record.cause.type === 'transaction.ended' && record.cause.transactionId === String(sent['transactionId'])).map((record) => record.cause.register_Wh)).toContain(sent['meterStop'])
  }

  // Starts: one per reason and visit, the same token again only after a restart, and nothing on the wire that is not on record.
  const starts = records.flatMap((record) => record.effects.filter((effect: Fields) => effect['type'] === 'start.charging').map((effect: Fields) => ({ bay: record.bayId, ...effect }))) as Fields[]
  for (const [visitId, list] of Map.groupBy(starts, (start) => String(start['visitId']))) {
    const reasons = list.map((start) => start['reason'])
    expect(`${visitId} ${reasons}`).toBe(`${visitId} ${[...new Set(reasons)]}`)
    for (const again of list.filter((start) => start['reason'] === 'after-restart')) expect(list.filter((start) => start['startId'] === again['startId']).length).toBeGreaterThan(1)
  }
  for (const [bay, client] of storm.clients) {
    const mine = starts.filter((start) => start['bay'] === `bay-${bay}`)
    const tokens = startsOf(client).map((fields) => fields['idTag'])
    expect(new Set(tokens).size).toBeLessThanOrEqual(new Set(mine.map((start) => start['startId'])).size)
    expect(tokens.length).toBeLessThanOrEqual(mine.length)
  }

  // Bills: each visit one session, all of its energy, to its own payer.
  const sessions = (await serving.ask('GET', '/api/sessions?limit=500')).body.items as Fields[]
  const billed = sessions.map(({ bayId, accountId, energy_Wh, disputed }) => ({ bayId, accountId, energy_Wh, disputed })).sort(byAccount)
  const owed = storm.visits.map(({ bay, accountId, meterStart, meterStop }) => ({ bayId: `bay-${bay}`, accountId, energy_Wh: meterStop - meterStart, disputed: null })).sort(byAccount)
  expect(billed).toEqual(owed)
  expect(owed.length).toBeGreaterThan(3)

  expect(await serving.stop()).toBe(0)
  expect(await berth('verify', '--site', site.path)).toMatchObject({ code: 0, err: '' })
  expect(await berth('replay', '--site', site.path)).toMatchObject({ code: 0, err: '' })
}

const byAccount = (a: { accountId: string }, b: { accountId: string }): number => (a.accountId < b.accountId ? -1 : 1)
