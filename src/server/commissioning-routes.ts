import type { FastifyInstance } from 'fastify'
import { Fault } from '../../machines/faults.ts'
import { COMMISSION_STEPS } from '../commissioning/commission-check.ts'
import type { CommissioningDesk, CommissionWord } from '../commissioning/commissioning-desk.ts'
import { type Asked, found, type Serving, serve } from './serving.ts'

/** Commissioning of bays; `commissioning` null = nothing may be recorded here. */
export function commissioningRoutes(
  app: FastifyInstance,
  serving: Serving,
  commissioning: CommissioningDesk | null,
): void {
  const bayIn = ({ params }: Asked): string =>
    found(serving.desk.bay(params['bayId'] ?? ''), 'bay', params['bayId']).bayId
  const desk = (): CommissioningDesk => {
    if (commissioning === null) throw new Fault('NOT_FOUND', {}, { says: 'Nothing is commissioned here.' })
    return commissioning
  }
  serve(app, serving, 'commissioning', async (asked) => {
    const bayId = bayIn(asked)
    const since = Number(asked.query['since'] ?? desk().now())
    return { bayId, since, steps: await desk().seen(bayId, since) }
  })
  serve(app, serving, 'commission', async (asked) => {
    const word = asked.body as CommissionWord
    const unknown = Object.keys(word.skipped ?? {}).find((step) => !COMMISSION_STEPS.some((one) => one === step))
    if (unknown !== undefined)
      throw new Fault('BODY_INVALID', {}, { says: `skipped takes the steps ${COMMISSION_STEPS.join(', ')}.` })
    return asked.reply.code(201).send(await desk().close(bayIn(asked), word, asked.caller))
  })
}
