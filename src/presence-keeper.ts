import type { Clock, Entry, ZoneLook } from '../actors/ports.ts'
import type { FactRecord } from '../machines/record.ts'
import { adapt, type EmptyZone, judgeLook, learnLook, readLook, writeEmpty } from './vision/presence.ts'

/** A look older than this says nothing about how the bay stands now, ms. */
const RECENT_ms = 10_000

type Word = 'occupied' | 'empty' | 'unknown'
type Seen = { readonly look: ZoneLook; readonly at: number }

/** Knows how each empty bay looks to each camera. What was learnt is a fact of the `site` stream; pictures are never kept, a look holds no plate. */
export type PresenceKeeper = {
  /** What a zone shows now; `unknown` until its empty bay was learnt. */
  judge(cameraId: string, bayId: string, look: ZoneLook): Word
  /** Learns the bay as it looks now; a sentence where it cannot. */
  learn(bayId: string, write: (entry: Entry) => void): string | null
  /** Takes what was learnt before from a record. */
  hear(record: FactRecord): void
}

export function presenceKeeper(clock: Clock): PresenceKeeper {
  const seen = new Map<string, Map<string, Seen>>()
  const empties = new Map<string, EmptyZone>()
  const key = (cameraId: string, bayId: string): string => `${cameraId} ${bayId}`
  return {
    judge(cameraId, bayId, look) {
      const cameras = seen.get(bayId) ?? new Map<string, Seen>()
      cameras.set(cameraId, { look, at: clock.now() })
      seen.set(bayId, cameras)
      const empty = empties.get(key(cameraId, bayId))
      if (!empty) return 'unknown'
      const word = judgeLook(look, empty)
      if (word === 'empty') empties.set(key(cameraId, bayId), adapt(empty, look))
      return word
    },
    learn(bayId, write) {
      const recent = [...(seen.get(bayId) ?? [])].filter(([, one]) => clock.now() - one.at <= RECENT_ms)
      if (recent.length === 0)
        return 'No picture of this bay came in the last 10 s; let its camera send one, then learn again.'
      for (const [cameraId, { look }] of recent) {
        const empty = learnLook([look])
        empties.set(key(cameraId, bayId), empty)
        write({
          stream: 'site',
          cause: { type: 'zone.learnt', cameraId, bayId, look: writeEmpty(empty) },
          decisions: [],
          personal: {},
        })
      }
      return null
    },
    hear({ cause }) {
      if (cause.type !== 'zone.learnt') return
      const empty = readLook(String(cause['look']))
      const known = key(String(cause['cameraId']), String(cause['bayId']))
      if (empty) empties.set(known, empty)
    },
  }
}
