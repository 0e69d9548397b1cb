import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { FrameJudge, type KeptFrame } from '../../../actors/ocpp/frame-box.ts'
import { systemChance } from '../../../src/chance.ts'
import { systemClock } from '../../../src/clock.ts'
import { FrameStore } from '../../../src/ocpp/frame-store.ts'
import { openOcppServer } from '../../../src/ocpp/ocpp-server.ts'
import { openMemoryKeys } from '../../../src/privacy/key-store.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { openRaw, type Stage, soon } from '../../contracts/ocpp-stage.ts'

vi.setConfig({ testTimeout: 180_000 })

function opensStore(path = join(scratchFolder(), 'site.db.frames')) {
  const keys = openMemoryKeys({ siteId: 'depot', clock: systemClock, chance: systemChance })
  const failures: unknown[] = []
  const store = new FrameStore({ path, keys, failed: (cause) => void failures.push(cause) })
  onTestFinished(() => store.close())
  return { store, keys, path, failures }
}

const frame = (more: Partial<KeptFrame> = {}): KeptFrame => ({
  chargePointId: 'CP-1',
  at: Date.now(),
  action: 'MeterValues',
  verdict: 'valid',
  signed: false,
  idToken: null,
  text: '[2,"1","MeterValues",{}]',
  ...more,
})
const all = { chargePointId: 'CP-1', limit: 1_000 } as const

/** A charge point of this version before a store, and what it sends as it stands on the wire. */
async function sends(protocol: string, texts: readonly string[]) {
  const { store } = opensStore()
  const server = await openOcppServer({
    host: '127.0.0.1',
    port: 0,
    chargePoints: [{ id: 'CP-1' }],
    clock: systemClock,
    desk: { hear: async () => ({ status: 'accepted', transactionId: '7' }) },
    log: () => {},
    frames: store,
  })
  onTestFinished(() => server.close())
  const stage = { url: `ws://127.0.0.1:${server.port}/ocpp`, finish: onTestFinished } as unknown as Stage
  const raw = await openRaw(stage, 'CP-1', [protocol])
  for (const [i, text] of texts.entries()) {
    raw.socket.send(text)
    await soon(() => raw.received.some((one) => Array.isArray(one) && one[0] !== 2 && one[1] === `f${i}`))
  }
  return store.read(all).toReversed()
}

test('1.6: each frame is kept byte by byte with what was made of it; every meter value, other plain ones once a minute, heartbeats never', async () => {
  const texts = [
    '[2,"f0","Heartbeat",{}]',
    '[2,"f1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]',
    '[2,"f2","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Preparing"}]',
    '[2, "f3", "StartTransaction", {"connectorId":1,"idTag":"CARD7","meterStart":1.0e3,"timestamp":"2026-11-22T10:00:00Z"}]',
    '[2,"f4","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2026-11-22T10:00:00Z","sampledValue":[{"value":"1,5","unit":"kWh"}]}]}]',
    '[2,"f5","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2026-11-22T10:00:00Z","sampledValue":[{"value":"broken"}]}]}]',
    '[2,"f6","StatusNotification",{"connectorId":1,"status":"Resting"}]',
    '[2,"f7","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2026-11-22T10:00:00Z","sampledValue":[{"value":"OCMF|{\\u0041}|x==","format":"SignedData"},{"value":"1000"}]}]}]',
    '[2,"f8","Authorize",{}]',
    ...[9, 10].map(
      (i) =>
        `[2,"f${i}","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2026-11-22T10:00:00Z","sampledValue":[{"value":"${i}"}]}]}]`,
    ),
  ]
  const kept = await sends('ocpp1.6', texts)
  expect(kept.map((one) => [one.action, one.verdict, one.signed])).toEqual([
    ['StatusNotification', 'valid', false],
    ['StartTransaction', 'valid', false],
    ['MeterValues', 'repaired', false],
    ['MeterValues', 'unusable', false],
    ['StatusNotification', 'unusable', false],
    ['MeterValues', 'valid', true],
    ['Authorize', 'unusable', false],
    ['MeterValues', 'valid', false],
    ['MeterValues', 'valid', false],
  ])
  expect(kept.map((one) => one.frame)).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10].map((i) => texts[i]))
})

test('2.0.1: signed meter values of an event are kept untouched, whatever else was mended', async () => {
  const signed = '{"signedMeterData":"T0NNRnx7fQ==","signingMethod":"","encodingMethod":"OCMF","publicKey":"00ff"}'
  const event = (i: number, kind: string, value: string) =>
    `[2,"f${i}","TransactionEvent",{"eventType":"${kind}","timestamp":"2026-11-22T10:00:0${i}Z","triggerReason":"Authorized","seqNo":${i},` +
    `"transactionInfo":{"transactionId":"t"},"evse":{"id":1},"idToken":{"idToken":"CARD7","type":"ISO14443"},` +
    `"meterValue":[{"timestamp":"2026-11-22T10:00:00Z","sampledValue":[{"value":${value},"signedMeterValue":${signed}}]}]}]`
  const texts = [event(0, 'Started', '1000'), event(1, 'Updated', '"1500"'), event(2, 'Ended', '2000.0')]
  const kept = await sends('ocpp2.0.1', texts)
  expect(kept.map((one) => [one.verdict, one.signed])).toEqual([
    ['valid', true],
    ['repaired', true],
    ['valid', true],
  ])
  expect(kept.map((one) => one.frame)).toEqual(texts)
})

