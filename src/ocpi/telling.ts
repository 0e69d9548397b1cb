import type { RowFilter } from '../../projections/told.ts'
import { counted } from '../counted.ts'
import type { SiteFile } from '../site-file.ts'
import type { Views } from '../views/site-views.ts'
import { adoptedTariffs, type Bill, billsOf, unpricedOf } from './bills.ts'
import { cdrOf, type OcpiCdr } from './ocpi-cdr.ts'
import type { OcpiSite } from './ocpi-party.ts'
import { ocpiSessionOf } from './ocpi-session.ts'
import { type SignedFrames, signedDataOf } from './signed-data.ts'

/** What a site tells back ends of its charges. */
export type TellingParts = {
  readonly file: Pick<SiteFile, 'site' | 'tariff' | 'ocpi'>
  readonly views: Views
  /** Text of a start's token or of a card's, by the journal's name for it; null where its key is gone. */
  readonly tokenText: (name: string) => string | null
  readonly frames: SignedFrames
}

/** Something that is told, or a sentence why it cannot be. */
export type Told<T> = { readonly items: readonly T[] } | { readonly why: string }

/** Why nothing has a price. */
export const NO_TARIFF =
  'The site file has no `tariff`, so nothing has a price; set its currency and prices, and start `berth serve` once with it.'
/** The same where the site file has one that was never in force. */
const NOT_YET =
  'The `tariff` of the site file is not on record yet, so nothing has a price by it; start `berth serve` once with it, then ask again.'
/** Why nothing can be told in OCPI. */
export const NO_PARTY =
  'The site file has no `ocpi`, so nobody is the party of a CDR; set country_code, party_id, address and coordinates.'

/** Bills, CDRs and sessions of one site. */
export class Telling {
  readonly #parts: TellingParts

  constructor(parts: TellingParts) {
    this.#parts = parts
  }

  /** Who the site is in OCPI; null where the site file does not say. */
  get site(): OcpiSite | null {
    const { site, ocpi } = this.#parts.file
    return ocpi && { siteId: site.id, name: site.name, party: ocpi }
  }

  async bills(filter: RowFilter): Promise<Told<Bill>> {
    const items = this.#parts.file.tariff === null ? null : await billsOf(this.#parts, filter)
    return items === null ? { why: this.#parts.file.tariff === null ? NO_TARIFF : NOT_YET } : { items }
  }

  /** One sentence on charges that somebody pays and that have no price, because they began before the first tariff; null where there are none. */
  async unpriced(filter: RowFilter): Promise<string | null> {
    const { first, count } = await unpricedOf(this.#parts.views, filter)
    if (first === null || count === 0) return null
    return `${counted(count, 'charge')} began before the site had a tariff (${first}) and ${count === 1 ? 'has' : 'have'} no price and no bill; the report \`sessions\` tells of them, and \`tariff.since\` in the site file gives them one.`
  }

  async cdrs(filter: RowFilter): Promise<Told<OcpiCdr>> {
    const { site } = this
    if (site === null) return { why: NO_PARTY }
    const bills = await this.bills(filter)
    if ('why' in bills) return bills
    return { items: bills.items.map((bill) => cdrOf(site, bill, signedDataOf(bill.row, this.#parts.frames))) }
  }

  async sessions(filter: RowFilter): Promise<Told<ReturnType<typeof ocpiSessionOf>>> {
    const { site } = this
    const { views, tokenText, file } = this.#parts
    if (site === null) return { why: NO_PARTY.replace('a CDR', 'a session') }
    if (file.tariff === null) return { why: NO_TARIFF }
    const adopted = await adoptedTariffs(views)
    if (adopted.length === 0) return { why: NOT_YET }
    const rows = await views.read('sessions', filter)
    return {
      items: rows.map(([, row]) => {
        const { idToken } = row
        return ocpiSessionOf(site, row, adopted, typeof idToken === 'string' ? tokenText(idToken) : null)
      }),
    }
  }
}
