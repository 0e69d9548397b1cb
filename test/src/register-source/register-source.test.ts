import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { RegisterSource } from '../../../src/register-source/register-source.ts'
import type { Taken } from '../../../src/register-source/register-taking.ts'
import { openRegister } from '../../../src/register-source/signed-register.ts'
import { callSource } from '../../../src/register-source/source-call.ts'
import { until } from '../journal/appended-batches.ts'
import { newSigner, openSourceServer, registerOf } from './register-server.ts'

/** A source over a real web server and a clock that is set by hand. */
async function stage(server: Awaited<ReturnType<typeof openSourceServer>>, token: string | null = null) {
  const alarms = new Map<string, string>()
  const log: string[] = []
  const taken: number[] = []
  const time = { now: Date.parse('2026-11-23T12:00:00.000Z') }
  const armed: { ms: number; run: () => void }[] = []
  let asked = 0
  const source = new RegisterSource({
    at: 'fleet.example',
    async call(etag, closing) {
      try {
        return await callSource({ url: server.url, token, ca: null, isCentre: false }, etag, closing)
      } finally {
        asked += 1
      }
    },
    async take(text): Promise<Taken> {
      const opened = openRegister(text, server.key)
      if (opened.broken !== null) return { refused: `${opened.broken}.` }
      taken.push(opened.register.version)
      return { version: opened.register.version, isNew: true, changed: 1, removed: 0 }
    },
    ...{ every_min: 15, silent_min: 60, chance: () => 0.5 },
    clock: {
      now: () => time.now,
      after(ms, run) {
        armed.push({ ms, run })
        return () => {}
      },
    },
    tell: (kind, says) => void (says === null ? alarms.delete(kind) : alarms.set(kind, says)),
    log: (says) => void log.push(says),
  })
  /** Waits for the call that is due, and answers after how many minutes the next one is. */
  const next = async (): Promise<number> => {
    await until(() => armed.length > 0)
    return (armed[0] as { ms: number }).ms / 60_000
  }
  const turn = async (): Promise<number> => {
    await until(() => armed.length > 0)
    const due = armed.shift() as { ms: number; run: () => void }
    time.now += due.ms
    due.run()
    return next()
  }
  return { source, alarms, log, taken, next, turn, asked: () => asked, time }
}

test('a register is fetched whole once, and asked for by its mark from then on', async () => {
  const server = await openSourceServer()
  server.sign(registerOf(1))
  const { source, taken, next, turn, log, alarms } = await stage(server, 'secret-1')
  expect(await next()).toBe(15)
  await turn()
  await turn()
  expect([server.state.whole, server.state.same]).toEqual([1, 2])
  server.sign(registerOf(2))
  await turn()
  await turn()
  expect(taken).toEqual([1, 2])
  expect([server.state.whole, server.state.same]).toEqual([2, 3])
  expect(new Set(server.state.tokens)).toEqual(new Set(['Bearer secret-1']))
  expect(log[0]).toBe('From fleet.example: version 1 of the register is in force: 1 entry changed, 0 removed.')
  expect(alarms.size).toBe(0)
  await source.close()
})

test('what another key signed, what was altered and what is no register raise an alarm, are asked for again, and end with a good one', async () => {
  const server = await openSourceServer()
  server.sign(registerOf(1), newSigner())
  const { source, taken, turn, next, alarms, log } = await stage(server)
  await next()
  expect(alarms.get('register-refused')).toMatch(
    /^The register that fleet.example sends is not taken: it is signed with the key [0-9a-f]{64}, and not with the one of the site file\.$/,
  )
  server.sign(registerOf(2, { vehicles: [{ plate: 'AB12CDE', accountId: 'acc-1' }] }))
  server.hand((server.state.text as string).replace('AB12CDE', 'AB12CDF'))
  await turn()
  expect(alarms.get('register-refused')).toMatch(/its content or its signature was altered/)
  await turn()
  expect(log.filter((line) => line.includes('altered'))).toHaveLength(1)
  for (const text of [
    '',
    'hello',
    '{"content":{}}',
    '[]',
    '{"content":{"format":"berth-register-9"},"signature":{}}',
  ]) {
    server.hand(text)
    await turn()
    expect(alarms.get('register-refused')).toMatch(/^The register that fleet.example sends is not taken: .*\.$/)
  }
  expect(taken).toEqual([])
  server.sign(registerOf(3))
  await turn()
  expect(taken).toEqual([3])
  expect(alarms.size).toBe(0)
  await source.close()
})

test('a source that is away is asked again soon and then less often, told once, and raises an alarm after its time', async () => {
  const server = await openSourceServer()
  const { source, turn, next, alarms, log, time } = await stage(server)
  const waits = [await next()]
  const begun = time.now
  while (time.now - begun < 59 * 60_000) {
    expect(alarms.size).toBe(0)
    waits.push(await turn())
  }
  await turn()
  expect(waits.slice(0, 4)).toEqual([1 / 6, 1 / 3, 2 / 3, 4 / 3])
  expect(Math.max(...waits)).toBe(15)
  expect(log).toEqual([
    'The register’s source at fleet.example answers 500; the site goes on with the register that it has.',
  ])
  expect(alarms.get('register-away')).toBe(
    'The register’s source at fleet.example answers 500; it was last heard at 2026-11-23T12:00:00.000Z.',
  )
  server.sign(registerOf(1))
  expect(await turn()).toBe(15)
  expect(alarms.size).toBe(0)
  server.close()
  await turn()
  expect(log.at(-1)).toMatch(/cannot be reached \(ECONN/)
  await source.close()
})

test('a redirect is not followed, and more than a register is not read', async () => {
  const server = await openSourceServer()
  const call = (url: string) =>
    callSource({ url, token: 't', ca: null, isCentre: false }, null, new AbortController().signal)
  server.hand(`"${'x'.repeat(17 << 20)}"`)
  await expect(call(server.url)).rejects.toThrow('sends more than 16 MB, which is no register')
  server.state.text = null
  const elsewhere = createServer((_, response) => response.writeHead(302, { location: server.url }).end())
  elsewhere.listen(0, '127.0.0.1')
  await once(elsewhere, 'listening')
  const asked = server.state.tokens.length
  const { port } = elsewhere.address() as AddressInfo
  await expect(call(`http://127.0.0.1:${port}/`)).rejects.toThrow('sends elsewhere (302), which is not followed')
  elsewhere.close()
  expect(server.state.tokens).toHaveLength(asked)
  await expect(
    callSource(
      { url: 'https://127.0.0.1:1/x', token: null, ca: '/nowhere.pem', isCentre: false },
      null,
      new AbortController().signal,
    ),
  ).rejects.toThrow('the `ca` of the site file (/nowhere.pem) cannot be read')
})
