import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { answerTo, type Challenge, type Credentials, challengeOf } from './device-login.ts'

export type DeviceCallerParts = {
  readonly clock: Pick<Clock, 'now'>
  /** null = none is sent, whatever the camera asks. */
  readonly login: Credentials | null
}

/** Asks one camera by HTTP: logs in as it wants, and never often enough wrongly that it locks the account. */
export type DeviceCaller = {
  /**
   * GET; resolves with an answer of 200 or 304, whose body is not read yet. Throws Fault CAMERA_UNREACHABLE with one sentence, `about.rest_ms` where it
   * must not be asked for so long.
   */
  get(url: string, headers: { readonly [name: string]: string }, signal: AbortSignal): Promise<Response>
}

/** A camera that refused the login is left alone this long, doubled each time: some lock the account for half an hour after five wrong ones. */
const REFUSED_REST_MS = 35 * 60_000
const LONGEST_REST_MS = 6 * 3_600_000
/** To the head of an answer. */
const HEAD_MS = 10_000

/** Opens the caller of one camera; see `DeviceCaller`. */
export const deviceCaller = (parts: DeviceCallerParts): DeviceCaller => new Caller(parts)

class Caller implements DeviceCaller {
  readonly #parts: DeviceCallerParts
  #challenge: Challenge | null = null
  #uses = 0
  /** This login was accepted once. */
  #isGood = false
  #refusals = 0
  /** Not asked before this, ms since 1970. */
  #restsUntil = 0

  constructor(parts: DeviceCallerParts) {
    this.#parts = parts
  }

  async get(url: string, headers: { readonly [name: string]: string }, signal: AbortSignal): Promise<Response> {
    const rest_ms = this.#restsUntil - this.#parts.clock.now()
    if (rest_ms > 0) throw refusing('its login was refused; it is left alone so that it locks nobody out', rest_ms)
    const hadLogin = this.#challenge !== null
    const first = await this.#ask(url, headers, signal)
    if (first.status !== 401) return this.#checked(first)
    const challenge = challengeOf(first.headers.get('www-authenticate'))
    await first.body?.cancel()
    if (this.#parts.login === null)
      throw this.#refused('it asks for a login and none is given; set `login` of the camera')
    if (challenge === null) throw this.#refused('it asks for a login in a way that berth does not know')
    // An old nonce is no wrong login: only a login that was accepted before, or that the camera calls stale, is tried anew.
    const isStale = challenge.scheme === 'digest' && challenge.isStale
    if (hadLogin && !this.#isGood && !isStale) throw this.#refused(WRONG)
    this.#challenge = challenge
    this.#uses = 0
    const second = await this.#ask(url, headers, signal)
    if (second.status !== 401) return this.#checked(second)
    await second.body?.cancel()
    throw this.#refused(WRONG)
  }

  async #checked(answer: Response): Promise<Response> {
    if (answer.ok || answer.status === 304) {
      if (this.#challenge !== null) this.#isGood = true
      this.#refusals = 0
      return answer
    }
    await answer.body?.cancel()
    // 403 and 423 are how some cameras say that the account is locked or may not.
    if (answer.status === 403 || answer.status === 423)
      throw this.#refused(`it answers ${answer.status}: this user may not, or is locked out`)
    throw unreachable(`it answers ${answer.status}`)
  }

  async #ask(url: string, headers: { readonly [name: string]: string }, signal: AbortSignal): Promise<Response> {
    const { login } = this.#parts
    const at = new URL(url)
    const head = new AbortController()
    const timer = setTimeout(() => head.abort(new Error('no answer in time')), HEAD_MS)
    this.#uses += 1
    const own: { readonly [name: string]: string } =
      this.#challenge && login
        ? { authorization: answerTo(this.#challenge, login, `${at.pathname}${at.search}`, this.#uses) }
        : {}
    try {
      // A login is for this camera alone: where it sends us elsewhere, we do not go.
      const signals = AbortSignal.any([signal, head.signal])
      return await fetch(url, { headers: { ...headers, ...own }, redirect: 'error', signal: signals })
    } catch (cause) {
      signal.throwIfAborted()
      throw unreachable(whyOf(cause), undefined, cause)
    } finally {
      clearTimeout(timer)
    }
  }

  #refused(why: string): Fault {
    const rest_ms = Math.min(LONGEST_REST_MS, REFUSED_REST_MS * 2 ** this.#refusals)
    this.#refusals += 1
    this.#challenge = null
    this.#isGood = false
    this.#restsUntil = this.#parts.clock.now() + rest_ms
    return refusing(
      `${why}; berth asks again in ${Math.round(rest_ms / 60_000)} min, so that no account is locked`,
      rest_ms,
    )
  }
}

const WRONG = 'its login is refused: name or password is wrong'

/** A camera that does not give what it is asked for. `why` holds no address and no secret. */
export const unreachable = (why: string, rest_ms?: number, cause?: unknown): Fault =>
  new Fault('CAMERA_UNREACHABLE', rest_ms === undefined ? {} : { rest_ms }, {
    says: `The camera does not give what it is asked for: ${why}.`,
    ...(cause === undefined ? {} : { cause }),
  })

/** A camera whose login is refused: not asked for `rest_ms`. */
export const refusing = (why: string, rest_ms: number): Fault =>
  new Fault(
    'CAMERA_UNREACHABLE',
    { rest_ms, refused: true },
    {
      says: `The camera does not give what it is asked for: ${why}.`,
    },
  )

const WHYS: { readonly [code: string]: string } = {
  ECONNREFUSED: 'nothing listens at its address',
  ENOTFOUND: 'its name is not known',
  EHOSTUNREACH: 'no way leads to its address',
  ENETUNREACH: 'no way leads to its address',
  ETIMEDOUT: 'it does not answer',
  ECONNRESET: 'it hung up',
  UND_ERR_SOCKET: 'it hung up',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'its certificate is its own, and not trusted here (NODE_EXTRA_CA_CERTS names one that is)',
}

/** Why a call failed, in words. */
export function whyOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause
  const code = typeof inner === 'object' && inner !== null && 'code' in inner ? String(inner.code) : ''
  if (WHYS[code] !== undefined) return WHYS[code]
  if (inner instanceof Error && /redirect/.test(inner.message)) return 'it sends berth to another address'
  return inner instanceof Error && /in time/.test(inner.message) ? 'it does not answer in time' : 'the connection broke'
}
