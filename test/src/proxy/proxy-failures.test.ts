import { readFileSync } from 'node:fs'
import { describe, type TestContext, test, vi } from 'vitest'
import { STATION_PERSONALITIES } from '../../../simulations/toy-station-habits.ts'
import type { ChargePointClient } from '../../../src/demo/charge-point-client.ts'
import { auditBilling } from '../relay/billing-audit.ts'
import { journalOf, serveSite, until, untilState } from '../serve/serving-line.ts'
import { ALIAS, openProxyLine, PLATE, type ProxyLine, registerAlias } from './proxy-line.ts'

// Each has a site of its own: a few at a time.
vi.setConfig({ testTimeout: 150_000, maxConcurrency: 4 })

const QUICK = { meterInterval_s: 0.3, callTimeout_s: 5 }
const SUBJECTS = {
  '1.6': { habits: QUICK },
  '2.0.1': { station: { ...STATION_PERSONALITIES.thorough, ...QUICK } },
  '2.1': { station: { ...STATION_PERSONALITIES.newest, ...QUICK } },
} as const
type Version = keyof typeof SUBJECTS

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
/** Where the clean-up of a test goes that runs beside others. */
const finishOf =
  (finished: TestContext['onTestFinished']) =>
  (clean: () => unknown): void =>
    finished(async () => {
      await clean()
    })
const samplesOf = (line: ProxyLine): number => line.upstream.bills[0]?.samples ?? 0

/** A vehicle that charges by its plate. */
async function charging(version: Version, line: ProxyLine): Promise<ChargePointClient> {
  const { serving, upstream } = line
  await registerAlias(serving, PLATE, 'acc-1')
  const box = serving.charge(1, SUBJECTS[version])
  await until(() => upstream.connected('CP-1') && box.online)
  await line.see(1, PLATE)
  await until(() => box.frames.some(({ frame }) => /^Re\w+StartTransaction$/.test(String(frame[2]))))
  box.plug(1)
  await untilState(serving, 1, 'charging-locked')
  await until(() => samplesOf(line) > 0)
  return box
}

/** What the charge point said of its transaction beside what the back end heard. */
function audit({ upstream }: ProxyLine, box: ChargePointClient): string[] {
  const start = box.frames.find(({ frame }) => frame[2] === 'RemoteStartTransaction')
  return auditBilling(box, upstream.calls, String((start?.frame[3] as { idTag?: string } | undefined)?.idTag)).slice(
    0,
    3,
  )
}

async function endsWell(expect: TestContext['expect'], line: ProxyLine, box: ChargePointClient): Promise<void> {
  box.unplug(1)
  await until(() => line.upstream.bills[0]?.ended === true)
  await until(
    async () =>
      (await line.serving.ask('GET', '/api/bays/bay-1')).body.session === null ||
      (await line.serving.ask('GET', '/api/bays/bay-1')).body.state !== 'charging-locked',
  )
  expect(line.upstream.bills).toMatchObject([{ payer: ALIAS }])
}

// The longest first: the others run beside it.
test.concurrent('berth stands still for 31 s in a charge: nobody outside notices', async ({
  expect,
  onTestFinished,
}) => {
  const line = await openProxyLine(1, { finish: finishOf(onTestFinished) })
  const box = await charging('1.6', line)
  line.serving.child.kill('SIGSTOP')
  const [samples, began] = [samplesOf(line), Date.now()]
  // A charge point that waits for no answer for as long as it has patience would notice.
  const patience_ms = QUICK.callTimeout_s * 1_000
  while (Date.now() - began < 31_000) {
    const before = samplesOf(line)
    await until(() => samplesOf(line) > before, patience_ms)
  }
  expect(samplesOf(line) - samples).toBeGreaterThan(31_000 / patience_ms)
  line.serving.child.kill('SIGCONT')
  await endsWell(expect, line, box)
  expect(audit(line, box)).toEqual([])
})

