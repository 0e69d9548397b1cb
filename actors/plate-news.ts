import type { Handle, Json, PlateNews, Tally } from '../machines/events.ts'
import { fold } from '../machines/plate.ts'
import { phaseOf } from '../machines/plate-path.ts'
import type { TrackNews } from '../machines/track.ts'
import type { Candidate } from '../machines/vote.ts'
import type { Ids, Keys } from './ports.ts'

/** Reads carried by news that says nothing new. */
const CONFIRMING_READS = 4

/** Personal fields by handle: `plate`, `bayId`, `texts` seen, and the `reads` it was voted from, oldest first, at most 32. */
export type PersonalByHandle = { readonly [handle: Handle]: Json }

/** What naming a track's candidates needs. `chance` absent or null: the camera is not calibrated. */
export type PlateNewsPorts = {
  readonly keys: Pick<Keys, 'vehicle' | 'findVehicle'>
  readonly ids: Ids
  readonly chance?: (cameraId: string, candidate: Candidate) => number | null
  /** Registered vehicles of other accounts one character away from this folded plate; absent = nobody counts them. */
  readonly crowd?: (folded: string) => number
}

/** What of a candidate decides whether a bay acts on it. */
export function weigh(
  ports: Pick<PlateNewsPorts, 'chance' | 'crowd'>,
  cameraId: string,
  candidate: Candidate,
): Omit<Tally, 'handle' | 'share'> {
  const crowd = ports.crowd?.(candidate.folded) ?? 0
  return {
    witnesses: candidate.witnesses,
    plausible: candidate.plausible,
    chance: ports.chance?.(cameraId, candidate) ?? null,
    ...(crowd > 0 ? { crowd } : {}),
    ...(candidate.said === null ? {} : { said: saidOf(candidate.said) }),
  }
}

/** A track's news as an observation: handles in the place of texts. Only here, and only for news that is told, a plate gets its handle. */
export function plateNews(
  ports: PlateNewsPorts,
  cameraId: string,
  bayId: string,
  trackId: string,
  news: TrackNews,
): { readonly observation: PlateNews; readonly personal: PersonalByHandle } {
  const named = news.candidates.map((candidate) => ({ candidate, handle: ports.keys.vehicle(candidate.folded) }))
  const leader = news.leader === null ? null : ports.keys.findVehicle(news.leader)
  const ofLeader = news.window.filter((read) => fold(read.text) === news.leader)
  const observation: PlateNews = {
    type: `plate.${news.type}`,
    id: ports.ids.next('observation'),
    source: cameraId,
    happenedAt: news.window.at(-1)?.capturedAt ?? null,
    cameraId,
    trackId,
    leader,
    tally: named.map(({ candidate, handle }) => ({
      handle,
      share: round(candidate.share, 4),
      ...weigh(ports, cameraId, candidate),
    })),
    clear: news.clear,
    fresh: news.fresh,
    windowFrom: news.windowFrom,
    thinned: news.thinned,
    ...(ofLeader.length > 0 ? { phase: phaseOf(ofLeader) } : {}),
  }
  const personal = Object.fromEntries(named.map(({ candidate, handle }) => [handle, evidence(candidate, news, bayId)]))
  return { observation, personal }
}

/** A device's figure as it is told and calibrated: to a hundredth. */
export const saidOf = (said: number): number => round(said, 2)

const round = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits

/** One subject's own part of the window, and nobody else's. */
function evidence(candidate: Candidate, news: TrackNews, bayId: string): Json {
  const own = news.window
    .filter((read) => fold(read.text) === candidate.folded)
    .slice(news.confirmation ? -CONFIRMING_READS : undefined)
  return {
    plate: candidate.text,
    bayId,
    texts: [...new Set(own.map((read) => read.text))],
    reads: own.map((read) => ({
      text: read.text,
      confidence: round(read.confidence, 3),
      characters: read.characters.map((one) => round(one, 2)),
      frame: read.frame,
      reader: read.reader,
      box: read.box === null ? null : read.box.map((one) => round(one, 3)),
      at: read.at,
      capturedAt: read.capturedAt,
      clear: read.clear,
      fresh: read.fresh,
      ...(read.agreed === true ? { agreed: true } : {}),
      ...(read.perVehicle === true ? { perVehicle: true } : {}),
      // Told once: a confirmation says nothing new.
      ...(read.told === undefined || news.confirmation ? {} : { told: read.told }),
    })),
  }
}
