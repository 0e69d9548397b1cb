const PEM = /-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----/g

/** One certificate revocation list. `until`: when the next one is due, ms since 1970; null where it does not say. */
export type RevocationList = { readonly pem: string; readonly until: number | null }

/** Every list of a PEM file; null where one cannot be read, or none is there. */
export function readRevocationLists(text: string): readonly RevocationList[] | null {
  const lists: RevocationList[] = []
  for (const [pem, base64 = ''] of text.matchAll(PEM)) {
    const until = nextUpdate(Buffer.from(base64, 'base64'))
    if (until === undefined) return null
    lists.push({ pem, until })
  }
  return lists.length === 0 ? null : lists
}

const [INTEGER, SEQUENCE, UTC_TIME, GENERALIZED_TIME] = [0x02, 0x30, 0x17, 0x18]

type Element = { readonly tag: number; readonly body: Buffer; readonly rest: Buffer }

/** `nextUpdate` of a CertificateList (RFC 5280, 5.1); null where there is none, undefined where it is no such list. */
function nextUpdate(der: Buffer): number | null | undefined {
  const list = element(der)
  const signed = list?.tag === SEQUENCE ? element(list.body) : null
  if (signed?.tag !== SEQUENCE) return undefined
  let one = element(signed.body)
  // A version, where there is one; then the algorithm, the issuer and the time of this list.
  if (one?.tag === INTEGER) one = element(one.rest)
  for (const tags of [[SEQUENCE], [SEQUENCE], [UTC_TIME, GENERALIZED_TIME]]) {
    if (!one || !tags.includes(one.tag)) return undefined
    one = element(one.rest)
  }
  if (one === null || (one.tag !== UTC_TIME && one.tag !== GENERALIZED_TIME)) return null
  return timeOf(one)
}

function element(der: Buffer): Element | null {
  const [tag, first] = der
  if (tag === undefined || first === undefined) return null
  const more = first < 0x80 ? 0 : first & 0x7f
  if (more > 4 || der.length < 2 + more) return null
  const length = more === 0 ? first : der.readUIntBE(2, more)
  const from = 2 + more
  if (der.length < from + length) return null
  return { tag, body: der.subarray(from, from + length), rest: der.subarray(from + length) }
}

/** `YYMMDDhhmmssZ` (years of 1950 to 2049) or `YYYYMMDDhhmmssZ`. */
function timeOf({ tag, body }: Element): number | undefined {
  const text = body.toString('latin1')
  const full = tag === UTC_TIME ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full) ?? []
  const [year, month, day, hour, minute, second] = parts.map(Number)
  if (year === undefined) return undefined
  return Date.UTC(year, Number(month) - 1, day, hour, minute, second)
}
