import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { OcppLog } from '../../actors/ocpp/ocpp-counters.ts'
import type { Clock } from '../../actors/ports.ts'
import { keepNewest } from '../newest-kept.ts'
import { readBasicPassword } from './basic-credentials.ts'
import { CHARGE_POINT_RATE, ConnectionRate, rateFor } from './connection-rate.ts'
import { PasswordBook } from './password-book.ts'
import { type GateAnswer, judgeName, judgeProtocols, type Refused, refuse, wrongPassword } from './upgrade-gate.ts'

/** OCPP's security profiles: 0 nothing, 1 password, 2 password over TLS, 3 a certificate of the charge point's own. */
export type SecurityProfile = 0 | 1 | 2 | 3

/** What one charge point must show. */
export type DoorEntry = {
  readonly id: string
  /** Clear, `hex:…` for a binary one, or hashed. */
  readonly password?: string
  /** Absent = 1 with a password, 0 without. */
  readonly security?: SecurityProfile
  /** Subprotocols that it may speak. */
  readonly versions: readonly string[]
}

type KeeperParts = { readonly entries: readonly DoorEntry[]; readonly clock: Clock; readonly log: OcppLog }

/** A refused charge point comes again every few seconds; the log says it once in so long. */
const SAY_AGAIN_ms = 600_000

/** Decides who comes in before any WebSocket code sees the request: rate, path, certificate or password, subprotocol. */
export class DoorKeeper {
  readonly #entries: ReadonlyMap<string, DoorEntry>
  readonly #clock: Clock
  readonly #log: OcppLog
  readonly #byAddress: ConnectionRate
  readonly #byId: ConnectionRate
  readonly #passwords = new PasswordBook()
  readonly #said = new Map<string, number>()

  constructor({ entries, clock, log }: KeeperParts) {
    this.#entries = new Map(entries.map((entry) => [entry.id, entry]))
    this.#clock = clock
    this.#log = log
    this.#byAddress = new ConnectionRate(clock, rateFor(entries.length))
    this.#byId = new ConnectionRate(clock, CHARGE_POINT_RATE)
    this.adopt(entries)
  }

  /** Takes the passwords of now, of charge points that are known already. */
  adopt(entries: readonly { readonly id: string; readonly password?: string }[]): void {
    this.#passwords.adopt(
      entries.flatMap(({ id, password }) => (password === undefined || !this.#entries.has(id) ? [] : [[id, password]])),
    )
  }

  async admit(request: IncomingMessage): Promise<GateAnswer> {
    const address = request.socket.remoteAddress ?? ''
    if (!this.#byAddress.admit(address))
      return refuse(429, 'Too many connections from this address; wait a minute.', 'refused_rate')
    const answer = await this.#judge(request)
    if (!answer.let && answer.status === 503) this.#byAddress.giveBack(address)
    else if (!answer.let) this.#byAddress.penalize(address)
    if (!answer.let) this.#say(answer, address)
    return answer
  }

  async #judge(request: IncomingMessage): Promise<GateAnswer> {
    const named = judgeName(request, (id) => this.#entries.has(id))
    const entry = named.let ? this.#entries.get(named.id) : undefined
    if (!named.let || !entry) return named as Refused
    const { id, versions } = entry
    const no = (await this.#proves(request, entry)) ?? this.#tooOften(id)
    return no ?? judgeProtocols(request, id, versions)
  }

  /** Null where it has shown what its profile asks. */
  async #proves(request: IncomingMessage, entry: DoorEntry): Promise<Refused | null> {
    const { id } = entry
    const hasPassword = entry.password !== undefined || this.#passwords.has(id)
    const { security = hasPassword ? 1 : 0 } = entry
    if (security >= 2 && !(request.socket instanceof TLSSocket)) {
      const says = `This charge point must come by wss: its security profile is ${security}.`
      return { ...refuse(403, says, 'refused_insecure'), id }
    }
    if (security === 3) return certificateOf(request.socket as TLSSocket, id)
    if (security === 0 && !hasPassword) return null
    const given = readBasicPassword(request.headers.authorization, id)
    const holds = given === null ? false : await this.#passwords.holds(id, given)
    if (holds === 'busy')
      return { ...refuse(503, 'Too many charge points come in at once; try again in a moment.', 'refused_busy'), id }
    return holds ? null : wrongPassword(id)
  }

  #tooOften(id: string): Refused | null {
    if (this.#byId.admit(id)) return null
    return { ...refuse(429, 'This charge point connects again and again; wait a minute.', 'refused_rate'), id }
  }

  /** One clear line, once in ten minutes; a stranger by what it calls itself, as far as that can be printed. */
  #say({ says, id, stranger }: Refused, address: string): void {
    const name = id ?? stranger?.replaceAll(/[^\w*+.:|@-]/g, '?').slice(0, 48)
    if (name === undefined) return
    const line = `${name} (${address}): ${says}`
    const now = this.#clock.now()
    if (now - (this.#said.get(line) ?? Number.NEGATIVE_INFINITY) < SAY_AGAIN_ms) return
    keepNewest(this.#said, line, now)
    this.#log({ level: 'warn', says: line, about: { chargePointId: id ?? null } })
  }
}

/** Profile 3: a certificate of the site's own authority whose common name is the charge point's id. */
function certificateOf(socket: TLSSocket, id: string): Refused | null {
  const no = (why: string): Refused => ({ ...refuse(401, why, 'refused_certificate'), id })
  const { subject } = socket.getPeerCertificate()
  if (!subject) return no('It shows no certificate, and its security profile is 3.')
  if (!socket.authorized)
    return no(
      `Its certificate does not hold (${String(socket.authorizationError ?? 'unknown')}); see ocpp.tls.clientCa and clientCrl.`,
    )
  return subject.CN === id ? null : no('Its certificate is another charge point’s: the common name must be its id.')
}
