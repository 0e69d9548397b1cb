import { readSiteFile } from '../site-file.ts'
import { DEFAULT_PLAN, type ReaderPlan } from '../vision/reader-plan.ts'

/** What to read with, as a command line says it: options of `parseArgs`. */
export const READER_OPTIONS = { profile: { type: 'string' }, site: { type: 'string' } } as const

/** Of those options, for HELP. */
export const READER_HELP = `  --profile default|fast
               default: two recognisers read every plate; fast: the second only where the first is unsure
  --site SITE.yaml
               reads with the profile and the models of this site file; --profile wins over its profile
`

/** Whether this is the name of a profile, or none is named. */
export const isProfile = (name: string | undefined): name is ReaderPlan['profile'] | undefined =>
  name === undefined || name === 'default' || name === 'fast'

/** The plan that the options name. Throws Fault SITE_FILE_INVALID for a site file that does not check. */
export async function chosenPlan(
  site: string | undefined,
  profile: ReaderPlan['profile'] | undefined,
): Promise<ReaderPlan> {
  const plan = site === undefined ? DEFAULT_PLAN : (await readSiteFile(site)).reader
  return profile === undefined ? plan : { ...plan, profile }
}
