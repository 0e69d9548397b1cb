import { isLoopback } from '../server/callers.ts'
import type { Check } from '../site-sense.ts'
import { HOST_LABEL } from './centre-address.ts'

/** What the schema cannot say of `centre`: an address that is none, a log that travels in the open, or one that nobody ships. */
export const uplinkSense: Check = ({ centre, store, site }, error) => {
  if (!centre) return
  const address = URL.parse(centre.url)
  const at = ['centre', 'url'] as const
  if (address === null) error([...at], 'this is no address', 'one like wss://centre.example/link')
  else if (address.username !== '' || address.password !== '')
    error([...at], 'the address holds a user or password', 'one without; `token` is sent')
  else if (address.protocol === 'ws:' && !isLoopback(address.hostname.replaceAll(/[[\]]/g, '')))
    error([...at], 'who is on the way sees the journal and the token', 'wss://…')
  if (centre.driverPages && !HOST_LABEL.test(site.id.toLowerCase()))
    error(
      ['centre', 'driverPages'],
      `no address can begin with ${site.id}`,
      'a `site.id` of letters, digits and `-`, or no driver pages there',
    )
  if (centre.plausibility && centre.plausibility.key === centre.token)
    error(['centre', 'plausibility', 'key'], 'the centre knows this key: it is the token', 'one that no centre has')
  if (store.kind === 'kurrentdb')
    error(['centre'], 'a journal on a KurrentDB is not shipped', 'a journal in a file, or on a PostgreSQL')
}
