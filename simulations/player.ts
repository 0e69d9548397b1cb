import type { FactRecord } from '../machines/record.ts'
import { demandOutcome, outcomeOf } from './outcome.ts'
import { PromiseBroken } from './promise-broken.ts'
import { replaysTheSame } from './rereading.ts'
import type { Outcome, Story } from './scenario.ts'
import { traceOf } from './story-trace.ts'
import { ONE_BAY, Scene } from './toy-scene.ts'
import type { ToySiteOptions } from './toy-site.ts'

/** A story that was played. `broken`: the sentence that says what was not kept, null where all was. */
export type Played = {
  readonly promise: string
  readonly ok: boolean
  readonly broken: string | null
  /** What happened, a line each, for people. */
  readonly steps: readonly string[]
  /** The journal, personal fields open. */
  readonly records: readonly FactRecord[]
  readonly outcome: Outcome
  readonly site: ToySiteOptions
}

/** `seed` (0 to 999,999) varies what must not matter; `keys`: another key store than a toy; `written` hears the journal grow; `eye`: pictures of pixels. */
export type PlayOptions = Pick<ToySiteOptions, 'seed' | 'keys' | 'written' | 'eye' | 'trust'>

/**
 * Plays one story: its checks, its outcome, and that the journal alone rebuilds all of it. Never rejects for a broken promise. Same seed,
 * same bytes.
 */
export async function playStory(story: Story, options: PlayOptions = {}): Promise<Played> {
  const site = story.site ?? ONE_BAY
  const scene = await Scene.open({ ...site, ...options })
  const openedWith = scene.site.journal.records.length
  const broken = await brokenIn(scene, story)
  return {
    promise: story.promise,
    ok: broken === null,
    broken,
    steps: [...traceOf(scene, openedWith), ...(broken === null ? [] : [`✗ ${broken}`])],
    records: scene.site.journal.records,
    outcome: outcomeOf(scene),
    site,
  }
}

async function brokenIn(scene: Scene, story: Story): Promise<string | null> {
  try {
    await story.play(scene)
    demandOutcome(outcomeOf(scene), story.outcome)
    await replaysTheSame(scene.site)
    return null
  } catch (broken) {
    if (broken instanceof PromiseBroken) return broken.message
    return `The story could not be played to its end: ${broken instanceof Error ? broken.message : String(broken)}`
  }
}
