import { expect, test } from 'vitest'
import { ROLE_TOKENS, startServer } from './running-server.ts'

const visit = {
  visitId: 'visit-1',
  plate: 'v-1',
  identifiedBy: 'plate',
  evidence: [],
  erasurePending: false,
  accountId: 'acc-1',
  startedAt: '2026-11-22T10:00:00.000Z',
} as const

/** A bay with a vehicle in it, and what a role sees of it: the plate or its mask. */
async function occupied() {
  const started = await startServer({ tokens: ROLE_TOKENS })
  const { site } = started
  site.plates.set('v-1', 'AB12CDE')
  await site.change('bay-1', { type: 'plate.agreed' }, { state: 'authorizing', detail: 'asking', visit })
  const plateFor = async (role: string) => {
    const answer = await started.ask('/api/bays/bay-1', { headers: { authorization: `Bearer ${role}-token` } })
    return ((await answer.json()) as { visit: { plate: string } }).visit.plate
  }
  return { ...started, plateFor }
}

test('who is shown a plate in clear is noted with role and call; who sees it masked is not', async () => {
  const { site, plateFor, ask } = await occupied()
  expect(await plateFor('viewer')).toBe('AB•••DE')
  expect(site.seen).toEqual([])
  expect(await plateFor('operator')).toBe('AB12CDE')
  expect(site.seen).toEqual([{ by: 'the operator', role: 'operator', what: 'bay', subjects: ['v-1'] }])
  await ask('/api/bays', { headers: { authorization: 'Bearer auditor-token' } })
  expect(site.seen[1]).toMatchObject({ by: 'the auditor', what: 'bays', subjects: ['v-1'] })
})

test('opening the personal fields of records is noted with every subject', async () => {
  const { site, ask } = await occupied()
  await site.change('bay-1', { type: 'plate.seen' }, {}, { personal: { 'veh-7': { plate: 'ZZ99ZZZ' } } })
  const answer = await ask('/api/journal', { headers: { authorization: 'Bearer auditor-token' } })
  expect(await answer.text()).toContain('ZZ99ZZZ')
  expect(site.seen).toMatchObject([{ what: 'journal', subjects: ['veh-7'] }])
})

test('while no record can be written a page shows plates masked', async () => {
  const { site, plateFor } = await occupied()
  site.failing = true
  expect(await plateFor('admin')).toBe('AB•••DE')
  site.failing = false
  expect(await plateFor('admin')).toBe('AB12CDE')
})

test('a command that takes data out tells the server, which must be the site’s own', async () => {
  const { site, send } = await occupied()
  const as = (role: string) => ({ authorization: `Bearer ${role}-token` })
  const note = (siteId: string, role = 'auditor', more: object = { bay: 'bay-1' }) =>
    send('POST', '/api/looks', { siteId, what: 'export', about: 'march.jsonl', more }, as(role))
  expect((await note('depot-north')).status).toBe(204)
  expect((await note('depot-south')).status).toBe(404)
  expect((await note('depot-north', 'viewer')).status).toBe(403)
  expect((await note('depot-north', 'auditor', { deep: { er: 1 } })).status).toBe(400)
  expect(site.seen).toEqual([
    { by: 'the auditor', role: 'auditor', what: 'export', subjects: [], about: 'march.jsonl', more: { bay: 'bay-1' } },
  ])
})
