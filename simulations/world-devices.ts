import type { CameraMessage } from '../actors/camera-desk.ts'
import { ToyCamera } from './toy-camera.ts'
import type { Place } from './toy-driver.ts'
import { ToyLine } from './toy-network.ts'
import { ToyPost } from './toy-post.ts'
import { toyQuirks } from './toy-quirks.ts'
import type { Dice } from './world-chance.ts'
import type { WorldClock } from './world-clock.ts'
import type { Faults } from './world-faults.ts'
import type { Ledger } from './world-ledger.ts'
import type { PostPlan, SitePlan } from './world-plan.ts'
import type { WorldProcess } from './world-process.ts'

type DeviceParts = {
  readonly clock: WorldClock
  readonly faults: Faults
  readonly ledger: Ledger
  readonly plan: SitePlan
  readonly dice: Dice
  readonly network: { readonly slowUntil: number }
  /** Charge points remember their transactions: for comparing runs. */
  readonly fixed: boolean
  readonly place: (bayId: string) => Place
  readonly process: () => WorldProcess | null
  /** A command leaves berth for a charge point. */
  readonly leaves: (postId: string, action: string, payload: { readonly [key: string]: unknown }) => void
  readonly misread: (bayId: string, folded: string) => void
}

/** The charge points and cameras of a site, with their lines to whatever berth runs now. */
export function buildDevices(parts: DeviceParts): {
  readonly posts: Map<string, ToyPost>
  readonly cameras: ToyCamera[]
} {
  const delays = parts.dice.fork('delays')
  const delay = (): number =>
    parts.clock.now() < parts.network.slowUntil ? delays.between(500, 4_000) : delays.between(5, 60)
  return {
    posts: new Map(parts.plan.posts.map((plan) => [plan.id, postOf(plan, parts, delay)])),
    cameras: parts.plan.cameras.map((plan) => {
      const { clock, faults, place, misread, process, dice } = parts
      const push = {
        cameraId: plan.id,
        address: plan.id.replace('cam-', '10.0.0.'),
        dialect: 'reads',
        deviceId: plan.id,
      }
      const send = async (message: CameraMessage): Promise<boolean> => (await process()?.push(push, message)) === true
      return new ToyCamera({ clock, plan, faults, place, misread, send, dice: dice.fork(plan.id) })
    }),
  }
}

function postOf(plan: PostPlan, parts: DeviceParts, delay: () => number): ToyPost {
  const { clock, faults, ledger, process, leaves } = parts
  const dice = parts.dice.fork(plan.id)
  const line = (post: ToyPost): ToyLine =>
    new ToyLine({
      clock,
      delay,
      link: () => process()?.links.get(post.id) ?? null,
      arrives: (frame) => post.hear(frame),
      broken: () => post.disconnected(),
      leaves: (action, payload) => leaves(post.id, action, payload),
    })
  const skewed = dice.chance(0.1) && faults.inject('charger-skew')
  const strange = {
    ...(skewed ? { clockSkew_ms: dice.pick([3_600_000, -7_200_000, -90_000]) } : {}),
    // One that forgets its transaction with the connection changes its bill, whoever was to blame for the connection.
    ...(parts.fixed ? { afterLoss: 'resume' as const } : {}),
  }
  const tamper = toyQuirks(clock, faults, dice.fork('quirks'))
  const whole: PostPlan =
    plan.speaks === '1.6'
      ? { ...plan, habits: { ...plan.habits, ...strange } }
      : { ...plan, habits: { ...plan.habits, ...strange } }
  const post = new ToyPost({ clock, plan: whole, dice, faults, ledger, line, tamper })
  post.givesUp = dice.chance(0.3)
  return post
}
