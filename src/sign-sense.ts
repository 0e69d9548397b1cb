import { unreachable } from './driver/door/public-address.ts'
import type { Check } from './site-sense.ts'
import type { Path } from './site-source.ts'
import { phonesAddress } from './uplink/centre-address.ts'

/** What the schema cannot say of `tell` and of the listeners of drivers and cameras: addresses that are none, bays that are not there, a port taken twice. */
export const signSense: Check = (raw, error) => {
  const known = new Set(raw.bays.map((bay) => bay.id))
  for (const [i, { url, bays }] of raw.tell.webhooks.entries()) {
    const path: Path = ['tell', 'webhooks', i]
    const address = URL.parse(url)
    if (address === null) error([...path, 'url'], 'this is no address', 'one like https://sign.example/words')
    else if (address.username !== '' || address.password !== '')
      error([...path, 'url'], 'the address holds a user or password', 'one without; `secret` signs what is sent')
    for (const [j, id] of (bays ?? []).entries()) {
      if (!known.has(id)) error([...path, 'bays', j], `there is no bay ${id} in this file`, 'a bay of this file')
    }
  }
  paymentSense(raw, error)
  const no = raw.http.codes ? unreachable(phonesAddress(raw)) : null
  if (no !== null)
    error(raw.http.publicUrl === undefined ? ['http', 'codes'] : ['http', 'publicUrl'], no.says, no.expected)
  const { intake, driver } = raw.http
  const all = [
    ['http', raw.http.port],
    ['ocpp', raw.ocpp.port],
    ['http.intake', intake?.port ?? 0],
    ['http.driver', driver?.port ?? 0],
  ] as const
  for (const [at, [name, port]] of all.entries()) {
    const taken = all.slice(0, at).find((other) => other[1] === port)
    if (port !== 0 && taken && name.startsWith('http.'))
      error([...name.split('.'), 'port'], `${taken[0]} listens on ${port} already`, 'a port of its own')
  }
}

/** Whoever paid must find the way back, and what is signed must go to an address. */
const paymentSense = (raw: Parameters<Check>[0], error: Parameters<Check>[1]): void => {
  if (!raw.payment) return
  const address = URL.parse(raw.payment.url)
  if (address === null || address.username !== '' || address.password !== '')
    error(['payment', 'url'], 'this is no address', 'one like https://pay.example/berth, without user or password')
  if (phonesAddress(raw) === null)
    error(
      ['payment'],
      'drivers who paid find no way back',
      'http.publicUrl: the address at which phones reach the driver page',
    )
  if (!(Number(raw.payment.hold) > 0)) error(['payment', 'hold'], 'nothing would be held', 'an amount above 0')
}
