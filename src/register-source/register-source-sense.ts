import { isLoopback } from '../server/callers.ts'
import type { Check } from '../site-sense.ts'

/** What the schema cannot say of `register.source`: an address that is none or that shows plates to who is on the way, and nowhere to ask. */
export const registerSourceSense: Check = ({ register, centre }, error) => {
  if (!register) return
  const { url, token, ca } = register.source
  const at = ['register', 'source', 'url'] as const
  if (url === undefined) {
    if (!centre) error([...at], 'there is no `centre` to fetch the register from', '`url`, or a `centre`')
    if (token !== undefined || ca !== undefined)
      error(['register', 'source'], 'token and ca belong to a `url`; the centre has its own in `centre`', 'neither')
    return
  }
  const address = URL.parse(url)
  if (address === null) error([...at], 'this is no address', 'one like https://fleet.example/register.json')
  else if (address.username !== '' || address.password !== '')
    error([...at], 'the address holds a user or password', 'one without; `token` is sent as bearer token')
  else if (address.protocol === 'http:' && !isLoopback(address.hostname.replaceAll(/[[\]]/g, '')))
    error([...at], 'who is on the way sees plates and accounts', 'https://…')
}
