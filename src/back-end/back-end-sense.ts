import { isLoopback } from '../server/callers.ts'
import type { Check } from '../site-sense.ts'

/** What the schema cannot say of the operator's back end: an address that is none, waits that do not fit, plates that travel in the open. */
export const backEndSense: Check = (raw, error, warn) => {
  const { authorizer, policy } = raw
  if (!authorizer) return
  const path = ['authorizer', 'url']
  const address = URL.parse(authorizer.url)
  if (address === null) error(path, 'this is no address', 'one like https://billing.example/authorize')
  else if (address.username !== '' || address.password !== '')
    error(path, 'the address holds a user or password', 'one without; `secret` signs what is sent')
  else if (address.protocol === 'http:' && !isLoopback(address.hostname.replaceAll(/[[\]]/g, '')))
    warn(
      path,
      'who is on the way reads the plates and tokens that are asked about, and can answer in its place',
      'https://…',
    )
  if (authorizer.deadline_s >= policy.authorizeTimeout_s)
    error(
      ['authorizer', 'deadline_s'],
      `it waits ${authorizer.deadline_s} s, and the bay gives up after authorizeTimeout_s ${policy.authorizeTimeout_s} s`,
      'a shorter wait',
    )
}
