import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Story } from '../../../simulations/scenario.ts'
import { SCENARIOS } from '../../../simulations/scenario-list.ts'
import { ONE_BAY } from '../../../simulations/toy-scene.ts'
import { openReader, type ReaderPool } from '../../../src/vision/reader.ts'
import { PixelStage } from './pixel-play.ts'
import { PIXEL_STORIES, SHORT_OF_IT } from './pixel-stories.ts'

/**
 * E01 to E15 with pixels as the input: pictures are drawn, posted to the production intake, read by the production reader, and the bay must
 * keep what the edge case promises. Stories of `simulations/scenarios` that pixels can tell are played as they stand there; the
 * table in docs/cameras.md says which, and why not the others.
 */
const AS_TOLD: { readonly [edgeCase: string]: readonly string[] } = {
  E01: ['one frame with each of two different plates', 'a plate that differs by no look-alike'],
  E02: ['one read of full confidence starts nothing', 'where nobody reviews', 'a late agreement in fallback'],
  E03: ['rings of a badge', 'a badge read beside the plate'],
  E04: ['frames that say two listed plates one edit apart', 'an unlisted car one edit from a listed one'],
  E05: [],
  E06: [
    'before energy flows the newer agreement wins',
    'while it charges the session is kept',
    'a second plate read as often before the plug',
  ],
  E07: ['while it charges, a new track of its plate', 'a car that waits for its plug'],
  E08: ['a plate that charges in the next bay cannot start mine'],
  E09: ['two plausible plates with quorum each'],
  E10: ['B is agreed on where A was not seen to leave', 'a car moves from bay 1 to bay 2'],
  E11: ['an anonymous visit, counted as occupied', 'a car that only parks is let go of'],
  E12: ['the one that holds nothing yields', 'a car that has just plugged in is not robbed'],
  E13: ['a camera whose clock is 3 hours off', 'a camera 40 s off works'],
  E14: ['a car that parks keeps its visit and its payer through a burst'],
  E15: [],
}

/** The story of a scenario that begins with these words; they must name one. */
function told(edgeCase: string, words: string): Story {
  const stories = SCENARIOS.filter((one) => one.edgeCase === edgeCase).flatMap((one) => one.stories)
  const [story, second] = stories.filter(({ promise }) => promise.startsWith(words))
  if (story === undefined || second !== undefined) throw new Error(`${edgeCase} has no one story “${words}…”`)
  return story
}

/** Their promise is about what one picture is not enough for. */
const ONE_MORE: readonly string[] = ['E01', 'E02', 'E09']

let pool: ReaderPool
let stage: PixelStage
beforeAll(async () => {
  pool = await openReader({ children: 1, deadline_ms: 60_000 })
  stage = new PixelStage(pool)
}, 180_000)
afterAll(() => pool.close())

for (const [edgeCase, words] of Object.entries(AS_TOLD))
  for (const story of [...words.map((one) => told(edgeCase, one)), ...(PIXEL_STORIES[edgeCase] ?? [])])
    test(`${edgeCase} from pixels: ${story.promise}`, async () => {
      const { site: of = ONE_BAY } = story
      const site = ONE_MORE.includes(edgeCase) ? { ...of, policy: { ...of.policy, ...SHORT_OF_IT } } : of
      const played = await stage.play({ ...story, site })
      if (played.broken) throw new Error(`${played.broken}\n${played.steps.join('\n')}`)
    }, 120_000)

test('every edge case of reads has a story of pixels, and its row in the page on cameras', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/cameras.md'), 'utf8')
  for (const [edgeCase, words] of Object.entries(AS_TOLD)) {
    expect(words.length + (PIXEL_STORIES[edgeCase] ?? []).length, edgeCase).toBeGreaterThan(0)
    expect(page).toMatch(new RegExp(`^\\| ${edgeCase} +\\|`, 'm'))
  }
  expect(Object.keys(AS_TOLD)).toHaveLength(15)
})
