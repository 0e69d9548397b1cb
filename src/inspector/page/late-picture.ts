/** The picture of a bay behind a fold: who opens it looks, which is on record where plates are clear. Only for who may look; of a replay it says that there is none. */

import type { bayPicture } from './bay-picture.ts'
import { BAY_WORDS as WORDS } from './bay-screen-words.ts'
import { make } from './dom.ts'
import { type Shown, zoneOf } from './store.ts'

/** The fold of one bay. */
export function latePicture(shown: Shown, bayId: string) {
  const fold = make('details', { 'data-fold': 'picture' }, make('summary', {}, WORDS.picture))
  const absent = make('p', { class: 'faint' }, WORDS.noPicture)
  const root = make('section', { class: 'card', 'aria-label': WORDS.picture, hidden: true }, fold, absent)
  let panel: ReturnType<typeof bayPicture> | null = null
  let isLoading = false
  let isOver = false
  const load = async () => {
    if (isLoading || panel !== null || !fold.open) return
    isLoading = true
    // Where it could not be loaded, folding it out again asks again.
    const loaded = await import('./bay-picture.ts').catch(() => null)
    isLoading = false
    if (loaded === null || isOver) return
    panel = loaded.bayPicture(bayId)
    fold.append(panel.root)
    panel.follow(fold.open)
  }
  fold.addEventListener('toggle', () => {
    panel?.follow(fold.open)
    void load()
  })
  return {
    root,
    update() {
      fold.hidden = shown.kind !== 'live' || shown.hello?.recording === true
      absent.hidden = !fold.hidden
      root.hidden = shown.hello?.rights.includes('look') !== true
    },
    tick: (now: number | null) => panel?.tick(now, zoneOf(shown)),
    /** Nobody looks any more; who comes back opens it again. */
    close() {
      fold.open = false
      panel?.follow(false)
    },
    end() {
      isOver = true
      panel?.end()
    },
  }
}
