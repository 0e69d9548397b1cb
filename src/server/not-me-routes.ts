import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Clock } from '../../actors/ports.ts'
import { PageRate } from '../driver/page-rate.ts'
import type { NotMe } from '../news/not-me.ts'
import { NOT_ME_POLICY, notMeNotice, notMeQuestion } from '../news/not-me-page.ts'
import type { Asked, Serving } from './serving.ts'
import { serve } from './serving.ts'

type NotMeServing = Pick<Serving, 'desk' | 'callers'> & { readonly clock: Clock; readonly notMe: NotMe | null }

/** Pages of the link by which a payer says that a start is not theirs. They ask for no token: whoever has the link was sent it. */
export function notMeRoutes(app: FastifyInstance, serving: NotMeServing): void {
  const { desk, clock, notMe } = serving
  const rate = new PageRate(clock)
  const page = async ({ params, request, reply }: Asked, press: boolean): Promise<FastifyReply> => {
    if (!rate.admit(request.ip))
      return send(reply.code(429).header('retry-after', '60'), notMeNotice('busy', desk.name))
    const [news, mark] = [params['news'] ?? '', params['mark'] ?? '']
    const found =
      notMe === null ? ({ state: 'unknown' } as const) : await (press ? notMe.use(news, mark) : notMe.look(news, mark))
    if (found.state !== 'open')
      return send(reply.code(found.state === 'unknown' ? 404 : 410), notMeNotice(found.state, desk.name))
    const { bayId, startedAt } = found.link
    return send(reply, press ? notMeNotice('done', desk.name) : notMeQuestion(desk.name, bayId, startedAt))
  }
  serve(app, serving, 'notMe', (asked) => page(asked, false))
  serve(app, serving, 'notMeUse', (asked) => page(asked, true))
}

const send = (reply: FastifyReply, page: string): FastifyReply =>
  reply
    .header('content-security-policy', NOT_ME_POLICY)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(page)
