import type { FastifyInstance } from 'fastify'
import { Fault } from '../../machines/faults.ts'
import type { CameraSights } from '../cameras/camera-sights.ts'
import { found, type Serving, serve } from './serving.ts'

/** How each camera sees, and a person's word that a moved one sees right. */
export function cameraRoutes(app: FastifyInstance, serving: Serving & { readonly sights: CameraSights }): void {
  const { sights } = serving
  serve(app, serving, 'cameras', () => ({ items: sights.all(), next: null }))
  serve(app, serving, 'camera', ({ params: { cameraId = '' } }) => cameraOf(sights, cameraId))
  serve(app, serving, 'confirmView', async ({ params: { cameraId = '' }, body, caller, reply }) => {
    cameraOf(sights, cameraId)
    const { reason = null } = body as { readonly reason?: string }
    const seq = await sights.confirmView(cameraId, caller, reason)
    if (seq === null)
      throw new Fault(
        'COMMAND_REFUSED',
        { cameraId },
        { says: `Camera ${cameraId} shows what it used to show; there is nothing to confirm.` },
      )
    return reply.code(202).send({ seq })
  })
}

const cameraOf = ({ all }: CameraSights, cameraId: string) =>
  found(all().find((one) => one.cameraId === cameraId) ?? null, 'camera', cameraId)
