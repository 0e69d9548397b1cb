import { expect, test } from 'vitest'
import { plateNews } from '../../actors/plate-news.ts'
import { DEFAULT_POLICY } from '../../machines/events.ts'
import { startTrack, type Track, type TrackRead, trackRead, trackSilence } from '../../machines/track.ts'

const ports = {
  keys: { vehicle: (folded: string) => `v-${folded}`, findVehicle: (folded: string) => `v-${folded}` },
  ids: { next: (kind: string) => `${kind}-1` },
}

/** A read of a vehicle that comes nearer until 1,000 ms, and stands from then on. */
function readAt(at: number): TrackRead {
  const near = Math.min(at, 1_000) / 1_000
  return {
    id: null,
    text: 'AB12CDE',
    confidence: 0.9,
    characters: [],
    frame: `f${at}`,
    reader: 'berth',
    box: [0.4, 0.2 + 0.4 * near, 0.05 + 0.1 * near, 0.02 + 0.03 * near],
    at,
    capturedAt: null,
    clear: true,
    fresh: true,
  }
}

test('a plate’s news say whether its vehicle still comes or stands, and nothing of that once it is lost', () => {
  let track: Track = startTrack('t')
  const phases: unknown[] = []
  const told = (at: number): void => {
    const { track: next, news } = trackRead(track, readAt(at), DEFAULT_POLICY)
    track = next
    if (news) phases.push([news.type, plateNews(ports, 'cam-1', 'bay-1', 't', news).observation.phase])
  }
  for (const at of [0, 250, 500, 1_000, 1_250, 1_500, 2_000, 2_250, 62_000]) told(at)
  const { news } = trackSilence(track, 400_000)
  expect(phases).toEqual([
    ['seen', 'approach'],
    ['agreed', 'approach'],
    ['seen', 'parked'],
  ])
  expect(news && 'phase' in plateNews(ports, 'cam-1', 'bay-1', 't', news).observation).toBe(false)
})
