/** Pages of vehicles: masked until somebody asks to see, and masked again half a minute later. */
import type { ShownVehicle } from '../../server/vehicle-routes.ts'
import { masked } from './bay-words.ts'
import { make, mark, say } from './dom.ts'
import { type Answer, address, ask, send } from './server-call.ts'
import { atSite, serverNow } from './server-time.ts'
import { type Shown, zoneOf } from './store.ts'
import { type VehicleDeed, vehicleRow } from './vehicle-rows.ts'
import { VEHICLE_WORDS as WORDS } from './vehicle-words.ts'

type Page = { readonly items: readonly ShownVehicle[]; readonly next: string | null }
/** What is asked for: a list with its filter, or those whose plate holds a text. */
export type Wanted = { readonly query: string } | { readonly text: string }

const ROWS = 50
/** Plates that were shown hide themselves again after so long. */
const REVEAL_MS = 30_000

/** The rows of one page, and the ways to others: turned off at an end, never taken away. */
export function vehicleList(shown: Shown, maySee: boolean, act?: (deed: VehicleDeed, vehicle: ShownVehicle) => void) {
  let wanted: Wanted = { query: '' }
  let place: string | null = null
  let page: Page = { items: [], next: null }
  let isClear = false
  let asked = 0
  let hide: ReturnType<typeof setTimeout> | undefined
  const says = make('p', { role: 'status' })
  const rows = make('ul', { class: 'vehicle-rows', 'aria-label': WORDS.list })
  const first = make('button', { type: 'button', disabled: true, onclick: () => void turn(null) }, WORDS.first)
  const on = make('button', { type: 'button', disabled: true, onclick: () => void turn(page.next) }, WORDS.on)
  const plates = make('button', { type: 'button', 'aria-pressed': 'false', onclick: () => reveal() }, WORDS.showPlates)
  const paint = () => {
    say(plates, isClear ? WORDS.hidePlates : WORDS.showPlates)
    mark(plates, 'aria-pressed', String(isClear))
    first.disabled = place === null
    on.disabled = page.next === null
    const at = { now: timeOf(shown), zone: zoneOf(shown) }
    const look = (vehicle: ShownVehicle) =>
      isClear ? vehicle : { ...vehicle, plate: masked(vehicle.plate) ?? vehicle.plate }
    rows.replaceChildren(
      ...page.items.map((each) => vehicleRow(look(each), at, act && ((deed) => act(deed, look(each))))),
    )
  }
  const showFor = (clear: boolean) => {
    clearTimeout(hide)
    isClear = clear
    if (clear) hide = setTimeout(() => showFor(false), REVEAL_MS)
    paint()
  }
  const load = async (clear: boolean, before: string) => {
    asked += 1
    const mine = asked
    const told = await fetched(wanted, place, clear)
    // Something else was asked for meanwhile.
    if (mine !== asked) return
    if (!told.ok) return say(says, told.says)
    page = told.body
    say(says, `${before}${before === '' ? '' : ' '}${countOf(page, wanted, shown)}`)
    showFor(clear)
  }
  const turn = (after: string | null) => {
    place = after
    return load(false, '')
  }
  const reveal = () => (isClear ? showFor(false) : void load(true, ''))
  return {
    root: make(
      'section',
      { class: 'card', 'aria-label': WORDS.list },
      says,
      make('div', { class: 'buttons' }, first, on, maySee && plates),
      rows,
    ),
    rows,
    turn,
    reveal,
    /** Says what was done, and shows the page as it is now. */
    again: (before: string) => load(isClear, before),
    want(what: Wanted) {
      wanted = what
      place = null
      // Whoever searches for a plate is shown it: that is on record already.
      return load('text' in what && maySee, '')
    },
    leave: () => clearTimeout(hide),
  }
}

function fetched(wanted: Wanted, place: string | null, clear: boolean): Promise<Answer<Page>> {
  if ('text' in wanted) return send<Page>(address('vehicles', 'find'), { text: wanted.text })
  const at = place === null ? '' : `&after=${place}`
  return ask<Page>(`${address('vehicles')}?limit=${ROWS}${clear ? '' : '&plates=masked'}${wanted.query}${at}`)
}

function countOf({ items, next }: Page, wanted: Wanted, shown: Shown): string {
  if (items.length === 0) return 'query' in wanted && wanted.query === '' ? WORDS.noneAtAll : WORDS.none
  return WORDS.rows(items.length, atSite(timeOf(shown), zoneOf(shown)), next === null ? '' : WORDS.moreLie)
}

/** Whoever answers has said hello, so the server's clock is known. */
const timeOf = ({ hello }: Shown): number => serverNow() ?? Date.parse(hello?.ts ?? '')