for (const version of Object.keys(SUBJECTS) as Version[])
  describe(`OCPP ${version}`, () => {
    for (const signal of version === '1.6' ? (['SIGKILL', 'SIGSEGV'] as const) : (['SIGKILL'] as const))
      test.concurrent(`berth dies of ${signal} in a charge: frames flow on, and the next berth knows what happened meanwhile`, async ({
        expect,
        onTestFinished,
      }) => {
        const line = await openProxyLine(1, { finish: finishOf(onTestFinished) })
        const box = await charging(version, line)
        const { pid } = await line.relay()
        line.serving.child.kill(signal)
        await until(() => line.serving.child.exitCode !== null || line.serving.child.signalCode !== null)
        const samples = samplesOf(line)
        await until(() => samplesOf(line) > samples + 2)
        expect(box.online).toBe(true)
        box.unplug(1)
        await until(() => line.upstream.bills[0]?.ended === true)
        line.serving = await serveSite(line.site, { finish: finishOf(onTestFinished) })
        await untilState(line.serving, 1, 'exiting')
        await line.leave(1)
        await untilState(line.serving, 1, 'vacant')
        expect((await line.relay()).pid).toBe(pid)
        const sessions = (await line.serving.ask('GET', '/api/sessions')).body.items
        expect(sessions).toMatchObject([{ accountId: 'acc-1', disputed: null }])
        expect(line.upstream.bills).toMatchObject([{ payer: ALIAS }])
        expect(line.upstream.handshakes).toHaveLength(1)
      })

    test.concurrent('berth dies and comes back in a charge: no second start, and the charge ends as if nothing had been', async ({
      expect,
      onTestFinished,
    }) => {
      const line = await openProxyLine(1, { finish: finishOf(onTestFinished) })
      const box = await charging(version, line)
      await line.serving.kill()
      line.serving = await serveSite(line.site, { finish: finishOf(onTestFinished) })
      const samples = samplesOf(line)
      await until(() => samplesOf(line) > samples + 2)
      await untilState(line.serving, 1, 'charging-locked')
      await endsWell(expect, line, box)
      const starts = box.frames.filter(
        ({ way, frame }) => way === 'in' && /^Re\w+StartTransaction$/.test(String(frame[2])),
      )
      expect(starts).toHaveLength(1)
      const opened = (await journalOf(line.serving)).filter(({ cause }) => cause.type === 'transaction.started')
      expect(opened).toHaveLength(1)
    })

    test.concurrent('the relay dies of SIGKILL in a charge: berth starts it again, and nothing is lost', async ({
      expect,
      onTestFinished,
    }) => {
      const line = await openProxyLine(1, { finish: finishOf(onTestFinished) })
      const box = await charging(version, line)
      const { pid } = await line.relay()
      process.kill(pid, 'SIGKILL')
      await until(() => !box.online)
      await until(() => box.online)
      const samples = samplesOf(line)
      await until(() => samplesOf(line) > samples + 2)
      expect((await line.relay()).pid).not.toBe(pid)
      await endsWell(expect, line, box)
      if (version === '1.6') expect(audit(line, box)).toEqual([])
    })

    test.concurrent('the back end is away when a plate starts: the charge begins, and is billed when it is back', async ({
      expect,
      onTestFinished,
    }) => {
      const line = await openProxyLine(1, { finish: finishOf(onTestFinished) })
      const { serving, upstream } = line
      await registerAlias(serving, PLATE, 'acc-1')
      const box = serving.charge(1, SUBJECTS[version])
      await until(() => upstream.connected('CP-1') && box.online && box.frames.length > 5)
      await upstream.fail()
      await pause(2_500)
      await line.see(1, PLATE)
      await until(() => box.frames.some(({ frame }) => /^Re\w+StartTransaction$/.test(String(frame[2]))))
      box.plug(1)
      const bay = await untilState(serving, 1, 'charging-locked')
      expect(bay.visit.accountId).toBe('acc-1')
      await upstream.recover()
      await until(() => samplesOf(line) > 1)
      await endsWell(expect, line, box)
      const billed = (await journalOf(serving)).filter(({ cause }) => cause.type === 'transaction.billed')
      expect(billed).toMatchObject([{ cause: { chargePointId: 'CP-1' } }])
    })
  })

test.concurrent('a clean stop ends the relay too, and frees the port', async ({ expect, onTestFinished }) => {
  const line = await openProxyLine(1, { finish: finishOf(onTestFinished) })
  const box = line.serving.charge(1, { habits: QUICK })
  await until(() => line.upstream.connected('CP-1'))
  const { pid } = await line.relay()
  expect(await line.serving.stop()).toBe(0)
  expect(line.serving.said()).not.toContain('is gone')
  expect(() => process.kill(pid, 0)).toThrow()
  await expect(fetch(`http://127.0.0.1:${line.site.ocppPort}/`)).rejects.toThrow()
  expect(box.online).toBe(false)
})

