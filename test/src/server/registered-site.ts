import { fold, normalize } from '../../../machines/plate.ts'
import { systemClock } from '../../../src/clock.ts'
import type { Caller } from '../../../src/site-desk.ts'
import { busySite } from '../inspector/busy-site.ts'
import { openRegisterRoom } from '../register-room.ts'
import { type ArrayDesk, openArrayDesk } from './array-desk.ts'

const BY: Caller = { name: 'the desk', role: 'supervisor' }
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

/** A site over the real register, with vehicles of two accounts in it; `busy`: something goes on in its bays too. */
export async function registeredSite({ busy = false } = {}) {
  const room = await openRegisterRoom()
  const put = (plate: string, fields: { readonly [field: string]: string | boolean }) =>
    room.desk.putVehicle(plate, { accountId: 'acc-1', ...fields }, BY)
  await put('AB12 CDE', { fleet: 'Post Noord', alias: 'UP-1' })
  await put('XY99ZZZ', { fleet: 'Post Noord', validTo: day(-3), hours: 'Mo-Fr 06:00-18:00' })
  await put('KL55MNP', { validFrom: day(5) })
  await put('HH34JKL', { accountId: 'acc-2', fleet: 'Bakery' })
  await put('QR77STU', { accountId: 'acc-2' })
  await room.desk.blockVehicle('QR77STU', { blocked: true, reason: 'stolen' }, BY)
  const site = busy ? await busySite() : openArrayDesk({ clock: systemClock })
  const handleOf = (plate: string) => room.keys.findVehicle(fold(normalize(plate)))
  const plateOf = (handle: string) => room.texts.vehicles.get(handle)?.plate ?? site.desk.plateOf(handle)
  const over: ArrayDesk = { ...site, desk: { ...site.desk, register: room.desk, handleOf, plateOf } }
  return { site: over, room, handleOf }
}
