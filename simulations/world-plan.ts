import { type AddressRange, addressRange } from '../actors/address-range.ts'
import type { BayPlan } from '../actors/bay-plan.ts'
import { DEFAULT_PROFILE } from '../actors/ocpp/profiles/default.ts'
import type { Polygon } from '../actors/ports.ts'
import { connectorKey, DEFAULT_POLICY, type Policy } from '../machines/events.ts'
import { type BodyPlan, habitsIn2 } from './toy-body.ts'
import { TOY_PERSONALITIES, type ToyHabits } from './toy-habits.ts'

/** One charge point of a world. */
export type PostPlan = { readonly id: string; readonly connectors: number } & BodyPlan
/** A camera and the bays it sees, left to right. */
export type CameraPlan = { readonly id: string; readonly bayIds: readonly string[] }
/** A cable as people see it: which charge point's, which connector. */
export type Cable = { readonly postId: string; readonly evse: number }
/** A whole site as it was built: what the site file says and what stands there are the same. */
export type SitePlan = {
  readonly bays: readonly BayPlan[]
  readonly posts: readonly PostPlan[]
  readonly cameras: readonly CameraPlan[]
  /** The cables that reach each bay, its own first. */
  readonly reach: ReadonlyMap<string, readonly Cable[]>
}

type BayWish = {
  readonly cables: readonly Cable[]
  readonly cameras: readonly string[]
  readonly policy?: Partial<Policy>
}

const { plain, terse, thorough, eager, hasty } = TOY_PERSONALITIES
const own = (number: number): Cable => ({ postId: `CP-${number}`, evse: 1 })
const FAR = ['cam-2']

/** Twelve bays, none like the other: one for each message order, a dual-head post, a shared cable, a post of two bays, two posts in reach, and one without a camera. */
const WISHES: readonly BayWish[] = [
  { cables: [own(1)], cameras: ['cam-1'] },
  { cables: [own(2)], cameras: ['cam-1'] },
  { cables: [own(3)], cameras: ['cam-1'] },
  { cables: [own(4)], cameras: ['cam-1'], policy: { reviewers: false } },
  { cables: [{ postId: 'CP-5', evse: 1 }], cameras: ['cam-1'] },
  { cables: [{ postId: 'CP-5', evse: 2 }], cameras: ['cam-1', 'cam-3'] },
  { cables: [own(7)], cameras: ['cam-2', 'cam-3'] },
  { cables: [own(7)], cameras: FAR },
  {
    cables: [
      { postId: 'CP-9', evse: 1 },
      { postId: 'CP-9', evse: 2 },
    ],
    cameras: FAR,
  },
  {
    cables: [
      { postId: 'CP-9', evse: 2 },
      { postId: 'CP-9', evse: 1 },
    ],
    cameras: FAR,
  },
  { cables: [own(11), own(13)], cameras: FAR },
  { cables: [own(12)], cameras: [] },
]

type PostWish = { readonly id: string; readonly connectors: number; readonly habits: Partial<ToyHabits> }

const POSTS: readonly PostWish[] = [
  { id: 'CP-1', connectors: 1, habits: terse },
  { id: 'CP-2', connectors: 1, habits: thorough },
  { id: 'CP-3', connectors: 1, habits: eager },
  { id: 'CP-4', connectors: 1, habits: hasty },
  { id: 'CP-5', connectors: 2, habits: plain },
  { id: 'CP-7', connectors: 1, habits: plain },
  { id: 'CP-9', connectors: 2, habits: { ...thorough, authorizesRemote: false } },
  { id: 'CP-11', connectors: 1, habits: plain },
  { id: 'CP-12', connectors: 1, habits: { ...plain, afterLoss: 'boot-resume' } },
  { id: 'CP-13', connectors: 1, habits: { ...hasty, current: 'phases' } },
]

