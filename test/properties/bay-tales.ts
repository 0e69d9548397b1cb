import type { CommandType } from '../../machines/events.ts'
import {
  ASKING,
  agreedOn,
  CHARGING,
  CORRECTED,
  draws,
  empty,
  IN_REVIEW,
  is,
  OFFLINE_AND_EMPTY,
  offline,
  online,
  SECOND_CONNECTOR,
  SENT_AGAIN,
  STILL_PLUGGED,
  SWITCHED_OFF_AMID,
  yes,
} from './bay-beginnings.ts'
import { type Move, tell } from './bay-move.ts'
import { lateAnswer } from './bay-moves.ts'

const command = (command: CommandType, handle: string | null, accountId: string | null): Move => ({
  kind: 'command',
  command,
  handle,
  accountId,
  level: 'act',
})

/**
 * Tales that once broke a law, as short as chance could make them, and those that chance tells too seldom: each is told to all laws of
 * the bay, and to every mutant.
 */
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
    [
      SECOND_CONNECTOR,
      ...OFFLINE_AND_EMPTY,
      { kind: 'status', evse: 2, status: 'available' },
      { kind: 'pass', ms: 310_000 },
    ],
  ],
  [
    'a plate that a person named is not claimed after the person’s no, whatever a camera reads',
    [
      tell({ type: 'vehicle.seen', cameraId: 'cam-1' }),
      command('authorize', null, 'acc-op'),
      command('correct-plate', 'veh-c', null),
      command('deny', null, null),
      agreedOn('veh-a'),
    ],
  ],
  [
    'a charge that comes back beside another is its own payer’s',
    [
      SECOND_CONNECTOR,
      ...OFFLINE_AND_EMPTY,
      { kind: 'pass', ms: 310_000 },
      { kind: 'start', by: 'card-b', evse: 2, first_Wh: 0 },
      { kind: 'meter', which: 'old', evse: 1, current_A: 16, drew_Wh: 0, past: false },
    ],
  ],
  [
    'a start that was sent once more and refused may still become a charge',
    [...SENT_AGAIN, { kind: 'start-answer', says: 'rejected' }],
  ],
  [
    'a yes that comes for a start which was called back revives nothing',
    [...SWITCHED_OFF_AMID, { kind: 'start-answer', says: 'accepted', late: true }],
  ],
  [
    'with two plugs in nothing starts until one is out',
    [
      SECOND_CONNECTOR,
      online,
      is('preparing'),
      { kind: 'status', evse: 2, status: 'preparing' },
      agreedOn('veh-a'),
      yes,
      yes,
      { kind: 'status', evse: 2, status: 'available' },
    ],
  ],
  [
    'a bay that no camera sees is left when a flow that nobody announced ends with its plug',
    [online, is('charging'), { ...draws, which: 'unannounced' }, is('available')],
  ],
  [
    'who pays by a person’s word goes on paying, whatever the register answers about the plate that it named before',
    [...CORRECTED, yes, command('authorize', null, 'acc-op'), yes],
  ],
  [
    'a plate that a person corrects takes its payer with it, and nothing starts until the right one pays',
    [...CORRECTED, is('preparing'), { kind: 'pass', ms: 61_000 }],
  ],
  [
    'a reviewer who is slower than another person’s word overwrites nothing',
    [...IN_REVIEW, command('correct-plate', 'veh-c', null), yes, yes, yes, yes, yes],
  ],
  ['the register’s answer to a question of before pays for nobody', [...ASKING, lateAnswer]],
  [
    'a charge under snow is not lost in the moment in which its charge point goes',
    [...CHARGING, empty, { kind: 'pass', ms: 310_000 }, offline, { kind: 'pass', ms: 61_000 }],
  ],
  [
    'nothing starts at a cable on which a sample after the end shows current, whoever says yes',
    [
      ...STILL_PLUGGED,
      { kind: 'pass', ms: 30_000 },
      { ...draws, which: 'old', drew_Wh: 0 },
      command('authorize', null, 'acc-op'),
    ],
  ],
]
