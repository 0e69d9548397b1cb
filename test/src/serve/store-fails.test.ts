import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import type { ChargePointClient } from '../../../src/demo/charge-point-client.ts'
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
import { energyOf } from './wire-calls.ts'

vi.setConfig({ testTimeout: 180_000 })

/** The limit on the size of its files stands for a full disk: from now on nothing may grow beyond `bytes`. Only the soft limit, so that it can be raised again. */
function limit({ child }: ServingProcess, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${bytes}:unlimited`])
}

const framesOf = (client: ChargePointClient, way: 'in' | 'out', action: string): unknown[] =>
  client.frames.flatMap(({ way: went, frame }) =>
    went === way && frame[0] === 2 && frame[2] === action ? [frame[1]] : [],
  )
const isAnswered = (client: ChargePointClient, id: unknown): boolean =>
  client.frames.some(({ way, frame }) => way === 'in' && frame[0] === 3 && frame[1] === id)
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

test('while the store cannot be written nothing is promised and nothing starts, and afterwards everything works again', async (context) => {
  if (process.platform !== 'linux') return context.skip('skipped: the limit on file sizes is set with prlimit')
  const site = await writeSite(4, { policy: { voteWindow_s: 2 } })
  // A shell that ignores SIGXFSZ: a write beyond the limit fails with the system’s error, as on a full disk.
  const serving = await serveSite(site, { wrap: ['bash', '-c', 'trap "" XFSZ; exec "$0" "$@"'] })
  const [one, two] = [serving.charge(1), serving.charge(2)]
  for (const [number, plate] of [
    [1, 'AB12CDE'],
    [2, 'KL34MNP'],
  ] as const)
    await register(serving, plate, `acc-${number}`)
  await serving.ask('PUT', '/api/tokens/CARD1', { accountId: 'acc-card' })
  await until(async () => one.online && two.online && (await serving.ask('GET', '/health/ready')).status === 200)
  // bay-1 charges when the disk fills up; its meter goes on.
  await serving.post(readsBody(site, [{ bay: 1, plate: 'AB12CDE' }], { frame: 'a1' }))
  await serving.post(readsBody(site, [{ bay: 1, plate: 'AB12CDE' }], { frame: 'a2' }))
  await until(() => framesOf(one, 'in', 'RemoteStartTransaction').length === 1)
  one.plug(1)
  const before = await untilState(serving, 1, 'charging-locked')
  await until(() => framesOf(one, 'out', 'MeterValues').some((id) => isAnswered(one, id)))
  await pause(300)
  // bay-4 waits for a second witness: its window ends while nothing can be written.
  expect(await serving.post(readsBody(site, [{ bay: 4, plate: 'XY56ZZZ' }], { frame: 'd1', vehicles: false }))).toBe(
    200,
  )
  const { seq } = (await serving.ask('GET', '/api/site')).body

  limit(serving, 512)
  // Reads: refused with the word that lets the camera send them again.
  const refused = await serving.ask(
    'POST',
    '/in/cam-1-secret/reads',
    readsBody(site, [{ bay: 2, plate: 'KL34MNP' }], { frame: 'b1' }),
  )
  expect(refused).toMatchObject({ status: 503, body: { code: 'STORE_UNWRITABLE' } })
  for (const frame of ['b2', 'b3', 'b4'])
    expect(await serving.post(readsBody(site, [{ bay: 2, plate: 'KL34MNP' }], { frame }))).toBe(503)
  // Orders and register: the same.
  const order = { id: 'cmd-1', type: 'out-of-service' }
  expect(await serving.ask('POST', '/api/bays/bay-3/commands', order)).toMatchObject({
    status: 503,
    body: { code: 'STORE_UNWRITABLE' },
  })
  expect(await serving.ask('PUT', '/api/vehicles/NEW77NEW', { accountId: 'acc-9' })).toMatchObject({ status: 503 })
  // A card at bay-2’s charge point gets no answer: not yes and not no.
  two.plug(1)
  two.tapCard(1, 'CARD1')
  await until(
    () => framesOf(two, 'out', 'Authorize').length > 0 || framesOf(two, 'out', 'StatusNotification').length > 3,
  )
  await pause(1_000)
  expect(framesOf(two, 'out', 'Authorize').filter((id) => isAnswered(two, id))).toEqual([])
  expect(framesOf(two, 'in', 'RemoteStartTransaction')).toEqual([])
  // What it says of itself.
  const ready = await serving.ask('GET', '/health/ready')
  expect(ready.status).toBe(503)
  expect(JSON.stringify(ready.body)).toContain('journal: cannot be written')
  expect((await serving.ask('GET', '/health/live')).status).toBe(200)
  const { items: alarms } = (await serving.ask('GET', '/api/alarms')).body
  expect(alarms).toEqual([
    expect.objectContaining({
      alarmId: 'site/store',
      type: 'store',
      bayId: null,
      says: expect.stringMatching(/\w/),
      do: expect.stringMatching(/\w/),
      since: expect.any(String),
    }),
  ])
  // What it shows is what is on record, and the locked bay stays its payer’s.
  expect((await serving.ask('GET', '/api/site')).body.seq).toBe(seq)
  expect((await serving.ask('GET', '/api/bays/bay-3')).body).toMatchObject({ service: 'in-service', state: 'vacant' })
  expect((await serving.ask('GET', '/api/bays/bay-2')).body).toMatchObject({ state: 'vacant', visit: null })
  expect((await serving.ask('GET', '/api/bays/bay-1')).body).toMatchObject({
    state: 'charging-locked',
    visit: before.visit,
    lock: { locked: true },
  })
  // It neither spins nor fills the log meanwhile.
  const [lines, spent] = [serving.said().split('\n').length, cpuOf(serving)]
  await pause(3_000)
  expect(cpuOf(serving) - spent).toBeLessThan(800)
  expect(serving.said().split('\n').length - lines).toBeLessThan(20)
  expect(serving.child.exitCode).toBeNull()

  limit(serving, 'unlimited')
  expect(await serving.ask('POST', '/api/bays/bay-3/commands', order)).toMatchObject({ status: 202 })
  await until(async () => (await serving.ask('GET', '/health/ready')).status === 200)
  expect((await serving.ask('GET', '/api/alarms')).body.items).toEqual([])
  expect((await serving.ask('GET', '/api/bays/bay-3')).body.service).toBe('out-of-service')
  // The camera sends again, the card is answered, the start goes out and the meter’s bill is whole.
  for (const frame of ['b3', 'b4', 'b5'])
    await serving.post(
      readsBody(
        site,
        [
          { bay: 1, plate: 'AB12CDE' },
          { bay: 2, plate: 'KL34MNP' },
        ],
        { frame },
      ),
    )
  await untilState(serving, 2, 'charging-locked')
  const stopped = framesOf(one, 'out', 'StopTransaction').length
  one.unplug(1)
  await until(() => framesOf(one, 'out', 'StopTransaction').length > stopped)
  await until(async () => {
    await serving.post(readsBody(site, [{ bay: 2, plate: 'KL34MNP' }], { frame: `c-${Date.now()}` }))
    return (await serving.ask('GET', '/api/bays/bay-1')).body.state === 'vacant'
  })
  const [session] = (await serving.ask('GET', '/api/sessions?bay=bay-1')).body.items
  expect(session).toMatchObject({
    accountId: 'acc-1',
    energy_Wh: energyOf(one),
    disputed: null,
  })

  const records = await journalOf(serving)
  expect(records.map((record) => record.seq)).toEqual(records.map((_, index) => index + 1))
  expect(records.filter((record) => record.cause.id === 'cmd-1').length).toBe(1)
  const shown = (await serving.ask('GET', '/api/bays')).body.items.map(
    ({ bayId, version, state, detail }: { bayId: string; version: number; state: string; detail: string }) =>
      `${bayId}  ${state}${detail === state ? '' : `.${detail}`}  version ${version}`,
  )
  expect(await serving.stop()).toBe(0)
  const replayed = await berth('replay', '--site', site.path)
  expect(replayed).toMatchObject({ code: 0, err: '' })
  // Stopping cut the links, which is on record too: the states before it are what the bays showed.
  for (const bay of shown) expect(replayed.out).toContain(bay.split('  version')[0].split('.')[0])
  expect((await berth('verify', '--site', site.path)).code).toBe(0)
  expect(statSync(site.store).size).toBeGreaterThan(0)
})

/** Processor time of the process so far, ms. */
function cpuOf({ child }: ServingProcess): number {
  const stat = execFileSync('cat', [`/proc/${child.pid}/stat`], { encoding: 'utf8' })
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
