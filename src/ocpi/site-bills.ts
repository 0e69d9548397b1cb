import type { Scribe } from '../../actors/ports.ts'
import type { Tariff } from '../../projections/tariff.ts'
import type { RawOcpi, RawTariff } from '../site-schema.ts'
import { readTime } from '../time-reading.ts'
import type { NewestTariff } from './newest-tariff.ts'
import type { OcpiParty } from './ocpi-party.ts'

type Known = Pick<NewestTariff, 'newest'>

/** The site file's tariff with its prices as decimals. A number of YAML keeps the digits that it was written with. */
export const siteTariff = ({ tax, ...raw }: RawTariff): Tariff => ({
  currency: raw.currency,
  perKwh: String(raw.perKwh),
  perSession: String(raw.perSession),
  idlePerMinute: String(raw.idlePerMinute),
  idleGrace_min: raw.idleGrace_min,
  since: raw.since === undefined ? null : readTime(raw.since),
  tax: tax ? { name: tax.name, percent: String(tax.percent) } : null,
})

/** The site file's `ocpi`, written out. */
export const siteParty = ({ address, ...raw }: RawOcpi): OcpiParty => ({
  ...raw,
  address: { ...address, postal_code: address.postal_code ?? null },
})

/**
 * Puts the site file's tariff on record where it is another than the newest, null where it has none any more: what was charged before keeps
 * the price of its time.
 */
export async function adoptTariff(tariff: Tariff | null, { newest }: Known, scribe: Scribe): Promise<void> {
  const inOrder = (one: Tariff | null): string => {
    if (one === null) return ''
    const { currency, perKwh, perSession, idlePerMinute, idleGrace_min, tax, since } = one
    return JSON.stringify([currency, perKwh, perSession, idlePerMinute, idleGrace_min, tax?.name, tax?.percent, since])
  }
  if (inOrder(newest) === inOrder(tariff)) return
  await scribe.write([{ stream: 'site', cause: { type: 'tariff.adopted', tariff }, decisions: [], personal: {} }])
}
