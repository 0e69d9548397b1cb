import { amountText } from '../../projections/money.ts'
import { numberIn, type Row, textIn } from '../../projections/row-fold.ts'
import type { Tariff } from '../../projections/tariff.ts'
import { type Bill, doubtsOf, transactionsOf } from './bills.ts'
import { evseIdOf, evseUidOf, type OcpiSite, ocpiId, ocpiTime, sessionIdOf } from './ocpi-party.ts'
import type { SignedData } from './signed-data.ts'

/** A price as OCPI 2.3 writes it. */
export type OcpiPrice = {
  readonly before_taxes: number
  readonly taxes?: readonly { readonly name: string; readonly percentage: number; readonly amount: number }[]
}

/** A charge detail record of OCPI 2.3.0, as far as berth fills it in. */
export type OcpiCdr = { readonly [field: string]: unknown }

/** A bill as an OCPI 2.3 CDR: one charging period of the whole session, its costs by part, the evidence reference as the authorization's. */
export function cdrOf(site: OcpiSite, bill: Bill, signed: SignedData | null): OcpiCdr {
  const { row, tariff, cost } = bill
  const { country_code, party_id } = site.party
  const startedAt = textIn(row, 'startedAt') ?? ''
  const idle_s = numberIn(row, 'idle_s')
  const endedAt = endOf(row)
  const price = (net: number, tax: number): OcpiPrice => priceOf(tariff, net, tax)
  return {
    country_code,
    party_id,
    id: sessionIdOf(site, textIn(row, 'sessionId') ?? ''),
    start_date_time: ocpiTime(startedAt),
    end_date_time: ocpiTime(endedAt),
    session_id: sessionIdOf(site, textIn(row, 'sessionId') ?? ''),
    cdr_token: tokenOf(site, row, bill.idToken),
    auth_method: methodOf(row),
    authorization_reference: textIn(row, 'evidence'),
    cdr_location: locationOf(site, textIn(row, 'connector') ?? ''),
    currency: tariff.currency,
    charging_periods: [
      {
        start_date_time: ocpiTime(startedAt),
        dimensions: [
          { type: 'ENERGY', volume: kwhOf(row) },
          ...(idle_s > 0 ? [{ type: 'PARKING_TIME', volume: hours(idle_s) }] : []),
        ],
      },
    ],
    ...(signed === null ? {} : { signed_data: signed }),
    total_cost: price(cost.net, cost.tax),
    total_fixed_cost: price(cost.session, cost.taxes.session),
    total_energy: kwhOf(row),
    total_energy_cost: price(cost.energy, cost.taxes.energy),
    total_time: hours((Date.parse(endedAt) - Date.parse(startedAt)) / 1000),
    total_parking_time: hours(idle_s),
    total_parking_cost: price(cost.idle, cost.taxes.idle),
    remark: remarkOf(row),
    last_updated: ocpiTime(textIn(row, 'settled') ?? textIn(row, 'billedAt') ?? endedAt),
  }
}

/** When the session was over: with its idle time, which runs on after the last energy. */
export function endOf(row: Row): string {
  const startedAt = Date.parse(textIn(row, 'startedAt') ?? '')
  const ended = Math.max(Date.parse(textIn(row, 'endedAt') ?? ''), startedAt)
  return new Date(Math.max(ended, startedAt + numberIn(row, 'idle_s') * 1000)).toISOString()
}

/** kWh with as many digits as berth has. */
export const kwhOf = (row: Row): number => Math.round(numberIn(row, 'energy_Wh') * 1000) / 1_000_000

const hours = (seconds: number): number => Math.round((seconds / 3600) * 10_000) / 10_000

/** Net and tax in minor units as OCPI writes them. */
export function priceOf({ currency, tax }: Tariff, net: number, taxed: number): OcpiPrice {
  const number = (minor: number): number => Number(amountText(minor, currency))
  if (tax === null) return { before_taxes: number(net) }
  return {
    before_taxes: number(net),
    taxes: [{ name: tax.name, percentage: Number(tax.percent), amount: number(taxed) }],
  }
}

/** By what the session was started; `uid` names the account where the token's key is gone. */
export function tokenOf({ party }: OcpiSite, row: Row, idToken: string | null) {
  const account = ocpiId(textIn(row, 'accountId') ?? 'nobody')
  const by = textIn(row, 'identifiedBy')
  return {
    country_code: party.country_code,
    party_id: party.party_id,
    uid: idToken === null ? account : ocpiId(idToken),
    type: by === 'card' ? 'RFID' : by === 'plug-and-charge' ? 'EMAID' : 'OTHER',
    contract_id: account,
  }
}

/** A start of berth's own is a command; whatever the charge point was shown was on the site's list. */
export const methodOf = (row: Row): string =>
  ['plate', 'operator', 'guess'].includes(textIn(row, 'identifiedBy') ?? '') ? 'COMMAND' : 'WHITELIST'

function locationOf(site: OcpiSite, connector: string) {
  const { address, coordinates, connector: plug } = site.party
  return {
    id: ocpiId(site.siteId),
    name: site.name,
    address: address.street,
    city: address.city,
    ...(address.postal_code === null ? {} : { postal_code: address.postal_code }),
    country: address.country,
    coordinates: { latitude: coordinates.latitude.toFixed(6), longitude: coordinates.longitude.toFixed(6) },
    evse_uid: evseUidOf(connector),
    evse_id: evseIdOf(site, connector),
    connector_id: '1',
    connector_standard: plug.standard,
    connector_format: plug.format,
    connector_power_type: plug.power_type,
  }
}

/** At most 255 characters. */
function remarkOf(row: Row): string {
  const doubts = doubtsOf(row)
  const disputed = doubts === '' ? '' : `; ${row['settled'] === null ? 'disputed' : 'was disputed'}: ${doubts}`
  return `transaction ${transactionsOf(row)}, ${textIn(row, 'exit') ?? 'ended'}${disputed}`.slice(0, 255)
}
