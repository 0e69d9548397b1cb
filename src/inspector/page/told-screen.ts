/** Screens that wait until the server has said who looks, and what a role is told of a screen that is not for it. */
import { make } from './dom.ts'
import { words } from './language.ts'
import type { Screen, Site } from './screen.ts'
import { inWords } from './told-words.ts'

const WORDS = words({
  en: {
    waits: 'The server has not said yet who you are.',
    notYours: (name: string, role: string) =>
      `${name}: not for your role (${role}). Whoever runs this site can give you another one.`,
    notLoaded: 'This screen could not be loaded: the server does not answer, or runs a newer version.',
  },
  de: {
    waits: 'Der Server hat noch nicht gesagt, wer Sie sind.',
    notYours: (name, role) =>
      `${name}: nicht für Ihre Rolle (${role}). Der Betreiber des Standorts kann Ihnen eine andere geben.`,
    notLoaded: 'Dieser Bildschirm ließ sich nicht laden: Der Server antwortet nicht, oder er hat eine neuere Fassung.',
  },
})

/** One sentence in the place of what this role does not see; `name`: what it is called in the menu. */
export const notYours = ({ shown }: Site, name: string): HTMLElement =>
  make('p', { class: 'card not-yours' }, WORDS.notYours(name, inWords(shown.hello?.caller.role ?? '')))

/** A screen that is opened once the server has said what its reader may do; `name` is its title until then. */
export function onceTold(
  site: Site,
  name: string,
  open: (rights: readonly string[]) => Screen | Promise<Screen>,
): Screen {
  const root = make('div', {}, make('p', { class: 'card' }, WORDS.waits))
  let inner: Screen | null = null
  let isBegun = false
  let isOver = false
  const begin = async (rights: readonly string[]) => {
    isBegun = true
    const opened = await Promise.resolve(open(rights)).catch(() => null)
    if (isOver) return opened?.leave?.()
    inner = opened
    root.replaceChildren(opened?.root ?? make('p', { class: 'card' }, WORDS.notLoaded))
    opened?.update(new Set(site.shown.bays.keys()))
  }
  const look = () => {
    const { hello } = site.shown
    if (!isBegun && hello !== null) void begin(hello.rights)
  }
  look()
  return {
    root,
    get title() {
      return inner?.title ?? name
    },
    update(changed) {
      look()
      inner?.update(changed)
    },
    tick: (now) => inner?.tick(now),
    get keys() {
      return inner?.keys ?? []
    },
    leave() {
      isOver = true
      inner?.leave?.()
    },
  }
}

/** A screen for who has this right; everybody else is told so in a sentence, and nothing is asked for. */
export const behindRight = (site: Site, right: string, name: string, open: () => Screen | Promise<Screen>): Screen =>
  onceTold(site, name, (rights) =>
    rights.includes(right)
      ? open()
      : { root: make('div', {}, make('h2', {}, name), notYours(site, name)), title: name, update() {}, tick() {} },
  )
