import type { Clock } from '../../actors/ports.ts'

/** Of one camera, one line in this time at most, whatever its dialects. */
const EVERY_MS = 60_000

/** Counts messages that nobody could read, and tells people of some. */
export type BrokenMessages = {
  /** `says` names the place and holds no plate. */
  note(cameraId: string, dialect: string, says: string): void
  /** `intake_broken{camera="cam-1",dialect="axis"}`. */
  counts(): { readonly [name: string]: number }
}

/** Every broken message is counted; of each camera the first is told at once, then one a minute with how many came between. */
export function brokenMessages(clock: Pick<Clock, 'now'>, tell: (sentence: string) => void): BrokenMessages {
  const counts: { [name: string]: number } = {}
  const told = new Map<string, { readonly at: number; untold: number }>()
  return {
    note(cameraId, dialect, says) {
      const name = `intake_broken{camera="${cameraId}",dialect="${dialect}"}`
      counts[name] = (counts[name] ?? 0) + 1
      const last = told.get(cameraId)
      const now = clock.now()
      if (last && now - last.at < EVERY_MS) {
        last.untold += 1
        return
      }
      told.set(cameraId, { at: now, untold: 0 })
      const more = last && last.untold > 0 ? ` (and ${last.untold} more since the last line)` : ''
      tell(`Camera ${cameraId} sent what cannot be read: ${says}${more}`)
    },
    counts: () => ({ ...counts }),
  }
}
