import type { Clock, Entry } from '../actors/ports.ts'
import { type Memory, memory } from '../actors/record-memory.ts'
import type { ZoneLook } from '../actors/zone-look.ts'
import { type Bay, connectorsOf } from '../machines/knowledge.ts'
import {
  falseRate,
  foldProof,
  isShown,
  noProof,
  OWN_HOURS,
  PROOF_HOURS,
  type Shown,
  shareOf,
} from '../machines/presence-proof.ts'
import type { FactRecord } from '../machines/record.ts'
import type { Room } from './room.ts'
import { type EmptyLooks, emptyLooks, judgeByLooks, NO_LOOKS, withAdapted, withLearnt } from './vision/empty-looks.ts'
import { LOOKS_TO_LEARN, learnEmpty, type Presence } from './vision/zone-presence.ts'

/** Looks older than this say nothing about how the bay stands now, ms. */
const RECENT_ms = 60_000

type Seen = { readonly look: ZoneLook; readonly at: number }

/**
 * Knows how each empty bay looks to each camera, in each light. What was learnt is a fact of the `site` stream; pictures are never kept, and no
 * plate can be read in a look.
 */
export type PresenceKeeper = {
  /** What a zone shows now; `unknown` until its empty bay was learnt. */
  judge(cameraId: string, bayId: string, look: ZoneLook): Presence
  /** Whether it was taught this bay through this camera. */
  hasLearnt(cameraId: string, bayId: string): boolean
  /** Learns the bay as it looks now; a sentence where it cannot. */
  learn(bayId: string, write: (entries: readonly Entry[]) => void): string | null
  /** Takes what was learnt before, and what charges say of it, from a record. */
  hear(record: FactRecord): void
  /** What was shown of the site, and of this camera's bays. */
  proof(cameraId: string, bayIds: readonly string[]): EmptyProof
  /** For metrics: occupied hours watched, and false words in them. */
  counters(): { readonly [name: string]: number }
  /** What is remembered by records alone. */
  readonly memory: Memory
}

/** Occupied hours in which the camera said that somebody stands there, its false `empty` in them, and the rate in 1,000 that this leaves open (95 %). */
export type ShownHours = {
  readonly hours: number
  readonly falseEmpties: number
  readonly low: number
  readonly high: number
}
/** `shown`: the camera may free this bay by itself; `needed`: hours of the site, and of each bay's camera by itself. */
export type EmptyProof = {
  readonly site: ShownHours
  readonly needed: { readonly site: number; readonly own: number }
  readonly bays: readonly (ShownHours & { readonly bayId: string; readonly shown: boolean })[]
}

type KeeperParts = {
  readonly clock: Clock
  readonly bay: (bayId: string) => Bay | null
  /** `proven`: a camera alone ends no visit until this site's charges have shown that it is right; `always`: it is believed at once. */
  readonly alone: 'proven' | 'always'
  /** Whether a camera sees what it should now: of one that is moved or blind nothing is judged, learnt or followed. Absent = each does. */
  readonly sees?: (cameraId: string) => boolean
}

function hoursOf(share: Readonly<Shown>): ShownHours {
  return { hours: Math.floor(share.occupied_ms / 3_600_000), falseEmpties: share.falseEmpties, ...falseRate(share) }
}

/**
 * A vehicle that never plugged in, whose cable is said to be in still, or whose charge point is away: only the picture says that it left.
 * During a charge that is heard of, the picture frees nothing, and may be held against it.
 */
const onlyPictureSaysLeft = (bay: Bay): boolean =>
  bay.visit !== null &&
  bay.visit.unpluggedAt === null &&
  !connectorsOf(bay).some(({ transaction, flow, link }) => link === 'online' && (transaction !== null || flow.drawing))

/** Why a bay was not learnt, from so many pictures of the camera that sent most. */
const notLearnt = (most: number): string =>
  most < LOOKS_TO_LEARN
    ? `Only ${most} of ${LOOKS_TO_LEARN} pictures of this bay came in the last minute (those of a camera that is moved or blind do not count); let its camera send some, then learn again.`
    : 'The last pictures of this bay do not look alike; learn again when nothing moves in it.'

