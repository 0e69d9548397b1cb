import type { FastifyInstance } from 'fastify'
import type { Erasure } from '../../actors/erasures.ts'
import type { LegalHold } from '../../machines/legal-holds.ts'
import type { HoldAsked } from '../privacy/privacy-desk.ts'
import type { SubjectClaim } from '../privacy/subject-claim.ts'
import { subjectPage } from '../privacy/subject-page.ts'
import { found, pageOf, type Serving, serve } from './serving.ts'

/** As people see them: never their vehicle. */
const shown = <T extends Erasure>({ handle: _handle, ...erasure }: T): Omit<T, 'handle'> => erasure
const shownHold = <T extends LegalHold>({ handle: _handle, ...hold }: T): Omit<T, 'handle'> => hold

/** Requests to be forgotten, to be told and to be left alone, and holds that keep what must be kept. */
export function erasureRoutes(app: FastifyInstance, serving: Serving): void {
  const { privacy } = serving.desk
  serve(app, serving, 'erasures', ({ query, sight }) => {
    const { items, next } = pageOf(privacy.erasures(), (one) => one.erasureId, query)
    for (const { handle } of items) sight.saw(handle)
    return { items: items.map(shown), next }
  })
  serve(app, serving, 'askErasure', async ({ body, caller, reply }) =>
    reply.code(202).send(shown(await privacy.erase(body as SubjectClaim, caller))),
  )
  serve(app, serving, 'askSubject', async ({ body, caller }) => {
    const handed = await privacy.subject(body as SubjectClaim, caller)
    return { ...handed, page: subjectPage(handed) }
  })
  serve(app, serving, 'askObjection', ({ body, caller }) => {
    const { objects, ...claim } = body as SubjectClaim & { objects: boolean }
    return privacy.object(claim, objects, caller)
  })
  serve(app, serving, 'holds', ({ query }) => {
    const { items, next } = pageOf(privacy.holds(), (one) => one.holdId, query)
    return { items: items.map(shownHold), next }
  })
  serve(app, serving, 'placeHold', async ({ body, caller, reply }) =>
    reply.code(201).send(shownHold(await privacy.hold(body as HoldAsked, caller))),
  )
  serve(app, serving, 'liftHold', async ({ params, caller }) => {
    const holdId = params['holdId'] ?? ''
    found((await privacy.lift(holdId, caller)) || null, 'hold', holdId)
  })
}
