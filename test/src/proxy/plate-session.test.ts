import { expect, test, vi } from 'vitest'
import { journalOf, until, untilState } from '../serve/serving-line.ts'
import { ALIAS, CARD, openProxyLine, PLATE, registerAlias } from './proxy-line.ts'

vi.setConfig({ testTimeout: 60_000 })

test('a plate starts a charge that the back end bills to its alias, and the bay locks to it', async () => {
  const line = await openProxyLine()
  const { serving, upstream } = line
  await registerAlias(serving, PLATE, 'acc-1')
  const box = serving.charge(1)
  await until(() => upstream.connected('CP-1') && box.online)
  await line.see(1, PLATE)
  await until(() => box.frames.some(({ frame }) => frame[2] === 'RemoteStartTransaction'))
  box.plug(1)
  const bay = await untilState(serving, 1, 'charging-locked')
  await until(() => (upstream.bills[0]?.samples ?? 0) > 0)
  expect(upstream.bills[0]).toMatchObject({ payer: ALIAS, transactionId: 501 })
  expect(box.connector(1).transactionId).toBe(501)
  expect(bay).toMatchObject({
    visit: { accountId: 'acc-1', identifiedBy: 'plate' },
    session: { transactionId: 'CP-1/501' },
  })
  box.unplug(1)
  await until(() => upstream.bills[0]?.ended === true)
  await untilState(serving, 1, 'exiting')
  const token = (await journalOf(serving)).length > 0 ? bay.session.idToken : ''
  expect(upstream.calls.filter(({ text }) => text.includes(token))).toEqual([])
  expect(await serving.stop()).toBe(0)
})

test('a card passes untouched, and pays at the bay because the back end took it', async () => {
  const line = await openProxyLine()
  const { serving, upstream } = line
  const box = serving.charge(1)
  await until(() => upstream.connected('CP-1') && box.online)
  box.plug(1)
  box.tapCard(1, CARD)
  const bay = await untilState(serving, 1, 'charging-locked')
  expect(bay).toMatchObject({ visit: { identifiedBy: 'card' }, session: { transactionId: 'CP-1/501' } })
  expect(bay.visit.accountId).toMatch(/^upstream:/)
  box.tapCard(1, CARD)
  await until(() => upstream.bills[0]?.ended === true)
  expect(upstream.bills).toMatchObject([{ payer: CARD }])
  const sent = box.frames.filter((f) => f.way === 'out' && f.frame[0] === 2).map((f) => JSON.stringify(f.frame))
  expect(upstream.calls.map((c) => c.text)).toEqual(sent)
})
