/** What a bay knew after one record and after another, place by place, and the guards of both. */
import type { Json } from '../../../machines/events.ts'
import type { GuardView } from '../../../projections/bay-view.ts'
import { make, say, show } from './dom.ts'
import { guardWord } from './guard-words.ts'
import { knownPlace, knownThing } from './known-words.ts'
import { REPLAY_WORDS as WORDS } from './replay-words.ts'
import { address, ask } from './server-call.ts'

type Side = { readonly seq: number; readonly guards: readonly GuardView[] } | null
type Difference = {
  readonly before: Side
  readonly after: Side
  readonly places: readonly { readonly path: string; readonly before?: Json; readonly after?: Json }[]
  readonly more: number
}

/** Compares the record that is shown with the one before it, or with one that a person holds. It asks only while it is folded out. */
export function differencePanel(zone: () => string) {
  const says = make('p', { class: 'faint' })
  const found = make('div', {})
  const hold = make('button', { type: 'button', class: 'small', onclick: () => take() }, WORDS.hold)
  const root = make('details', { class: 'fold' }, make('summary', {}, WORDS.changed), says, hold, found)
  let bay: string | null = null
  let place = 0
  let held: number | null = null
  let asked = ''
  const take = () => {
    held = held === null ? place : null
    say(hold, held === null ? WORDS.hold : WORDS.letGo)
    void paint()
  }
  const paint = async () => {
    if (!root.open) return
    hold.hidden = bay === null
    if (bay === null) {
      say(says, WORDS.noBay)
      return show(found, '', () => [])
    }
    const from = Math.max(1, held ?? place - 1)
    const question = `${address('bays', bay, 'difference')}?from=${from}&to=${place}`
    say(says, WORDS.between(bay, from, place))
    if (asked === question) return
    asked = question
    const told = await ask<Difference>(question)
    // Somebody went on meanwhile.
    if (asked !== question) return
    if (!told.ok) return say(says, told.says)
    show(found, question, () => tables(told.body, zone()))
  }
  root.addEventListener('toggle', () => void paint())
  return {
    root,
    at(bayId: string | null, seq: number) {
      bay = bayId
      place = seq
      void paint()
    },
  }
}

function tables({ before, after, places, more }: Difference, zone: string): readonly HTMLElement[] {
  const { columns } = WORDS
  const shown = (thing: Json | undefined, path: string) =>
    thing === undefined ? WORDS.absent : knownThing(thing, path, zone)
  const rows = places.map(
    ({ path, before: was, after: is }) => [knownPlace(path), shown(was, path), shown(is, path)] as const,
  )
  const names = [...new Set([...(before?.guards ?? []), ...(after?.guards ?? [])].map(({ name }) => name))]
  const heads = [columns.guard, columns.before, columns.after]
  const guards = (some: readonly string[]) =>
    some.map((name) => [guardWord(name), guardText(before, name, zone), guardText(after, name, zone)] as const)
  const others = names.filter((name) => !isOther(before, after, name))
  const changed = names.filter((name) => isOther(before, after, name))
  return [
    rows.length === 0
      ? make('p', {}, WORDS.same)
      : table(WORDS.knew, [columns.place, columns.before, columns.after], rows),
    ...(more === 0 ? [] : [make('p', { class: 'faint' }, WORDS.more(more))]),
    ...(changed.length === 0 ? [] : [table(WORDS.guards, heads, guards(changed))]),
    ...(others.length === 0
      ? []
      : [folded(WORDS.otherGuards(others.length), table(WORDS.guards, heads, guards(others)))]),
  ]
}

const folded = (title: string, inner: HTMLElement): HTMLElement =>
  make('details', { class: 'fold' }, make('summary', {}, title), inner)

/** Whether a guard answered or saw something else; one that was asked only once counts where it decided. */
function isOther(before: Side, after: Side, name: string): boolean {
  const [was, is] = [before, after].map((side) => side?.guards.find((one) => one.name === name))
  if (was === undefined || is === undefined) return (was ?? is)?.ok === true
  return was.ok !== is.ok || JSON.stringify(was.value) !== JSON.stringify(is.value)
}

function guardText(side: Side, name: string, zone: string): string {
  const guard = side?.guards.find((one) => one.name === name)
  if (guard === undefined) return WORDS.notAsked
  const answer = guard.ok ? WORDS.yes : WORDS.no
  return typeof guard.value === 'boolean' ? answer : WORDS.guard(answer, knownThing(guard.value, name, zone))
}

type Cells = readonly [string, string, string]

function table(name: string, heads: Cells | readonly string[], rows: readonly Cells[]): HTMLElement {
  const head = make('tr', {}, ...heads.map((text) => make('th', { scope: 'col' }, text)))
  const body = rows.map(([first, ...cells]) =>
    make('tr', {}, make('th', { scope: 'row' }, first), ...cells.map((text) => make('td', {}, text))),
  )
  const inner = make('table', {}, make('thead', {}, head), make('tbody', {}, ...body))
  return make('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': name }, inner)
}
