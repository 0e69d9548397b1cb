import type { FastifyInstance } from 'fastify'
import { Fault } from '../../machines/faults.ts'
import { found, type Serving, serve } from './serving.ts'

/** A visit of a simulated site that went badly: its journal can be opened. Bay from 1, `replication` and `index` from 0. */
export type DesignVisitView = {
  readonly name: string
  readonly trouble: string
  readonly bay: number
  readonly replication: number
  readonly index: number
}

/** What a recording is of, where it is a visit of a simulated site. */
export type DesignVisitShown = DesignVisitView & { readonly site: string }

/** The report of a simulated site, and its worst visits. */
export type DesignReport = {
  readonly site: string
  readonly visits: readonly DesignVisitView[]
  /** The report's page: HTML. */
  page(): string
  /** The address of the inspector over a visit's journal, where the vehicle came; null where there is no such visit. Rejects with a Fault that says what is wrong with the journal. */
  open(name: string): Promise<string | null>
}

/** The report is a file that anybody may have written: no script of it runs, it loads nothing, and it is no part of this site. A click in it may lead to a visit. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation"

/** The report of a simulated site; `report` null where none is shown. */
export function designReportRoutes(app: FastifyInstance, serving: Serving, report: DesignReport | null): void {
  const here = (): DesignReport => {
    if (report !== null) return report
    const says = 'No report of a simulated site is shown here; `berth sim show DIR` shows one.'
    throw new Fault('NOT_FOUND', {}, { says })
  }
  const opened = async (name: string) => found(await here().open(name), 'visit of this report', name)
  serve(app, serving, 'designReport', () => {
    const { site, visits } = here()
    return { site, visits }
  })
  serve(app, serving, 'designVisit', async ({ params: { name = '' } }) => ({ url: await opened(name) }))
  serve(app, serving, 'designReportPage', ({ reply }) => {
    reply.header('content-security-policy', POLICY).header('x-frame-options', 'SAMEORIGIN')
    reply.header('cache-control', 'no-store').type('text/html; charset=utf-8')
    return inTheWholeWindow(here().page())
  })
  serve(app, serving, 'designVisitPage', async ({ params: { file = '' }, request, reply }) => {
    const url = new URL(await opened(file.replace(/\.jsonl$/, '')))
    // By the name of this machine that the person used to come here.
    if (request.hostname === 'localhost') url.hostname = 'localhost'
    return reply.code(303).header('location', url.href).header('cache-control', 'no-store').send()
  })
}

/** Its links lead out of the frame in which it is shown. */
const inTheWholeWindow = (page: string): string => page.replace('<head>', '<head><base target="_top">')
