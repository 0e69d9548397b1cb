import type { Clock, Entry } from '../actors/ports.ts'
import type { ZoneLook } from '../actors/zone-look.ts'
import type { FactRecord } from '../machines/record.ts'
import { adaptEmpty, judgePresence, LOOKS_TO_LEARN, learnEmpty, type Presence } from './vision/zone-presence.ts'

/** Looks older than this say nothing about how the bay stands now, ms. */
const RECENT_ms = 60_000

type Seen = { readonly look: ZoneLook; readonly at: number }

/** Knows how each empty bay looks to each camera. What was learnt is a fact of the `site` stream; pictures are never kept, and no plate can be read in a look. */
export type PresenceKeeper = {
  /** What a zone shows now; `unknown` until its empty bay was learnt. */
  judge(cameraId: string, bayId: string, look: ZoneLook): Presence
  /** Learns the bay as it looks now; a sentence where it cannot. */
  learn(bayId: string, write: (entries: readonly Entry[]) => void): string | null
  /** Takes what was learnt before from a record. */
  hear(record: FactRecord): void
}

export function presenceKeeper(clock: Clock): PresenceKeeper {
  const seen = new Map<string, Map<string, Seen[]>>()
  const empties = new Map<string, ZoneLook>()
  const key = (cameraId: string, bayId: string): string => `${cameraId} ${bayId}`
  return {
    judge(cameraId, bayId, look) {
      const cameras = seen.get(bayId) ?? new Map<string, Seen[]>()
      cameras.set(cameraId, [...(cameras.get(cameraId) ?? []), { look, at: clock.now() }].slice(-LOOKS_TO_LEARN))
      seen.set(bayId, cameras)
      const empty = empties.get(key(cameraId, bayId)) ?? null
      const presence = judgePresence(look, empty)
      if (empty && presence === 'empty') empties.set(key(cameraId, bayId), adaptEmpty(empty, look))
      return presence
    },
    learn(bayId, write) {
      const recent = [...(seen.get(bayId) ?? [])].map(
        ([cameraId, looks]) => [cameraId, looks.filter((one) => clock.now() - one.at <= RECENT_ms)] as const,
      )
      const learnt = recent.flatMap(([cameraId, looks]) => {
        const empty = learnEmpty(looks.map((one) => one.look))
        return empty ? [[cameraId, empty] as const] : []
      })
      if (learnt.length === 0) {
        const most = Math.max(0, ...recent.map(([, looks]) => looks.length))
        return most < LOOKS_TO_LEARN
          ? `Only ${most} of ${LOOKS_TO_LEARN} pictures of this bay came in the last minute; let its camera send some, then learn again.`
          : 'The last pictures of this bay do not look alike; learn again when nothing moves in it.'
      }
      for (const [cameraId, empty] of learnt) empties.set(key(cameraId, bayId), empty)
      write(
        learnt.map(([cameraId, { size, grey }]) => ({
          stream: 'site',
          cause: { type: 'zone.learnt', cameraId, bayId, size, grey },
          decisions: [],
          personal: {},
        })),
      )
      return null
    },
    hear({ cause }) {
      if (cause.type !== 'zone.learnt') return
      empties.set(key(String(cause['cameraId']), String(cause['bayId'])), {
        size: Number(cause['size']),
        grey: String(cause['grey']),
      })
    },
  }
}
