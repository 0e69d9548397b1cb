import type { Scenario } from './scenario.ts'
import { E01 } from './scenarios/e01-look-alikes.ts'
import { E02 } from './scenarios/e02-confident-nonsense.ts'
import { E03 } from './scenarios/e03-not-a-plate.ts'
import { E04 } from './scenarios/e04-near-neighbour.ts'
import { E05 } from './scenarios/e05-re-sent.ts'
import { E06 } from './scenarios/e06-read-refined.ts'
import { E07 } from './scenarios/e07-seen-again.ts'
import { E08 } from './scenarios/e08-neighbour-plate.ts'
import { E09 } from './scenarios/e09-two-cars-one-track.ts'
import { E10 } from './scenarios/e10-silent-swap.ts'
import { E11 } from './scenarios/e11-unreadable.ts'
import { E12 } from './scenarios/e12-same-plate-twice.ts'
import { E13 } from './scenarios/e13-clock-skew.ts'
import { E14 } from './scenarios/e14-stale-read.ts'
import { E15 } from './scenarios/e15-forged-push.ts'
import { E16 } from './scenarios/e16-offline-charge-point.ts'
import { E17 } from './scenarios/e17-nothing-starts.ts'
import { E18 } from './scenarios/e18-plug-first.ts'
import { E19 } from './scenarios/e19-double-start.ts'
import { E20 } from './scenarios/e20-stale-transaction.ts'
import { E21 } from './scenarios/e21-late-messages.ts'
import { E22 } from './scenarios/e22-late-meter-value.ts'
import { E23 } from './scenarios/e23-bad-lock-signal.ts'
import { E24 } from './scenarios/e24-pause.ts'
import { E25 } from './scenarios/e25-empty-but-drawing.ts'
import { E26 } from './scenarios/e26-drive-off.ts'
import { E27 } from './scenarios/e27-our-restart.ts'
import { E28 } from './scenarios/e28-still-plugged.ts'
import { E29 } from './scenarios/e29-blocked.ts'
import { E30 } from './scenarios/e30-two-sockets.ts'
import { E31 } from './scenarios/e31-weak-then-strong.ts'
import { E32 } from './scenarios/e32-erasure.ts'
import { E33 } from './scenarios/e33-wrong-bay.ts'
import { E34 } from './scenarios/e34-crossed-cables.ts'
import { E35 } from './scenarios/e35-two-connectors.ts'

/** Every edge case that berth can play, in the order of the page. */
export const SCENARIOS: readonly Scenario[] = [
  E01,
  E02,
  E03,
  E04,
  E05,
  E06,
  E07,
  E08,
  E09,
  E10,
  E11,
  E12,
  E13,
  E14,
  E15,
  E16,
  E17,
  E18,
  E19,
  E20,
  E21,
  E22,
  E23,
  E24,
  E25,
  E26,
  E27,
  E28,
  E29,
  E30,
  E31,
  E32,
  E33,
  E34,
  E35,
]
