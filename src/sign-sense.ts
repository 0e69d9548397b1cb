import type { Check } from './site-sense.ts'
import type { Path } from './site-source.ts'

/** What the schema cannot say of `tell` and of the driver page: addresses that are none, bays that are not there, a port taken twice. */
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
  const port = raw.http.driver?.port ?? 0
  for (const name of ['http', 'ocpp'] as const) {
    if (port !== 0 && raw[name].port === port)
      error(['http', 'driver', 'port'], `${name} listens on ${port} already`, 'a port of its own')
  }
}
