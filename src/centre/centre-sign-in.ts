import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../actors/ports.ts'
import { FAULTS, Fault } from '../../machines/faults.ts'
import { PageRate } from '../driver/page-rate.ts'
import { personOf } from '../oidc/claimed-person.ts'
import { OidcProvider } from '../oidc/oidc-provider.ts'
import { ATTEMPT_MS, SealedAttempts } from '../oidc/sealed-attempt.ts'
import { PAGE_HEADERS } from '../plain-page.ts'
import { isLoopback, refuseForeignOrigin } from '../server/callers.ts'
import { addressOf } from '../server/wrong-token-brake.ts'
import type { CentreLogin } from './centre-file.ts'
import { languageFor } from './centre-language.ts'
import { sentencePage } from './centre-page.ts'
import { type CentrePeople, cookieOf } from './centre-people.ts'
import { ownPlace } from './own-place.ts'
import { type SignInSays, signInPage } from './sign-in-page.ts'
import type { SitePasses } from './site-pass.ts'

export type SignInParts = {
  readonly people: CentrePeople
  readonly passes: Pick<SitePasses, 'signOut'>
  /** Null = by the admin token alone. */
  readonly login: CentreLogin | null
  readonly takesToken: boolean
  readonly clock: Clock
  readonly log: (says: string) => void
}

/** Shows the sign-in page with this sentence. */
export type AskWho = (request: FastifyRequest, reply: FastifyReply, says: SignInSays | null) => FastifyReply

const LOGIN_BYTES = 2_048
export const CALLBACK = '/login/callback'
const STATUS: { readonly [says in SignInSays]: number } = {
  'wrong-token': 401,
  'signed-out': 200,
  denied: 403,
  away: 503,
  broken: 403,
  old: 400,
  'no-role': 403,
  'no-site': 403,
}

/** Sign-in by token or at the provider, and sign-out. Answers what shows the sign-in page. */
export function centreSignIn(app: FastifyInstance, parts: SignInParts): AskWho {
  const { people, passes, login, takesToken } = parts
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: LOGIN_BYTES },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  )
  const ask: AskWho = (request, reply, says) => {
    const provider = login === null ? null : new URL(login.oidc.issuer).host
    const to = ownPlace(request.url)
    const page = signInPage({ language: languageFor(request), says, provider, takesToken, to })
    return reply
      .code(says === null ? 401 : STATUS[says])
      .headers(PAGE_HEADERS)
      .send(page)
  }
  app.post('/login', async (request, reply) => {
    refuseForeignOrigin(request)
    people.admit(request)
    const token = request.body instanceof URLSearchParams ? (request.body.get('token') ?? '') : ''
    const cookie = people.login(token, mayBeSecure(request))
    if (cookie === null) {
      await people.wrong(request)
      return ask(request, reply, 'wrong-token')
    }
    return reply.header('set-cookie', cookie).redirect('/', 303)
  })
  app.post('/logout', async (request, reply) => {
    refuseForeignOrigin(request)
    passes.signOut(request)
    const gone = people.end(request)
    try {
      return ask(request, reply.header('set-cookie', [gone, await people.logout(request)]), 'signed-out')
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault
      const around = { language: languageFor(request), who: null, path: '/' }
      return reply.code(FAULTS[fault.code].status).headers(PAGE_HEADERS).send(sentencePage(fault.message, around))
    }
  })
  if (login !== null) providerRoutes(app, parts, login, ask)
  return ask
}

function providerRoutes(app: FastifyInstance, parts: SignInParts, login: CentreLogin, ask: AskWho): void {
  const { people, clock, log } = parts
  const { url, oidc } = login
  const provider = new OidcProvider(oidc, `${url}${CALLBACK}`, clock)
  const attempts = new SealedAttempts(clock)
  const rate = new PageRate(clock)
  const cookie = cookieOf('berth_attempt', url.startsWith('https:'))
  const say = (says: string): void => log(`Sign-in at ${new URL(oidc.issuer).host}: ${says}`)
  app.get('/login/oidc', async (request, reply) => {
    const { to } = request.query as { readonly to?: unknown }
    const begun = rate.admit(addressOf(request) ?? '') ? await provider.begin(ownPlace(String(to ?? ''))) : null
    if (begun === null) return ask(request, reply, 'away')
    return reply
      .header('set-cookie', cookie.line(attempts.seal(begun.attempt), ATTEMPT_MS / 1_000))
      .header('cache-control', 'no-store')
      .redirect(begun.url, 303)
  })
  app.get(CALLBACK, async (request, reply) => {
    const attempt = attempts.take(cookie.in(request.headers.cookie) ?? '')
    reply.header('set-cookie', cookie.line('', 0))
    if (attempt === null) return ask(request, reply, 'old')
    const answered = await provider.finish(request.url.slice(CALLBACK.length), attempt)
    if ('no' in answered) {
      say(`nobody was signed in: ${answered.why}.`)
      return ask(request, reply, answered.no)
    }
    const person = personOf(answered.claims, oidc)
    if (typeof person === 'string') {
      say(`${answered.claims.sub.slice(0, 100)} is known there and may do nothing here (${person}).`)
      return ask(request, reply, person)
    }
    say(`${person.caller.name} signed in as ${person.caller.role}.`)
    return reply
      .header('set-cookie', [cookie.line('', 0), people.begin(person)])
      .header('cache-control', 'no-store')
      .redirect(attempt.to, 303)
  })
}

/** Browsers send a Secure cookie over TLS, also of a proxy before berth, and to this machine itself; over plain HTTP elsewhere they drop it. */
const mayBeSecure = ({ protocol, headers, hostname }: FastifyRequest): boolean =>
  protocol === 'https' || headers['x-forwarded-proto'] === 'https' || isLoopback(hostname)
