import type { Variant } from './design-variant.ts'
import type { ResultFiles } from './result-folder.ts'

/**
 * The report of designs and the pictures beside it, as files. What draws is loaded only here: it takes half a second and 60 MB that no other
 * command and no worker needs.
 */
export async function writtenReport(
  title: string,
  variants: readonly Variant[],
  journals: boolean,
): Promise<ResultFiles> {
  const { picturesOf, reportDrawings } = await import('./report-drawings.ts')
  const { reportPage } = await import('./report-page.ts')
  const drawings = reportDrawings(variants)
  return { ...(await picturesOf(drawings)), 'report.html': [reportPage(title, variants, drawings, journals)] }
}
