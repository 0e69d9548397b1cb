const PEM = /-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----/g

/**
 * One certificate revocation list. `until`: when the next one is due, ms since 1970; null where it does not say. `revokes`: is a certificate
 * (DER) of its issuer on it?
 */
export type RevocationList = {
  readonly pem: string
  readonly until: number | null
  revokes(certificate: Buffer): boolean
}

/** Every list of a PEM file; null where one cannot be read, or none is there. */
export function readRevocationLists(text: string): readonly RevocationList[] | null {
  const lists: RevocationList[] = []
  for (const [pem, base64 = ''] of text.matchAll(PEM)) {
    const list = readList(Buffer.from(base64, 'base64'))
    if (list === null) return null
    lists.push({ pem, ...list })
  }
  return lists.length === 0 ? null : lists
}

const [INTEGER, SEQUENCE, UTC_TIME, GENERALIZED_TIME, VERSION] = [0x02, 0x30, 0x17, 0x18, 0xa0]

type Element = { readonly tag: number; readonly body: Buffer; readonly rest: Buffer }

/** A CertificateList (RFC 5280, 5.1); null where it is none. */
function readList(der: Buffer): Pick<RevocationList, 'until' | 'revokes'> | null {
  const list = element(der)
  const signed = list?.tag === SEQUENCE ? element(list.body) : null
  if (signed?.tag !== SEQUENCE) return null
  let one = element(signed.body)
  // A version, where there is one; then the algorithm, the issuer and the time of this list.
  if (one?.tag === INTEGER) one = element(one.rest)
  let issuer: Buffer = Buffer.alloc(0)
  for (const tags of [[SEQUENCE], [SEQUENCE], [UTC_TIME, GENERALIZED_TIME]]) {
    if (!one || !tags.includes(one.tag)) return null
    if (tags.includes(SEQUENCE)) issuer = one.body
    one = element(one.rest)
  }
  const isDated = one !== null && (one.tag === UTC_TIME || one.tag === GENERALIZED_TIME)
  const until = one && isDated ? timeOf(one) : null
  if (until === undefined) return null
  const revoked = isDated && one ? element(one.rest) : one
  const serials = new Set(revoked?.tag === SEQUENCE ? serialsIn(revoked.body) : [])
  const revokes = (certificate: Buffer): boolean => {
    const named = readNames(certificate)
    return named !== null && serials.has(named.serial) && issuer.equals(named.issuer)
  }
  return { until, revokes }
}

/** The serial numbers (hex) of the revoked certificates. */
function serialsIn(body: Buffer): string[] {
  const serials: string[] = []
  for (let one = element(body); one; one = element(one.rest)) {
    const serial = element(one.body)
    if (serial?.tag === INTEGER) serials.push(serial.body.toString('hex'))
  }
  return serials
}

/** What a certificate (RFC 5280, 4.1) is known by: its issuer's name and its serial number (hex); null where it cannot be read. */
function readNames(der: Buffer): { readonly issuer: Buffer; readonly serial: string } | null {
  const certificate = element(der)
  const signed = certificate ? element(certificate.body) : null
  let one = signed ? element(signed.body) : null
  if (one?.tag === VERSION) one = element(one.rest)
  if (one?.tag !== INTEGER) return null
  const algorithm = element(one.rest)
  const issuer = algorithm ? element(algorithm.rest) : null
  return issuer ? { issuer: issuer.body, serial: one.body.toString('hex') } : null
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
