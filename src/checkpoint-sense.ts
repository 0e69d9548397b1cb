import type { Check } from './site-sense.ts'
import type { Path } from './site-source.ts'

/** What the schema cannot say of `checkpoints.to`: what each kind of receiver needs. */
export const checkpointSense: Check = (raw, error) => {
  for (const [i, { kind, path: file, url, secret }] of raw.checkpoints.to.entries()) {
    const path: Path = ['checkpoints', 'to', i]
    if (kind === 'file') {
      if (file === undefined) error([...path, 'path'], '`path` is missing', 'the file that checkpoints are added to')
      if (url !== undefined || secret !== undefined)
        error(path, 'a file has no url and no secret', '`kind: http`, or `path` alone')
      continue
    }
    if (file !== undefined) error([...path, 'path'], 'kind http has no path', '`url`')
    const address = url === undefined ? undefined : URL.parse(url)
    if (address === undefined) error([...path, 'url'], '`url` is missing', 'where checkpoints are posted')
    else if (address === null)
      error([...path, 'url'], 'this is no address', 'one like https://berth.example/api/checkpoints')
    else if (address.username !== '' || address.password !== '')
      error([...path, 'url'], 'the address holds a user or password', 'one without; `secret` is sent as bearer token')
  }
}
