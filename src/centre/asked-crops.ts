import { Fault } from '../../machines/faults.ts'
import { demand } from '../server/roles.ts'
import type { Caller } from '../site-desk.ts'
import { REVIEW_CROPS, type SentCrops, sentCropsOf } from '../uplink/crops-shown.ts'
import type { CentreLinks } from './centre-links.ts'

/** So long a gateway has to open its crops, ms. */
const ANSWER_MS = 10_000

const no = (code: 'NOT_SET_UP' | 'COMMAND_REFUSED', says: string): Fault => new Fault(code, {}, { says })
const away = (): Fault =>
  no(
    'COMMAND_REFUSED',
    'The gateway of this site does not answer now, and pictures are nowhere else; try again once it is linked.',
  )

/**
 * Asks a site's gateway for the crops of a review, for this person, who looks now: they pass through and are kept nowhere. Rejects with Fault
 * FORBIDDEN, NOT_SET_UP (the site shows none here), or COMMAND_REFUSED with the gateway's own sentence, or that it is away.
 */
export async function askCrops(
  links: Pick<CentreLinks, 'request' | 'takes' | 'isLinked'>,
  { site, reviewId, caller }: { readonly site: string; readonly reviewId: string; readonly caller: Caller },
): Promise<SentCrops> {
  demand(caller, 'plates')
  if (!links.isLinked(site)) throw away()
  if (!links.takes(site, REVIEW_CROPS))
    throw no(
      'NOT_SET_UP',
      'This site shows no pictures at its centre; its operator may allow it by `centre.crops` in the site file.',
    )
  const { name: by, role } = caller
  const outcome = await links.request(site, REVIEW_CROPS, { reviewId, by, role }, ANSWER_MS)
  if (outcome === null) throw away()
  if (!outcome.ok) throw no('COMMAND_REFUSED', outcome.says)
  const shown = sentCropsOf(outcome.body)
  if (shown === null) throw no('COMMAND_REFUSED', 'The gateway of this site sent what is no picture of a review.')
  return shown
}
