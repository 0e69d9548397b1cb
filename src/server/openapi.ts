import { FAULTS } from '../../machines/faults.ts'
import { API_SCHEMAS } from './api-schemas.ts'
import type { Operation } from './operation.ts'
import { OPERATIONS } from './operations.ts'
import type { ProblemCode } from './problem.ts'
import { PROBLEM_TYPE } from './problem.ts'
import { ref } from './schema-parts.ts'

type Json = { readonly [key: string]: unknown }

/** `/api/bays/:bayId` as OpenAPI writes it: `/api/bays/{bayId}`. */
export const openApiPath = (path: string): string => path.replace(/:(\w+)/g, '{$1}')

/** The OpenAPI 3.1 document of this version. */
export function openApiDocument(version: string): Json {
  const paths: { [path: string]: { [method: string]: Json } } = {}
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    const path = openApiPath(operation.path)
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describe(name, operation) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'berth',
      version,
      description: 'Charging bays that know their car. Errors are RFC 9457 problem details with a stable `code`.',
    },
    paths,
    components: {
      schemas: API_SCHEMAS,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'berth_session' },
      },
    },
  }
}

function describe(name: string, operation: Operation): Json {
  const parameters = [
    ...[...operation.path.matchAll(/:(\w+)/g)].map(([, parameter]) => ({
      name: parameter,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...Object.entries(operation.query ?? {}).map(([parameter, { says, ...schema }]) => ({
      name: parameter,
      in: 'query',
      description: says,
      schema,
    })),
  ]
  return {
    operationId: name,
    summary: operation.says,
    security: operation.right === undefined ? [] : [{ bearer: [] }, { cookie: [] }],
    parameters,
    ...(requestBody(operation) ?? {}),
    responses: responses(operation),
  }
}

function requestBody({ body, takes }: Operation): Json | null {
  if (body !== undefined)
    return { requestBody: { required: true, content: { 'application/json': { schema: ref(body) } } } }
  if (takes === undefined) return null
  return { requestBody: { required: true, content: Object.fromEntries(takes.map((media) => [media, {}])) } }
}

function responses(operation: Operation): Json {
  const answers = Object.entries(operation.answers).map(([status, what]) => [status, answerOf(Number(status), what)])
  const guarded: readonly ProblemCode[] = operation.right === undefined ? [] : ['UNAUTHORIZED', 'FORBIDDEN']
  const codes = [...guarded, ...(operation.problems ?? []), 'UNEXPECTED' as const]
  const byStatus = Map.groupBy(codes, (code) => (code === 'UNEXPECTED' ? 500 : FAULTS[code].status))
  const problems = [...byStatus].map(([status, group]) => [
    status,
    { description: [...new Set(group)].join(', '), content: problemContent },
  ])
  return Object.fromEntries([...problems, ...answers])
}

const problemContent = { [PROBLEM_TYPE.split(';')[0] ?? '']: { schema: ref('Problem') } }

function answerOf(status: number, what: Operation['answers'][number]): Json {
  if (what === null || what === undefined) return { description: status === 101 ? 'The WebSocket is open.' : 'Done.' }
  if (typeof what !== 'string') return { description: what.says, content: { [what.media]: {} } }
  if (what === 'Problem') return { description: 'Not done, and why.', content: problemContent }
  return { description: what, content: { 'application/json': { schema: ref(what) } } }
}
