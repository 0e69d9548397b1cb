/** The edge cases of the field as recordings: each promise opens in an inspector of its own. */
import type { ScenarioView } from '../../server/scenario-routes.ts'
import { caseInWords } from './case-words.ts'
import { arrange, make, say } from './dom.ts'
import { SCENARIO_WORDS as WORDS } from './scenario-words.ts'
import type { Screen, Site } from './screen.ts'
import { address, ask } from './server-call.ts'

/** The list, and a field that makes it shorter; a site that lives plays none, and is not asked for any. */
export function scenariosScreen({ shown }: Site): Screen {
  const says = make('p', { role: 'status' }, WORDS.asking)
  const find = make('input', { type: 'search', id: 'scenario-find', autocomplete: 'off', oninput: () => filter() })
  const field = make('p', {}, make('label', { for: 'scenario-find' }, WORDS.find), find)
  const list = make('div', { class: 'scenarios' })
  let cards: readonly { readonly root: HTMLElement; readonly text: string }[] = []
  const filter = () => {
    const wanted = find.value.trim().toLowerCase()
    const shown = cards.filter(({ text }) => text.includes(wanted))
    arrange(
      list,
      shown.map(({ root }) => root),
    )
    say(says, WORDS.found(shown.length, cards.length))
  }
  const open = async (name: string, story: number) => {
    say(says, WORDS.opening)
    const told = await ask<{ readonly url: string }>(`${address('scenarios', name, 'recording')}?story=${story}`)
    if (!told.ok) return say(says, told.says)
    // By the name of this machine that the person used to come here.
    const url = new URL(told.body.url)
    url.hostname = location.hostname
    location.assign(url)
  }
  const fill = async () => {
    const told = await ask<{ readonly items: readonly ScenarioView[] }>(address('scenarios'))
    if (!told.ok) return say(says, told.says)
    const items = await Promise.all(
      told.body.items.map(async (one) => {
        const { promiseOf, ...said } = await caseInWords(one)
        return { ...said, promises: one.promises.map((promise, at) => promiseOf(at + 1, promise)) }
      }),
    )
    cards = items.map((one) => ({ root: scenarioCard(one, open), text: JSON.stringify(one).toLowerCase() }))
    filter()
  }
  let isFilled = false
  const begin = () => {
    if (isFilled || shown.hello === null) return
    isFilled = true
    const { simulation } = shown.hello
    const isPlayed = simulation !== undefined && 'edgeCase' in simulation
    field.hidden = !isPlayed
    if (isPlayed) void fill()
    else say(says, WORDS.nonePlayed)
  }
  begin()
  const root = make('div', {}, make('h2', {}, WORDS.title), make('p', {}, WORDS.about), field, says, list)
  return { root, title: WORDS.title, update: begin, tick() {} }
}

function scenarioCard(
  { name, edgeCase, title, given, when, wanted, promises }: ScenarioView,
  open: (name: string, story: number) => Promise<void>,
): HTMLElement {
  const rows = [
    [WORDS.given, given],
    [WORDS.when, when],
    [WORDS.wanted, wanted],
  ] as const
  const facts = rows.flatMap(([word, text]) => (text === null ? [] : [make('dt', {}, word), make('dd', {}, text)]))
  const buttons = promises.map((promise, at) => {
    const fields = { type: 'button', 'data-story': `${name} ${at + 1}`, onclick: () => void open(name, at + 1) }
    return make('li', {}, make('button', fields, WORDS.watch(at + 1)), ' ', make('span', {}, promise))
  })
  const head = make('h3', {}, `${edgeCase} ${title}`)
  return make(
    'section',
    { class: 'card', 'aria-label': edgeCase },
    head,
    make('dl', {}, ...facts),
    make('ol', {}, ...buttons),
  )
}
