import { type AddressRange, addressRange, isWithin } from '../actors/address-range.ts'
import { isLoopback } from './server/callers.ts'
import type { RawSite } from './site-schema.ts'
import type { Path } from './site-source.ts'

type Say = (path: Path, says: string, expected: string) => void

/** Addresses that may push for a camera: a text that is none, or one that berth never sees, would keep the camera out for ever. */
export function senders(raw: RawSite, error: Say, warn: Say): void {
  const { host } = raw.http.intake ?? raw.http
  for (const [i, { id, from = [] }] of raw.cameras.entries()) {
    const ranges: AddressRange[] = []
    for (const [j, text] of from.entries()) {
      const range = addressRange(text)
      if (range) ranges.push(range)
      else
        error(
          ['cameras', i, 'from', j],
          `${JSON.stringify(text)} is no network address`,
          'an address like "192.0.2.7" or a range like "10.1.0.0/16"',
        )
    }
    const seen = host === 'localhost' ? ['127.0.0.1', '::1'] : [host]
    if (ranges.length > 0 && isLoopback(host) && !seen.some((address) => isWithin(address, ranges)))
      warn(
        ['cameras', i, 'from'],
        `berth listens on ${host}, where every push comes from this machine or a proxy on it: nothing of ${id} is let in`,
        `${host} among them (the proxy must then check where a push is from), or an http.host that the camera reaches`,
      )
  }
}
