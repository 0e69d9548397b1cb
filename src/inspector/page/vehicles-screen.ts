/** Vehicles and fleets: who may charge by a plate, what may be done with them, and files of them. */
import { make, wantStyle } from './dom.ts'
import { type Screen, type Site, tickButtons } from './screen.ts'
import { vehicleFilePanel } from './vehicle-file-panel.ts'
import { vehicleForm } from './vehicle-form.ts'
import { vehicleList, type Wanted } from './vehicle-list.ts'
import { labelled } from './vehicle-rows.ts'
import { VEHICLE_WORDS as WORDS } from './vehicle-words.ts'

/** The screen of vehicles, opened once the server has said who looks. */
export function vehiclesScreen(site: Site): Screen {
  wantStyle(new URL('./vehicles.css', import.meta.url))
  const desk = vehicleDesk(site, site.shown.hello?.rights ?? [])
  return {
    root: make('div', { class: 'vehicles' }, make('h2', {}, WORDS.title), desk.root),
    title: WORDS.title,
    update() {},
    tick: desk.tick,
    keys: desk.keys,
    leave: desk.leave,
  }
}

function vehicleDesk({ shown, orders }: Site, rights: readonly string[]) {
  const mayEnrol = orders !== null && rights.includes('enrol')
  const maySee = rights.includes('plates')
  const form = mayEnrol ? vehicleForm(orders, (says) => void list.again(says)) : null
  const list = vehicleList(shown, maySee, form === null ? undefined : (deed, vehicle) => void form.about(deed, vehicle))
  const file = mayEnrol ? vehicleFilePanel(orders, () => void list.again('')) : null
  const search = searchForm(maySee, (wanted) => void list.want(wanted))
  const add = form && make('button', { type: 'button', onclick: form.add }, WORDS.add)
  void list.turn(null)
  const side = make('div', {}, add && make('p', { class: 'vehicle-add' }, add), file?.root)
  return {
    root: make('div', { class: 'vehicles-parts' }, make('div', {}, search.root, list.root), form && side, form?.root),
    keys: [
      { key: '/', says: WORDS.keys.find, press: search.focus },
      ...(maySee ? [{ key: 'p', says: WORDS.keys.plates, press: list.reveal }] : []),
      ...(form === null ? [] : [{ key: 'a', says: WORDS.keys.add, press: form.add }]),
    ],
    tick() {
      if (orders === null || form === null) return
      form.tick()
      tickButtons(list.rows, orders)
      if (add) add.disabled = !orders.may()
    },
    leave: list.leave,
  }
}

function searchForm(maySee: boolean, want: (wanted: Wanted) => void) {
  const text = make('input', {
    id: 'vehicle-search',
    class: 'plate',
    dir: 'ltr',
    maxlength: '24',
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: 'false',
  })
  const narrow = (name: string) => make('input', { id: `only-${name}`, autocomplete: 'off', maxlength: '64' })
  const [account, fleet] = [narrow('account'), narrow('fleet')]
  const blocked = make('input', { id: 'only-blocked', type: 'checkbox' })
  const find = (event: Event) => {
    event.preventDefault()
    if (text.value.trim() !== '') want({ text: text.value.trim() })
  }
  const filter = (event: Event) => {
    event.preventDefault()
    const query = new URLSearchParams()
    if (account.value.trim() !== '') query.set('account', account.value.trim())
    if (fleet.value.trim() !== '') query.set('fleet', fleet.value.trim())
    if (blocked.checked) query.set('blocked', 'true')
    want({ query: query.size === 0 ? '' : `&${query}` })
  }
  const searching = make(
    'form',
    { onsubmit: find, class: 'vehicle-filter' },
    labelled('vehicle-search', maySee ? WORDS.search : WORDS.searchWhole, text),
    make('button', {}, WORDS.searchDo),
  )
  const narrowing = make(
    'form',
    { onsubmit: filter, class: 'vehicle-filter' },
    labelled('only-account', WORDS.account, account),
    labelled('only-fleet', WORDS.fleet, fleet),
    make('p', {}, make('label', { class: 'tick', for: 'only-blocked' }, blocked, ` ${WORDS.onlyBlocked}`)),
    make('button', {}, WORDS.narrow),
  )
  return {
    root: make(
      'section',
      { class: 'card', 'aria-label': WORDS.find },
      searching,
      make('p', { class: 'faint' }, WORDS.onRecord),
      make('details', {}, make('summary', {}, WORDS.filter), narrowing),
    ),
    focus: () => text.focus(),
  }
}
