import { expect, onTestFinished, test, vi } from 'vitest'
import { openRemote } from '../../../src/back-end/open-remote.ts'
import { systemClock } from '../../../src/clock.ts'
import { openRoom } from '../../../src/open-room.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import { mutations } from '../serve/mutations.ts'
import { until, writeSite } from '../serve/serving-line.ts'
import { asks, opensChain } from './chain-stage.ts'
import { openToyBackEnd, SECRET } from './toy-back-end.ts'
import { openToyFleet } from './toy-fleet.ts'

vi.setConfig({ testTimeout: 180_000 })

test('1,000 bent answers to who pays: nobody is accepted for an account that is no name, and nothing breaks', async () => {
  const yes = { id: 'ID', status: 'accepted', accountId: 'acc-9', confirm: 'never', expiresAt: '2999-01-01T00:00:00Z' }
  const bent = mutations([yes], 1_000, 5)
  let asked = 0
  const toy = await openToyBackEnd((body, response) => {
    response.end((bent[asked++] ?? '').replace('"ID"', JSON.stringify(body.id)))
    return null
  })
  const { chain } = opensChain(toy, { failures: 100_000, deadline_s: 2 })
  const answers = []
  for (let i = 0; i < bent.length; i += 1) answers.push(await chain.ask(asks(`veh-${i}`)))
  expect(asked).toBe(1_000)
  const granted = answers.filter((one) => one.granted)
  expect(granted.length).toBeGreaterThan(50)
  for (const one of granted)
    expect(one).toMatchObject({ accountId: expect.stringMatching(/^[\p{L}\p{N}][\p{L}\p{N} ._:@+-]{0,63}$/u) })
  expect(answers.filter((one) => !one.granted).every((one) => !one.granted && typeof one.reason === 'string')).toBe(
    true,
  )
})

test('hundreds of bent answers of the back end that drives the charge points: nothing breaks, and straight ones count again', async () => {
  const fleet = await openToyFleet()
  const file = await readSiteFile((await writeSite(1)).path, {})
  const remote = { url: fleet.back.url, secret: SECRET, poll_s: 0.005, deadline_s: 0.5 }
  const room = await openRoom(file, systemClock, () => {}, {})
  await room.start()
  const points = openRemote(room, remote, systemClock, () => {})
  room.connect(points)
  onTestFinished(async () => {
    await points.close()
    await room.close()
  })
  await until(() => room.desk.bay('bay-1')?.chargers[0]?.online === true)
  fleet.tap('CARD-7', 'their-7')
  await until(() => room.desk.bay('bay-1')?.lock.locked === true)
  const straight = fleet.back.answers
  const at = new Date().toISOString()
  const session = {
    transactionId: 's-1',
    startId: null,
    idToken: 'CARD-7',
    accountId: 'their-7',
    startedAt: at,
    register_Wh: 1_000,
  }
  const bent = mutations(
    [
      { id: 'ID', sessions: [session] },
      { id: 'ID', online: true, status: 'Charging', errorCode: null, at },
      { id: 'ID', at, current_A: 10, power_W: null, register_Wh: 1_100, transactionId: 's-1' },
    ],
    400,
    7,
  )
  let sent = 0
  fleet.back.answers = (body, response) =>
    void response.end((bent[sent++ % bent.length] ?? '').replace('"ID"', JSON.stringify(body.id)))
  await until(() => sent >= bent.length)
  fleet.back.answers = straight
  await until(() => room.desk.bay('bay-1')?.chargers[0]?.online === true)
  expect(room.desk.counters()['remote_failed']).toBeGreaterThan(100)
  expect(room.desk.missing()).toEqual([])
  fleet.register_Wh = 1_500
  fleet.end('Local')
  await until(() => room.desk.bay('bay-1')?.lock.locked === false)
})
