import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import { demand } from '../server/roles.ts'
import type { ReviewsDesk } from '../site-desk.ts'
import { callerAtCentre } from './central-order.ts'

/** The kind under which a centre asks for the crops of one review, at the moment when a person there looks. */
export const REVIEW_CROPS = 'review-crops'

/** A crop, JPEG in base64: the vehicle that was read on it by its handle (null = none is known), and when, ISO 8601 UTC. */
export type SentCrop = { readonly jpeg: string; readonly handle: string | null; readonly at: string }
/** What a gateway shows: crops, and what plate each candidate is. */
export type SentCrops = {
  readonly crops: readonly SentCrop[]
  readonly candidates: readonly { readonly handle: string; readonly plate: string }[]
}

/** Of a site’s answer so much is taken: a crop is of some 10 kB. */
const MOST_CROPS = 8
const MOST_JPEG = 400_000
const MOST_NAMES = 50

type Found = { readonly [member: string]: unknown }
const found = (value: unknown): Found => (typeof value === 'object' && value !== null ? (value as Found) : {})
const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value !== '' && value.length <= most

/** The site whose crops these are. */
type ShownSite = {
  readonly reviews: Pick<ReviewsDesk, 'all' | 'detail' | 'look'>
  plateOf(handle: string): string | null
}

/**
 * Shows people at the centre the crops of a review: that each was looked at, and by whom, is on record here before it goes out. Rejects with
 * Fault BODY_INVALID, FORBIDDEN (their role sees no plates), NOT_FOUND, or one of the store.
 */
export const cropsDesk =
  (site: ShownSite) =>
  async (body: Json): Promise<Json> => {
    const { reviewId, by, role } = found(body)
    const caller = callerAtCentre(by, role)
    if (!isText(reviewId, 100) || caller === null)
      throw new Fault('BODY_INVALID', {}, { says: 'This is no question for the crops of a review.' })
    const { reviews } = site
    demand(caller, 'plates')
    const review = reviews.all().find((one) => one.reviewId === reviewId)
    if (review === undefined || review.blind || review.bays !== undefined)
      throw new Fault(
        'NOT_FOUND',
        {},
        { says: 'This review is closed at the site, or is for people at the site alone.' },
      )
    const shown = (await reviews.detail(reviewId))?.shown ?? []
    const crops: SentCrop[] = []
    for (const [index, { plate, at }] of shown.slice(0, MOST_CROPS).entries()) {
      const picture = await reviews.look(reviewId, index, caller)
      if (picture !== null) crops.push({ jpeg: Buffer.from(picture).toString('base64'), handle: plate, at })
    }
    const candidates = review.candidates.flatMap(({ plate: handle }) => {
      const plate = site.plateOf(handle)
      return plate === null ? [] : [{ handle, plate }]
    })
    return { crops, candidates } satisfies SentCrops as unknown as Json
  }

/** What a gateway sent; null where that is nothing that can be shown. */
export function sentCropsOf(body: Json): SentCrops | null {
  const { crops, candidates } = found(body)
  if (!Array.isArray(crops) || !Array.isArray(candidates)) return null
  const pictures = crops.slice(0, MOST_CROPS).flatMap((one) => {
    const { jpeg, handle, at } = found(one)
    const isPicture = isText(jpeg, MOST_JPEG) && /^\/9j\/[A-Za-z0-9+/]+={0,2}$/.test(jpeg)
    const isIts = (handle === null || isText(handle, 100)) && isText(at, 40) && !Number.isNaN(Date.parse(at))
    return isPicture && isIts ? [{ jpeg, handle, at }] : []
  })
  if (pictures.length === 0 && crops.length > 0) return null
  const names = candidates.slice(0, MOST_NAMES).flatMap((one) => {
    const { handle, plate } = found(one)
    return isText(handle, 100) && isText(plate, 40) ? [{ handle, plate }] : []
  })
  return { crops: pictures, candidates: names }
}
