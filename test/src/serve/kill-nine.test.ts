import { expect, onTestFailed, test, vi } from 'vitest'
import type { Clock } from '../../../actors/ports.ts'
import { systemClock } from '../../../src/clock.ts'
import { berth, journalOf, listening, serveSite, spawnSite, until, writeSite } from './serving-line.ts'
import { pause, Storm } from './storm.ts'
import { answered, callsOf, type Fields } from './wire-calls.ts'

/** A dozen starts of a whole site: on a machine with ten times its work each takes half a minute and more. */
const PATIENCE_ms = 900_000
vi.setConfig({ testTimeout: PATIENCE_ms })

const KILLS = 12

/** Charge points try again at once: the server is never up for long. */
const impatient: Clock = { now: systemClock.now, after: (delay, run) => systemClock.after(Math.min(delay, 150), run) }

test(
  `killed ${KILLS} times in the middle of its work it keeps every promise, and every session goes on to the right bill`,
  async () => {
    const site = await writeSite(4)
    const storm = new Storm(site, await serveSite(site))
    for (const bay of [1, 2, 3, 4])
      storm.clients.set(
        bay,
        storm.serving.charge(bay, {
          clock: impatient,
          habits: { meterInterval_s: 0.3, afterLoss: bay === 1 ? 'resume' : 'boot-resume' },
        }),
      )
    await until(() => [...storm.clients.values()].every((client) => client.online))
    const broken: unknown[] = []
    let stage = 'the first arrival'
    onTestFailed(() => console.error(`it failed at: ${stage}; the server said: ${storm.serving.said()}`))
    const camera = storm.camera()
    const going: Promise<void>[] = []
    const long = await storm.arrive(1)
    going.push(storm.office(), storm.operator(4), storm.drivers(2), storm.drivers(3))
    for (const one of going) one.catch((reason: unknown) => broken.push(reason))

    for (let kill = 0; kill < KILLS && broken.length === 0; kill++) {
      stage = `kill ${kill + 1}`
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
      expect(bay).toMatchObject({
        state: 'charging-locked',
        lock: { locked: true },
        visit: { plate: long.plate, accountId: long.accountId },
        session: { transactionId: '1' },
      })
      expect(storm.serving.said()).not.toContain('unexpected')
    }
    await pause(500)
    stage = 'the end of what drivers, office and operator are at'
    storm.over = true
    await Promise.all(going).catch((reason: unknown) => broken.push(reason))
    expect(broken).toEqual([])
    stage = 'the departure of the long visit'
    await storm.leave(1, long)
    storm.dark = true
    await camera
    stage = 'the judgement'
    await judge(storm)
  },
  PATIENCE_ms,
)

type Records = Awaited<ReturnType<typeof journalOf>>

async function judge(storm: Storm): Promise<void> {
  const { serving, site } = storm
  const records = await journalOf(serving)
  expect(records.map((record) => record.seq)).toEqual(records.map((_, index) => index + 1))
  commandsAreKept(storm, records)
  await registerIsKept(storm, records)
  readsAreKept(storm, records)
  chargePointsAreKept(storm, records)
  startsAreLawful(storm, records)
  await billsAreRight(storm)
  expect(await serving.stop()).toBe(0)
  expect(await berth('verify', '--site', site.path)).toMatchObject({ code: 0, err: '' })
  expect(await berth('replay', '--site', site.path)).toMatchObject({ code: 0, err: '' })
}

/** Commands: each on record once, under the seq that was answered. */
function commandsAreKept({ promised }: Storm, records: Records): void {
  const commands = records.filter((record) => record.cause.type === 'operator.commanded')
  const byId = Map.groupBy(commands, (record) => record.cause.id as string)
  expect([...byId.values()].filter((list) => list.length > 1)).toEqual([])
  for (const [id, seq] of promised.commands) expect(`${id} ${byId.get(id)?.[0].seq}`).toBe(`${id} ${seq}`)
  expect(promised.commands.size).toBeGreaterThan(KILLS)
}

