import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientError,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  clockTolerance,
  discovery,
  enableNonRepudiationChecks,
  None,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import type { Clock } from '../../actors/ports.ts'
import type { Claims } from './claimed-person.ts'
import type { OidcSettings } from './oidc-settings.ts'
import type { Attempt } from './sealed-attempt.ts'

/** What came of an answer of the provider: who signed in, that they or it said no, that it is away, or what does not hold. */
export type Answered = { readonly claims: Claims } | { readonly no: 'denied' | 'away' | 'broken'; readonly why: string }

/** Clocks of two machines may be so far apart, s. */
const TOLERANCE_S = 30
/** An ID token is made for the answer that it comes with, s. */
const OLDEST_S = 600
/** The provider is not waited for longer, s. */
const PATIENCE_S = 10
/** What the provider said of itself is asked anew after so long, ms. */
const KNOWN_MS = 5 * 60_000

type Known = { readonly at: number; readonly metadata: ReturnType<Configuration['serverMetadata']> }

/** A provider of OpenID Connect, by the authorization code flow with PKCE. What it says of itself is kept for minutes, its keys for no longer than one answer. */
export class OidcProvider {
  readonly #settings: OidcSettings
  readonly #redirect: string
  readonly #clock: Pick<Clock, 'now'>
  #known: Known | null = null
  #asking: Promise<Known> | null = null

  /** `redirect`: where the provider sends people back to, as it knows it. */
  constructor(settings: OidcSettings, redirect: string, clock: Pick<Clock, 'now'>) {
    this.#settings = settings
    this.#redirect = redirect
    this.#clock = clock
  }

  /** Where to send somebody, and what to remember of it; null where the provider does not answer. */
  async begin(to: string): Promise<{ readonly url: string; readonly attempt: Attempt } | null> {
    const attempt = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier(), to }
    try {
      const url = buildAuthorizationUrl(await this.#configuration(), {
        redirect_uri: this.#redirect,
        scope: this.#settings.scopes.join(' '),
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
      })
      return { url: url.href, attempt }
    } catch {
      return null
    }
  }

  /** Takes the code of an answer (the query that somebody came back with) to the provider. */
  async finish(query: string, { state, nonce, verifier }: Attempt): Promise<Answered> {
    try {
      const came = new URL(this.#redirect)
      came.search = query
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true }
      const claims = (await authorizationCodeGrant(await this.#configuration(), came, checks)).claims()
      if (claims === undefined) return { no: 'broken', why: 'there is no ID token' }
      const age_s = this.#clock.now() / 1000 - claims.iat
      if (age_s < -TOLERANCE_S || age_s > OLDEST_S + TOLERANCE_S)
        return { no: 'broken', why: 'the ID token was made at another time than this answer (iat)' }
      return { claims }
    } catch (cause) {
      return refusalOf(cause)
    }
  }

  /** A new one each time: keys that the provider took back must not count here for minutes. */
  async #configuration(): Promise<Configuration> {
    this.#known = await this.#fresh()
    const { clientId, issuer } = this.#settings
    const { metadata } = this.#known
    const proof = this.#proof(metadata.token_endpoint_auth_methods_supported)
    const one = new Configuration({ ...metadata }, clientId, this.#client(), proof)
    one.timeout = PATIENCE_S
    enableNonRepudiationChecks(one)
    if (isPlain(issuer)) allowInsecureRequests(one)
    return one
  }

  /** What it says of itself; many who ask at once ask it once. */
  #fresh(): Promise<Known> {
    if (this.#known !== null && Math.abs(this.#clock.now() - this.#known.at) <= KNOWN_MS)
      return Promise.resolve(this.#known)
    this.#asking ??= this.#discover().finally(() => {
      this.#asking = null
    })
    return this.#asking
  }

  async #discover(): Promise<Known> {
    const { issuer, clientId } = this.#settings
    const execute = isPlain(issuer) ? [allowInsecureRequests] : []
    const options = { execute, timeout: PATIENCE_S }
    const found = await discovery(new URL(issuer), clientId, this.#client(), None(), options)
    // A copy: answers are remembered by this very object.
    return { at: this.#clock.now(), metadata: structuredClone({ ...found.serverMetadata() }) as Known['metadata'] }
  }

  #client() {
    const { clientSecret } = this.#settings
    return { ...(clientSecret === null ? {} : { client_secret: clientSecret }), [clockTolerance]: TOLERANCE_S }
  }

  /** As a form where the provider takes that: what stands in a header is written differently by different ones. */
  #proof(taken: readonly string[] = []) {
    const { clientSecret } = this.#settings
    if (clientSecret === null) return None()
    return taken.includes('client_secret_post') ? ClientSecretPost(clientSecret) : ClientSecretBasic(clientSecret)
  }
}

/** HTTP without TLS: the settings allow it for this machine itself alone. */
const isPlain = (issuer: string): boolean => issuer.startsWith('http:')

/** Codes of what a network does. */
const AWAY = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT'])

function refusalOf(cause: unknown): Answered {
  if (cause instanceof AuthorizationResponseError)
    return cause.error === 'temporarily_unavailable' || cause.error === 'server_error'
      ? { no: 'away', why: cause.error }
      : { no: 'denied', why: short(cause.error) }
  if (cause instanceof ResponseBodyError)
    return { no: cause.status >= 500 ? 'away' : 'broken', why: `the provider says ${short(cause.error)}` }
  if (cause instanceof ClientError) {
    if (AWAY.has(cause.code ?? '')) return { no: 'away', why: 'no answer in time' }
    if (cause.cause instanceof Response && cause.cause.status >= 500)
      return { no: 'away', why: `it answers ${cause.cause.status}` }
    const inner = cause.cause instanceof Error ? cause.cause.message : cause.message
    return { no: 'broken', why: short(inner) }
  }
  // `fetch` throws nothing else for a network that leads nowhere.
  if (cause instanceof TypeError && cause.message === 'fetch failed') return { no: 'away', why: 'it cannot be reached' }
  return { no: 'broken', why: short(cause instanceof Error ? cause.message : String(cause)) }
}

const short = (text: string): string => text.replaceAll(/[\p{C}]/gu, ' ').slice(0, 160)
