import { expect, test } from 'vitest'
import { codeOf } from '../../contracts/journal-drafts.ts'
import { until } from '../serve/serving-line.ts'
import { arrives, BY, passes, privateSite, skippingClock, startedRoom } from './private-room.ts'

const PLATE = 'AB12CDE'
const old = { plate: PLATE, account: 'acc-old', verifiedBy: 'Anna Auditor' }

/** A vehicle that one account held and paid for, and that has been out of the register since its visit ended. */
async function soldVehicle() {
  const clock = skippingClock()
  const room = await startedRoom(await privateSite({ unmatched_s: 2_678_400 }), clock)
  await room.register.putVehicle(PLATE, { accountId: 'acc-old' }, BY)
  await arrives(room, PLATE)
  await until(() => room.site.bay('bay-1')?.visit?.payer?.accountId === 'acc-old')
  await passes(room, clock, 10 * 60_000)
  expect(room.site.bay('bay-1')?.visit).toBeNull()
  await room.register.deleteVehicle(PLATE, BY)
  return { room, clock, privacy: room.desk.privacy }
}

test('a former payer neither erases the vehicle that another account holds now, nor speaks for its objection', async () => {
  const { room, privacy } = await soldVehicle()
  await room.register.putVehicle(PLATE, { accountId: 'acc-new' }, BY)
  await privacy.object({ plate: PLATE, account: 'acc-new' }, true, BY)
  expect(await codeOf(() => privacy.object(old, false, BY))).toBe('CLAIM_UNPROVEN')
  expect(await codeOf(() => privacy.erase(old, BY))).toBe('CLAIM_UNPROVEN')
  expect(privacy.erasures()).toEqual([])
  expect(room.register.vehicle(PLATE)?.accountId).toBe('acc-new')
  expect(await codeOf(() => privacy.object(old, true, BY)), 'not its wish either').toBe('CLAIM_UNPROVEN')
})

test('a former payer erases nothing of a stranger who drives the vehicle now', async () => {
  const { room, clock, privacy } = await soldVehicle()
  clock.skip(24 * 3_600_000)
  await arrives(room, PLATE)
  expect(await codeOf(() => privacy.erase(old, BY))).toBe('CLAIM_UNPROVEN')
  expect(privacy.erasures()).toEqual([])
})

test('whoever paid last for a vehicle that nobody holds has it forgotten, and objects for it', async () => {
  const { room, privacy } = await soldVehicle()
  expect(await privacy.object(old, true, BY)).toMatchObject({ objects: true, vehicles: 1 })
  await privacy.erase(old, BY)
  await until(() => privacy.erasures().some(({ status }) => status === 'done'))
  expect(room.keys.everyVehicle(PLATE)).toEqual([])
})
