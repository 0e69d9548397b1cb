import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { OcppCounter } from '../../actors/ocpp/ocpp-counters.ts'
import type { Clock } from '../../actors/ports.ts'

/** A charge point may come in (`protocol` null: the socket is opened and closed, as OCPP-J wants it for a foreign subprotocol), or is refused. */
export type GateAnswer =
  | { readonly let: true; readonly id: string; readonly protocol: string | null }
  | {
      readonly let: false
      readonly status: number
      readonly says: string
      readonly count: OcppCounter
      readonly id?: string
    }

const PREFIX = '/ocpp/'
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const BASIC = /^ *basic +([A-Za-z0-9._~+/-]+=*) *$/i

/**
 * Judges an upgrade before any WebSocket code sees it: path, charge point, password, subprotocol. Order matters: an unknown
 * charge point is 404 whatever its password.
 */
export function judgeUpgrade(
  request: IncomingMessage,
  passwordOf: (id: string) => string | null | undefined,
  protocols: readonly string[] | ((id: string) => readonly string[]),
): GateAnswer {
  const id = readChargePointId(request.url ?? '')
  if (id === null)
    return refuse(404, 'There is nothing here; charge points connect to /ocpp/{chargePointId}.', 'refused_path')
  const password = passwordOf(id)
  if (password === undefined)
    return refuse(404, 'This charge point is not in the site file; add it under chargePoints.', 'refused_unknown')
  if (password !== null && !passwordHolds(request.headers.authorization, id, password))
    return { ...refuse(401, 'Wrong or missing password for this charge point.', 'refused_password'), id }
  const offered = readProtocols(request.headers['sec-websocket-protocol'])
  if (offered === null) return { ...refuse(400, 'The list of subprotocols cannot be read.', 'refused_malformed'), id }
  // The charge point lists what it wants to speak most first.
  const spoken = typeof protocols === 'function' ? protocols(id) : protocols
  return { let: true, id, protocol: offered.find((p) => spoken.includes(p)) ?? null }
}

function refuse(status: number, says: string, count: OcppCounter): GateAnswer & { let: false } {
  return { let: false, status, says, count }
}

/** `/ocpp/CP-1` gives `CP-1`; null for any other or malformed path. A query is ignored. */
export function readChargePointId(url: string): string | null {
  const path = url.split(/[?#]/, 1)[0] ?? ''
  if (!path.startsWith(PREFIX)) return null
  try {
    const id = decodeURIComponent(path.slice(PREFIX.length))
    // The library behind the gate reads the last part of the path only: both must see the same id.
    return id === '' || path.slice(PREFIX.length).includes('/') ? null : id
  } catch {
    return null
  }
}

/** Basic auth as OCPP has it: the user is the charge point's id (colons allowed), the password may be binary: then the site file holds it as `hex:…`. */
function passwordHolds(header: string | undefined, id: string, password: string): boolean {
  const encoded = BASIC.exec(header ?? '')?.[1]
  if (encoded === undefined) return false
  const given = Buffer.from(encoded, 'base64')
  const wanted = [Buffer.from(`${id}:${password}`)]
  if (/^hex:(?:[0-9a-f]{2})+$/i.test(password))
    wanted.push(Buffer.concat([Buffer.from(`${id}:`), Buffer.from(password.slice(4), 'hex')]))
  return wanted.map((w) => same(given, w)).includes(true)
}

/** Compares in a time that depends on neither content. */
function same(given: Buffer, wanted: Buffer): boolean {
  const padded = Buffer.alloc(wanted.length)
  given.copy(padded)
  return timingSafeEqual(padded, wanted) && given.length === wanted.length
}

function readProtocols(header: string | undefined): readonly string[] | null {
  if (header === undefined) return []
  const names = header.split(',').map((name) => name.trim())
  return names.every((name) => TOKEN.test(name)) && new Set(names).size === names.length ? names : null
}

const BURST = 200
const PER_SECOND = 20
const REFUSED_COSTS = 10
const MOST_ADDRESSES = 10_000

/** How often one address may connect: a site behind one router all at once, but no endless guessing of passwords. */
export class ConnectionRate {
  readonly #clock: Clock
  readonly #buckets = new Map<string, { left: number; at: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** False where the address has used up its share. */
  admit(address: string): boolean {
    const bucket = this.#refilled(address)
    if (bucket.left < 1) return false
    bucket.left -= 1
    return true
  }

  /** A refused password or an unknown charge point costs more than a connection. */
  penalize(address: string): void {
    const bucket = this.#refilled(address)
    bucket.left = Math.max(0, bucket.left - REFUSED_COSTS)
  }

  #refilled(address: string): { left: number; at: number } {
    const now = this.#clock.now()
    const known = this.#buckets.get(address)
    const left = known ? Math.min(BURST, known.left + (Math.max(0, now - known.at) / 1_000) * PER_SECOND) : BURST
    const bucket = { left, at: now }
    this.#buckets.delete(address)
    this.#buckets.set(address, bucket)
    const oldest = this.#buckets.keys().next().value
    if (this.#buckets.size > MOST_ADDRESSES && oldest !== undefined) this.#buckets.delete(oldest)
    return bucket
  }
}
