// biome-ignore-all lint/suspicious/noTemplateCurlyInString: mutants are texts of code
import { type FoldMutant, foldMutants } from './mutant.ts'

/** Law 1: what locks and what releases. */
const LOCKS = foldMutants(
  [1, 2, 6],
  [
    ['machines/lock.ts', 'the lock ignores current', "by.includes('current') &&", 'false &&'],
    ['machines/lock.ts', 'the lock ignores open transactions', "by.includes('transaction') &&", 'false &&'],
    ['machines/lock.ts', 'one low sample ends the draw', 'low < 2', 'low < 1'],
    ['machines/lock.ts', 'no number of low samples ends the draw', 'low < 2', 'low < 2_000'],
    ['machines/lock.ts', 'any current above nothing is a draw', 'current_A >= lock.on_A', 'current_A > 0'],
    [
      'machines/lock.ts',
      'between the thresholds the draw ends',
      'drawing: flow.drawing, low: 0',
      'drawing: false, low: 0',
    ],
    [
      'machines/lock.ts',
      'a sample without current ends the draw',
      'power_W: sample.power_W ?? flow.power_W }',
      'power_W: sample.power_W ?? flow.power_W, drawing: false }',
    ],
    [
      'machines/learn-meter.ts',
      'late samples of an ended transaction lock',
      "event.when === 'past' || after?.flows === false || stranger",
      "event.when === 'past' || stranger",
    ],
    [
      'machines/learn-meter.ts',
      'samples of the past lock',
      "event.when === 'past' || after?.flows === false || stranger",
      'after?.flows === false || stranger',
    ],
    [
      'machines/learn-meter.ts',
      "another transaction's samples count as this one's",
      "event.when === 'past' || after?.flows === false || stranger",
      "event.when === 'past' || after?.flows === false",
    ],
    ['machines/after-end.ts', 'what flows on after an end is never believed', 'count < ENOUGH', 'count >= 0'],
    [
      'machines/start-plan.ts',
      'a start goes to a cable through which energy may flow',
      "if (mayDraw(connector)) return none('energy flows there')",
      '',
    ],
    [
      'machines/presence.ts',
      'a dark charge point and an empty zone end a charge that flows',
      '!flowsFresh(bay, at)',
      'true',
    ],
    [
      'machines/presence.ts',
      'an empty zone alone ends a charge',
      "connector.link === 'offline' && at - connector.linkAt >= s(bay.policy.absence_s)",
      'connector !== null',
    ],
  ],
)

/** Law 2: who may be believed. */
const WITNESSES = foldMutants(
  [2],
  [
    [
      'machines/identity.ts',
      'one witness is a quorum',
      'witnesses >= policy.quorum + (isCrowded',
      'witnesses >= 1 + (isCrowded',
    ],
    ['machines/identity.ts', 'a plate of no format is believed', '    plausible &&\n', ''],
    [
      'machines/identity.ts',
      'two plates with a quorum each agree on the first',
      'rivals.length === 0 ?',
      'rivals.length >= 0 ?',
    ],
    [
      'machines/identity.ts',
      'neighbours in the register ask for no further witness',
      'isCrowded ? 1 : 0',
      'isCrowded ? 0 : 0',
    ],
    [
      'machines/identity.ts',
      'a doubtful chance is enough',
      'chance === null || chance >=',
      'chance === null || chance >= 0 *',
    ],
    [
      'machines/guards.ts',
      'stale or unclear agreements start charges',
      "if (event.type !== 'plate.agreed' || !event.fresh || !event.clear) return null",
      "if (event.type !== 'plate.agreed') return null",
    ],
    [
      'machines/guards.ts',
      'reads from before the visit identify',
      'if (event.windowFrom < (now.visit?.readsFrom ?? now.endedAt)) return null',
      '',
    ],
    [
      'machines/presence.ts',
      'a glance at an empty zone ends the visit',
      'at - emptySinceSign(bay) >= s(bay.policy.exitGrace_s) &&\n  openConnector',
      'openConnector',
    ],
    [
      'machines/presence.ts',
      'emptiness from before the last sign counts',
      'Math.max(bay.here.since, bay.visit?.lastSign ?? 0)',
      'bay.here.since',
    ],
    [
      'machines/presence.ts',
      'the cable does not keep a visit',
      '!cableIn(bay) &&\n  drawingConnector',
      'drawingConnector',
    ],
    ['machines/presence.ts', 'a departure is inferred although a camera watches', '!cameraLive(bay) &&', 'true &&'],
    [
      'machines/presence.ts',
      'of two cameras the empty one is believed',
      "if (camera.saw === 'occupied') return 'occupied'",
      "if (camera.saw === 'empty') return 'empty'",
    ],
    ['machines/presence.ts', 'a dead camera still sees', 'if (!camera.live) continue', ''],
    [
      'machines/visit-acts.ts',
      'nobody remembers when the last visit ended',
      'visit: null, endedAt: deeds.event.at',
      'visit: null',
    ],
  ],
)

