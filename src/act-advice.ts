import { Fault } from '../machines/faults.ts'
import type { Shadow } from '../projections/shadow.ts'
import { adviceOn, PER_VEHICLE, SAMPLE, tallyOf } from '../projections/shadow-tally.ts'
import { openStoreRows, type StoreRows } from './journal/site-store.ts'
import type { SiteBay, SiteFile } from './site-file.ts'
import type { Path } from './site-source.ts'
import { readShadow } from './watched-visits.ts'

/** A warning about acting too early; `path` is where the site file says `act`. */
export type ActAdvice = { readonly path: Path; readonly says: string; readonly expected: string }

/** Bays named in a warning; the others are counted. */
const NAMED = 6

/**
 * What speaks against the autonomy `act` of a site file: bays whose store holds too few starts that were compared with cards, or a
 * wrong one. Null where nothing does. A bay that no camera covers starts nothing by a plate and needs no sample. Reads the whole
 * journal, at most until every bay has its sample. Throws Fault STORE_CORRUPT for a store that cannot be read.
 */
export async function actAdvice(
  site: SiteFile,
  progress: (records: number) => void = () => {},
): Promise<ActAdvice | null> {
  const acting = site.bays.filter((bay) => bay.zones.length > 0 && (bay.autonomy ?? site.policy.autonomy) === 'act')
  const first = acting[0]
  if (!first) return null
  const byPolicy = acting.some((bay) => bay.autonomy === null)
  const path: Path = byPolicy ? ['policy', 'autonomy'] : ['bays', site.bays.indexOf(first), 'autonomy']
  const store = await openStoreRows(site.store, site.site.id).catch(noStore)
  if (store === null) {
    const says = `${named(acting.map(({ id }) => id))} would act from the first vehicle on, and nothing was watched here yet`
    return { path, says, expected: '`observe` to begin with, then what `berth shadow-report` advises' }
  }
  const lacking = lackingIn(await watchedBy(store, acting, progress), acting)
  if (lacking.length === 0) return null
  const says = `${lacking.length} of ${acting.length} acting ${acting.length === 1 ? 'bay has' : 'bays have'} not had ${SAMPLE} starts compared with a card, at most ${PER_VEHICLE} of each vehicle, and none wrong (${named(lacking)})`
  return { path, says, expected: '`observe` or `suggest` there until `berth shadow-report` advises `act`' }
}

/** Nothing was recorded yet. */
function noStore(fault: unknown): null {
  if (fault instanceof Fault && fault.code === 'NOT_FOUND') return null
  throw fault
}

async function watchedBy(
  store: StoreRows,
  acting: readonly SiteBay[],
  progress: (records: number) => void,
): Promise<Shadow> {
  try {
    return await readShadow(store, { progress, enough: (told) => lackingIn(told, acting).length === 0 })
  } finally {
    await store.close()
  }
}

/** Bays without their sample, each with what it has: `bay-1: 14`, `bay-2: 1 of 40 wrong`. */
function lackingIn({ visits }: Shadow, acting: readonly SiteBay[]): readonly string[] {
  return acting.flatMap(({ id }) => {
    const tally = tallyOf(
      id,
      visits.filter(({ bayId }) => bayId === id),
    )
    if (adviceOn(tally).act) return []
    const { counts, wrong, sample } = tally
    return [counts.wrong > 0 ? `${id}: ${counts.wrong} of ${wrong.of} wrong` : `${id}: ${sample}`]
  })
}

const named = (bays: readonly string[]): string => {
  const more = bays.length - NAMED
  return more > 0 ? `${bays.slice(0, NAMED).join(', ')} and ${more} more` : bays.join(', ')
}