test('what carries a token or a signature is sealed in the file; a forgotten card’s frames are gone, others stay', () => {
  const { store, keys, path } = opensStore()
  store.keep(frame({ idToken: 'card-one', text: '[2,"1","Authorize",{"idTag":"CARD-ONE"}]' }))
  store.keep(frame({ idToken: 'CARD-TWO', text: '[2,"2","Authorize",{"idTag":"CARD-TWO"}]' }))
  store.keep(frame({ signed: true, text: '[2,"3","MeterValues",{"format":"SignedData","id":"SECRET-ID"}]' }))
  store.keep(frame({ text: '[2,"4","StatusNotification",{"status":"Available"}]' }))
  expect(store.read(all).map((one) => one.frame?.slice(0, 6))).toEqual(['[2,"4"', '[2,"3"', '[2,"2"', '[2,"1"'])
  const bytes = ['', '-wal'].map((end) => readFileSync(`${path}${end}`, 'latin1')).join('')
  expect(bytes).toContain('Available')
  for (const secret of ['CARD-ONE', 'CARD-TWO', 'SECRET-ID']) expect(bytes).not.toContain(secret)
  keys.destroy(keys.card('CARD-ONE'))
  expect(store.read(all).map((one) => one.frame === null)).toEqual([false, false, false, true])
})

test('a page is newest first and goes on before its last; what is asked for is what comes', () => {
  const { store } = opensStore()
  for (let i = 0; i < 10; i += 1)
    store.keep(
      frame({
        text: `${i}`,
        verdict: i % 2 === 0 ? 'valid' : 'repaired',
        signed: i > 7,
        chargePointId: i === 5 ? 'CP-2' : 'CP-1',
      }),
    )
  const first = store.read({ ...all, limit: 4 })
  expect(first.map((one) => one.frame)).toEqual(['9', '8', '7', '6'])
  expect(store.read({ ...all, before: first.at(-1)?.seq ?? 0 }).map((one) => one.frame)).toEqual([
    '4',
    '3',
    '2',
    '1',
    '0',
  ])
  expect(store.read({ ...all, verdict: 'repaired' }).map((one) => one.frame)).toEqual(['9', '7', '3', '1'])
  expect(store.read({ ...all, signed: true }).map((one) => one.frame)).toEqual(['9', '8'])
  expect(store.read({ ...all, signed: false, verdict: 'valid' }).map((one) => one.frame)).toEqual(['6', '4', '2', '0'])
})

test('it is bounded, by number and by room, and plain frames never drive out signed ones', () => {
  const { store, path, keys } = opensStore()
  store.keep(frame({ signed: true, text: 'signed' }))
  for (let i = 0; i < 22_500; i += 1) store.keep(frame({ text: String(i) }))
  for (let i = 0; i < 600; i += 1) store.keep(frame({ verdict: 'unusable', text: 'x'.repeat(1_000_000) }))
  const plain = store.read({ ...all, limit: 100_000, verdict: 'valid', signed: false })
  expect(plain.length).toBeGreaterThanOrEqual(20_000)
  expect(plain.length).toBeLessThan(21_600)
  expect(plain[0]?.frame).toBe('22499')
  expect(store.read({ ...all, signed: true })).toHaveLength(1)
  const [long] = store.read({ ...all, verdict: 'unusable', limit: 1 })
  expect([long?.bytes, long?.frame?.length]).toEqual([1_000_000, 16_384])
  store.close()
  const again = new FrameStore({ path, keys, failed: () => {} })
  onTestFinished(() => again.close())
  expect(again.read({ ...all, limit: 100_000, verdict: 'valid', signed: false })).toHaveLength(20_000)
})

test('a frame that cannot be kept is told, and nobody who sends waits for it', () => {
  const { store, failures } = opensStore()
  store.close()
  store.keep(frame())
  expect(() => store.flush()).not.toThrow()
  expect(failures).toHaveLength(1)
})

test('a judge forgets what the frame before was', async () => {
  const kept: KeptFrame[] = []
  const judge = new FrameJudge({ keep: (one) => void kept.push(one) }, 'CP-1', systemClock)
  await judge.judge('Authorize', null, undefined, async () => judge.unusable())
  await judge.judge('StopTransaction', { idTag: 'CARD7' }, undefined, async () => judge.mended(2))
  await expect(judge.judge('StopTransaction', {}, undefined, () => Promise.reject(new Error('full')))).rejects.toThrow(
    'full',
  )
  expect(kept.map(({ verdict, idToken }) => [verdict, idToken])).toEqual([
    ['unusable', null],
    ['repaired', 'CARD7'],
    ['valid', null],
  ])
  expect(kept[1]?.text).toBe('[2,"","StopTransaction",{"idTag":"CARD7"}]')
})
