import { expect, test } from 'vitest'
import { problemOf } from './problem-answer.ts'
import { ROLE_TOKENS, ROLES, startServer } from './running-server.ts'

const order = (fields: object) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ id: 's-1', type: 'automatic-starts', on: false, ...fields }),
})

test('automatic starts are turned by an order to the site: 202 with the record’s seq', async () => {
  const { ask } = await startServer()
  const answer = await ask('/api/site/commands', order({ reason: 'maintenance' }))
  expect([answer.status, await answer.json()]).toEqual([202, { seq: 1 }])
  expect(await (await ask('/api/site')).json()).toMatchObject({ automaticStarts: true, since: null, by: null })
})

test.each([
  [{ on: 'off' }, 'on'],
  [{ type: 'authorize' }, 'type'],
  [{ id: '' }, 'id'],
  [{ bayId: 'bay-1' }, 'additional'],
])('an order that is not whole is a 400 that says what is wrong: %j', async (fields, says) => {
  const { ask, site } = await startServer()
  const answer = await ask('/api/site/commands', order(fields))
  expect(answer.status).toBe(400)
  expect(JSON.stringify(await problemOf(answer))).toContain(says)
  expect(site.desk.seq()).toBe(0)
})

test('an order that could not be written is a 503', async () => {
  const { ask, site } = await startServer()
  site.failing = true
  expect((await ask('/api/site/commands', order({}))).status).toBe(503)
})

test('only an admin or a supervisor may turn them, and the answer names both', async () => {
  const { ask } = await startServer({ adminToken: 'admin-secret', tokens: ROLE_TOKENS })
  const statuses = await Promise.all(
    ROLES.map(async (role) => {
      const sent = order({ id: `s-${role}` })
      const headers = { ...sent.headers, authorization: `Bearer ${role}-token` }
      const answer = await ask('/api/site/commands', { ...sent, headers })
      if (role === 'operator') expect((await problemOf(answer)).detail).toContain('admin, supervisor')
      return [role, answer.status]
    }),
  )
  expect(statuses.filter(([, status]) => status === 202).map(([role]) => role)).toEqual(['supervisor', 'admin'])
  expect(new Set(statuses.map(([, status]) => status))).toEqual(new Set([202, 403]))
})
