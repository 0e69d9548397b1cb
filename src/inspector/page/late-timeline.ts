/** The records of a bay, loaded when the bay is opened: the board needs none of it. */
import type { BayView } from '../../../projections/bay-view.ts'
import { make } from './dom.ts'
import type { Shown } from './store.ts'
import type { timelinePanel } from './timeline-panel.ts'

/** The place of the timeline, and what it is told once it is there. */
export function lateTimeline(shown: Shown, bayId: string) {
  const root = make('div', { class: 'late' })
  let panel: ReturnType<typeof timelinePanel> | null = null
  let isLoading = false
  let newest: BayView | null = null
  const load = async () => {
    isLoading = true
    // Where it could not be loaded, the next change asks again.
    const loaded = await import('./timeline-panel.ts').catch(() => null)
    isLoading = false
    if (loaded === null || newest === null) return
    panel = loaded.timelinePanel(shown, bayId)
    root.append(panel.root)
    panel.update(newest)
  }
  return {
    root,
    update(bay: BayView) {
      newest = bay
      if (panel !== null) panel.update(bay)
      else if (!isLoading) void load()
    },
  }
}
