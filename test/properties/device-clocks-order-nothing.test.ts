import { expect, test } from 'vitest'
import type { Json } from '../../machines/events.ts'
import type { FactRecord } from '../../machines/record.ts'
import { watchClocks } from '../../simulations/toy-clocks.ts'
import { linked, linkOf, type ToySocket } from '../../simulations/toy-link.ts'
import { ToySite } from '../../simulations/toy-site.ts'
import { fc } from '../seeded-check.ts'

const SECOND = 1_000
const DAY = 86_400_000

/** How far the clocks of the camera and of the charge point are ahead, ms. */
type Shifts = { readonly camera: number; readonly chargePoint: number }

type Move =
  | { readonly type: 'watch'; readonly seconds: number; readonly shows: string | null; readonly late_s: number }
  | { readonly type: 'retained'; readonly shows: string }
  | { readonly type: 'status'; readonly word: string }
  | { readonly type: 'begin'; readonly card: string | null }
  | { readonly type: 'draw'; readonly amps: number; readonly late_s: number }
  | { readonly type: 'end' | 'tap' | 'answer' }
  | { readonly type: 'pass'; readonly seconds: number }

const plate = fc.constantFrom('AB12CDE', 'XY99ZZT', 'QQ11QQQ', null)
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('watch' as const),
      seconds: fc.integer({ min: 1, max: 12 }),
      shows: plate,
      late_s: fc.constantFrom(0, 0, 0, 3, 14, 16, 60),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('retained' as const), shows: fc.constantFrom('AB12CDE', 'XY99ZZT') }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('status' as const),
      word: fc.constantFrom('Preparing', 'Charging', 'SuspendedEV', 'Finishing', 'Available'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('begin' as const),
      card: fc.constantFrom(null, null, 'CARD1', 'STRANGER'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('draw' as const),
      amps: fc.constantFrom(0, 0.15, 6, 16),
      late_s: fc.constantFrom(0, 0, 0, 20, 600),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('end' as const, 'tap' as const, 'answer' as const) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 90 }) }) },
)

/** One bay, its camera and its charge point, whose clocks are shifted; nothing else differs from one run to the next. */
class Shifted {
  readonly site = new ToySite({
    bays: [{ bayId: 'bay-1', connectors: [{ chargePointId: 'CP-1', evse: 1 }] }],
    chargePoints: linked,
  })
  readonly #shifts: Shifts
  #socket: ToySocket | null = null
  #transactionId: number | null = null
  #register_Wh = 1_000
  /** Records before the clocks were learnt. */
  learntAfter = 0

  constructor(shifts: Shifts) {
    this.#shifts = shifts
  }

