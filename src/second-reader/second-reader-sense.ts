import { isLoopback } from '../server/callers.ts'
import type { Check } from '../site-sense.ts'

/** What the schema cannot say of the second reader: addresses that are none, waits that do not fit, plates that travel in the open. */
export const secondReaderSense: Check = ({ secondReader, policy }, error, warn) => {
  if (!secondReader) return
  const address = URL.parse(secondReader.url)
  if (address === null) error(['secondReader', 'url'], 'this is no address', 'one like https://reader.example')
  else if (address.username !== '' || address.password !== '')
    error(['secondReader', 'url'], 'the address holds a user or password', 'one without; `token` is sent')
  else if (address.protocol === 'http:' && !isLoopback(address.hostname.replaceAll(/[[\]]/g, '')))
    warn(
      ['secondReader', 'url'],
      'who is on the way sees the crops and the token, and can answer in its place',
      'https://…',
    )
  if (secondReader.timeout_ms >= policy.authorizeTimeout_s * 1000)
    error(
      ['secondReader', 'timeout_ms'],
      `it waits ${secondReader.timeout_ms} ms, and the bay goes on to a person after authorizeTimeout_s ${policy.authorizeTimeout_s} s`,
      'a shorter wait',
    )
}
