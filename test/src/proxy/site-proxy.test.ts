import { expect, test } from 'vitest'
import type { Entry } from '../../../actors/ports.ts'
import type { Site } from '../../../actors/site.ts'
import { SiteProxy, type SiteProxyPorts } from '../../../src/proxy/site-proxy.ts'

/** A site's proxy, and what it writes down. */
function proxyThatWrites(): { readonly proxy: SiteProxy; readonly written: Entry[] } {
  const written: Entry[] = []
  const site = { hosts: new Map(), write: async (entries: Entry[]) => void written.push(...entries) }
  const ports = { overridesRefusals: false, site: () => site as unknown as Site, failed: () => undefined }
  return { proxy: new SiteProxy(ports as unknown as SiteProxyPorts), written }
}

test('a transaction that nobody is billed for raises an alarm that says where, and the next billed start there ends it', async () => {
  const { proxy, written } = proxyThatWrites()
  await proxy.told({ event: 'start.unbilled', chargePointId: 'CP-1', startId: 'start-1', transactionId: '2000000001' })
  await proxy.told({
    event: 'transaction.billed',
    chargePointId: 'CP-1',
    startId: 'start-2',
    transactionId: '501',
    upstreamTransactionId: '501',
  })
  expect(written[0]?.effects).toMatchObject([
    { type: 'raise.alarm', alarmId: 'unbilled/CP-1', alarm: 'start-unbilled', says: expect.stringContaining('CP-1') },
  ])
  expect(written[1]?.effects).toContainEqual({ type: 'clear.alarm', alarmId: 'unbilled/CP-1' })
})

test('an erasure is not carried out before the relay is there to forget too', async () => {
  const { proxy } = proxyThatWrites()
  await expect(proxy.forget('veh-1')).rejects.toThrow('The relay is not there yet')
  const forgotten: string[] = []
  const forget = async (subject: string): Promise<void> => void forgotten.push(subject)
  proxy.attach({ forget, bury: () => undefined, authorizeAlias: async () => null })
  await proxy.forget('veh-1')
  expect(forgotten).toEqual(['veh-1'])
})
