import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { OcppCounter } from '../../actors/ocpp/ocpp-counters.ts'

/** Why nobody comes in. `id` is the charge point's, where it is known; `stranger` what an unknown one calls itself. */
export type Refused = {
  readonly let: false
  readonly status: number
  readonly says: string
  readonly count: OcppCounter
  readonly id?: string
  readonly stranger?: string
}

/** A charge point may come in (`protocol` null: the socket is opened and closed, as OCPP-J wants it for a foreign subprotocol), or is refused. */
export type GateAnswer = { readonly let: true; readonly id: string; readonly protocol: string | null } | Refused

const PREFIX = '/ocpp/'
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** Whose upgrade it is: a charge point that is known, or why nobody's. */
export function judgeName(
  request: IncomingMessage,
  isKnown: (id: string) => boolean,
): { readonly let: true; readonly id: string } | Refused {
  const id = readChargePointId(request.url ?? '')
  if (id === null)
    return refuse(404, 'There is nothing here; charge points connect to /ocpp/{chargePointId}.', 'refused_path')
  if (isKnown(id)) return { let: true, id }
  const says = 'This charge point is not in the site file; add it under chargePoints.'
  return { ...refuse(404, says, 'refused_unknown'), stranger: id }
}

/** The first subprotocol of the charge point's list that it may speak. */
export function judgeProtocols(request: IncomingMessage, id: string, spoken: readonly string[]): GateAnswer {
  const offered = readProtocols(request.headers['sec-websocket-protocol'])
  if (offered === null) return { ...refuse(400, 'The list of subprotocols cannot be read.', 'refused_malformed'), id }
  // The charge point lists what it wants to speak most first.
  return { let: true, id, protocol: offered.find((p) => spoken.includes(p)) ?? null }
}

/** 401 for this charge point. */
export const wrongPassword = (id: string): Refused => ({
  ...refuse(401, 'Wrong or missing password for this charge point.', 'refused_password'),
  id,
})

/** A refusal with its sentence and what it counts as. */
export const refuse = (status: number, says: string, count: OcppCounter): Refused => ({
  let: false,
  status,
  says,
  count,
})

/** Writes a refusal to who knocked, with its sentence as the body, and ends the socket. */
export function sendRefusal(socket: Duplex, { status, says }: Pick<Refused, 'status' | 'says'>): void {
  const body = `${says}\n`
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(status === 401 ? ['WWW-Authenticate: Basic realm="ocpp"'] : []),
  ]
  socket.once('finish', () => socket.destroy())
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
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

function readProtocols(header: string | undefined): readonly string[] | null {
  if (header === undefined) return []
  const names = header.split(',').map((name) => name.trim())
  return names.every((name) => TOKEN.test(name)) && new Set(names).size === names.length ? names : null
}
