import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import type { CallReading } from '../../../src/relay/frame-reading.ts'
import { readCallFrame } from '../../../src/relay/frame-reading.ts'
import { IdMap } from '../../../src/relay/id-map.ts'
import { RelayCounters } from '../../../src/relay/relay-counters.ts'
import { RelayStore } from '../../../src/relay/relay-store.ts'
import { TokenTable } from '../../../src/relay/token-table.ts'
import { TransactionPayers } from '../../../src/relay/transaction-payers.ts'
import { SeqSource, TransactionQueue } from '../../../src/relay/transaction-queue.ts'
import { ALIAS, CARD, openRelayStage, pause, relaySettings, soon, startPlate, TOKEN } from './relay-stage.ts'

/** Everything that lies in the relay's file and its log. */
const bytesOf = (path: string): string => [path, `${path}-wal`].map((file) => readFileSync(file, 'latin1')).join('')

test('an alias that was asked to be forgotten is in no byte of the relay’s file, nor are its tokens; others stay', async () => {
  const stage = await openRelayStage()
  const box = stage.chargePoint({ habits: { meterInterval_s: 0.2 } })
  await soon(() => stage.upstream.connected('CP-1') && box.frames.length > 3)
  box.plug(1)
  expect(await startPlate(stage)).toBe('Accepted')
  await soon(() => (stage.upstream.bills[0]?.samples ?? 0) > 2)
  box.unplug(1)
  await soon(() => stage.upstream.bills[0]?.ended === true)
  await stage.logic.bury(TOKEN)
  await stage.logic.put({
    chargePointId: 'CP-1',
    token: 'AAAABBBBCCCCDDDD',
    alias: CARD,
    startId: 'start-2',
    subject: 'veh-2',
  })
  await pause(100)
  const before = bytesOf(stage.settings.path)
  expect([before.includes(ALIAS), before.includes(TOKEN)]).toEqual([true, true])
  await stage.logic.forget('veh-1')
  const after = bytesOf(stage.settings.path)
  expect([after.includes(ALIAS), after.includes(TOKEN)]).toEqual([false, false])
  expect(after.includes('AAAABBBBCCCCDDDD')).toBe(true)
  await stage.restart()
  await expect
    .poll(async () => (await stage.logic.state().catch(() => null))?.tokens)
    .toEqual([{ token: 'AAAABBBBCCCCDDDD', startId: 'start-2' }])
})

test('what the back end is owed of a forgotten alias is paid first, and then gone', async () => {
  const stage = await openRelayStage()
  const box = stage.chargePoint({ habits: { meterInterval_s: 0.2 } })
  await soon(() => stage.upstream.connected('CP-1') && box.frames.length > 3)
  await stage.upstream.fail()
  await pause(300)
  box.plug(1)
  expect(await startPlate(stage)).toBe('Accepted')
  await soon(() => box.connector(1).transactionId !== null)
  await stage.logic.forget('veh-1')
  expect(bytesOf(stage.settings.path).includes(ALIAS)).toBe(true)
  await stage.upstream.recover()
  await soon(() => (stage.upstream.bills[0]?.samples ?? 0) > 0)
  expect(stage.upstream.bills).toMatchObject([{ payer: ALIAS }])
  box.unplug(1)
  await soon(() => stage.upstream.bills[0]?.ended === true)
  await soon(() => !bytesOf(stage.settings.path).includes(ALIAS))
})

test('frames go on while the file is written anew for an erasure, and what is written meanwhile is durable after it', async () => {
  const { path } = relaySettings('')
  const store = new RelayStore(path, new RelayCounters(), Date.now())
  const insert = store.prepare("INSERT INTO message (seq, charge_point, text, done, at) VALUES (?, 'CP-1', ?, 0, 0)")
  const fill = (from: number, to: number): void => {
    for (let seq = from; seq < to; seq++) insert.run(seq, `${ALIAS}-${seq}-${'x'.repeat(3_000)}`)
  }
  store.write(() => fill(0, 4_000))
  store.flush()
  let turns = 0
  const turning = setInterval(() => {
    turns += 1
  }, 1)
  const forgotten = store.forget(() => void store.prepare('DELETE FROM message WHERE seq < 3000').run())
  await pause(1)
  store.write(() => fill(5_000, 5_001))
  const written = new Promise((resolve) => store.afterCommit(resolve))
  expect(await forgotten).toBe(true)
  clearInterval(turning)
  expect(turns).toBeGreaterThan(5)
  expect(await written).toBe(true)
  expect(bytesOf(path).includes(`${ALIAS}-2999-`)).toBe(false)
  expect(bytesOf(path).includes(`${ALIAS}-3000-`)).toBe(true)
  store.close()
  const again = new RelayStore(path, new RelayCounters(), Date.now())
  expect(again.prepare('SELECT count(*) AS n FROM message').get()).toEqual({ n: 1_001 })
  again.close()
})

test('what was paid is remembered for a day, what is owed for ever', () => {
  const { path } = relaySettings('')
  const counters = new RelayCounters()
  const store = new RelayStore(path, counters, 0)
  const queue = new TransactionQueue('CP-1', store, new SeqSource(), counters)
  const add = (n: number, at: number) => {
    const text = `[2,"${n}","StopTransaction",{"transactionId":7,"n":${n}}]`
    const reading = readCallFrame(text) as CallReading
    return queue.add({ kind: 'billed', startId: null, binary: null, late: true, waiter: null, text, reading }, at)
  }
  for (const message of [add(1, 1_000), add(2, 2_000)]) {
    if (!message) throw new Error('nothing was kept')
    queue.left(message, 1)
    queue.finish(message)
  }
  add(3, 1_000)
  queue.forgetBefore(1_500)
  store.close()
  const again = new RelayStore(path, counters, 0)
  const rows = again.prepare('SELECT text, done FROM message ORDER BY seq').all()
  again.close()
  expect(rows.map((row) => /"n":(\d)/.exec(String(row['text']))?.[1])).toEqual(['2', '3'])
})

test('what the file forgets after 90 days is not kept in memory either', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'berth-old-')), 'relay.db')
  const store = new RelayStore(path, new RelayCounters(), Date.now())
  const tokens = new TokenTable(store, systemClock)
  const ids = new IdMap(store, systemClock)
  const payers = new TransactionPayers(store, systemClock)
  const entry = { chargePointId: 'CP-1', alias: ALIAS, startId: 'start-1', subject: 'veh-1' }
  tokens.put({ ...entry, token: TOKEN }, () => undefined)
  tokens.put({ ...entry, token: 'FEDCBA9876543210', startId: 'start-2' }, () => undefined)
  tokens.bury(TOKEN, () => undefined)
  const given = String(ids.give('CP-1'))
  ids.bind('CP-1', Number(given), 501)
  payers.withhold('CP-1', '77', null)
  payers.opens('CP-1', '78', TOKEN)
  store.flush()
  for (const one of [store, tokens, ids, payers]) one.forgetOld(Date.now() + 91 * 86_400_000)
  expect(tokens.find('CP-1', TOKEN)).toBe(null)
  expect(tokens.live()).toEqual([{ token: 'FEDCBA9876543210', startId: 'start-2' }])
  expect(ids.toUpstream('CP-1', given)).toBe(undefined)
  expect(ids.toChargePoint('CP-1', '501')).toBe(undefined)
  expect(payers.isWithheld('CP-1', '77')).toBe(false)
  expect(payers.tokenOf('CP-1', '78')).toBe(null)
  store.close()
})
