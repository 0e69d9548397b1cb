import { numberIn, type Row, textIn } from '../../projections/row-fold.ts'
import { soFar_Wh } from '../../projections/session-row.ts'
import type { Adopted } from '../../projections/tariff.ts'
import { costOf, tariffAt } from '../../projections/tariff.ts'
import { endOf, kwhOf, methodOf, priceOf, tokenOf } from './ocpi-cdr.ts'
import { evseUidOf, type OcpiSite, ocpiId, ocpiTime, sessionIdOf } from './ocpi-party.ts'

const STATUS: { readonly [status: string]: string } = { running: 'ACTIVE', billed: 'COMPLETED', unbilled: 'INVALID' }

/** A session of OCPI 2.3.0, running or over; one that nobody pays for is INVALID. Its `row` is one of the report `sessions`. */
export function ocpiSessionOf(site: OcpiSite, row: Row, adopted: readonly Adopted[], idToken: string | null) {
  const startedAt = textIn(row, 'startedAt') ?? ''
  const tariff = tariffAt(adopted, startedAt)
  const running = row['status'] === 'running'
  // While it runs the registers are all there is.
  const energy_Wh = running ? soFar_Wh(row) : numberIn(row, 'energy_Wh')
  const cost = tariff && costOf(tariff, { energy_Wh, idle_s: numberIn(row, 'idle_s') })
  const paid = row['accountId'] !== null
  return {
    country_code: site.party.country_code,
    party_id: site.party.party_id,
    id: sessionIdOf(site, textIn(row, 'sessionId') ?? ''),
    start_date_time: ocpiTime(startedAt),
    ...(running ? {} : { end_date_time: ocpiTime(endOf(row)) }),
    kwh: kwhOf({ energy_Wh }),
    cdr_token: tokenOf(site, row, idToken),
    auth_method: methodOf(row),
    authorization_reference: textIn(row, 'evidence'),
    location_id: ocpiId(site.siteId),
    evse_uid: evseUidOf(textIn(row, 'connector') ?? ''),
    connector_id: '1',
    // OCPI wants one also of a charge that has no price: the site's own.
    currency: (tariff ?? adopted.findLast((one) => one.tariff !== null)?.tariff)?.currency ?? '',
    ...(tariff && cost && paid ? { total_cost: priceOf(tariff, cost.net, cost.tax) } : {}),
    status: !running && !paid ? 'INVALID' : (STATUS[textIn(row, 'status') ?? ''] ?? 'INVALID'),
    last_updated: ocpiTime(textIn(row, 'settled') ?? textIn(row, 'billedAt') ?? textIn(row, 'at') ?? startedAt),
  }
}