  /** Clocks are learnt while nothing happens: a camera that sees nobody, a charge point that is free. */
  async open(): Promise<void> {
    const { site } = this
    await site.open()
    watchClocks(site, () => [{ kind: 'charge-point', device: 'CP-1', offset_ms: linkOf(site).behind_ms() }])
    await site.registers('AB12CDE', 'acc-1')
    await site.registers('XY99ZZT', 'acc-2')
    await site.registersCard('CARD1', 'acc-card')
    this.#socket = await linkOf(site).dial()
    await this.#says('BootNotification', { chargePointVendor: 'Toy', chargePointModel: 'T1' })
    for (let second = 0; second < 24; second += 1) {
      await site.camera('cam-1', { capturedAt: site.clock.now() + this.#shifts.camera })
      if (second % 6 === 0) await this.#status('Available')
      await site.pass(SECOND)
      await this.#answer()
    }
    this.learntAfter = site.journal.records.length
  }

  #says = async (action: string, payload: { readonly [key: string]: unknown }) => this.#socket?.says(action, payload)
  #stamp = (late_s = 0): string =>
    new Date(this.site.clock.now() - late_s * SECOND + this.#shifts.chargePoint).toISOString()
  #status = (status: string) =>
    this.#says('StatusNotification', { connectorId: 1, errorCode: 'NoError', status, timestamp: this.#stamp() })

  /** Answers everything that berth asked. */
  async #answer(): Promise<void> {
    for (const call of this.#socket?.sent.splice(0) ?? [])
      await call.answer({ status: 'Accepted', configurationKey: [] })
  }

  async does(move: Move): Promise<void> {
    const { site } = this
    switch (move.type) {
      case 'watch':
        for (let second = 0; second < move.seconds; second += 1) {
          await this.#picture(move.shows, site.clock.now() - move.late_s * SECOND, false)
          await site.pass(SECOND)
        }
        return
      case 'retained':
        return this.#picture(move.shows, site.clock.now(), true)
      case 'status':
        return void (await this.#status(move.word))
      case 'begin':
        return this.#begins(move.card ?? String(site.starts().at(-1)?.idToken ?? 'NONE'))
      case 'draw':
        return this.#draws(move.amps, move.late_s)
      case 'end':
        return this.#ends()
      case 'tap':
        return void (await this.#says('Authorize', { idTag: 'CARD1' }))
      case 'answer':
        return this.#answer()
      case 'pass':
        return site.pass(move.seconds * SECOND)
    }
  }

  #picture = (shows: string | null, takenAt: number, retained: boolean): Promise<void> =>
    this.site.camera('cam-1', {
      plates: shows === null ? [] : [{ bayId: 'bay-1', plate: shows }],
      occupied: shows === null ? [] : ['bay-1'],
      capturedAt: takenAt + this.#shifts.camera,
      retained,
    })

  async #begins(idTag: string): Promise<void> {
    const answer = await this.#says('StartTransaction', {
      connectorId: 1,
      idTag,
      meterStart: this.#register_Wh,
      timestamp: this.#stamp(),
    })
    if (answer?.kind === 'result')
      this.#transactionId = Number((answer.payload as { transactionId: number }).transactionId)
  }

  async #draws(amps: number, late_s: number): Promise<void> {
    this.#register_Wh += Math.round(amps * 10)
    const sampledValue = [
      { value: String(amps), measurand: 'Current.Import', unit: 'A' },
      { value: String(this.#register_Wh), measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
    ]
    const transactionId = this.#transactionId === null ? {} : { transactionId: this.#transactionId }
    await this.#says('MeterValues', {
      connectorId: 1,
      ...transactionId,
      meterValue: [{ timestamp: this.#stamp(late_s), sampledValue }],
    })
  }

  async #ends(): Promise<void> {
    if (this.#transactionId === null) return
    await this.#says('StopTransaction', {
      transactionId: this.#transactionId,
      meterStop: this.#register_Wh,
      timestamp: this.#stamp(),
    })
    this.#transactionId = null
  }

  /** Everything decided and ordered since the clocks are learnt, and when; without what the devices claimed of the time. */
  decided(): Json {
    const since = this.site.journal.records
      .slice(this.learntAfter)
      .filter(({ cause }) => !cause.type.startsWith('clock.'))
    return JSON.parse(
      JSON.stringify([since.map(withoutDeviceTimes), this.site.orders.map(({ after, ...order }) => order)]),
    )
  }
}

/** Of a transaction, its begin and its end are told in the charge point's own time; `key` is the mark of a StartTransaction, time included. */
const CLAIMED = ['happenedAt', 'startedAt', 'endedAt', 'key']

function withoutDeviceTimes({
  stream,
  at,
  rule,
  decisions,
  guards,
  effects,
  timers,
  state,
  detail,
  cause,
}: FactRecord) {
  const told = { cause, decisions }
  const bare = JSON.parse(JSON.stringify(told, (name, value) => (CLAIMED.includes(name) ? undefined : value))) as Json
  return { stream, at, rule, guards, effects, timers, state, detail, told: bare }
}

async function run(moves: readonly Move[], shifts: Shifts): Promise<Shifted> {
  const shifted = new Shifted(shifts)
  await shifted.open()
  for (const one of moves) await shifted.does(one)
  await shifted.site.pass(400 * SECOND)
  return shifted
}

const shift = fc.oneof(
  fc.integer({ min: -20_000, max: 20_000 }),
  fc.integer({ min: -DAY, max: DAY }),
  fc.constantFrom(-3_600_000, 3_600_000, 40 * 365 * DAY, -20 * 365 * DAY),
)

test('shifting every device’s clock by any constant changes no decision, no order and no moment of any: only the times that devices claim', async () => {
  let charged = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(move, { minLength: 5, maxLength: 40 }),
      fc.record({ camera: shift, chargePoint: shift }),
      async (moves, shifts) => {
        const right = await run(moves, { camera: 0, chargePoint: 0 })
        const wrong = await run(moves, shifts)
        expect(wrong.decided()).toEqual(right.decided())
        charged += right.site.journal.records.some(({ decisions }) =>
          decisions.some(({ type }) => type === 'BayLocked'),
        )
          ? 1
          : 0
      },
    ),
    { numRuns: Number(process.env['CLOCK_RUNS'] ?? 60) },
  )
  // Runs in which nothing is decided would prove nothing.
  expect(charged).toBeGreaterThan(5)
}, 120_000)
