import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { parse, stringify } from 'yaml'
import { SECRET } from '../back-end/toy-back-end.ts'
import { openToyFleet } from '../back-end/toy-fleet.ts'
import { readsBody, register, serveSite, until, untilState, writeSite } from './serving-line.ts'

vi.setConfig({ testTimeout: 180_000 })

test('`berth serve` drives charge points through the operator’s back end, and asks it who pays', async () => {
  const fleet = await openToyFleet()
  const answers = fleet.back.answers
  fleet.back.answers = (body, response, path) =>
    path === '/payers' ? { status: 'accepted', accountId: 'acc-far' } : answers(body, response, path)
  const site = await writeSite(1)
  const file = parse(readFileSync(site.path, 'utf8'))
  file.ocpp = { mode: 'remote', remote: { url: `${fleet.back.url}/berth/`, secret: SECRET, poll_s: 0.1 } }
  file.authorizer = { url: `${fleet.back.url}/payers`, secret: SECRET }
  writeFileSync(site.path, stringify(file))
  const serving = await serveSite(site)
  expect(serving.said()).toContain(`charge points through the back end at ${fleet.back.url}/berth/\n`)
  await until(async () => (await serving.ask('GET', '/api/bays/bay-1')).body.chargers[0]?.online === true)
  await register(serving, 'ZZ99ZZZ', 'acc-1')
  for (const frame of ['f1', 'f2']) await serving.post(readsBody(site, [{ bay: 1, plate: 'AB12CDE' }], { frame }))
  await until(() => fleet.starts.length === 1)
  expect(fleet.starts[0]).toMatchObject({ accountId: 'acc-far', alias: null })
  fleet.plug()
  await untilState(serving, 1, 'charging-locked')
  expect((await serving.ask('GET', '/api/bays/bay-1')).body).toMatchObject({
    visit: { accountId: 'acc-far' },
    session: { transactionId: 'CP-1/s-1' },
  })
  const asked = fleet.back.asked.find(({ path }) => path === '/payers')
  expect(asked).toMatchObject({ signed: true, body: { plate: 'AB•••DE', token: { type: 'vehicle' } } })
  expect(await serving.stop()).toBe(0)
})
