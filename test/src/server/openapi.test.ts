import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import { FAULTS } from '../../../machines/faults.ts'
import { API_SCHEMAS } from '../../../src/server/api-schemas.ts'
import { openApiDocument, openApiPath } from '../../../src/server/openapi.ts'
import { startServer } from './running-server.ts'

/** Every route that a real server makes, as `GET /api/bays`. */
async function routesOfServer(): Promise<string[]> {
  const routes: string[] = []
  const listen = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) if (each !== 'HEAD') routes.push(`${each} ${openApiPath(url)}`)
    })
  }
  subscribe('fastify.initialization', listen)
  await startServer()
  unsubscribe('fastify.initialization', listen)
  return routes
}

test('the document describes exactly the calls that the server has, beside the page and what devices hang behind their address', async () => {
  const routes = (await routesOfServer()).filter(
    (route) => !/^GET \/(page\/.*|login)?$/.test(route) && route !== 'POST /in/{cameraToken}/{dialect}/*',
  )
  const { paths } = openApiDocument('1') as { paths: { [path: string]: object } }
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(routes.length).toBeGreaterThan(30)
  expect(described.toSorted()).toEqual(routes.toSorted())
})

test('every call of the contract is there', () => {
  const { paths } = openApiDocument('1') as { paths: { [path: string]: object } }
  const contract = [
    '/health/live',
    '/health/ready',
    '/metrics',
    '/api/site',
    '/api/bays',
    '/api/bays/{bayId}',
    '/api/bays/{bayId}/journal',
    '/api/journal',
    '/api/bays/{bayId}/at',
    '/api/bays/{bayId}/commands',
    '/api/accounts/{accountId}',
    '/api/vehicles/{plate}',
    '/api/vehicles/import',
    '/api/tokens/{idToken}',
    '/api/reviews',
    '/api/reviews/{reviewId}/answer',
    '/api/sessions',
    '/api/sessions.csv',
    '/api/sessions/{sessionId}/dispute',
    '/api/sessions/{sessionId}/settle',
    '/api/alarms',
    '/api/live',
    '/inspect',
    '/in/{cameraToken}/reads',
    '/in/{cameraToken}/frame',
    '/api/openapi.json',
  ]
  expect(contract.filter((path) => paths[path] === undefined)).toEqual([])
})

test('the served document is OpenAPI 3.1 whose references all lead somewhere and whose schemas are JSON Schemas', async () => {
  const { ask } = await startServer()
  const answer = await ask('/api/openapi.json')
  const text = await answer.text()
  expect(JSON.parse(text)).toMatchObject({ openapi: '3.1.0', info: { title: 'berth' } })
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
    expect(Object.keys(API_SCHEMAS)).toContain(name)
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  for (const schema of Object.values(API_SCHEMAS)) expect(ajv.validateSchema(schema)).toBe(true)
})

test('problems are described under the status that the catalogue gives them', () => {
  const text = JSON.stringify(openApiDocument('1'))
  for (const code of ['VERSION_CONFLICT', 'COMMAND_REFUSED', 'READER_BUSY', 'PLATE_TAKEN'] as const) {
    expect(text).toMatch(new RegExp(`"${FAULTS[code].status}":\\{"description":"[^"]*${code}`))
  }
})
