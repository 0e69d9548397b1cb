import type { CommandType } from '../../machines/events.ts'
import { type Move, tell } from './bay-move.ts'

const twoConnectors = tell({
  type: 'profile.adopted',
  connectors: [1, 2].map((evse) => ({
    connector: `CP-1/${evse}`,
    chargePointId: 'CP-1',
    evse,
    connectionTimeout_s: 60,
    startOn: 'validation',
  })),
})
const agreed: Move = {
  kind: 'plate',
  age_ms: 0,
  news: {
    type: 'plate.agreed',
    cameraId: 'cam-1',
    trackId: 't',
    leader: 'veh-a',
    tally: [{ handle: 'veh-a', witnesses: 3, share: 1, plausible: true, chance: null }],
    clear: true,
    fresh: true,
    thinned: 0,
  } as { type: string },
}
const empty = tell({ type: 'zone.empty', cameraId: 'cam-1' })
const yes: Move = { kind: 'answer', yes: true }
const draws16: Move = { kind: 'meter', which: 'open', evse: 1, current_A: 16, drew_Wh: 100, past: false }
/** A plate is agreed, starts at the first connector, draws, and its charge point goes dark before an empty zone. */
const darkWhileDrawing: readonly Move[] = [
  twoConnectors,
  tell({ type: 'charger.online', chargePointId: 'CP-1' }),
  agreed,
  yes,
  yes,
  yes,
  { kind: 'status', evse: 1, status: 'preparing' },
  { kind: 'start', by: 'live-start', evse: 1, first_Wh: 1000 },
  draws16,
  tell({ type: 'charger.offline', chargePointId: 'CP-1' }),
  empty,
]

const command = (command: CommandType, handle: string | null, accountId: string | null): Move => ({
  kind: 'command',
  command,
  handle,
  accountId,
  level: 'act',
})

/** Tales that once broke a law, as short as chance could make them: each is told to all laws of the bay, and to every mutant. */
export const TALES: readonly (readonly [promise: string, moves: readonly Move[]])[] = [
  [
    'a charge over an empty zone that ends long after keeps no bay until its overstay',
    [
      { kind: 'start', by: 'live-start', evse: 1, first_Wh: 0 },
      empty,
      { kind: 'pass', ms: 310_000 },
      { kind: 'status', evse: 1, status: 'charging' },
      { kind: 'update', which: 'open', evse: 1, ongoing: false },
    ],
  ],
  [
    'a flow over an empty zone that ends has its way out still to come',
    [
      empty,
      { kind: 'pass', ms: 130_000 },
      { kind: 'meter', which: 'open', evse: 1, current_A: 0.3, drew_Wh: 0, past: false },
      { kind: 'status', evse: 1, status: 'available' },
      tell({
        type: 'authorization.granted',
        ask: 'ask-bay-1-0',
        handle: 'veh-b',
        accountId: 'acc-veh-b',
        confirm: false,
      }),
    ],
  ],
  [
    'what the second connector says puts the first one online too',
    [...darkWhileDrawing, { kind: 'status', evse: 2, status: 'available' }, { kind: 'pass', ms: 310_000 }],
  ],
  [
    'a plate that a person named is not claimed after the person’s no, whatever a camera reads',
    [
      tell({ type: 'vehicle.seen', cameraId: 'cam-1' }),
      command('authorize', null, 'acc-op'),
      command('correct-plate', 'veh-c', null),
      command('deny', null, null),
      agreed,
    ],
  ],
  [
    'a charge that comes back beside another is its own payer’s',
    [
      ...darkWhileDrawing,
      { kind: 'pass', ms: 310_000 },
      { kind: 'start', by: 'card-b', evse: 2, first_Wh: 0 },
      { kind: 'meter', which: 'old', evse: 1, current_A: 16, drew_Wh: 0, past: false },
    ],
  ],
]
