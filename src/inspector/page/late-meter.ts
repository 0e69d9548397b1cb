/** The meters of a bay behind a fold: the plots are loaded when somebody opens it, and whoever did has it open at the next bay too. */
import type { BayView } from '../../../projections/bay-view.ts'
import { BAY_WORDS as WORDS } from './bay-screen-words.ts'
import { make } from './dom.ts'
import type { meterPanel } from './meter-panel.ts'
import type { Shown } from './store.ts'

let wasOpen = false

/** The fold of one bay; `end` when another screen follows. */
export function lateMeter(shown: Shown, bayId: string) {
  const fold = make('details', { open: wasOpen }, make('summary', {}, WORDS.meter))
  let panel: ReturnType<typeof meterPanel> | null = null
  let last: BayView | null = null
  let isLoading = false
  let isOver = false
  const load = async () => {
    if (isLoading || isOver || panel !== null || !fold.open) return
    isLoading = true
    // Where it could not be loaded, the next change asks again.
    const loaded = await import('./meter-panel.ts').catch(() => null)
    isLoading = false
    if (loaded === null || isOver) return
    panel = loaded.meterPanel(shown, bayId)
    fold.append(panel.root)
    if (last !== null) panel.update(last)
  }
  fold.addEventListener('toggle', () => {
    wasOpen = fold.open
    void load()
    if (fold.open && last !== null) panel?.update(last)
  })
  return {
    root: make('section', { class: 'card', 'aria-label': WORDS.meter }, fold),
    update(bay: BayView) {
      last = bay
      void load()
      if (fold.open) panel?.update(bay)
    },
    end() {
      isOver = true
      panel?.end()
    },
  }
}