/** The presence keeper of a site. */
export const sitePresence = (room: Pick<Room, 'file' | 'site' | 'senses'>, clock: Clock): PresenceKeeper =>
  presenceKeeper({
    clock,
    bay: (bayId) => room.site.bay(bayId) ?? null,
    alone: room.file.presence.alone,
    sees: (cameraId) => room.senses.health.sees(cameraId),
  })

export function presenceKeeper({ clock, bay, alone, sees = () => true }: KeeperParts): PresenceKeeper {
  const seen = new Map<string, Map<string, Seen[]>>()
  const empties = new Map<string, EmptyLooks>()
  const proof = noProof()
  const key = (cameraId: string, bayId: string): string => `${cameraId} ${bayId}`
  const frees = (cameraId: string, bayId: string): boolean => {
    const now = bay(bayId)
    return alone === 'always' || now === null || !onlyPictureSaysLeft(now) || isShown(proof, cameraId, bayId)
  }
  return {
    memory: memory({ proof, empties }),
    judge(cameraId, bayId, look) {
      // What it shows is another place, or nothing: the next look that counts must not be held against it.
      if (!sees(cameraId)) {
        seen.get(bayId)?.delete(cameraId)
        return 'unknown'
      }
      const cameras = seen.get(bayId) ?? new Map<string, Seen[]>()
      cameras.set(cameraId, [...(cameras.get(cameraId) ?? []), { look, at: clock.now() }].slice(-LOOKS_TO_LEARN))
      seen.set(bayId, cameras)
      const name = key(cameraId, bayId)
      const known = empties.get(name) ?? NO_LOOKS
      const presence = judgeByLooks(look, known)
      if (presence !== 'empty') return presence
      // A visit is open: what looks empty may be a dark vehicle, and the reference must not follow it.
      if ((bay(bayId)?.visit ?? null) === null) empties.set(name, withAdapted(known, look))
      return frees(cameraId, bayId) ? 'empty' : 'unknown'
    },
    hasLearnt: (cameraId, bayId) => empties.has(key(cameraId, bayId)),
    learn(bayId, write) {
      const recent = [...(seen.get(bayId) ?? [])].map(
        ([cameraId, looks]) => [cameraId, looks.filter((one) => clock.now() - one.at <= RECENT_ms)] as const,
      )
      const learnt = recent.flatMap(([cameraId, looks]) => {
        const empty = learnEmpty(looks.map((one) => one.look))
        return empty ? [[cameraId, empty] as const] : []
      })
      if (learnt.length === 0) return notLearnt(Math.max(0, ...recent.map(([, looks]) => looks.length)))
      for (const [cameraId, empty] of learnt)
        empties.set(key(cameraId, bayId), withLearnt(empties.get(key(cameraId, bayId)) ?? NO_LOOKS, empty))
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
    hear(record) {
      foldProof(proof, record)
      const { cause } = record
      if (cause.type !== 'zone.learnt') return
      const name = key(String(cause['cameraId']), String(cause['bayId']))
      const empty = { size: Number(cause['size']), grey: String(cause['grey']) }
      empties.set(name, withLearnt(empties.get(name) ?? NO_LOOKS, empty))
    },
    proof: (cameraId, bayIds) => ({
      site: hoursOf(proof.pooled),
      needed: { site: PROOF_HOURS, own: OWN_HOURS },
      bays: bayIds.map((bayId) => ({
        bayId,
        ...hoursOf(shareOf(proof, cameraId, bayId) ?? { occupied_ms: 0, falseEmpties: 0 }),
        shown: alone === 'always' || isShown(proof, cameraId, bayId),
      })),
    }),
    counters: () => ({
      presence_references: [...empties.values()].reduce((sum, looks) => sum + emptyLooks(looks).length, 0),
      presence_occupied_hours: hoursOf(proof.pooled).hours,
      presence_false_empties: proof.pooled.falseEmpties,
      presence_hours_to_show: PROOF_HOURS,
    }),
  }
}
