import { expect, onTestFinished, test, vi } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { openDatabase } from '../../../src/journal/sqlite-file.ts'
import { RelayCounters } from '../../../src/relay/relay-counters.ts'
import { spawnRelay } from '../../../src/relay/relay-spawn.ts'
import { RelayStore } from '../../../src/relay/relay-store.ts'
import { TokenTable } from '../../../src/relay/token-table.ts'
import { freePort } from '../serve/free-port.ts'
import { ALIAS, openBare, openRelayStage, relaySettings, soon, TOKEN } from './relay-stage.ts'
import { openToyUpstream } from './toy-upstream.ts'

const START = `[2,"s","StartTransaction",{"connectorId":1,"idTag":"${TOKEN}","meterStart":1,"timestamp":"2026-11-22T10:00:00Z"}]`

test('a token is its charge point’s alone: at every other one it passes as a stranger’s, and nobody pays', async () => {
  const stage = await openRelayStage({ chargePoints: [] })
  const chargePoints = ['CP-1', 'CP-2'].map((id) => ({ id, upstream: stage.upstream.url }))
  Object.assign(stage.settings, { chargePoints })
  await stage.restart()
  // The former relay may not be gone for it yet.
  await vi.waitFor(() => stage.logic.put({ chargePointId: 'CP-1', token: TOKEN, alias: ALIAS, startId: 'start-1' }), {
    timeout: 60_000,
  })
  const other = await openBare(`${stage.url()}/CP-2`)
  other.send(`[2,"a","Authorize",{"idTag":"${TOKEN}"}]`)
  other.send(START)
  await soon(() => other.texts.length === 2)
  const heard = (id: string) => stage.upstream.calls.filter((c) => c.chargePointId === id).map(({ text }) => text)
  expect(heard('CP-2')).toEqual([`[2,"a","Authorize",{"idTag":"${TOKEN}"}]`, START])
  expect(other.texts.every((text) => text.includes('Invalid'))).toBe(true)
  const own = await openBare(`${stage.url()}/CP-1`)
  own.send(START)
  await soon(() => own.texts.length === 1)
  expect(heard('CP-1')).toEqual([START.replace(TOKEN, ALIAS)])
  await stage.restart()
  const again = await openBare(`${stage.url()}/CP-2`)
  again.send(START.replace('10:00', '11:00'))
  await soon(() => again.texts.length === 1)
  expect(heard('CP-2')[2]).toContain(TOKEN)
})

test('tokens of a file of before they were bound go on meaning their alias', () => {
  const { path } = relaySettings('')
  const before = openDatabase(
    path,
    `CREATE TABLE token (token TEXT PRIMARY KEY, alias TEXT NOT NULL, start_id TEXT NOT NULL, subject TEXT NOT NULL, live INTEGER NOT NULL,
      changed_at INTEGER NOT NULL) STRICT`,
  )
  before.exec(`INSERT INTO token VALUES ('${TOKEN}', '${ALIAS}', 'start-1', '', 1, 0)`)
  before.close()
  const store = new RelayStore(path, new RelayCounters(), 0)
  onTestFinished(() => store.close())
  expect(new TokenTable(store, systemClock).find('CP-7', TOKEN)).toMatchObject({ alias: ALIAS, live: true })
})

test('a new password holds at once and after a kill of the relay; who is connected stays, and so does the relay', async () => {
  const upstream = await openToyUpstream([])
  onTestFinished(() => upstream.close())
  const chargePoints = [{ id: 'CP-1', upstream: upstream.url, password: 'former' }]
  const settings = relaySettings('', { port: await freePort(), chargePoints })
  const quiet = { clock: systemClock, hear: () => undefined }
  const relay = await spawnRelay(settings, quiet)
  onTestFinished(() => relay.stop())
  const comes = (password: string) =>
    openBare(`ws://127.0.0.1:${settings.port}/ocpp/CP-1`, ['ocpp1.6'], {
      authorization: `Basic ${Buffer.from(`CP-1:${password}`).toString('base64')}`,
    })
  const first = await comes('former')
  await relay.adopt({ 'CP-1': 'changed' })
  first.send('[2,"1","Heartbeat",{}]')
  await soon(() => first.texts.length === 1)
  await expect(comes('former')).rejects.toThrow('401')
  await comes('changed')
  const { pid } = await relay.client.state()
  process.kill(pid, 'SIGKILL')
  await soon(() => !relay.client.connected)
  await soon(() => relay.client.connected)
  await expect(comes('former')).rejects.toThrow('401')
  await comes('changed')
  // A berth that begins with the new file finds this relay to be its own.
  const { pid: revived } = await relay.client.state()
  // It is gone by then: two at once would take the relay from each other, each with its own passwords.
  relay.client.close()
  const next = await spawnRelay(
    { ...settings, chargePoints: chargePoints.map((one) => ({ ...one, password: 'newest' })) },
    quiet,
  )
  onTestFinished(() => next.stop())
  expect((await next.client.state()).pid).toBe(revived)
  await expect(comes('changed')).rejects.toThrow('401')
  await comes('newest')
})
