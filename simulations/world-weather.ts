import type { ToyCamera } from './toy-camera.ts'
import type { Place } from './toy-driver.ts'
import type { ToyForger } from './toy-forger.ts'
import type { ToyPost } from './toy-post.ts'
import type { Dice } from './world-chance.ts'
import type { WorldClock } from './world-clock.ts'
import type { FaultKind, Faults } from './world-faults.ts'
import type { Machine } from './world-machine.ts'

/** What bad weather can reach. */
export type WeatherOptions = {
  readonly clock: WorldClock
  readonly dice: Dice
  readonly faults: Faults
  readonly posts: readonly ToyPost[]
  readonly cameras: readonly ToyCamera[]
  readonly places: readonly Place[]
  readonly network: { slowUntil: number }
  readonly machine: Machine
  readonly forger: ToyForger
  /** New faults still begin. */
  readonly blows: () => boolean
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

type Storm = { readonly kind: FaultKind; readonly every_ms: number; readonly strike: (dice: Dice) => void }

/** Starts everything that goes wrong by itself, each kind at its own pace and with its own dice. */
export function brewWeather(options: WeatherOptions): void {
  const { clock, faults, blows } = options
  for (const { kind, every_ms, strike } of storms(options)) {
    const dice = options.dice.fork(kind)
    const next = (): void =>
      void clock.after(dice.gap(every_ms), () => {
        if (!blows()) return
        if (faults.inject(kind)) strike(dice)
        next()
      })
    next()
  }
}

function storms(options: WeatherOptions): Storm[] {
  return [...ofCameras(options), ...ofPosts(options), ...ofBerth(options)]
}

function ofCameras({ clock, cameras, places, forger }: WeatherOptions): Storm[] {
  const later = (dice: Dice, least: number, most: number): number => clock.now() + dice.between(least, most) * MINUTE
  const one = (dice: Dice): ToyCamera => dice.pick(cameras)
  return cameras.length === 0
    ? []
    : [
        {
          kind: 'camera-lost',
          every_ms: 5 * HOUR,
          strike: (dice) => {
            one(dice).lostUntil = later(dice, 3, 25)
          },
        },
        {
          kind: 'late-message',
          every_ms: 6 * HOUR,
          strike: (dice) => {
            one(dice).heldUntil = later(dice, 1, 8)
          },
        },
        {
          kind: 'camera-skew',
          every_ms: 8 * HOUR,
          strike: (dice) => {
            const camera = one(dice)
            camera.skew_ms = dice.pick([-3 * HOUR, HOUR, 40_000, -20_000])
            clock.after(dice.between(20, 90) * MINUTE, () => {
              camera.skew_ms = 0
            })
          },
        },
        {
          kind: 'occlusion',
          every_ms: 1.5 * HOUR,
          strike: (dice) => {
            dice.pick(places).hiddenUntil = later(dice, 1, 12)
          },
        },
        {
          kind: 'phantom-vehicle',
          every_ms: 3 * HOUR,
          strike: (dice) => {
            dice.pick(places).ghostUntil = later(dice, 1, 9)
          },
        },
        { kind: 'forged-push', every_ms: 3 * HOUR, strike: (dice) => forger.strike(dice) },
      ]
}

function ofPosts({ clock, posts, network }: WeatherOptions): Storm[] {
  const one = (dice: Dice): ToyPost => dice.pick(posts)
  const busy = (dice: Dice): ToyPost => {
    const running = posts.filter((post) => post.body.connectors.some((connector) => connector.transaction !== null))
    return running.length > 0 ? dice.pick(running) : dice.pick(posts)
  }
  return [
    {
      kind: 'delay',
      every_ms: 3 * HOUR,
      strike: (dice) => {
        network.slowUntil = clock.now() + dice.between(1, 10) * MINUTE
      },
    },
    { kind: 'connection-reset', every_ms: 1.5 * HOUR, strike: (dice) => one(dice).drop(dice.between(0, 2_000)) },
    {
      kind: 'offline-queue',
      every_ms: HOUR,
      strike: (dice) =>
        dice.chance(0.5)
          ? busy(dice).drop(dice.between(1, 40) * MINUTE)
          : one(dice).drop(dice.between(0.3, 4) * MINUTE),
    },
    {
      kind: 'partition',
      every_ms: 2.5 * HOUR,
      strike: (dice) => {
        const post = one(dice)
        const for_ms = dice.between(10_000, 240_000)
        post.line.partitionedUntil = clock.now() + for_ms
        // Pings find out after a while, on both sides.
        clock.after(Math.min(for_ms, 60_000), () => {
          post.line.lost()
        })
      },
    },
    { kind: 'second-socket', every_ms: 5 * HOUR, strike: (dice) => one(dice).reconnect() },
    {
      kind: 'silent',
      every_ms: 3 * HOUR,
      strike: (dice) => {
        const post = one(dice)
        post.tell({ type: 'silence', silent: true })
        clock.after(dice.between(20_000, 400_000), () => post.tell({ type: 'silence', silent: false }))
      },
    },
    {
      kind: 'slow-answers',
      every_ms: 3 * HOUR,
      strike: (dice) => {
        one(dice).slowUntil = clock.now() + dice.between(2, 30) * MINUTE
      },
    },
    { kind: 'reboot', every_ms: 3 * HOUR, strike: (dice) => busy(dice).reboot() },
    {
      kind: 'power-cut',
      every_ms: 4 * HOUR,
      strike: (dice) => busy(dice).losePower(dice.between(1, 20) * MINUTE, dice.chance(0.7)),
    },
    { kind: 'orphan', every_ms: 4 * HOUR, strike: (dice) => busy(dice).forget() },
    {
      kind: 'lying-current',
      every_ms: 3 * HOUR,
      strike: (dice) => {
        one(dice).lies = {
          mode: dice.pick(['zero', 'frozen', 'noise'] as const),
          until: clock.now() + dice.between(10, 90) * MINUTE,
          last: '',
        }
      },
    },
  ]
}

/** What berth asks and waits for: the worst moments to lose an answer. */
const QUESTIONS = [
  'ask.second-reader',
  'ask.second-reader',
  'ask.authorizer',
  'claim.plate',
  'start.charging',
  'stop.charging',
]

function ofBerth({ machine }: WeatherOptions): Storm[] {
  return [
    {
      kind: 'append-fails',
      every_ms: 1.2 * HOUR,
      strike: (dice) => {
        const for_ms = dice.chance(0.7) ? dice.between(100, 4_000) : dice.between(4_000, 90_000)
        if (dice.chance(0.5)) machine.failFor(for_ms)
        else machine.onceAsked(dice.pick(QUESTIONS), () => machine.failFor(for_ms))
      },
    },
    {
      kind: 'slow-disk',
      every_ms: 3 * HOUR,
      strike: (dice) => machine.slowFor(dice.between(1, 5) * MINUTE, dice.between(200, 4_000)),
    },
    {
      kind: 'process-killed',
      every_ms: 6 * HOUR,
      strike: (dice) => {
        const [more, durable] = [dice.whole(1, 12), dice.chance(0.5)]
        if (dice.chance(0.5)) machine.killIn(more, durable)
        else machine.onceAsked(dice.pick(QUESTIONS), () => machine.killIn(1, durable))
      },
    },
    {
      kind: 'clock-back',
      every_ms: 11 * HOUR,
      strike: (dice) => machine.stepBack(dice.between(6_000, 200_000), dice.between(1, 10) * MINUTE),
    },
  ]
}
