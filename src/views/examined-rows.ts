import type { Journal } from '../../actors/ports.ts'
import type { Json } from '../../machines/events.ts'
import type { Row } from '../../projections/row-fold.ts'
import { EXAMINED } from '../../projections/told-audit.ts'

/**
 * A row of the report `audit` for who examines the others: the name of who verified a request in the place of its handle, where its key still
 * lives; that it was shown is told to `sight`. With null, for who does not examine: without whom somebody was shown, and how a request was verified.
 */
export async function examined(
  row: Row,
  journal: Pick<Journal, 'readSite' | 'open'>,
  sight: { saw(subject: string): void } | null,
): Promise<Row> {
  const { about, seq } = row
  if (about === null || typeof about !== 'object' || Array.isArray(about)) return row
  const fields = about as { readonly [field: string]: Json }
  if (sight === null) {
    const rest = Object.entries(fields).filter(([field]) => !EXAMINED.some((one) => one === field))
    return { ...row, about: Object.fromEntries(rest) }
  }
  const verified = fields['verified'] as { readonly verifiedBy?: Json } | undefined
  const handle = verified?.verifiedBy
  if (typeof handle !== 'string') return row
  const [record] = await journal.readSite(Number(seq) - 1, 1)
  const opened = record && record.seq === seq ? journal.open(record)[handle] : undefined
  const name = (opened as { readonly name?: Json } | undefined)?.name
  if (typeof name !== 'string') return row
  sight.saw(handle)
  return { ...row, about: { ...fields, verified: { ...verified, verifiedBy: name } } }
}
