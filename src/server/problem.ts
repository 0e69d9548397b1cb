import type { FaultCode } from '../../machines/faults.ts'
import { FAULTS, Fault } from '../../machines/faults.ts'

/** RFC 9457 problem details with berth's stable `code`; `bay` rides along on a 409 of a command, `refused` on an import. */
export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ProblemCode
  readonly detail: string
  readonly retry: boolean
  readonly [extra: string]: unknown
}
/** The catalogue's codes, and the one for what nobody foresaw. */
export type ProblemCode = FaultCode | 'UNEXPECTED'

const UNEXPECTED = {
  status: 500,
  retry: true,
  says: 'Something failed that should not have; see the log of the server.',
} as const

/** Media type of a problem. */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

/** A problem of this code; `detail` defaults to the catalogue's sentence, `status` to its status. */
export function problem(
  code: ProblemCode,
  detail?: string,
  more: { readonly status?: number; readonly [extra: string]: unknown } = {},
): Problem {
  const entry = code === 'UNEXPECTED' ? UNEXPECTED : FAULTS[code]
  return {
    type: `urn:berth:fault:${code}`,
    title: entry.says,
    status: entry.status,
    code,
    detail: detail ?? entry.says,
    retry: entry.retry,
    ...more,
  }
}

/** Turns whatever was thrown into a problem. What is not a Fault says nothing of itself to the outside. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Fault) return problem(error.code, error.message)
  const { statusCode, code, message, validation } = (error ?? {}) as {
    statusCode?: unknown
    code?: unknown
    message?: unknown
    validation?: unknown
  }
  if (validation !== undefined) return problem('BODY_INVALID', `${String(message)}; see /api/openapi.json.`)
  if (statusCode === 413) return problem('BODY_INVALID', 'The body is too large for this call.', { status: 413 })
  if (statusCode === 415)
    return problem('BODY_INVALID', 'This call does not take that content type; see /api/openapi.json.', { status: 415 })
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    const why =
      typeof code === 'string' && code.includes('EMPTY')
        ? 'The body is empty; send JSON.'
        : 'The request is not whole JSON, or its address is not well formed.'
    return problem('BODY_INVALID', why, { status: statusCode })
  }
  return problem('UNEXPECTED')
}
