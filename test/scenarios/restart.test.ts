import { expect, test } from 'vitest'
import { replaysTheSame } from '../../simulations/rereading.ts'
import { ONE_BAY } from '../../simulations/toy-scene.ts'
import { ToySite } from '../../simulations/toy-site.ts'

/** Seconds at which the world does things, whoever listens. */
type Plan = {
  readonly name: string
  readonly arrives: number
  readonly plugs: number
  readonly stops: number
  readonly leaves: number
  readonly card?: string
  readonly plate: string | null
  /** Seconds until berth is back; the world goes on meanwhile. */
  readonly down: number
}
const END_s = 150
const PLANS: readonly Plan[] = [
  { name: 'plate, then plug', plate: 'AB12CDE', arrives: 1, plugs: 5, stops: 25, leaves: 28, down: 0 },
  { name: 'plug, then plate', plate: 'AB12CDE', arrives: 3, plugs: 1, stops: 25, leaves: 28, down: 0 },
  { name: 'card after no plate', plate: null, arrives: 1, plugs: 12, stops: 30, leaves: 33, card: 'CARD1', down: 0 },
  { name: 'plate, then plug, down for 15 s', plate: 'AB12CDE', arrives: 1, plugs: 5, stops: 35, leaves: 38, down: 15 },
]

type Heard = Parameters<ToySite['hear']>[0]

/**
 * A car and a charge point that outlive every process of berth: messages that were not answered are sent again in their order, status
 * is told anew to each new process, and a start is tried once however often it comes.
 */
class World {
  readonly plan: Plan
  site: ToySite
  #second = 0
  #told: ToySite | null = null
  #register_Wh = 1000
  #taken = 0
  #tokens: string[] = []
  #transaction: { idToken: string; id: string | null; startedAt: number } | null = null
  #done = false
  #queue: {
    readonly message: () => Heard
    readonly answered: (answer: { status: string; transactionId: string | null }) => void
  }[] = []
  crashes = 0

  constructor(plan: Plan, site: ToySite) {
    this.plan = plan
    this.site = site
  }

  get #plugged(): boolean {
    return this.#second >= this.plan.plugs && this.#second < this.plan.leaves - 1
  }

  get #status(): string {
    if (!this.#plugged) return 'Available'
    return this.#transaction ? 'Charging' : this.#done ? 'Finishing' : 'Preparing'
  }

  async run(): Promise<void> {
    while (this.#second < END_s) {
      this.#second += 1
      const before = this.#status
      this.#decide()
      await this.#says()
      if (this.site.journal.dead) await this.#restart()
      else {
        if (
          this.#status !== before ||
          this.#told !== this.site ||
          this.#second === this.plan.plugs ||
          this.#second === this.plan.leaves - 1
        )
          await this.#greet()
        await this.#see()
      }
      await this.site.pass(1000)
      if (this.site.journal.dead) await this.#restart()
    }
  }

  async #restart(): Promise<void> {
    this.crashes += 1
    for (let second = 0; second < this.plan.down; second += 1) {
      await this.site.pass(1000)
      this.#second += 1
      this.#decide()
    }
    this.site = await this.site.crash()
  }

  async #greet(): Promise<void> {
    if (this.#told !== this.site) await this.site.hear({ type: 'online', chargePointId: 'CP-1' })
    await this.site.hear({
      type: 'status',
      chargePointId: 'CP-1',
      evse: 1,
      status: this.#status,
      errorCode: null,
      happenedAt: null,
    })
    this.#told = this.site
  }

  async #see(): Promise<void> {
    const here = this.#second >= this.plan.arrives && this.#second < this.plan.leaves
    const plates = here && this.plan.plate !== null ? [{ bayId: 'bay-1', plate: this.plan.plate }] : []
    await this.site.camera('cam-1', { plates, occupied: here ? ['bay-1'] : [] })
  }

  /** What the charge point does this second; what it says of it waits until somebody listens. */
  #decide(): void {
    const { card, plugs, stops } = this.plan
    for (const { idToken } of this.site.starts().slice(this.#taken))
      if (idToken && !this.#tokens.includes(idToken)) this.#tokens.push(idToken)
    this.#taken = this.site.starts().length
    const token = card ?? this.#tokens[0]
    if (
      this.#plugged &&
      token &&
      !this.#transaction &&
      !this.#done &&
      this.#second >= plugs + 1 &&
      this.#second < stops
    )
      this.#begin(token)
    if (this.#transaction && this.#second >= stops && !this.#done) this.#end()
  }

  async #says(): Promise<void> {
    while (this.#queue[0] && !this.site.journal.dead) {
      const answer = await this.site.hear(this.#queue[0].message())
      if (answer.status === 'unanswered') return
      this.#queue.shift()?.answered(answer)
    }
    if (this.#transaction?.id && this.#second % 10 === 0) {
      this.#register_Wh += 50
      const sample = {
        happenedAt: this.site.clock.now(),
        when: 'live' as const,
        current_A: 6,
        power_W: 1400,
        register_Wh: this.#register_Wh,
        verdict: 'valid' as const,
      }
      await this.site.hear({
        type: 'meter',
        chargePointId: 'CP-1',
        evse: 1,
        transactionId: this.#transaction.id,
        samples: [sample],
      })
    }
  }

  #begin(idToken: string): void {
    const transaction = { idToken, id: null as string | null, startedAt: this.site.clock.now() }
    this.#transaction = transaction
    this.#queue.push({
      message: () => ({
        type: 'started',
        chargePointId: 'CP-1',
        evse: 1,
        idToken,
        register_Wh: 1000,
        happenedAt: transaction.startedAt,
      }),
      answered: ({ status, transactionId }) => {
        transaction.id = transactionId
        expect(status).toBe('accepted')
      },
    })
  }

  #end(): void {
    const transaction = this.#transaction
    const happenedAt = this.site.clock.now()
    this.#done = true
    this.#queue.push({
      message: () => ({
        type: 'ended',
        chargePointId: 'CP-1',
        transactionId: String(transaction?.id),
        idToken: null,
        register_Wh: 1600,
        reason: 'Local',
        happenedAt,
        samples: [],
      }),
      answered: () => {
        this.#transaction = null
      },
    })
  }
}

