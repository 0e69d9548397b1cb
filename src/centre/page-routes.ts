import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../actors/ports.ts'
import { FAULTS, Fault } from '../../machines/faults.ts'
import { PAGE_HEADERS } from '../plain-page.ts'
import { callerOf } from '../server/serving.ts'
import type { Caller } from '../site-desk.ts'
import { keepLanguage, languageFor } from './centre-language.ts'
import { type Around, type Looker, sentencePage } from './centre-page.ts'
import type { CentrePeople } from './centre-people.ts'
import type { AskWho } from './centre-sign-in.ts'
import { ownPlace } from './own-place.ts'

export type PageRoutesParts = {
  readonly people: CentrePeople
  readonly askWho: AskWho
  readonly clock: Pick<Clock, 'now'>
}

/** Shows something to somebody who is known. */
type Show = (asked: {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly caller: Caller
  readonly around: Around
}) => Promise<FastifyReply>

/** Pages for people: whoever is not known is asked who they are, and what cannot be shown is a sentence with the way back. Answers what adds one. */
export function pageRoutes(app: FastifyInstance, { people, askWho, clock }: PageRoutesParts) {
  app.get('/language', (request, reply) => {
    const { is, to } = request.query as { readonly is?: unknown; readonly to?: unknown }
    return keepLanguage(reply, String(is ?? '')).redirect(ownPlace(String(to ?? '')), 303)
  })
  const lookerOf = (caller: Caller, request: FastifyRequest): Looker => {
    const { name, role } = caller
    const came = people.signInOf(caller) !== null ? 'provider' : people.isMachine(caller) ? 'machine' : 'token'
    return { name, role, came, until: people.until(request), now: clock.now() }
  }
  return (method: 'get' | 'post', path: string, show: Show): void => {
    app[method](path, async (request, reply) => {
      const place = ownPlace(request.url.split('?')[0] ?? '')
      let around: Around = { language: languageFor(request), who: null, path: place }
      try {
        const caller = await callerOf(people, request)
        around = { ...around, who: lookerOf(caller, request) }
        return await show({ request, reply, caller, around })
      } catch (fault) {
        if (!(fault instanceof Fault)) throw fault
        if (fault.code === 'UNAUTHORIZED' && around.who === null && method === 'get')
          return askWho(request, reply, null)
        return reply.code(FAULTS[fault.code].status).headers(PAGE_HEADERS).send(sentencePage(fault.message, around))
      }
    })
  }
}
export type AddPage = ReturnType<typeof pageRoutes>
