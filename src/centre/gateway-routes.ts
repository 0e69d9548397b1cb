import type { FastifyInstance } from 'fastify'
import { Fault } from '../../machines/faults.ts'
import type { PostgresLine } from '../journal/postgres-line.ts'
import type { CentreLinks } from './centre-links.ts'
import { registerFor } from './handed-registers.ts'

/** Where gateways fetch their register. */
export const REGISTER = '/register'

/** What a gateway fetches with the token of its link: `GET /register`, the signed register that lies ready for its site. */
export function gatewayRoutes(app: FastifyInstance, links: Pick<CentreLinks, 'who'>, line: PostgresLine): void {
  app.get(REGISTER, async (request, reply) => {
    const who = await links.who(request.headers.authorization)
    if (who === null || !who.isNewest)
      throw new Fault('UNAUTHORIZED', {}, { says: 'This token is of no gateway that ships here now.' })
    const has = request.headers['if-none-match']
    const register = await registerFor(line, who.site, has)
    if (register === null)
      throw new Fault(
        'NOT_FOUND',
        {},
        { says: `No register lies here for ${who.site}; \`berth centre register put\` lays it.` },
      )
    reply.header('cache-control', 'private, no-cache')
    if (register === 'same') return reply.header('etag', has).code(304).send()
    reply.header('etag', register.etag)
    return reply.type('application/json; charset=utf-8').send(register.text)
  })
}