/** Laws 4 and 10: starts and tokens. */
const STARTS = foldMutants(
  [4, 10],
  [
    ['machines/learn-transaction.ts', 'a dead token is honoured', 'unpaid: !event.accepted', 'unpaid: false'],
    [
      'machines/start-plan.ts',
      'a reason starts again and again',
      "reason !== 'operator' && used(visit, reason)",
      'false',
    ],
    [
      'machines/start-plan.ts',
      'a second start goes out while the first is under way',
      "start.state === 'asked' ||\n  start.state === 'unanswered' ||",
      'false ||',
    ],
    [
      'machines/start-acts.ts',
      'a start is not called back when its visit ends',
      "order(deeds, 'cancel.start', { startId: one.startId, reason })",
      'void reason',
    ],
    ['machines/visit-acts.ts', 'starts outlive their visit', "cancelStarts(deeds, 'left')", 'void cancelStarts'],
    ['machines/start-acts.ts', 'a bay that only suggests starts by itself', 'actsAlone(deeds.bay) ||', 'true ||'],
    [
      'machines/guards.ts',
      'a bay out of service starts by itself',
      "bay.service === 'in-service' && bay.automatic",
      'bay.automatic',
    ],
    ['machines/guards.ts', 'the switch for automatic starts does nothing', ' && bay.automatic', ''],
    [
      'machines/learn-transaction.ts',
      'a refused start displaces a paid one',
      'if (!event.accepted && connector.transaction && !connector.transaction.unpaid)',
      'if (event.accepted && !event.accepted)',
    ],
    [
      'machines/learn-transaction.ts',
      'a used start leaves the others alive',
      "isLive(start.state) ? ('cancelled' as const) : start.state",
      'start.state',
    ],
    [
      'machines/notices.ts',
      'a charge with a dead token is not stopped',
      "order(deeds, 'stop.charging', { chargePointId, transactionId, reason: 'nobody-pays' })",
      'void transactionId',
    ],
    [
      'machines/start-acts.ts',
      'after a restart a new token goes out',
      "...old, reason: 'after-restart'",
      "...old, startId: `${old.startId}b`, reason: 'after-restart'",
    ],
    [
      'machines/learn-answers.ts',
      'a no to a repeated start kills the token that runs',
      "start.reason === 'after-restart' && state === 'rejected'",
      'false',
    ],
    [
      'machines/learn-answers.ts',
      'a late answer revives a dead start',
      "start.startId === event.startId && (start.state === 'asked' || start.state === 'unanswered')",
      'start.startId === event.startId',
    ],
    ['machines/start-plan.ts', 'of two plugs one is guessed', 'if (plugged.length === 1)', 'if (plugged.length >= 1)'],
  ],
)

/** What locks, who is believed and what starts, each broken in one place. */
export const BAY_MUTANTS: readonly FoldMutant[] = [...LOCKS, ...WITNESSES, ...STARTS]
