/** A wall takes a newer page by itself: nobody stands before it to press a button. */
import type { LiveStore } from './store.ts'

/** It is left alone for so long after somebody touched it, ms. */
const QUIET_MS = 3_000

/** Reloads a page that only looks on (role viewer) once the server runs a newer one and is heard; whoever may do something presses for it. */
export function reloadWall(live: LiveStore): void {
  let touched = performance.now()
  const touch = () => {
    touched = performance.now()
  }
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, touch)
  setInterval(() => {
    if (!live.newBuild || live.phase !== 'live' || live.hello?.caller.role !== 'viewer') return
    if (performance.now() - touched > QUIET_MS) location.reload()
  }, 1_000)
}
