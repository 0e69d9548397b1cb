import type { Chance, Clock } from '../../actors/ports.ts'
import type { ApiClient } from './api-client.ts'
import { openReviews } from './board.ts'
import type { Visitor } from './cast.ts'
import { ACCOUNTS, PHONED_PIN, plateKeyText } from './cast.ts'
import type { Say } from './commentary.ts'
import { rest } from './rest.ts'

/** What a person does at the desk of the demo's car park, all of it through the API. */
export type Operator = {
  /** Registers accounts, plates and cards. */
  register(): Promise<void>
  /** Tells berth that these bays are empty now, so that it learns how that looks; `shoot` sends pictures to learn from. */
  learnEmpty(bayIds: readonly string[], shoot: () => Promise<unknown>): Promise<void>
  /** Answers reviews a while after they open; never rejects. */
  answerReviews(signal: AbortSignal): Promise<void>
}

const LOOK_EVERY_MS = 1000
/** A person needs so long to see the question and look at the picture. */
const THINKING_MS = 7000
/** Where somebody has the page open, the question is theirs for so long. */
const THEIRS_MS = 120_000
const LEARN_TRIES = 6
const LEARN_PAUSE_MS = 400

/** The demo's operator. `lookInto` = what a person sees standing in a bay. */
export function demoOperator(
  api: ApiClient,
  clock: Clock,
  chance: Chance,
  lookInto: (bayId: string) => Visitor | null,
  say: Say,
): Operator {
  return {
    async register() {
      for (const account of ACCOUNTS) {
        await api.put(`/api/accounts/${account.accountId}`, { name: account.name })
        for (const plate of account.plates)
          await api.put(`/api/vehicles/${plate}`, {
            accountId: account.accountId,
            ...(account.fleet === null ? {} : { fleet: account.fleet }),
          })
        for (const card of account.cards) await api.put(`/api/tokens/${card}`, { accountId: account.accountId })
      }
      await api.put('/api/accounts/nkem/pin', { pin: PHONED_PIN })
    },
    async learnEmpty(bayIds, shoot) {
      let left = [...bayIds]
      for (let attempt = 0; attempt < LEARN_TRIES && left.length > 0; attempt++) {
        if (attempt > 0) await rest(clock, LEARN_PAUSE_MS, AbortSignal.timeout(LEARN_PAUSE_MS * 10))
        await shoot()
        left = await learnOnce(api, chance, left)
      }
      if (left.length > 0)
        say(
          `${left.join(', ')}: berth could not learn how the empty bay looks; whether a vehicle has left is not seen there.`,
        )
    },
    async answerReviews(signal) {
      const seenAt = new Map<string, number>()
      while (!signal.aborted) {
        try {
          for (const review of await openReviews(api)) {
            const since = seenAt.get(review.reviewId)
            if (since === undefined) {
              seenAt.set(review.reviewId, clock.now())
              say(
                `${review.bayId}  a person is asked: ${review.candidates.map((one) => one.plate).join(' or ') || 'no plate'} (${review.reason})`,
              )
            } else if (clock.now() - since >= ((await isWatched(api)) ? THEIRS_MS : THINKING_MS)) {
              seenAt.set(review.reviewId, Number.POSITIVE_INFINITY)
              const answer = answerFor(lookInto(review.bayId))
              await api.post(`/api/reviews/${encodeURIComponent(review.reviewId)}/answer`, answer)
              say(`${review.bayId}  the operator answers: ${'plate' in answer ? answer.plate : 'unreadable'}`)
            }
          }
        } catch (broken) {
          if (!signal.aborted)
            say(`The operator could not answer a review: ${broken instanceof Error ? broken.message : String(broken)}`)
        }
        await rest(clock, LOOK_EVERY_MS, signal).catch(() => undefined)
      }
    },
  }
}

/** The bays that could not learn yet. */
async function learnOnce(api: ApiClient, chance: Chance, bayIds: readonly string[]): Promise<string[]> {
  const answers = await Promise.allSettled(
    bayIds.map((bayId) =>
      api.post(`/api/bays/${bayId}/commands`, { id: `learn-${chance.hex(12)}`, type: 'learn-empty' }),
    ),
  )
  return bayIds.filter((_, place) => answers[place]?.status === 'rejected')
}

/** Whether anybody has a page of the inspector open. */
async function isWatched(api: ApiClient): Promise<boolean> {
  const told = await api.getText('/metrics')
  return Number(/^berth_live_pages (\d+)$/m.exec(told)?.[1] ?? 0) > 0
}

/** A plate that a person can read, else that they cannot. */
function answerFor(visitor: Visitor | null): { readonly plate: string } | { readonly unreadable: true } {
  if (visitor === null || visitor.look.plate.cover !== undefined) return { unreadable: true }
  return { plate: plateKeyText(visitor.look.plate) }
}