const bodyPlan = ({ id, habits }: PostWish, speaks2: boolean): BodyPlan =>
  speaks2
    ? { speaks: '2', habits: { ...habitsIn2(id), meterInterval_s: 60 } }
    : { speaks: '1.6', habits: { ...habits, meterInterval_s: 60 } }

/** The address that a camera pushes from, and no other device of the site. */
export function sourceOf(cameraId: string): AddressRange {
  const range = addressRange(`10.0.0.${cameraId.replace('cam-', '')}`)
  if (!range) throw new Error(`Broken invariant: ${cameraId} has no address`)
  return range
}

/** The bays that reach a cable which another bay reaches too. */
export function sharingBays(): Set<string> {
  const { reach } = planSite(WISHES.length)
  const isSame = (one: Cable, other: Cable): boolean => one.postId === other.postId && one.evse === other.evse
  return new Set(
    [...reach].flatMap(([bayId, cables]) =>
      [...reach].some(
        ([other, theirs]) => other !== bayId && cables.some((cable) => theirs.some((one) => isSame(cable, one))),
      )
        ? [bayId]
        : [],
    ),
  )
}

/** The first `count` bays of the site, at most twelve, with the charge points and cameras that reach them. */
export function planSite(
  count: number,
  policy: Partial<Policy> = {},
  speaks2: (postId: string) => boolean = () => false,
): SitePlan {
  const wishes = WISHES.slice(0, count)
  const bayIds = wishes.map((_, index) => `bay-${index + 1}`)
  const cameras = ['cam-1', 'cam-2', 'cam-3']
    .map((id) => ({ id, bayIds: bayIds.filter((_, index) => wishes[index]?.cameras.includes(id)) }))
    .filter((camera) => camera.bayIds.length > 0)
  const posts = POSTS.filter((post) => wishes.some((wish) => wish.cables.some((cable) => cable.postId === post.id)))
  return {
    posts: posts.map((post) => ({ id: post.id, connectors: post.connectors, ...bodyPlan(post, speaks2(post.id)) })),
    cameras,
    reach: new Map(wishes.map((wish, index) => [`bay-${index + 1}`, wish.cables])),
    bays: wishes.map((wish, index) => bayPlan(`bay-${index + 1}`, wish, wishes, cameras, policy)),
  }
}

function bayPlan(
  bayId: string,
  wish: BayWish,
  all: readonly BayWish[],
  cameras: readonly CameraPlan[],
  policy: Partial<Policy>,
): BayPlan {
  const isShared = ({ postId, evse }: Cable): boolean =>
    wish.cables.length > 1 ||
    all.filter((other) => other.cables.some((cable) => cable.postId === postId && cable.evse === evse)).length > 1
  return {
    bayId,
    policy: { ...DEFAULT_POLICY, ...policy, ...wish.policy },
    connectors: wish.cables.map((cable) => ({
      connector: connectorKey(cable.postId, cable.evse),
      chargePointId: cable.postId,
      evse: cable.evse,
      connectionTimeout_s: DEFAULT_PROFILE.connectionTimeout_s,
      startOn: isShared(cable) ? 'plug' : 'validation',
    })),
    zones: cameras
      .filter((camera) => camera.bayIds.includes(bayId))
      .map((camera) => ({ cameraId: camera.id, polygon: zoneOf(camera, bayId) })),
  }
}

/** So much of the picture's width do the zones of two neighbours overlap, on either side. */
const OVERLAP = 0.02

/** Bays stand side by side in a picture, each with its share of the width, and a little of its neighbours'. */
function zoneOf(camera: CameraPlan, bayId: string): Polygon {
  const [left, right] = [0, 1].map((side) => (camera.bayIds.indexOf(bayId) + side) / camera.bayIds.length) as [
    number,
    number,
  ]
  return [
    [Math.max(0, left - OVERLAP), 0.2],
    [Math.min(1, right + OVERLAP), 0.2],
    [Math.min(1, right + OVERLAP), 1],
    [Math.max(0, left - OVERLAP), 1],
  ]
}
