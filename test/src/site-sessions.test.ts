import { expect, test } from 'vitest'
import type { Decision } from '../../machines/record.ts'
import type { SessionRow } from '../../projections/bay-view.ts'
import type { Room } from '../../src/room.ts'
import { BY, privateSite, startedRoom } from './privacy/private-room.ts'

/** Decisions of a bay, as they would stand in its records. */
const says = (room: Room, ...decisions: Decision[]) =>
  room.site.write([{ stream: 'site', cause: { type: 'visit.told' }, decisions, personal: {} }])

const opens = (visitId: string): Decision => ({
  type: 'TransactionOpened',
  visitId,
  connector: 'CP-1/1',
  transactionId: visitId,
  startId: `start-${visitId}`,
  register_Wh: 0,
})
const bills = (visitId: string, accountId: string, hour: number): Decision => ({
  ...{ type: 'SessionBilled', visitId, sessionId: `ses-${visitId}`, bayId: 'bay-1', accountId, energy_Wh: 600 },
  ...{ transactions: [visitId], startedAt: new Date(Date.UTC(2026, 10, 22, hour)).toISOString() },
})
const idsOf = (rows: readonly SessionRow[]): readonly string[] => rows.map(({ visitId }) => visitId)

test('bills are listed in the order in which they were made, page by page and by account and time, also after a restart', async () => {
  const file = await privateSite()
  const first = await startedRoom(file)
  const visits = Array.from({ length: 12 }, (_, one) => `bay-1-${one + 1}`)
  for (const [hour, visitId] of visits.entries())
    await says(first, opens(visitId), bills(visitId, `acc-${hour % 2}`, hour), { type: 'VisitEnded', visitId })
  await says(first, opens('bay-1-13'))
  await first.close()
  const { desk } = await startedRoom(file)
  expect(idsOf(await desk.sessions.billed({}))).toEqual(visits)
  expect(idsOf(await desk.sessions.billed({}, 'ses-bay-1-9', 2))).toEqual(['bay-1-10', 'bay-1-11'])
  expect(idsOf(await desk.sessions.billed({ account: 'acc-1' }, 'ses-bay-1-2', 2))).toEqual(['bay-1-4', 'bay-1-6'])
  const span = { from: '2026-11-22T09:00:00.000Z', to: '2026-11-22T11:00:00.000Z', bay: 'bay-1' }
  expect(idsOf(await desk.sessions.billed(span))).toEqual(['bay-1-10', 'bay-1-11'])
  expect(idsOf(await desk.sessions.billed({ accounts: ['acc-1'] }, 'ses-bay-1-9'))).toEqual(['bay-1-10', 'bay-1-12'])
  expect(idsOf(await desk.sessions.billed({ accounts: ['acc-0', 'acc-1'] }, 'ses-bay-1-11'))).toEqual(['bay-1-12'])
  expect(await desk.sessions.billed({ account: 'acc-1', accounts: ['acc-0'] })).toEqual([])
  expect(await desk.sessions.billed({}, 'ses-nobody')).toEqual([])
})

test('a charge is disputed as it runs, by its id, and the bill that follows stands in doubt', async () => {
  const room = await startedRoom(await privateSite())
  await says(room, opens('bay-1-1'))
  expect(await room.desk.sessions.one('ses-bay-1-1')).toMatchObject({ endedAt: null, energy_Wh: 0, disputed: null })
  expect(await room.desk.dispute('ses-bay-1-1', 'nobody I know', BY)).toBe(true)
  expect(await room.desk.dispute('ses-bay-1-2', 'nobody I know', BY)).toBe(false)
  await says(room, bills('bay-1-1', 'acc-1', 10), { type: 'VisitEnded', visitId: 'bay-1-1' })
  const [bill] = await room.desk.sessions.billed({})
  expect(bill).toMatchObject({ disputed: 'a person disputes it', settled: null, energy_Wh: 600 })
  expect(await room.desk.settle('ses-bay-1-1', 'refunded', BY)).toBe('settled')
  expect(await room.desk.settle('ses-bay-1-1', 'refunded', BY)).toBe('not-disputed')
})

test('a disputed bill of a visit that is long over keeps whom it names, and nobody else', async () => {
  const file = await privateSite()
  const first = await startedRoom(file)
  for (const one of ['1', '2'])
    await says(
      first,
      { type: 'PlateAgreed', visitId: `bay-1-${one}`, handle: `veh-${one}` },
      bills(`bay-1-${one}`, `acc-${one}`, 10),
      { type: 'IdentityUpgraded', visitId: `bay-1-${one}`, card: `card-${one}` },
      { type: 'VisitEnded', visitId: `bay-1-${one}` },
    )
  await first.desk.dispute('ses-bay-1-1', 'nobody I know', BY)
  const held = (room: Room) =>
    ['veh-1', 'card-1', 'acc-1', 'veh-2', 'card-2', 'acc-2'].map((name) => room.privacy.isHeld(name))
  await expect.poll(() => held(first)).toEqual([true, true, true, false, false, false])
  await first.close()
  const again = await startedRoom(file)
  await expect.poll(() => held(again)).toEqual([true, true, true, false, false, false])
  await again.desk.settle('ses-bay-1-1', 'refunded', BY)
  expect(held(again)).toEqual([false, false, false, false, false, false])
})
