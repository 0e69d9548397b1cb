import type { FastifyInstance } from 'fastify'
import type { Erasure } from '../../actors/erasures.ts'
import { Fault } from '../../machines/faults.ts'
import { normalize } from '../../machines/plate.ts'
import { pageOf, type Serving, serve } from './serving.ts'

/** An erasure as people see it: never its vehicle. */
const shown = ({ handle: _handle, ...erasure }: Erasure): Omit<Erasure, 'handle'> => erasure

/** Requests to be forgotten: asked, waiting, done. */
export function erasureRoutes(app: FastifyInstance, serving: Serving): void {
  const { erasures } = serving.desk
  serve(app, serving, 'erasures', ({ query, sight }) => {
    const { items, next } = pageOf(erasures.all(), (one) => one.erasureId, query)
    for (const { handle } of items) sight.saw(handle)
    return { items: items.map(shown), next }
  })
  serve(app, serving, 'askErasure', async ({ body, caller, reply }) => {
    const plate = normalize((body as { plate: string }).plate)
    if (plate.length < 2)
      throw new Fault(
        'BODY_INVALID',
        {},
        { says: 'The plate has too few letters and digits; type it as it stands on the vehicle.' },
      )
    const erasure = await erasures.ask(plate, caller)
    if (erasure === null)
      throw new Fault(
        'NOT_FOUND',
        {},
        { says: 'Nothing is kept of a vehicle with this plate; there is nothing to erase.' },
      )
    return reply.code(202).send(shown(erasure))
  })
}
