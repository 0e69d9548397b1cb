import type { Keys } from '../actors/ports.ts'
import type { OperatorCommanded } from '../machines/events.ts'
import { fold, normalize } from '../machines/plate.ts'
import { cardStanding, type Register, vehicleStanding } from '../machines/register.ts'
import type { Caller, Command } from './site-desk.ts'

/** What a person is told who typed no plate. */
export const SHORT_PLATE = 'The plate has too few letters and digits; type it as it stands on the vehicle.'

/** What a person's order is read with; `at` ms since 1970. */
type OrderRoom = { readonly keys: Keys; readonly register: Register; readonly timezone: string; readonly at: number }

/** An order as the bay is told it. */
export type OrderTold = {
  readonly told: OperatorCommanded
  readonly personal: { readonly [handle: string]: { plate: string } }
}

/** Finds what a command names: a plate's vehicle and account, a card's account. `second`: who agreed, where two people must. */
export function readOrder(
  command: Command,
  by: Caller,
  room: OrderRoom,
  second?: string,
): OrderTold | { readonly why: string } {
  const base = {
    type: 'operator.commanded' as const,
    id: command.id,
    source: 'operator',
    command: command.type,
    by: by.name,
    ...(second !== undefined && { second }),
    reason: reasonOf(command.reason),
  }
  if (command.type === 'autonomy') {
    if (!command.level) return { why: 'Say which level: observe, suggest or act.' }
    return { told: { ...base, level: command.level }, personal: {} }
  }
  if (command.type !== 'authorize' && command.type !== 'correct-plate') return { told: base, personal: {} }
  const plate = command.plate === undefined ? null : normalize(command.plate)
  if (plate !== null && plate.length < 2) return { why: SHORT_PLATE }
  if (command.type === 'correct-plate' && plate === null) return { why: 'Say which plate it is.' }
  const handle = plate === null ? null : room.keys.vehicle(fold(plate))
  const account = accountFor(command, handle, room)
  if (command.type === 'authorize' && account === null)
    return { why: 'Nobody pays for that: name an account, a card or a plate that the register accepts.' }
  return {
    told: { ...base, handle, accountId: account },
    personal: handle !== null && plate !== null ? { [handle]: { plate } } : {},
  }
}

/** The account that pays for this vehicle at this moment, or null. */
export function accountOfVehicle(handle: string, { register, timezone, at }: Omit<OrderRoom, 'keys'>): string | null {
  const stand = vehicleStanding(register, handle, at, timezone)
  return stand.standing === 'accepted' ? stand.accountId : null
}

function accountFor(command: Command, handle: string | null, room: OrderRoom): string | null {
  const { register, timezone, keys, at } = room
  if (command.accountId !== undefined)
    return register.accounts.get(command.accountId)?.status === 'active' ? command.accountId : null
  if (command.idToken !== undefined) {
    const card = keys.findCard(command.idToken.trim().toUpperCase())
    const stand = card === null ? null : cardStanding(register, card, at, timezone)
    return stand?.standing === 'accepted' ? stand.accountId : null
  }
  return handle === null ? null : accountOfVehicle(handle, room)
}

/** Reasons outside `personal` are an enum: free text may name people. */
const REASONS = ['wrong-plate', 'wrong-account', 'driver-asked', 'maintenance', 'blocked', 'emergency', 'test', 'other']
export const reasonOf = (reason: string | undefined): string | null =>
  reason === undefined ? null : REASONS.includes(reason) ? reason : 'other'
