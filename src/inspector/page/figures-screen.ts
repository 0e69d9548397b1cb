/** Figures over time: how full the bays were, what was charged, how cameras and charge points are. One part is open at a time. */
import type { Right } from '../../server/roles.ts'
import { make } from './dom.ts'
import { FIGURE_WORDS as WORDS } from './figure-words.ts'
import type { Screen, Site } from './screen.ts'
import type { Shown } from './store.ts'
import { notYours, onceTold } from './told-screen.ts'

/** The parts by their addresses below `#/figures/`. */
const PARTS = ['occupancy', 'sessions', 'cameras', 'charge-points'] as const
type Part = (typeof PARTS)[number]

/** One part of the figures: what it shows, and what ends with it. */
export type Figures = Pick<Screen, 'root' | 'update' | 'tick'> & { readonly end: () => void }

const OPEN: { readonly [part in Part]: (shown: Shown) => Promise<Figures> } = {
  occupancy: async (shown) => (await import('./occupancy-figures.ts')).occupancyFigures(shown),
  sessions: async (shown) => (await import('./session-figures.ts')).sessionFigures(shown),
  cameras: async (shown) => (await import('./camera-figures.ts')).cameraFigures(shown),
  'charge-points': async (shown) => (await import('./charge-point-figures.ts')).chargePointFigures(shown),
}

/** The right without which a part is neither offered nor asked for. */
const NEEDS: { readonly [part in Part]?: Right } = { occupancy: 'bills', sessions: 'bills' }

/** The screen of figures; an address that names no part shows the first that its reader may see. */
export const figuresScreen = (site: Site, wanted: string): Screen =>
  onceTold(site, WORDS.title, (rights) => partScreen(site, wanted, rights))

async function partScreen(site: Site, wanted: string, rights: readonly string[]): Promise<Screen> {
  const isOffered = (part: Part) => NEEDS[part] === undefined || rights.includes(NEEDS[part])
  const offered = PARTS.filter(isOffered)
  const part = PARTS.find((one) => one === wanted) ?? offered[0] ?? 'cameras'
  const figures = isOffered(part) ? await OPEN[part](site.shown) : null
  const links = offered.map((one) => {
    const fields = { href: `#/figures/${one}`, class: 'nav-link', 'aria-current': one === part && 'page' }
    return make('a', fields, WORDS.parts[one])
  })
  const nav = make('nav', { class: 'figures-nav', 'aria-label': WORDS.title }, ...links)
  const shown = figures?.root ?? notYours(site, WORDS.parts[part])
  return {
    root: make('div', {}, make('h2', {}, WORDS.title), nav, shown),
    title: `${WORDS.title}: ${WORDS.parts[part]}`,
    update: (changed) => figures?.update(changed),
    tick: (now) => figures?.tick(now),
    leave: () => figures?.end(),
  }
}
