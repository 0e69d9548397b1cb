import { DEFAULT_POLICY, type Observation } from '../../machines/events.ts'
import type { BayEvent } from '../../machines/learn.ts'
import { isHeld } from '../../machines/lock.ts'
import { applyTimers, type BaySnapshot, opened, pathOf, step } from '../../machines/step.ts'

/** The five things a bay's lock is made of, as the page names them. */
export const TRANSACTIONS = ['none', 'open', 'ended', 'dead', 'orphaned'] as const
export const CABLES = ['in', 'out', 'unknown'] as const
export const FLOWS = ['drawing', 'not drawing', 'unknown'] as const
export const LINKS = ['online', 'offline'] as const
export const CAMERAS = ['occupied', 'empty for exitGrace_s', 'empty for absence_s', 'lost for absence_s'] as const

type Combination = {
  readonly transaction: (typeof TRANSACTIONS)[number]
  readonly cable: (typeof CABLES)[number]
  readonly flow: (typeof FLOWS)[number]
  readonly link: (typeof LINKS)[number]
  readonly camera: (typeof CAMERAS)[number]
}

/** One line of the table: what the production machine made of it. `payer` names who may still change who pays for this visit. */
export type LockRow = Combination & {
  readonly state: string
  readonly locked: boolean
  readonly payer: readonly string[]
  /** Nobody pays yet: then a camera may still name the vehicle. */
  readonly undecided: boolean
  /** What the machine really knows where the observations cannot make it know the combination: nothing is told in that case. */
  readonly reached: boolean
}

const CONNECTOR = 'CP-1/1'
const ours = { handle: 'veh-1', witnesses: 3, share: 1, plausible: true, chance: null }
const other = { ...ours, handle: 'veh-2' }

/** One bay alone: tells it observations at a moving time and fires its timers in between, as the site does. */
class Alone {
  snapshot: BaySnapshot = opened('bay-1')
  at = Date.parse('2026-11-22T10:00:00.000Z')
  readonly #timers = new Map<string, number>()

  tell(told: { readonly type: string; readonly [field: string]: unknown }): void {
    this.pass(0.1)
    this.#step({ id: `o-${this.snapshot.context.version + 1}`, source: 'table', ...told } as unknown as Observation)
  }

  #step(told: Observation | { type: string; id: string; source: string }): void {
    const { snapshot, draft } = step(this.snapshot, {
      ...told,
      at: this.at,
      version: this.snapshot.context.version + 1,
    } as BayEvent)
    this.snapshot = snapshot
    applyTimers(this.#timers, draft)
  }

