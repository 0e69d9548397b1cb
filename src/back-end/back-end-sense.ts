import { isLoopback } from '../server/callers.ts'
import type { Check } from '../site-sense.ts'
import type { Path } from '../site-source.ts'

/** What the schema cannot say of the operator's back end: addresses that are none, waits that do not fit, plates that travel in the open. */
export const backEndSense: Check = (raw, error, warn) => {
  const { authorizer, policy, ocpp } = raw
  if (authorizer) {
    reachable(authorizer.url, ['authorizer', 'url'], error, warn)
    if (authorizer.deadline_s >= policy.authorizeTimeout_s)
      error(
        ['authorizer', 'deadline_s'],
        `it waits ${authorizer.deadline_s} s, and the bay gives up after authorizeTimeout_s ${policy.authorizeTimeout_s} s`,
        'a shorter wait',
      )
  }
  if (ocpp.remote) reachable(ocpp.remote.url, ['ocpp', 'remote', 'url'], error, warn)
  if (ocpp.mode === 'remote' && !ocpp.remote)
    error(['ocpp', 'remote'], 'mode: remote needs to know the back end', '`remote` with `url` and `secret`')
  if (ocpp.mode !== 'remote' && ocpp.remote)
    error(['ocpp', 'remote'], `mode: ${ocpp.mode} asks no back end`, 'no `remote`, or mode: remote')
}

/** An address that can be posted to, and by whom it can be read on the way. */
function reachable(url: string, path: Path, error: Parameters<Check>[1], warn: Parameters<Check>[2]): void {
  const address = URL.parse(url)
  if (address === null) error(path, 'this is no address', 'one like https://billing.example/berth')
  else if (address.username !== '' || address.password !== '')
    error(path, 'the address holds a user or password', 'one without; `secret` signs what is sent')
  else if (address.protocol === 'http:' && !isLoopback(address.hostname.replaceAll(/[[\]]/g, '')))
    warn(
      path,
      'who is on the way reads the plates and tokens that are asked about, and can answer in its place',
      'https://…',
    )
}