test.concurrent('an alias that the back end refuses goes on charging where the site says so, with an alarm', async ({
  expect,
  onTestFinished,
}) => {
  const line = await openProxyLine(1, {
    finish: finishOf(onTestFinished),
    ocpp: { aliasRefused: 'override' },
    cards: [],
  })
  const box = await charging('1.6', line)
  const alarms = async () => (await line.serving.ask('GET', '/api/alarms')).body.items
  await until(async () => (await alarms()).length > 0)
  expect(box.connector(1).transactionId).toBe(501)
  const items = await alarms()
  expect(items).toMatchObject([{ alarmId: 'alias/CP-1' }])
  expect(items[0].says).toContain('Invalid')
})

for (const version of ['1.6', '2.0.1'] as const)
  for (const isOver of [true, false])
    test.concurrent(`OCPP ${version}: an alias that the back end refuses when it is back ${isOver ? 'disputes the bill of a charge that is over' : 'stops the charge that runs, and disputes its bill'}`, async ({
      expect,
      onTestFinished,
    }) => {
      const line = await openProxyLine(1, { finish: finishOf(onTestFinished), cards: [] })
      const { serving, upstream } = line
      await registerAlias(serving, PLATE, 'acc-1')
      const box = serving.charge(1, SUBJECTS[version])
      await until(() => upstream.connected('CP-1') && box.online && box.frames.length > 5)
      await upstream.fail()
      await pause(2_500)
      await line.see(1, PLATE)
      await until(() => box.frames.some(({ frame }) => /^Re\w+StartTransaction$/.test(String(frame[2]))))
      box.plug(1)
      await untilState(serving, 1, 'charging-locked')
      const over = async (): Promise<void> => {
        box.unplug(1)
        await untilState(serving, 1, 'exiting')
        await line.leave(1)
        await untilState(serving, 1, 'vacant')
      }
      if (isOver) await over()
      await upstream.recover()
      const alarms = async () => (await serving.ask('GET', '/api/alarms')).body.items
      const isRefused = async () =>
        (await alarms()).some(({ alarmId }: { alarmId: string }) => alarmId === 'alias/CP-1')
      await until(isRefused, 90_000)
      const alarm = (await alarms()).find(({ alarmId }: { alarmId: string }) => alarmId === 'alias/CP-1')
      expect(alarm.says).toContain(isOver ? 'that is over' : 'berth stops the charge')
      if (!isOver) {
        await until(() => box.connector(1).transactionId === null)
        await over()
      }
      const sessions = async () => (await serving.ask('GET', '/api/sessions')).body.items
      await until(async () => (await sessions())[0]?.disputed !== null)
      expect(await sessions()).toMatchObject([{ accountId: 'acc-1', disputed: 'the back end refused the alias' }])
      expect(upstream.bills).toMatchObject([{ payer: ALIAS }])
    })

test.concurrent('a relay that runs as a service of its own is used, and outlives berth', async ({
  expect,
  onTestFinished,
}) => {
  const line = await openProxyLine(1, { finish: finishOf(onTestFinished), relayFirst: true })
  const { pid } = await line.relay()
  const box = await charging('1.6', line)
  expect(await line.serving.stop()).toBe(0)
  const samples = samplesOf(line)
  await until(() => samplesOf(line) > samples + 2)
  expect(box.online).toBe(true)
  line.serving = await serveSite(line.site, { finish: finishOf(onTestFinished) })
  await untilState(line.serving, 1, 'charging-locked')
  expect((await line.relay()).pid).toBe(pid)
  await endsWell(expect, line, box)
  expect(await line.serving.stop()).toBe(0)
  expect(await line.relay()).toMatchObject({ pid, kept: true })
})

test.concurrent('an erased vehicle is in no byte of the relay’s file', async ({ expect, onTestFinished }) => {
  const line = await openProxyLine(1, { finish: finishOf(onTestFinished) })
  const box = await charging('1.6', line)
  await endsWell(expect, line, box)
  await line.leave(1)
  await untilState(line.serving, 1, 'vacant')
  const file = `${line.site.store}.relay`
  const holds = (): boolean => [file, `${file}-wal`].some((one) => readFileSync(one, 'latin1').includes(ALIAS))
  expect(holds()).toBe(true)
  expect((await line.serving.ask('POST', '/api/erasures', { plate: PLATE, account: 'acc-1' })).status).toBeLessThan(300)
  await until(() => !holds())
})