  /** Seconds go by; timers fire when they are due. */
  pass(seconds: number): void {
    const until = this.at + seconds * 1000
    for (;;) {
      const [next] = [...this.#timers].filter(([, due]) => due <= until).sort(([, a], [, b]) => a - b)
      if (!next) break
      this.at = Math.max(this.at, next[1])
      this.#step({ type: next[0], id: 'timer', source: 'timer' })
    }
    this.at = until
  }

  copy(): Alone {
    const twin = new Alone()
    twin.snapshot = this.snapshot
    twin.at = this.at
    for (const [id, due] of this.#timers) twin.#timers.set(id, due)
    return twin
  }

  get visitId(): string | undefined {
    return this.snapshot.context.visit?.visitId
  }
  get accountId(): string | null {
    return this.snapshot.context.visit?.payer?.accountId ?? null
  }
  status = (status: string) => this.tell({ type: 'connector.status', connector: CONNECTOR, status, errorCode: null })
  meter = (current_A: number, transactionId: string | null) =>
    this.tell({
      type: 'meter.values',
      connector: CONNECTOR,
      transactionId,
      when: 'live',
      current_A,
      power_W: null,
      register_Wh: null,
      verdict: 'valid',
      max_A: null,
      thinned: 0,
    })
  plate = (leader: typeof ours) =>
    this.tell({
      type: 'plate.agreed',
      cameraId: 'cam-1',
      trackId: 't',
      leader: leader.handle,
      tally: [leader],
      clear: true,
      fresh: true,
      windowFrom: this.at,
      thinned: 0,
    })
}

/** A listed vehicle, authorized by its plate, whose start was accepted. */
function authorized(): Alone {
  const bay = new Alone()
  bay.tell({ type: 'policy.adopted', policy: DEFAULT_POLICY })
  bay.tell({
    type: 'profile.adopted',
    connectors: [
      { connector: CONNECTOR, chargePointId: 'CP-1', evse: 1, connectionTimeout_s: 60, startOn: 'validation' },
    ],
  })
  bay.tell({ type: 'zones.published', cameras: ['cam-1'] })
  bay.tell({ type: 'charger.online', chargePointId: 'CP-1' })
  bay.tell({ type: 'vehicle.seen', cameraId: 'cam-1' })
  bay.plate(ours)
  bay.tell({ type: 'claim.granted', handle: ours.handle, visitId: bay.visitId, rival: null })
  bay.tell({
    type: 'authorization.granted',
    ask: bay.snapshot.context.visit?.asked?.ask,
    handle: ours.handle,
    accountId: 'acc-1',
    confirm: false,
  })
  bay.tell({ type: 'start.accepted', startId: bay.snapshot.context.visit?.starts[0]?.startId })
  return bay
}

function transact(bay: Alone, transaction: Combination['transaction']): void {
  if (transaction === 'none') return
  const visitId = bay.visitId
  const startId = bay.snapshot.context.visit?.starts[0]?.startId
  bay.tell({
    type: 'transaction.started',
    connector: CONNECTOR,
    transactionId: '7',
    token: { kind: 'start', startId, visitId, live: true },
    register_Wh: 1000,
    accepted: true,
  })
  if (transaction === 'ended')
    bay.tell({
      type: 'transaction.ended',
      connector: CONNECTOR,
      transactionId: '7',
      register_Wh: 1600,
      reason: 'Local',
    })
  if (transaction === 'dead')
    bay.tell({ type: 'transaction.updated', connector: CONNECTOR, transactionId: '7', ongoing: false })
  if (transaction !== 'orphaned') return
  bay.tell({ type: 'charger.offline', chargePointId: 'CP-1' })
  bay.tell({ type: 'zone.empty', cameraId: 'cam-1' })
  bay.pass(DEFAULT_POLICY.absence_s + 1)
  bay.tell({ type: 'charger.online', chargePointId: 'CP-1' })
  bay.tell({ type: 'vehicle.seen', cameraId: 'cam-1' })
}

/** Status words that say so of the cable; an open transaction never lets `Available` say more than that nothing is known. */
function cable(bay: Alone, word: Combination['cable']): void {
  const now = bay.snapshot.context.connectors[CONNECTOR]?.cable
  if (word === 'in' && now !== 'in') bay.status('finishing')
  if (word === 'out') bay.status('available')
  if (word === 'unknown' && now === 'in') bay.status('available')
}

/** Samples later than a stop's own last ones; those of an orphan carry its id. */
function flow(bay: Alone, word: Combination['flow'], transaction: Combination['transaction']): void {
  if (word === 'unknown') return
  bay.pass(20)
  const id = transaction === 'orphaned' || transaction === 'open' ? '7' : null
  for (const current_A of word === 'drawing' ? [6] : [0, 0]) bay.meter(current_A, id)
}

function watch(bay: Alone, { camera, flow: drawing, link, transaction }: Combination): void {
  const id = transaction === 'orphaned' || transaction === 'open' ? '7' : null
  bay.tell(
    camera === 'occupied'
      ? { type: 'vehicle.seen', cameraId: 'cam-1' }
      : { type: camera.startsWith('empty') ? 'zone.empty' : 'camera.lost', cameraId: 'cam-1' },
  )
  if (link === 'offline') bay.tell({ type: 'charger.offline', chargePointId: 'CP-1' })
  const seconds =
    camera === 'occupied'
      ? 1
      : camera === 'empty for exitGrace_s'
        ? DEFAULT_POLICY.exitGrace_s + 1
        : DEFAULT_POLICY.absence_s + 61
  for (let passed = 0; passed < seconds; passed += 60) {
    bay.pass(Math.min(60, seconds - passed))
    if (drawing === 'drawing' && link === 'online' && passed + 60 < seconds) bay.meter(6, id)
  }
}

/** Who may still change who pays for the visit that is there: each is tried on a copy. */
function mayChangePayer(bay: Alone): readonly string[] {
  if (bay.visitId === undefined) return []
  const changes = (tries: (copy: Alone) => void): boolean => {
    const copy = bay.copy()
    tries(copy)
    return copy.visitId === bay.visitId && copy.accountId !== bay.accountId
  }
  const card = { kind: 'card', handle: 'card-1', accountId: 'acc-card', standing: 'accepted' }
  const tries: { readonly [who: string]: (copy: Alone) => void } = {
    camera: (copy) => {
      copy.plate(other)
      const visit = copy.snapshot.context.visit
      copy.tell({ type: 'claim.granted', handle: other.handle, visitId: visit?.visitId, rival: null })
      copy.tell({
        type: 'authorization.granted',
        ask: copy.snapshot.context.visit?.asked?.ask ?? '',
        handle: other.handle,
        accountId: 'acc-2',
        confirm: false,
      })
    },
    card: (copy) => copy.tell({ type: 'token.presented', chargePointId: 'CP-1', token: card }),
    person: (copy) => copy.tell({ type: 'operator.commanded', command: 'authorize', by: 'op', accountId: 'acc-3' }),
  }
  return Object.entries(tries).flatMap(([who, tried]) => (changes(tried) ? [who] : []))
}

/** Builds one combination by telling the machine what makes it so. */
export function lockRow(combination: Combination): LockRow {
  const bay = authorized()
  transact(bay, combination.transaction)
  cable(bay, combination.cable)
  flow(bay, combination.flow, combination.transaction)
  const knows = bay.snapshot.context.connectors[CONNECTOR]
  const reached = knows?.cable === combination.cable && knows.flow.drawing === (combination.flow === 'drawing')
  watch(bay, combination)
  const { state, detail } = pathOf(bay.snapshot.value)
  const payer = mayChangePayer(bay)
  return {
    ...combination,
    state: state === detail ? state : `${state}.${detail}`,
    locked: isHeld(bay.snapshot.context),
    payer,
    undecided: bay.accountId === null,
    reached,
  }
}

/** Every combination, in the order of the page. */
export const lockRows = (): LockRow[] =>
  TRANSACTIONS.flatMap((transaction) =>
    CABLES.flatMap((word) =>
      FLOWS.flatMap((flows) =>
        LINKS.flatMap((link) =>
          CAMERAS.map((camera) => lockRow({ transaction, cable: word, flow: flows, link, camera })),
        ),
      ),
    ),
  )

const MEANS: { readonly [transaction in (typeof TRANSACTIONS)[number]]: string } = {
  none: 'The vehicle is authorized by its plate and its start is accepted; no transaction came.',
  open: 'The visit’s own transaction is open.',
  ended: 'The charge point has ended the transaction.',
  dead: 'The charge point, asked, says that the transaction is not ongoing.',
  orphaned:
    'Link down and the zone seen empty for `absence_s`: the visit ended, its transaction was left open at the charge point. Then the link came back and a vehicle was seen.',
}

const cell = ({ state, locked, payer, undecided }: LockRow): string =>
  `${state}<br>${locked ? '**locked**' : 'not locked'}; ${state === 'vacant' ? 'no visit' : payer.length === 0 ? 'payer fixed' : `${undecided ? 'nobody pays yet' : 'payer'}: ${payer.join(', ')}`}`

/** The page that auditors read, as Markdown. */
export function lockPage(rows: readonly LockRow[]): string {
  const sections = TRANSACTIONS.map((transaction) => {
    const lines = CABLES.flatMap((word) =>
      FLOWS.flatMap((flows) =>
        LINKS.flatMap((link) => {
          const cells = CAMERAS.map((camera) =>
            rows.find(
              (row) =>
                row.transaction === transaction &&
                row.cable === word &&
                row.flow === flows &&
                row.link === link &&
                row.camera === camera,
            ),
          )
          return cells.every((row) => row?.reached)
            ? [`| ${word} | ${flows} | ${link} | ${cells.map((row) => (row ? cell(row) : '')).join(' | ')} |`]
            : []
        }),
      ),
    )
    return `## Transaction ${transaction}\n\n${MEANS[transaction]}\n\n| cable | flow | link | ${CAMERAS.map((camera) => `camera: ${camera}`).join(' | ')} |\n| ${'--- | '.repeat(3 + CAMERAS.length).trim()}\n${lines.join('\n')}\n`
  })
  return `# The lock, case by case

Generated from the production machine by \`test/scenarios/lock-table.ts\` and compared with it in every test run; do not edit it by hand (\`npx vitest run --dir test test/scenarios/lock-table.test.ts -u\` writes it anew).

Each case is built by telling a bay what makes it so: a listed vehicle, authorized by its plate, then transaction, cable, flow, camera and link. A cell says where the bay stands then, whether it is locked, and who may still change who pays for the visit: a **camera** that agrees on another plate, a **card** held before the charge point, a **person** who authorizes somebody else. Where nobody pays yet, it says who may name a payer. Combinations that no charge point can make true (a drawing connector whose cable is out under an open transaction, say) have no line. Where the flow draws and the link is up, samples go on while the camera's time passes.

${sections.join('\n')}`
}
