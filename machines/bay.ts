import { enqueueActions, setup } from 'xstate'
import { again, BEFORE, DISPUTED, LEAVES, LOCKS, leaving, locked, news, READS, rules, SWAP } from './bay-rules.ts'
import type { Deeds } from './deeds.ts'
import { DOES, type DoesName } from './does.ts'
import type { Json } from './events.ts'
import { QUESTIONS, type QuestionName } from './guards.ts'
import type { Bay } from './knowledge.ts'
import { type BayEvent, learned } from './learn.ts'
import { emptyBay } from './new-bay.ts'
import { notice } from './notices.ts'
import { nextDeadline } from './presence.ts'
import { answered, traceable } from './trace.ts'

/** The machine version that records name. Changes whenever what a bay decides may change. */
export const BAY_MACHINE = 'bay-2'

type Raise = (event: { type: string }, options: { id: string; delay: number }) => void
const WAKE = { type: 'bay.wake' }
const wakeIn = (delay: number): { id: string; delay: number } => ({ id: 'bay.wake', delay })
type Asks = { context: Bay; event: BayEvent }

/** Each question of the table as a guard: asked of what is known *after* this event, and traced for the record. */
const guards = Object.fromEntries(
  (Object.keys(QUESTIONS) as QuestionName[]).map((name) => {
    const question = traceable(name, QUESTIONS[name])
    return [name, ({ context, event }: Asks) => answered(question, learned(context, event))]
  }),
) as { [name in QuestionName]: (asks: Asks) => boolean }

/**
 * One charging bay. Its rules read from top to bottom: the first whose question says yes is taken. While energy flows or a
 * transaction is open the bay is charging-locked, whatever any camera says.
 */
