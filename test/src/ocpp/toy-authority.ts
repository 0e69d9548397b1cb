import { createSign, generateKeyPairSync, type KeyObject, randomBytes, X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** PEM texts of a certificate and its key. */
export type Issued = { readonly cert: string; readonly key: string }

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts)
  const { length } = body
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...head]), body])
}
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts)
const oid = (...bytes: readonly number[]): Buffer => der(0x06, Buffer.from(bytes))
/** A positive number: its first byte says so. */
const serial = (): Buffer => der(0x02, Buffer.from([1]), randomBytes(8))
const time = (at: Date): Buffer => der(0x18, Buffer.from(`${at.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`))
const named = (name: string): Buffer => sequence(der(0x31, sequence(oid(0x55, 4, 3), der(0x0c, Buffer.from(name)))))
const pem = (bytes: Buffer, what = 'CERTIFICATE'): string =>
  `-----BEGIN ${what}-----\n${(bytes.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${what}-----\n`

const ECDSA_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2))
const DAY_ms = 86_400_000

/** An authority of the tests’ own that signs certificates, without any tool of the system. */
export class ToyAuthority {
  readonly #name: string
  readonly #key: KeyObject
  /** Its own certificate, PEM. */
  readonly cert: string

  constructor(name: string) {
    this.#name = name
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#key = pair.privateKey
    this.cert = this.#sign(name, pair.publicKey, 365, true)
  }

  /** A certificate for this common name (`localhost` and 127.0.0.1 among its names), valid for `days` from now; negative = ended. */
  issue(commonName: string, days = 365): Issued {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    return { cert: this.#sign(commonName, publicKey, days, false), key }
  }

  /** Its revocation list of these certificates (PEM); `days`: when the next one is due, negative = it is late. */
  revokes(certs: readonly string[], days = 7): string {
    const now = Date.now()
    const revoked = certs.map((cert) => {
      const number = Buffer.from(new X509Certificate(cert).serialNumber.padStart(18, '0'), 'hex')
      return sequence(der(0x02, number), time(new Date(now - DAY_ms)))
    })
    const toSign = sequence(
      der(0x02, Buffer.from([1])),
      ECDSA_SHA256,
      named(this.#name),
      time(new Date(now - 30 * DAY_ms)),
      time(new Date(now + days * DAY_ms)),
      ...(revoked.length > 0 ? [sequence(...revoked)] : []),
    )
    const signature = createSign('sha256').update(toSign).sign(this.#key)
    return pem(sequence(toSign, ECDSA_SHA256, der(0x03, Buffer.from([0]), signature)), 'X509 CRL')
  }

  #sign(commonName: string, publicKey: KeyObject, days: number, isAuthority: boolean): string {
    const now = Date.now()
    const basic = sequence(
      oid(0x55, 0x1d, 0x13),
      der(0x04, sequence(...(isAuthority ? [der(0x01, Buffer.from([255]))] : []))),
    )
    const local = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])))
    const names = sequence(oid(0x55, 0x1d, 0x11), der(0x04, local))
    const toSign = sequence(
      der(0xa0, der(0x02, Buffer.from([2]))),
      serial(),
      ECDSA_SHA256,
      named(this.#name),
      sequence(time(new Date(now - 400 * DAY_ms)), time(new Date(now + days * DAY_ms))),
      named(commonName),
      publicKey.export({ type: 'spki', format: 'der' }),
      der(0xa3, sequence(basic, names)),
    )
    const signature = createSign('sha256').update(toSign).sign(this.#key)
    return pem(sequence(toSign, ECDSA_SHA256, der(0x03, Buffer.from([0]), signature)))
  }
}

/** Writes both files into a folder and names them as a site file does. */
export function writeIssued(folder: string, { cert, key }: Issued): { cert: string; key: string } {
  const paths = { cert: join(folder, 'server.pem'), key: join(folder, 'server.key') }
  writeFileSync(paths.key, key)
  writeFileSync(paths.cert, cert)
  return paths
}
