import { DEFAULT_POLICY } from '../../machines/events.ts'
import { isHeld } from '../../machines/lock.ts'
import { pathOf } from '../../machines/step.ts'
import { CONNECTOR, LoneBay, OTHERS, OURS } from './lone-bay.ts'

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

/** A listed vehicle, authorized by its plate, whose start was accepted. */
function authorized(): LoneBay {
  const bay = new LoneBay()
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
  bay.plate(OURS)
  bay.tell({ type: 'claim.granted', handle: OURS.handle, visitId: bay.visitId, rival: null })
  bay.tell({
    type: 'authorization.granted',
    ask: bay.snapshot.context.visit?.asked?.ask,
    handle: OURS.handle,
    accountId: 'acc-1',
    confirm: false,
  })
  bay.tell({ type: 'start.accepted', startId: bay.snapshot.context.visit?.starts[0]?.startId })
  return bay
}

function transact(bay: LoneBay, transaction: Combination['transaction']): void {
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
function cable(bay: LoneBay, word: Combination['cable']): void {
  const now = bay.snapshot.context.connectors[CONNECTOR]?.cable
  if (word === 'in' && now !== 'in') bay.status('finishing')
  if (word === 'out') bay.status('available')
  if (word === 'unknown' && now === 'in') bay.status('available')
}

/** Samples later than a stop's own last ones; those of an orphan carry its id. */
function flow(bay: LoneBay, word: Combination['flow'], transaction: Combination['transaction']): void {
  if (word === 'unknown') return
  bay.pass(20)
  const id = transaction === 'orphaned' || transaction === 'open' ? '7' : null
  for (const current_A of word === 'drawing' ? [6] : [0, 0]) bay.meter(current_A, id)
}

function watch(bay: LoneBay, { camera, flow: drawing, link, transaction }: Combination): void {
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
function mayChangePayer(bay: LoneBay): readonly string[] {
  if (bay.visitId === undefined) return []
  const changes = (tries: (copy: LoneBay) => void): boolean => {
    const copy = bay.copy()
    tries(copy)
    return copy.visitId === bay.visitId && copy.accountId !== bay.accountId
  }
  const card = { kind: 'card', handle: 'card-1', accountId: 'acc-card', standing: 'accepted' }
  const tries: { readonly [who: string]: (copy: LoneBay) => void } = {
    camera: (copy) => {
      copy.plate(OTHERS)
      const visit = copy.snapshot.context.visit
      copy.tell({ type: 'claim.granted', handle: OTHERS.handle, visitId: visit?.visitId, rival: null })
      copy.tell({
        type: 'authorization.granted',
        ask: copy.snapshot.context.visit?.asked?.ask ?? '',
        handle: OTHERS.handle,
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