export const bay = setup({
  types: {} as {
    context: Bay
    events: BayEvent
    input: { bayId: string }
    emitted: { type: string; [field: string]: Json | undefined }
  },
  guards,
  delays: {
    voteWindow: ({ context }) => context.policy.voteWindow_s * 1000,
    secondRead: ({ context }) => context.policy.authorizeTimeout_s * 1000,
    reviewTimeout: ({ context }) => context.policy.reviewTimeout_s * 1000,
    authorizeTimeout: ({ context }) => context.policy.authorizeTimeout_s * 1000,
    plugInWindow: ({ context }) => context.policy.plugInWindow_s * 1000,
  },
  actions: {
    act: enqueueActions(({ context, event, enqueue }, params: { does: DoesName; rule: string }) => {
      const deeds: Deeds = { bay: learned(context, event).now, was: context, event, decisions: [], effects: [] }
      notice(deeds)
      DOES[params.does](deeds)
      const wakeAt = nextDeadline(deeds.bay, event.at)
      const next = wakeAt === deeds.bay.wakeAt && event.type !== 'bay.wake' ? deeds.bay : { ...deeds.bay, wakeAt }
      // As a function: a plain object would be gone through field by field.
      enqueue.assign(() => next)
      enqueue.emit({ type: '@rule', rule: params.rule })
      for (const decision of deeds.decisions) enqueue.emit(decision)
      for (const { type, ...asked } of deeds.effects)
        (enqueue as unknown as (action: { type: string; params: unknown }) => void)({ type, params: asked })
      if (next.wakeAt === context.wakeAt && event.type !== 'bay.wake') return
      if (wakeAt === null) enqueue.cancel('bay.wake')
      else (enqueue.raise as Raise)(WAKE, wakeIn(wakeAt - event.at))
    }),
  },
}).createMachine({
  id: 'bay',
  context: ({ input }) => emptyBay(input.bayId),
  initial: 'vacant',
  states: {
    vacant: {
      on: news(
        ...LOCKS,
        { guard: 'agreed', target: '#bay.authorizing.claiming', does: 'openAndClaim' },
        { guard: 'arrives', target: 'detecting', does: 'open' },
      ),
    },
    detecting: {
      initial: 'collecting',
      states: {
        collecting: {
          on: {
            ...again('collecting'),
            ...news(...BEFORE, ...READS, { guard: 'doubtful', target: 'second-reading', does: 'askSecond' }),
          },
          after: {
            voteWindow: rules(
              { guard: 'someReads', target: 'second-reading', does: 'askSecond' },
              { target: '#bay.authorizing.fallback', does: 'offerAnonymous' },
            ),
          },
        },
        'second-reading': {
          on: {
            ...again('second-reading', 'askSecond'),
            ...news(
              ...BEFORE,
              ...READS,
              { guard: 'secondAgrees', target: '#bay.authorizing.claiming', does: 'claim' },
              { guard: 'secondAnswered', target: 'in-review', does: 'askReview' },
            ),
          },
          after: { secondRead: rules({ target: 'in-review', does: 'askReview' }) },
        },
        'in-review': {
          on: {
            ...again('in-review'),
            ...news(...BEFORE, ...READS, {
              guard: 'reviewOver',
              target: '#bay.authorizing.fallback',
              does: 'offerUnread',
            }),
          },
          after: { reviewTimeout: rules({ target: '#bay.authorizing.fallback', does: 'offerUnread' }) },
        },
      },
    },
    authorizing: {
      initial: 'claiming',
      states: {
        claiming: {
          on: {
            ...again('claiming', 'claimAgain'),
            ...news(...BEFORE, { guard: 'claimGranted', target: 'asking', does: 'ask' }, SWAP),
          },
          after: { authorizeTimeout: rules({ target: 'fallback', does: 'refuseClaim' }) },
        },
        asking: {
          on: {
            ...again('asking', 'ask'),
            ...news(
              ...BEFORE,
              { guard: 'mustWait', target: 'fallback', does: 'offerConfirm' },
              { guard: 'refused', target: 'denied', does: 'refuse' },
              { guard: 'grantedReady', target: 'starting', does: 'start' },
              { guard: 'granted', target: 'awaiting-plug', does: 'waitForPlug' },
              SWAP,
            ),
          },
          after: { authorizeTimeout: rules({ target: 'fallback', does: 'offerTimeout' }) },
        },
        starting: {
          on: {
            ...again('starting'),
            ...news(
              ...LOCKS,
              ...LEAVES,
              { guard: 'denied', target: '#bay.authorizing.denied', does: 'refuse' },
              { guard: 'withdrawn', target: 'denied', does: 'refuse' },
              { guard: 'cardPays', target: 'awaiting-plug', does: 'byCard' },
              { guard: 'personRead', target: 'claiming', does: 'claimCorrected' },
              { guard: 'operatorReady', target: 'starting', does: 'start', reenter: true },
              SWAP,
              DISPUTED,
              { guard: 'plugAmbiguous', target: 'fallback', does: 'offerAmbiguous' },
              { guard: 'switchedOff', target: 'fallback', does: 'offerSwitchedOff' },
              { guard: 'resumedStart', target: 'starting', does: 'startAgain', reenter: true },
              { guard: 'startAccepted', target: 'awaiting-plug' },
              { guard: 'startNeedsReplug', target: 'awaiting-plug', does: 'askReplug' },
              { guard: 'startRejected', target: 'fallback', does: 'startFailed' },
              { guard: 'startUnplugged', target: 'awaiting-plug' },
              { guard: 'startExpired', target: 'fallback', does: 'startExpired' },
              { guard: 'startReady', target: 'starting', does: 'start', reenter: true },
            ),
          },
          after: { plugInWindow: rules({ target: 'fallback', does: 'offerTimeout' }) },
        },
        'awaiting-plug': {
          on: {
            ...again('awaiting-plug'),
            ...news(
              ...BEFORE,
              { guard: 'withdrawn', target: 'denied', does: 'refuse' },
              SWAP,
              DISPUTED,
              { guard: 'plugAmbiguous', target: 'fallback', does: 'offerAmbiguous' },
              { guard: 'resumedStart', target: 'starting', does: 'startAgain' },
              { guard: 'startReady', target: 'starting', does: 'start' },
            ),
          },
          after: { plugInWindow: rules({ target: 'fallback', does: 'offerTimeout' }) },
        },
        fallback: {
          on: news(...BEFORE, SWAP, { guard: 'claimGranted', target: 'asking', does: 'ask' }, ...READS),
        },
        denied: { on: news(...BEFORE, SWAP) },
      },
    },
    'charging-locked': {
      initial: 'charging',
      states: {
        charging: { on: news(...locked('charging')) },
        suspended: { on: news(...locked('suspended')) },
        frozen: { on: news(...locked('frozen')) },
        contradicted: { on: news(...locked('contradicted')) },
      },
    },
    exiting: {
      initial: 'unconfirmed',
      states: {
        'still-plugged': { on: news(...leaving('still-plugged')) },
        'still-here': { on: news(...leaving('still-here')) },
        unseen: { on: news(...leaving('unseen')) },
        unconfirmed: { on: news(...leaving('unconfirmed')) },
      },
    },
  },
})
