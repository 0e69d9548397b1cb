import type { FastifyInstance } from 'fastify'
import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import { answeredHeaders, readDriverAsk } from './driver-ask.ts'

/**
 * This site's driver pages for phones that come by way of the centre: `app` has the routes of the driver's listener and nothing else, so
 * whatever a centre asks, no operator's call is behind it. Throws Fault BODY_INVALID for what no driver asks.
 */
export const driverDesk =
  (app: FastifyInstance) =>
  async (body: Json): Promise<Json> => {
    const ask = readDriverAsk(body)
    if (ask === null) throw new Fault('BODY_INVALID', {}, { says: 'This is no call of a driver’s page.' })
    const { method, path, address, headers } = ask
    const answer = await app.inject({
      ...{ method, url: path, headers: { ...headers } },
      ...(method === 'POST' ? { payload: ask.body } : {}),
      ...(address === null ? {} : { remoteAddress: address }),
    })
    return { status: answer.statusCode, headers: answeredHeaders(answer.headers), body: answer.body }
  }