async function world(plan: Plan): Promise<World> {
  const site = await new ToySite(ONE_BAY).open()
  await site.registers('AB12CDE', 'acc-1')
  await site.registersCard('CARD1', 'acc-1')
  return new World(plan, site)
}

function asPromised({ site, plan }: World): void {
  expect(site.state('bay-1')).toBe('vacant')
  expect(site.decisions('bay-1', 'SessionBilled')).toMatchObject([
    { accountId: 'acc-1', energy_Wh: 600, disputed: null, identifiedBy: plan.card ? 'card' : 'plate' },
  ])
  expect(site.decisions('bay-1', 'VisitOpened')).toHaveLength(1)
  expect(site.decisions('bay-1', 'TransactionOpened')).toHaveLength(1)
  expect(new Set(site.decisions('bay-1', 'BayLocked').map((decision) => decision['accountId']))).toEqual(
    new Set(['acc-1']),
  )
  const starts = site.starts().map((start) => start.idToken)
  expect(new Set(starts).size).toBe(plan.card ? 0 : 1)
  const again = site
    .decisions('bay-1', 'StartRequested')
    .filter((decision) => decision['reason'] === 'after-restart').length
  expect(starts.length).toBeLessThanOrEqual((plan.card ? 0 : 1) + again)
  expect([...site.alarms.keys()]).toEqual([])
}

for (const plan of PLANS)
  test(`a crash at any record of a visit (${plan.name}) changes no payer and no bill, sends no start twice, and leaves no bay stuck`, async () => {
    const calm = await world(plan)
    const before = calm.site.journal.appends
    await calm.run()
    asPromised(calm)
    const appends = calm.site.journal.appends - before
    expect(appends).toBeGreaterThan(10)
    for (let crash = 1; crash <= appends; crash += 1)
      for (const durable of [false, true]) {
        const one = await world(plan)
        one.site.journal.dies = { atAppend: before + crash, durable }
        await one.run()
        const where = `crash in append ${crash} of ${appends}, records ${durable ? 'durable' : 'lost'}`
        expect(one.crashes, where).toBe(1)
        try {
          asPromised(one)
          await replaysTheSame(one.site)
        } catch (error) {
          const story = one.site.journal.records
            .filter((record) => record.bayId !== null)
            .map(
              (record) =>
                `${record.at.slice(14, 23)} ${record.cause.type} -${record.rule}-> ${record.state}.${record.detail} ${record.decisions.map((decision) => decision.type)}`,
            )
          throw new Error(`${where}\n${story.join('\n')}`, { cause: error })
        }
      }
  }, 180_000)
