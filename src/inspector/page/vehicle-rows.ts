/** Vehicles as rows: whose they are, until when, and in a word whether they may charge now. */
import type { ShownVehicle } from '../../server/vehicle-routes.ts'
import { type Child, make } from './dom.ts'
import { atSite } from './server-time.ts'
import { VEHICLE_WORDS as WORDS } from './vehicle-words.ts'

/** What can be done with one of them. */
export type VehicleDeed = 'change' | 'block' | 'open' | 'remove'
/** When and where it is asked: ms by the server's clock, the site's zone. */
export type VehicleNow = { readonly now: number; readonly zone: string }

/** One vehicle; `act` is absent for who may only look. */
export function vehicleRow(vehicle: ShownVehicle, at: VehicleNow, act?: (deed: VehicleDeed) => void): HTMLElement {
  const { vehicleId, plate } = vehicle
  const [kind, sign, says] = stateOf(vehicle, at)
  const press = (deed: VehicleDeed) =>
    make(
      'button',
      { type: 'button', 'data-deed': deed, 'aria-label': `${WORDS[deed]} ${plate}`, onclick: () => act?.(deed) },
      WORDS[deed],
    )
  const deeds = ['change', vehicle.blocked ? 'open' : 'block', 'remove'] as const
  return make(
    'li',
    { class: `vehicle is-${kind}`, 'data-vehicle': vehicleId ?? '' },
    make('strong', { class: 'plate', dir: 'ltr' }, plate),
    make('span', { class: 'vehicle-state' }, make('span', { 'aria-hidden': 'true' }, sign), ` ${says}`),
    make('span', { class: 'faint vehicle-facts' }, factsOf(vehicle, at.zone).join(' · ')),
    act !== undefined && vehicleId !== null && make('span', { class: 'buttons' }, ...deeds.map(press)),
  )
}

/** Three channels: a sign, a word, and a colour last. */
function stateOf(
  vehicle: ShownVehicle,
  { now, zone }: VehicleNow,
): readonly [kind: string, sign: string, says: string] {
  const { blocked, block, validFrom, validTo } = vehicle
  const { states, reasons } = WORDS
  if (blocked) return ['blocked', '✖', states.blocked(reasons[block?.reason ?? 'other'], block?.by ?? '')]
  // A day counts by the site's calendar, both days included.
  const is = (text: string): string => (text.length === 10 ? dayAt(now, zone) : new Date(now).toISOString())
  if (validTo !== null && is(validTo) > validTo) return ['over', '◌', states.over(shownTime(validTo, zone))]
  if (validFrom !== null && is(validFrom) < validFrom) return ['later', '◔', states.later(shownTime(validFrom, zone))]
  return ['valid', '✓', states.valid]
}

const dayAt = (now: number, zone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now)

const shownTime = (text: string, zone: string): string => (text.length === 10 ? text : atSite(text, zone, true))

function factsOf(
  { accountId, fleet, alias, validFrom, validTo, hours }: ShownVehicle,
  zone: string,
): readonly string[] {
  const { facts } = WORDS
  return [
    facts.account(accountId),
    fleet === null ? '' : facts.fleet(fleet),
    alias === null ? '' : facts.alias(alias),
    validFrom === null ? '' : facts.from(shownTime(validFrom, zone)),
    validTo === null ? '' : facts.to(shownTime(validTo, zone)),
    hours ?? '',
  ].filter((text) => text !== '')
}

/** A label with its field, one below the other. */
export const labelled = (id: string, label: string, field: Child): HTMLElement =>
  make('p', {}, make('label', { for: id }, label), field)
