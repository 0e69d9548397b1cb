import { parseArgs } from 'node:util'
import { accuracyOf, blindReviews, type CameraAccuracy } from '../../projections/blind-reviews.ts'
import { reviewQueue } from '../../projections/review-queue.ts'
import { storeRecords } from '../journal/journal-source.ts'

/**
 * `berth reviews --site site.yaml [--json]`: how often what each camera's frames agreed on was right, by the clear cases that people
 * checked, and what waits for people; from the journal alone, also beside its owner. 0; 2 for a wrong command line.
 */
export async function reviews(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: { site: { type: 'string' }, json: { type: 'boolean' } } })
  if (values.site === undefined) {
    process.stderr.write('Say which site: berth reviews --site site.yaml\n')
    return 2
  }
  const blind = blindReviews.start()
  const queue = reviewQueue.start()
  for await (const record of storeRecords(values.site)) {
    blindReviews.fold(blind, record)
    reviewQueue.fold(queue, record)
  }
  const told = {
    waiting: queue.size,
    checks: blind.open.size,
    cameras: accuracyOf(blind),
    differences: blind.differences,
  }
  process.stdout.write(values.json === true ? `${JSON.stringify(told)}\n` : `${textOf(told)}\n`)
  return 0
}

type Told = {
  readonly waiting: number
  readonly checks: number
  readonly cameras: readonly CameraAccuracy[]
  readonly differences: readonly {
    readonly at: string
    readonly bayId: string
    readonly visitId: string
    readonly cameraId: string
  }[]
}

function textOf({ waiting, checks, cameras, differences }: Told): string {
  const lines = cameras.map(({ cameraId, share, low, high, of, unreadable, waiting: open }) => {
    const more = `${unreadable} that the person could not read, ${open} waiting`
    if (of === 0) return `${cameraId}  no clear case checked yet (${more})`
    const right = Math.round(share * of)
    return `${cameraId}  right in ${right} of ${of} clear cases: ${percent(share)} (95 %: ${percent(low)} to ${percent(high)}); ${more}`
  })
  return [
    `${waiting === 1 ? '1 read waits' : `${waiting} reads wait`} for a person, ${checks === 1 ? '1 clear case' : `${checks} clear cases`} for a check.`,
    ...(lines.length > 0 ? lines : ['No clear case was ever checked; see review.blindShare of the site file.']),
    ...differences.map(
      ({ at, bayId, visitId, cameraId }) =>
        `${at}  ${bayId}  ${cameraId} read another plate than the person: visit ${visitId}`,
    ),
  ].join('\n')
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
