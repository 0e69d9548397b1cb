import type { Page } from 'playwright-core'
import type { ArrayDesk } from '../server/array-desk.ts'

/** What the board shows of each bay: `bay-1 vacant 3`. */
export const shownOf = (page: Page): Promise<string[]> =>
  page.locator('[data-bay][data-state]').evaluateAll((bays) =>
    bays.map((bay) => {
      const { dataset } = bay as HTMLElement
      return `${dataset['bay']} ${dataset['state']} ${dataset['version']}`
    }),
  )

/** The same of the server. */
export const boardOf = (site: ArrayDesk): string[] =>
  site.desk.bays().map((bay) => `${bay.bayId} ${bay.state} ${bay.version}`)
