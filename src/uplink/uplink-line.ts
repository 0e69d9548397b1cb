import { readFileSync } from 'node:fs'
import { WebSocket } from 'ws'
import type { Clock } from '../../actors/ports.ts'
import {
  type FromSite,
  LINK_PROTOCOL,
  MOST_FROM_CENTRE,
  readFromCentre,
  type SiteAnswer,
  siteText,
} from './link-message.ts'
import { CLOSED, LinkSocket } from './link-socket.ts'
import type { RequestDesk } from './request-desk.ts'

/** Why a link ended or never was. `refused`: nothing but a person helps. */
export class LinkLost extends Error {
  readonly isRefused: boolean
  constructor(says: string, isRefused = false) {
    super(says)
    this.isRefused = isRefused
  }
}

export type LineOptions = {
  readonly url: string
  readonly token: string
  /** PEM file of the authority that the centre's certificate is of; null = the public ones. */
  readonly ca: string | null
  readonly clock: Clock
  /** Longest wait for an answer, ms. */
  readonly answer_ms: number
  /** Carries out what the centre asks. */
  readonly requests: RequestDesk
}

const HANDSHAKE_MS = 10_000

/** One connection to the centre: a question, its answer, the next one; and beside that what the centre asks. */
export class UplinkLine {
  readonly #options: LineOptions
  readonly #socket: LinkSocket
  #answer: ((answer: SiteAnswer | LinkLost) => void) | null = null
  #lost: LinkLost | null = null
  #gone: () => void = () => {}

  private constructor(options: LineOptions, socket: WebSocket) {
    this.#options = options
    this.#socket = new LinkSocket(socket, options.clock, {
      text: (text) => this.#hear(text),
      gone: (code, reason) => this.#end(lossOf(code, reason)),
    })
  }

  /** Dials once. Rejects with LinkLost. */
  static dial(options: LineOptions, closing: AbortSignal): Promise<UplinkLine> {
    const { url, token, ca } = options
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, LINK_PROTOCOL, {
        ...(ca === null ? {} : { ca: certificate(ca) }),
        headers: { authorization: `Bearer ${token}` },
        maxPayload: MOST_FROM_CENTRE,
        perMessageDeflate: { serverNoContextTakeover: true, clientNoContextTakeover: true, threshold: 1024 },
        handshakeTimeout: HANDSHAKE_MS,
        followRedirects: false,
      })
      const stop = (): void => socket.terminate()
      closing.addEventListener('abort', stop, { once: true })
      const failed = (lost: LinkLost): void => {
        closing.removeEventListener('abort', stop)
        reject(lost)
      }
      socket.once('unexpected-response', (request, response) => {
        request.destroy()
        failed(answered(response.statusCode ?? 0))
      })
      socket.on('error', (error) => failed(unreached(error)))
      socket.once('open', () => {
        closing.removeEventListener('abort', stop)
        socket.removeAllListeners('error')
        resolve(new UplinkLine(options, socket))
      })
    })
  }

  /** Sends, and waits for the answer. Rejects with LinkLost. */
  ask(message: FromSite): Promise<SiteAnswer> {
    if (this.#lost !== null) return Promise.reject(this.#lost)
    const { clock, answer_ms } = this.#options
    return new Promise((resolve, reject) => {
      const disarm = clock.after(answer_ms, () => {
        this.#socket.close(CLOSED.silent, 'no answer in time')
        this.#end(new LinkLost(`does not answer within ${answer_ms / 1000} s`))
      })
      this.#answer = (answer) => {
        this.#answer = null
        disarm()
        if (answer instanceof LinkLost) reject(answer)
        else resolve(answer)
      }
      this.#socket.send(siteText(message))
    })
  }

  /** Says what has no answer. */
  say(message: FromSite): void {
    this.#socket.send(siteText(message))
  }

  get isLost(): boolean {
    return this.#lost !== null
  }

  /** Resolves when the line is lost; why. */
  lost(): Promise<LinkLost> {
    return new Promise((resolve) => {
      if (this.#lost !== null) return resolve(this.#lost)
      this.#gone = () => resolve(this.#lost as LinkLost)
    })
  }

  close(): void {
    this.#socket.close(CLOSED.leaving, 'The gateway stops.')
    this.#end(new LinkLost('is not asked any more'))
  }

  /** Ends, for a hello that says something else. */
  renew(): void {
    this.#socket.close(CLOSED.leaving, 'What may be asked of this gateway has changed.')
    this.#end(new LinkLost('is linked anew, since what it may ask has changed'))
  }

  /** It answers what cannot be. */
  nonsense(what: string): LinkLost {
    this.#socket.close(CLOSED.unreadable, what)
    const lost = new LinkLost(`answers nonsense (${what})`)
    this.#end(lost)
    return lost
  }

  #hear(text: string): void {
    const answer = readFromCentre(text)
    if (answer === null) return void this.nonsense('it is no message of a link')
    // Not waited for: records go on meanwhile.
    if (answer.type === 'request')
      return void this.#options.requests.answer(answer).then((response) => this.#socket.send(siteText(response)))
    if (this.#answer === null) {
      if (answer.type === 'refused') return this.#refuse(answer.says, answer.again)
      return void this.nonsense('nobody asked')
    }
    if (answer.type === 'refused') this.#refuse(answer.says, answer.again)
    else this.#answer(answer)
  }

  #refuse(says: string, again: boolean): void {
    this.#socket.close(CLOSED.leaving, 'refused')
    this.#end(new LinkLost(`refuses: ${says}`, !again))
  }

  #end(lost: LinkLost): void {
    this.#lost ??= lost
    this.#answer?.(this.#lost)
    this.#gone()
  }
}

function certificate(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    throw new LinkLost(`cannot be checked: \`centre.ca\` (${path}) cannot be read`, true)
  }
}

/** What is wrong with a certificate, by the code of TLS: only a person mends it. */
const UNTRUSTED: { readonly [code: string]: string } = {
  CERT_HAS_EXPIRED: 'its certificate has ended',
  CERT_NOT_YET_VALID: 'its certificate does not hold yet, or the clock here is behind',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is of another name than `centre.url` says',
}
const NO_AUTHORITY = 'its certificate is of no authority that is known here; name that authority in `centre.ca`'
const OF_AUTHORITY =
  /^(?:SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF)|CERT_(?:UNTRUSTED|SIGNATURE|REJECTED))/

function unreached(error: Error): LinkLost {
  const code = shortOf(error)
  const why = UNTRUSTED[code] ?? (OF_AUTHORITY.test(code) ? NO_AUTHORITY : null)
  return why === null
    ? new LinkLost(`cannot be reached (${code})`)
    : new LinkLost(`is not trusted: ${why} (${code})`, true)
}

function answered(status: number): LinkLost {
  if (status === 401)
    return new LinkLost('does not know this token; make another with `berth centre renew` there', true)
  return new LinkLost(status === 503 ? 'cannot reach its database' : `answers ${status}, it is no centre`)
}

function lossOf(code: number, reason: string): LinkLost {
  if (code === CLOSED.replaced)
    return new LinkLost('is linked by another gateway with the token of this site: two run with one identity', true)
  if (code === CLOSED.refused) return new LinkLost(`refuses: ${reason}`, true)
  const why = reason === '' ? code : `${code}: ${reason}`
  return new LinkLost(code === 1006 ? 'was cut off' : `closed the link (${why})`)
}

const shortOf = (error: Error): string => ('code' in error ? String(error.code) : error.message.slice(0, 120))
