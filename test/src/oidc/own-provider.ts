import { createHash, createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'

export type Algorithm = 'RS256' | 'ES256' | 'EdDSA'
type Key = { readonly kid: string; readonly alg: Algorithm; readonly own: KeyObject; readonly open: object }
type Json = { [member: string]: unknown }
type Given = { readonly challenge: string; readonly nonce: string; readonly redirect: string; used: boolean }

const keyOf = (alg: Algorithm): Key => {
  const { privateKey, publicKey } =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : alg === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('ed25519')
  const kid = randomBytes(6).toString('hex')
  return { kid, alg, own: privateKey, open: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' } }
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Whether berth proved itself: by the form, or by a header in which both parts are written as a form's. */
function isClient(form: URLSearchParams, authorization: string): boolean {
  const basic = Buffer.from(authorization.replace(/^Basic /, ''), 'base64')
    .toString()
    .split(':')
    .map(decodeURIComponent)
  const [id, secret] = authorization === '' ? [form.get('client_id'), form.get('client_secret')] : basic
  return id === OwnProvider.clientId && secret === OwnProvider.secret
}

/** A provider of OpenID Connect on a port of this machine: real keys, codes that work once, PKCE that is held to. Whoever asks is `claims`. */
export class OwnProvider {
  static readonly clientId = 'berth-centre'
  static readonly secret = 'known-to-both-sides'
  /** Who signs in. */
  claims: Json = { sub: '2489', preferred_username: 'anna', groups: ['berth-ops'] }
  /** What is done to the token before it is signed. */
  twist: (claims: Json) => Json = (claims) => claims
  /** Where it stands in place of what was signed. */
  forge: (token: string) => string = (token) => token
  /** What is added to the answer that people come back with. */
  answer: Json = {}
  /** How clients may prove themselves; null = it does not say. */
  proofs: readonly string[] | null = ['client_secret_basic', 'client_secret_post']
  isAway = false
  /** What was asked of it, by path. */
  readonly asked: string[] = []
  readonly #server: Server
  readonly #codes = new Map<string, Given>()
  #key: Key

  private constructor(alg: Algorithm) {
    this.#key = keyOf(alg)
    this.#server = createServer((request, response) => void this.#serve(request, response))
  }

  static async open(alg: Algorithm = 'RS256'): Promise<OwnProvider> {
    const provider = new OwnProvider(alg)
    await new Promise<void>((done) => provider.#server.listen(0, '127.0.0.1', done))
    onTestFinished(() => {
      provider.#server.closeAllConnections()
      provider.#server.close()
    })
    return provider
  }

  get issuer(): string {
    const at = this.#server.address()
    return `http://127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}`
  }

  /** A new key from now on; the one before is taken back. */
  rotate(alg: Algorithm = this.#key.alg): void {
    this.#key = keyOf(alg)
  }

  /** The page where people sign in, for somebody who does at once: where it sends them. */
  signIn(url: string): URL {
    const asked = new URL(url)
    const get = (name: string): string => asked.searchParams.get(name) ?? ''
    if (!url.startsWith(`${this.issuer}/authorize?`) || get('client_id') !== OwnProvider.clientId)
      throw new Error(`not ours: ${url}`)
    if (get('response_type') !== 'code' || get('code_challenge_method') !== 'S256') throw new Error('no code flow')
    const code = randomBytes(16).toString('base64url')
    const redirect = get('redirect_uri')
    this.#codes.set(code, { challenge: get('code_challenge'), nonce: get('nonce'), redirect, used: false })
    const back = new URL(redirect)
    const members = { code, state: get('state'), iss: this.issuer, ...this.answer }
    for (const [name, value] of Object.entries(members)) if (value !== null) back.searchParams.set(name, String(value))
    return back
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '', this.issuer).pathname
    this.asked.push(path)
    const send = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    if (this.isAway) return send(503, { error: 'temporarily_unavailable' })
    if (path === '/.well-known/openid-configuration') return send(200, this.#metadata())
    if (path === '/jwks') return send(200, { keys: [this.#key.open] })
    if (path !== '/token') return send(404, {})
    const parts: Buffer[] = []
    for await (const one of request) parts.push(one as Buffer)
    const token = this.#redeem(
      new URLSearchParams(Buffer.concat(parts).toString()),
      request.headers.authorization ?? '',
    )
    if (token === null) send(400, { error: 'invalid_grant' })
    else send(200, { access_token: 'nobody-needs-it', token_type: 'Bearer', expires_in: 60, id_token: token })
  }

  #metadata(): object {
    const at = this.issuer
    return {
      issuer: at,
      authorization_endpoint: `${at}/authorize`,
      token_endpoint: `${at}/token`,
      jwks_uri: `${at}/jwks`,
      id_token_signing_alg_values_supported: ['RS256', 'ES256', 'EdDSA'],
      ...(this.proofs && { token_endpoint_auth_methods_supported: this.proofs }),
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    }
  }

  #redeem(form: URLSearchParams, authorization: string): string | null {
    const given = this.#codes.get(form.get('code') ?? '')
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (given === undefined || given.used || given.challenge !== proof || !isClient(form, authorization)) return null
    if (form.get('redirect_uri') !== given.redirect || form.get('grant_type') !== 'authorization_code') return null
    given.used = true
    const now = Math.floor(Date.now() / 1000)
    const { issuer: iss, claims } = this
    const { nonce } = given
    return this.forge(
      this.signed(this.twist({ iss, aud: OwnProvider.clientId, iat: now, exp: now + 300, nonce, ...claims })),
    )
  }

  /** A token by the key of now. */
  signed(claims: Json): string {
    const { alg, kid, own } = this.#key
    const text = `${part({ alg, kid, typ: 'JWT' })}.${part(claims)}`
    const how = alg === 'EdDSA' ? null : 'sha256'
    const signature = sign(how, Buffer.from(text), { key: own, dsaEncoding: 'ieee-p1363' })
    return `${text}.${signature.toString('base64url')}`
  }

  /** The same claims with no signature at all. */
  static unsigned(token: string): string {
    return `${part({ alg: 'none', typ: 'JWT' })}.${token.split('.')[1]}.`
  }

  /** The same claims signed with what everybody may read: the open key, or the client's secret. */
  hashed(token: string, key = JSON.stringify(this.#key.open)): string {
    const text = `${part({ alg: 'HS256', kid: this.#key.kid, typ: 'JWT' })}.${token.split('.')[1]}`
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
  }
}