/** Register: what was acknowledged is there; account and vehicle are one piece, there or not together. */
async function registerIsKept({ serving, promised }: Storm, records: Records): Promise<void> {
  for (const [plate, accountId] of promised.vehicles)
    expect((await serving.ask('GET', `/api/vehicles/${plate}`)).body).toMatchObject({ plate, accountId })
  expect(promised.vehicles.size).toBeGreaterThan(KILLS)
  const named = new Map<string, Set<string>>()
  for (const record of records.filter((one) => one.stream === 'register')) {
    const accountId = String(record.cause.accountId)
    named.set(accountId, (named.get(accountId) ?? new Set()).add(record.cause.type))
  }
  for (const [accountId, types] of named)
    if (accountId.startsWith('new-'))
      expect(`${accountId} ${[...types].sort()}`).toBe(`${accountId} account.changed,vehicle.registered`)
}

/** Reads: both frames acknowledged means that the plate is on record at that bay. */
function readsAreKept({ promised }: Storm, records: Records): void {
  for (const { bay, plate } of promised.seen) {
    const told = records.some(
      (record) => record.bayId === `bay-${bay}` && JSON.stringify(record.personal).includes(plate),
    )
    expect(`${plate} at bay-${bay}: ${told}`).toBe(`${plate} at bay-${bay}: true`)
  }
}

/** Charge points: every answered start and stop is on record, once. */
function chargePointsAreKept(storm: Storm, records: Records): void {
  for (const [bay, client] of storm.clients) {
    const mine = records.filter((record) => record.bayId === `bay-${bay}`)
    const started = mine.filter((record) => record.cause.type === 'transaction.started')
    for (const { sent, answer } of answered(client, 'StartTransaction')) {
      expect(answer).toMatchObject({ idTagInfo: { status: 'Accepted' } })
      expect(
        started
          .filter((record) => record.cause.transactionId === String(answer['transactionId']))
          .map((record) => record.cause.register_Wh),
      ).toEqual([sent['meterStart']])
    }
    for (const { sent } of answered(client, 'StopTransaction'))
      expect(
        mine
          .filter(
            (record) =>
              record.cause.type === 'transaction.ended' && record.cause.transactionId === String(sent['transactionId']),
          )
          .map((record) => record.cause.register_Wh),
      ).toContain(sent['meterStop'])
  }
}

/** Starts: one per reason and visit, the same token again only after a restart, and nothing on the wire that is not on record. */
function startsAreLawful(storm: Storm, records: Records): void {
  const starts = records.flatMap((record) =>
    record.effects
      .filter((effect: Fields) => effect['type'] === 'start.charging')
      .map((effect: Fields) => ({ bay: record.bayId, ...effect })),
  ) as Fields[]
  for (const [visitId, list] of Map.groupBy(starts, (start) => String(start['visitId']))) {
    const reasons = list.map((start) => start['reason'])
    expect(`${visitId} ${reasons}`).toBe(`${visitId} ${[...new Set(reasons)]}`)
    for (const again of list.filter((start) => start['reason'] === 'after-restart'))
      expect(list.filter((start) => start['startId'] === again['startId']).length).toBeGreaterThan(1)
  }
  for (const [bay, client] of storm.clients) {
    const mine = starts.filter((start) => start['bay'] === `bay-${bay}`)
    const tokens = callsOf(client, 'RemoteStartTransaction', 'in').map((fields) => fields['idTag'])
    expect(new Set(tokens).size).toBeLessThanOrEqual(new Set(mine.map((start) => start['startId'])).size)
    expect(tokens.length).toBeLessThanOrEqual(mine.length)
  }
}

/** Bills: each visit one session, all of its energy, to its own payer. */
async function billsAreRight(storm: Storm): Promise<void> {
  const { serving } = storm
  const sessions = (await serving.ask('GET', '/api/sessions?limit=500')).body.items as Fields[]
  const billed = sessions
    .map(({ bayId, accountId, energy_Wh, disputed }) => ({ bayId, accountId, energy_Wh, disputed }))
    .sort(byAccount)
  const owed = storm.visits
    .map(({ bay, accountId, meterStart, meterStop }) => ({
      bayId: `bay-${bay}`,
      accountId,
      energy_Wh: meterStop - meterStart,
      disputed: null,
    }))
    .sort(byAccount)
  expect(billed).toEqual(owed)
  expect(owed.length).toBeGreaterThan(1)
}

const byAccount = (a: { accountId: string }, b: { accountId: string }): number => (a.accountId < b.accountId ? -1 : 1)
