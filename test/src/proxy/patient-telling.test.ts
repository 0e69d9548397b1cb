import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { DEFAULT_PROFILE } from '../../../actors/ocpp/profiles/default.ts'
import type { ChargePointNews } from '../../../actors/ports.ts'
import { Fault } from '../../../machines/faults.ts'
import { systemClock } from '../../../src/clock.ts'
import { untilWritten } from '../../../src/proxy/patient-telling.ts'
import { listenAtRelay } from '../../../src/proxy/relay-listening.ts'
import type { RelayNews } from '../../../src/relay/relay-news.ts'
import { openBare, relaySettings, soon } from '../relay/relay-stage.ts'
import { openToyUpstream } from '../relay/toy-upstream.ts'
import { freePort } from '../serve/free-port.ts'

vi.setConfig({ testTimeout: 180_000 })

/** A berth that listens at a relay of these settings, and a disk that is full while it says so. */
async function listens(settings: ReturnType<typeof relaySettings>, disk: { full: boolean }) {
  const written: string[] = []
  const told: RelayNews[] = []
  const write = async <T>(what: string, answer: T): Promise<T> => {
    if (disk.full) throw new Fault('STORE_UNWRITABLE')
    written.push(what)
    return answer
  }
  const nameOf = (news: ChargePointNews): string =>
    'transactionId' in news ? `${news.type} ${String(news.transactionId)}` : news.type
  const listening = await listenAtRelay({
    settings,
    clock: systemClock,
    desk: { hear: (news) => write(nameOf(news), { status: 'accepted', transactionId: null }) },
    frames: { keep: () => undefined },
    log: () => undefined,
    profile: () => DEFAULT_PROFILE,
    evses: () => [1],
    aliasOf: () => null,
    told: async (news) => {
      await write(news.event, null)
      told.push(news)
    },
    stands: () => undefined,
  })
  return { listening, written, told }
}

test('a stop that is overheard while the disk is full is recorded when there is room again', async () => {
  const upstream = await openToyUpstream(['CARD'])
  onTestFinished(() => upstream.close())
  const settings = relaySettings(upstream.url, { port: await freePort() })
  const disk = { full: false }
  const { listening, written } = await listens(settings, disk)
  onTestFinished(() => listening.close())
  const box = await openBare(`ws://127.0.0.1:${settings.port}/ocpp/CP-1`)
  box.send(
    '[2,"1","StartTransaction",{"connectorId":1,"idTag":"CARD","meterStart":0,"timestamp":"2026-11-22T10:00:00Z"}]',
  )
  await soon(() => written.includes('started CP-1/501'))
  disk.full = true
  box.send('[2,"2","StopTransaction",{"transactionId":501,"meterStop":9,"timestamp":"2026-11-22T10:09:00Z"}]')
  await soon(() => upstream.bills[0]?.ended === true)
  await pause(1_000)
  expect(written).not.toContain('ended CP-1/501')
  disk.full = false
  await soon(() => written.includes('ended CP-1/501'))
  expect(written.filter((what) => what === 'ended CP-1/501')).toHaveLength(1)
})

test('only a store that cannot be written is waited for, and nobody waits where nothing can be waited for', async () => {
  const says: string[] = []
  const patience = { clock: systemClock, waits: () => true, held: () => void says.push('held') }
  const tells = (fault: Error) => async (): Promise<void> => {
    throw fault
  }
  await expect(untilWritten(patience, tells(new Error('broken')))).rejects.toThrow('broken')
  const full = new Fault('STORE_UNWRITABLE')
  await expect(untilWritten({ ...patience, waits: () => false }, tells(full))).rejects.toBe(full)
  expect(says).toEqual([])
})
