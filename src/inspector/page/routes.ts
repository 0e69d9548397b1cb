/** Every screen by its address: one line a screen. What is not needed for the first look is loaded when it is opened. */
import type { Right } from '../../server/roles.ts'
import { bayScreen } from './bay-screen.ts'
import { boardScreen } from './board-screen.ts'
import { BOARD_WORDS } from './board-words.ts'
import { PAGE_WORDS } from './page-words.ts'
import type { Screen, Site } from './screen.ts'

type NavLink = readonly [href: string, name: string]

/** `at` matches the part of the address after `#`; its groups are handed to `open` decoded. */
export type Route = {
  readonly at: RegExp
  /** Where it stands in the navigation: its address and its name. */
  readonly nav?: NavLink
  /** The right without which it is neither offered nor opened: the server would refuse what it asks for. */
  readonly right?: Right
  readonly open: (site: Site, ...groups: string[]) => Screen | Promise<Screen>
}

/** The first route that matches is taken; the board where none does. */
export const ROUTES: readonly Route[] = [
  { at: /^\/bays\/([^/?]+)$/, open: (site, bayId = '') => bayScreen(site, bayId) },
  { at: /^\/replay$/, nav: ['#/replay', PAGE_WORDS.replay], open: (site) => boardScreen(site) },
  {
    at: /^\/reviews$/,
    nav: ['#/reviews', BOARD_WORDS.queueName],
    open: async (site) => (await import('./reviews-screen.ts')).reviewsScreen(site),
  },
  {
    at: /^\/try\/([^/?]+)$/,
    open: async (site, token = '') => (await import('./try-screen.ts')).tryScreen(site, token),
  },
  {
    at: /^\/commission$/,
    nav: ['#/commission', BOARD_WORDS.commission],
    right: 'tune',
    open: async (site) => (await import('./commission-screen.ts')).commissionScreen(site),
  },
  {
    at: /^\/cameras$/,
    nav: ['#/cameras', BOARD_WORDS.cameras],
    open: async (site) => (await import('./cameras-screen.ts')).camerasScreen(site),
  },
  {
    at: /^\/vehicles$/,
    nav: ['#/vehicles', PAGE_WORDS.vehicles],
    right: 'register',
    open: async (site) => (await import('./vehicles-screen.ts')).vehiclesScreen(site),
  },
  {
    at: /^\/zones$/,
    nav: ['#/zones', PAGE_WORDS.zones],
    open: async (site) => {
      const { onceTold } = await import('./told-screen.ts')
      return onceTold(site, PAGE_WORDS.zones, async () => (await import('./zones-screen.ts')).zonesScreen(site))
    },
  },
  {
    at: /^\/audit$/,
    nav: ['#/audit', PAGE_WORDS.audit],
    right: 'audit',
    open: async (site) => (await import('./audit-screen.ts')).auditScreen(site),
  },
  {
    at: /^\/figures(?:\/([a-z-]+))?$/,
    nav: ['#/figures', PAGE_WORDS.figures],
    open: async (site, part = '') => (await import('./figures-screen.ts')).figuresScreen(site, part),
  },
  {
    at: /^\/scenarios$/,
    open: async (site) => (await import('./scenarios-screen.ts')).scenariosScreen(site),
  },
  {
    at: /^\/design-report$/,
    open: async (site) => (await import('./design-report-screen.ts')).designReportScreen(site),
  },
  {
    at: /^\/reports$/,
    nav: ['#/reports', PAGE_WORDS.reports],
    right: 'bills',
    open: async (site) => (await import('./reports-screen.ts')).reportsScreen(site),
  },
]

/** The navigation, the board first. */
export const NAVIGATION: readonly (readonly [...NavLink, Right | undefined])[] = [
  ['#/', PAGE_WORDS.board, undefined],
  ...ROUTES.flatMap(({ nav, right }) => (nav ? [[...nav, right] as const] : [])),
]

/** Opens the screen that an address (`location.hash`) asks for. */
export function openScreen(hash: string, site: Site): Screen | Promise<Screen> {
  const path = hash.replace(/^#/, '').replace(/\?.*$/, '')
  for (const { at, open, nav, right } of ROUTES) {
    const match = at.exec(path)
    if (match === null) continue
    const opened = () => open(site, ...match.slice(1).map((part = '') => decoded(part)))
    if (right === undefined) return opened()
    return import('./told-screen.ts').then(({ behindRight }) => behindRight(site, right, nav?.[1] ?? '', opened))
  }
  return boardScreen(site)
}

/** An address that somebody cut short is no reason to show nothing. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
