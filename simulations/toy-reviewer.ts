import { fold } from '../machines/plate.ts'
import type { Effect } from '../machines/record.ts'
import type { Scene } from './toy-scene.ts'

/** The newest review that the site opened for a person, or null. */
const newest = (scene: Scene): Effect | null =>
  scene.site.effects.findLast((effect) => effect.type === 'open.review') ?? null

/** The plates' handles that the newest review shows, in its order; null where no review was opened. */
export const shownToReviewer = (scene: Scene): readonly string[] | null => {
  const review = newest(scene)
  const candidates = review?.['candidates'] as readonly { readonly handle: string }[] | undefined
  return candidates?.map(({ handle }) => handle) ?? null
}

/** A person answers the newest review: with the vehicle and who the register says pays for it, or that no plate was read. */
export async function reviewerSays(
  scene: Scene,
  bayId: string,
  word: { readonly plate: string; readonly accountId: string | null } | 'not-a-plate',
): Promise<void> {
  scene.does(`a person answers the review: ${word === 'not-a-plate' ? word : word.plate}`)
  const plate = word === 'not-a-plate' ? null : word
  await scene.site.tells(bayId, {
    type: 'review.answered',
    id: `review-word-${scene.site.effects.length}`,
    source: 'operator',
    review: String(newest(scene)?.['review']),
    verdict: plate ? 'plate' : 'not-a-plate',
    handle: plate ? scene.site.keys.vehicle(fold(plate.plate)) : null,
    accountId: plate?.accountId ?? null,
    by: 'op',
  })
}
