import { masked, type Rectangle } from './zone.ts'

/**
 * Text that stands in a camera's picture whoever parks there: a sign, a shop window. It is read again and again at one place, beside the
 * plates of different vehicles or while the zone looks empty, which no vehicle's plate is. Texts are held as marks, never as they are.
 */
export type StandingTexts = { readonly places: readonly StandingPlace[]; readonly proposed: readonly Proposal[] }

/** One place where one text was read. */
export type StandingPlace = {
  readonly cameraId: string
  readonly mark: string
  readonly box: Rectangle
  readonly reads: number
  readonly since: number
  readonly last: number
  /** Marks of the plates agreed on meanwhile, elsewhere in the zone. */
  readonly beside: readonly string[]
  /** Times at which the zone looked empty all the same, and when last. */
  readonly empty: number
  readonly emptyAt: number
}

/** A mask that somebody should draw, with what speaks for it. */
export type Proposal = {
  readonly cameraId: string
  readonly box: Rectangle
  readonly reads: number
  readonly since: number
  readonly beside: number
  readonly empty: number
}

/** One read as this watch hears it. `agreed`: mark of the plate that its bay agreed on and that is in this picture elsewhere; null where there is none. */
export type HeardText = {
  readonly cameraId: string
  readonly mark: string
  readonly box: Rectangle
  readonly agreed: string | null
  readonly looksEmpty: boolean
  readonly at: number
}

export const NO_STANDING_TEXTS: StandingTexts = { places: [], proposed: [] }

/** Places remembered; those read longest ago go first. */
const MOST_PLACES = 128
/** Fewer reads than this propose nothing. */
const LEAST_READS = 20
/** Vehicles beside which it stood, or occasions on which the zone looked empty. */
const LEAST_TIMES = 3
/** Occasions are so far apart, ms: a vehicle that comes and goes is one. */
const APART_MS = 600_000
/** Boxes that share this much of their union are at one place. */
const SAME_PLACE = 0.4

/** Folds one read; answers a proposal once for each place. */
export function hearText(
  texts: StandingTexts,
  heard: HeardText,
): { readonly texts: StandingTexts; readonly proposal: Proposal | null } {
  const { cameraId, mark, box, at } = heard
  const isIt = (place: StandingPlace): boolean =>
    place.cameraId === cameraId && place.mark === mark && shared(place.box, box) >= SAME_PLACE
  const known = texts.places.find(isIt) ?? {
    cameraId,
    mark,
    box,
    reads: 0,
    since: at,
    last: at,
    beside: [],
    empty: 0,
    emptyAt: Number.NEGATIVE_INFINITY,
  }
  const isNewOccasion = heard.looksEmpty && at - known.emptyAt >= APART_MS
  const place: StandingPlace = {
    ...known,
    reads: known.reads + 1,
    last: at,
    beside:
      heard.agreed === null || known.beside.includes(heard.agreed) || known.beside.length >= LEAST_TIMES
        ? known.beside
        : [...known.beside, heard.agreed],
    empty: known.empty + (isNewOccasion ? 1 : 0),
    emptyAt: isNewOccasion ? at : known.emptyAt,
  }
  const others = texts.places.filter((one) => one !== known)
  const places = [...others, place].sort((a, b) => b.last - a.last).slice(0, MOST_PLACES)
  const isDue =
    place.reads >= LEAST_READS &&
    (place.beside.length >= LEAST_TIMES || place.empty >= LEAST_TIMES) &&
    !texts.proposed.some((one) => one.cameraId === cameraId && shared(one.box, box) > 0)
  if (!isDue) return { texts: { ...texts, places }, proposal: null }
  const { reads, since, empty } = place
  const proposal: Proposal = { cameraId, box, reads, since, beside: place.beside.length, empty }
  return { texts: { places: others, proposed: [...texts.proposed, proposal] }, proposal }
}

/** Proposals that a mask of the site file follows, or whose camera it names no more: they are settled. */
export const settledProposals = (
  texts: StandingTexts,
  masksOf: (cameraId: string) => readonly (readonly (readonly [number, number])[])[] | null,
): readonly Proposal[] =>
  texts.proposed.filter(({ cameraId, box }) => {
    const masks = masksOf(cameraId)
    return masks === null || masked(box, masks)
  })

/** Shared area by the union's. */
export function shared([ax, ay, aw, ah]: Rectangle, [bx, by, bw, bh]: Rectangle): number {
  const wide = Math.min(ax + aw, bx + bw) - Math.max(ax, bx)
  const high = Math.min(ay + ah, by + bh) - Math.max(ay, by)
  if (wide <= 0 || high <= 0) return 0
  return (wide * high) / (aw * ah + bw * bh - wide * high)
}
