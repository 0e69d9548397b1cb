import type { Variant } from './design-variant.ts'

/**
 * Writes the pictures of a report into `plots` under a folder, and answers its page. What draws is loaded only here: it takes half a second
 * and 60 MB that no other command and no worker needs.
 */
export async function writtenReport(
  folder: string,
  title: string,
  variants: readonly Variant[],
  journals: boolean,
): Promise<string> {
  const { reportDrawings, writePictures } = await import('./report-drawings.ts')
  const { reportPage } = await import('./report-page.ts')
  const drawings = reportDrawings(variants)
  await writePictures(folder, drawings)
  return reportPage(title, variants, drawings, journals)
}
