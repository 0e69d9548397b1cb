import { expect, test } from 'vitest'
import type { SessionRow } from '../../../projections/bay-view.ts'
import { registeredSite } from './registered-site.ts'
import { ROLE_TOKENS, startServer } from './running-server.ts'

type Item = {
  readonly plate: string
  readonly accountId: string
  readonly vehicleId: string
  readonly blocked: boolean
}
type Page = { readonly items: readonly Item[]; readonly next: string | null }

async function started() {
  const ground = await registeredSite()
  const server = await startServer({ site: ground.site, tokens: ROLE_TOKENS })
  const as = (role: string) => ({ authorization: `Bearer ${role}-token` })
  const list = async (role: string, query = '') =>
    (await (await server.ask(`/api/vehicles${query}`, { headers: as(role) })).json()) as Page
  const post = (role: string, path: string, body: unknown) =>
    server.send('POST', `/api/vehicles/${path}`, body, as(role))
  const put = (role: string, plate: string, body: object) =>
    server.send('PUT', `/api/vehicles/${encodeURIComponent(plate)}`, body, as(role))
  const file = (role: string, path: string, text: string) =>
    server.ask(`/api/vehicles/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', ...as(role) },
      body: text,
    })
  return { ...ground, ...server, as, list, post, put, file }
}

const plates = ({ items }: Page) => items.map(({ plate }) => plate)

test('a list comes page by page, of one account or fleet or blocked alone, and masked where that is asked for', async () => {
  const { list, site } = await started()
  const first = await list('operator', '?limit=2')
  expect(plates(first)).toEqual(['AB12 CDE', 'XY99ZZZ'])
  expect(plates(await list('operator', `?limit=2&after=${first.next}`))).toEqual(['KL55MNP', 'HH34JKL'])
  expect(plates(await list('operator', '?account=acc-2'))).toEqual(['HH34JKL', 'QR77STU'])
  expect(plates(await list('operator', '?fleet=Post+Noord'))).toEqual(['AB12 CDE', 'XY99ZZZ'])
  expect((await list('operator', '?blocked=true')).items).toMatchObject([
    { plate: 'QR77STU', block: { reason: 'stolen', by: 'the desk', role: 'supervisor' } },
  ])
  const shown = site.seen.length
  expect(shown).toBeGreaterThan(3)
  expect(plates(await list('operator', '?plates=masked'))).toContain('HH•••KL')
  expect(site.seen.length).toBe(shown)
})

test('whoever searches by plate is on record before the answer, found or not, and nothing is answered where that cannot be written', async () => {
  const { post, site, handleOf } = await started()
  const found = (await (await post('operator', 'find', { text: '2cd' })).json()) as Page
  expect(plates(found)).toEqual(['AB12 CDE'])
  expect(site.seen).toEqual([
    {
      by: 'the operator',
      role: 'operator',
      what: 'findVehicles',
      subjects: [handleOf('AB12CDE')],
      about: 'search',
    },
  ])
  expect(((await (await post('operator', 'find', { text: 'NOBODY' })).json()) as Page).items).toEqual([])
  expect(site.seen.at(-1)).toMatchObject({ subjects: [], about: 'search' })
})

test('the role fleet finds whole plates of its own alone, masked, and that it looked is on record', async () => {
  const { post, site } = await started()
  const find = async (text: string) => plates((await (await post('fleet', 'find', { text })).json()) as Page)
  expect(await find('ab12cde')).toEqual(['AB•••DE'])
  expect(await find('AB12')).toEqual([])
  expect(await find('HH34JKL')).toEqual([])
  expect(site.seen.map(({ by, subjects }) => [by, subjects])).toEqual(Array(3).fill(['the fleet', []]))
})

test('to the role fleet the vehicles, accounts, cards and sessions of others are not there', async () => {
  const { ask, as, list, put, send, site, handleOf, room } = await started()
  expect(plates(await list('fleet'))).toEqual(['AB•••DE', 'XY•••ZZ', 'KL•••NP'])
  const status = async (path: string, method = 'GET') => (await ask(path, { method, headers: as('fleet') })).status
  expect(await status('/api/vehicles/HH34JKL')).toBe(404)
  expect(await status(`/api/vehicles/${handleOf('HH34JKL')}`)).toBe(404)
  expect(await status('/api/vehicles/HH34JKL', 'DELETE')).toBe(404)
  expect(await status('/api/accounts/acc-2')).toBe(404)
  expect(await status('/api/accounts/acc-1')).toBe(200)
  expect((await put('fleet', 'NE11NEW', { accountId: 'acc-2' })).status).toBe(403)
  expect((await put('fleet', 'NE11NEW', { accountId: 'acc-1' })).status).toBe(200)
  expect((await put('fleet', 'HH34JKL', { accountId: 'acc-1' })).status).toBe(409)
  await room.desk.putToken('CARD-2', { accountId: 'acc-2' }, { name: 'x', role: 'admin' })
  expect(await status('/api/tokens/CARD-2')).toBe(404)
  expect((await send('PUT', '/api/tokens/CARD-2', { accountId: 'acc-1' }, as('fleet'))).status).toBe(403)
  expect(await status('/api/tokens/CARD-2', 'DELETE')).toBe(404)
  const row = (accountId: string) => ({ ...SESSION, sessionId: `of ${accountId}`, accountId })
  site.sessions.push(row('acc-1'), row('acc-2'))
  const sessions = (await (await ask('/api/sessions', { headers: as('fleet') })).json()) as {
    items: { sessionId: string }[]
  }
  expect(sessions.items.map(({ sessionId }) => sessionId)).toEqual(['of acc-1'])
})

const SESSION: SessionRow = {
  sessionId: 's',
  visitId: 'v',
  bayId: 'bay-1',
  accountId: null,
  identifiedBy: 'plate',
  idToken: null,
  transactionId: '1',
  transactions: ['1'],
  startedAt: '2026-11-22T10:00:00.000Z',
  endedAt: null,
  energy_Wh: 0,
  idle_s: 0,
  exit: null,
  disputed: null,
  corrections: [],
  settled: null,
  evidence: [],
}

test('a block stands on record with its reason, a change of another field keeps it, and whoever lifts it says why', async () => {
  const { post, put, room, handleOf } = await started()
  const id = handleOf('AB12CDE') ?? ''
  expect(await (await post('supervisor', `${id}/block`, { blocked: true, reason: 'unpaid' })).json()).toMatchObject({
    plate: 'AB12 CDE',
    blocked: true,
    block: { reason: 'unpaid', by: 'the supervisor' },
  })
  await put('supervisor', 'AB12 CDE', { accountId: 'acc-1', fleet: 'Other', blocked: true })
  expect(room.desk.vehicle('AB12CDE')).toMatchObject({ fleet: 'Other', block: { reason: 'unpaid' } })
  await post('supervisor', `${id}/block`, { blocked: false, reason: 'mistake' })
  expect(room.desk.vehicle('AB12CDE')).toMatchObject({ blocked: false, alias: null })
  expect(room.desk.vehicle('AB12CDE')).not.toHaveProperty('block')
  const records = await room.journal.readStream('register', 0, 100)
  expect(records.at(-1)?.cause).toMatchObject({
    type: 'vehicle.registered',
    blocked: false,
    block: { reason: 'mistake', by: 'the supervisor' },
  })
})

test('the role fleet blocks its own and lifts what a fleet blocked, never what people of the site blocked, by whatever way', async () => {
  const { ask, as, post, put, file, room, handleOf } = await started()
  const block = (role: string, plate: string, blocked: boolean) =>
    post(role, `${plate}/block`, { blocked, reason: 'other' })
  expect((await block('fleet', 'KL55MNP', true)).status).toBe(200)
  expect((await block('fleet', 'KL55MNP', false)).status).toBe(200)
  expect((await block('fleet', 'HH34JKL', true)).status).toBe(404)
  await block('operator', 'AB12CDE', true)
  expect(room.desk.vehicle('AB12CDE')?.blocked).toBe(false)
  await block('supervisor', 'AB12CDE', true)
  expect((await block('fleet', handleOf('AB12CDE') ?? '', false)).status).toBe(403)
  expect((await put('fleet', 'AB12CDE', { accountId: 'acc-1' })).status).toBe(403)
  expect((await ask('/api/vehicles/AB12CDE', { method: 'DELETE', headers: as('fleet') })).status).toBe(403)
  const import_ = await file('fleet', 'import', 'plate,accountId\nAB12CDE,acc-1\n')
  expect(await import_.text()).toContain('only they lift that block')
  expect(room.desk.vehicle('AB12CDE')?.blocked).toBe(true)
})

test('a file is judged line by line before anything is taken: what it refuses, what it changes, what is worth a look', async () => {
  const { file, list, site } = await started()
  const text = [
    'plate,accountId,validTo',
    'AB12CDE,acc-1,',
    'HH34JKL,acc-1,',
    'ZZ11AAA,acc-3,2026-02-30',
    'QR77STU,acc-2,',
    'NEWONE,acc-3,',
    'MN12OPQ,acc-3,',
    'MN13OPQ,acc-3,',
    '',
  ].join('\n')
  const told = await (await file('supervisor', 'check', text)).json()
  expect(told).toMatchObject({ vehicles: 7, added: 3, changed: 2, same: 0, pairs: 1 })
  expect(told).toMatchObject({
    refused: [
      { line: 3, says: expect.stringContaining('Another account') },
      { line: 4, says: expect.stringContaining('date that exists') },
    ],
    notes: [
      { line: 5, note: 'lifts-block', other: null },
      { line: 6, note: 'not-plate-like', other: null },
      { line: 8, note: 'one-character', other: 7 },
    ],
  })
  expect(plates(await list('supervisor'))).toHaveLength(5)
  const own = (await (await file('fleet', 'check', text)).json()) as { refused: { line: number }[] }
  expect(own.refused.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7, 8])
  // It says of each plate whether others have it.
  expect(site.seen.at(-1)).toMatchObject({ by: 'the fleet', what: 'checkVehicles', about: 'search' })
})

test('a vehicle is asked for and changed by its id, so that no address holds a plate', async () => {
  const { ask, as, put, list, handleOf } = await started()
  const id = handleOf('AB12CDE') ?? ''
  expect((await list('operator', '?limit=1')).items[0]?.vehicleId).toBe(id)
  expect(await (await ask(`/api/vehicles/${id}`, { headers: as('operator') })).json()).toMatchObject({
    plate: 'AB12 CDE',
  })
  expect(await (await put('supervisor', id, { accountId: 'acc-1', fleet: 'New' })).json()).toMatchObject({
    plate: 'AB12 CDE',
    fleet: 'New',
  })
})

test('the role fleet gives its vehicles no alias by which a vehicle of another account, or its card, is billed upstream', async () => {
  const { room } = await registeredSite()
  const admin = { name: 'the desk', role: 'admin' } as const
  const fleet = { name: 'post', role: 'fleet', accounts: ['acc-2'] } as const
  await room.desk.putToken('CARD-7', { accountId: 'acc-1' }, admin)
  const put = (alias: string) => room.desk.putVehicle('HH34JKL', { accountId: 'acc-2', alias }, fleet)
  for (const taken of ['UP-1', 'up-1', 'card-7'])
    await expect(put(taken)).rejects.toMatchObject({ code: 'PLATE_TAKEN', message: expect.stringContaining('alias') })
  const rows = [{ plate: 'HH34JKL', accountId: 'acc-2', alias: 'UP-1' }]
  const file = await room.desk.judgeVehicles(rows, fleet)
  expect(file.refused).toEqual([{ row: 1, says: expect.stringContaining('alias') }])
  expect((await room.desk.importVehicles(rows, fleet)).imported).toBe(0)
  expect(await put('UP-2')).toMatchObject({ alias: 'UP-2' })
  expect(await put('up-2')).toMatchObject({ alias: 'up-2' })
  // People of the site may bill two accounts by one alias, and what they set stays.
  const shared = { accountId: 'acc-2', alias: 'UP-1' }
  await room.desk.putVehicle('QR77STU', { ...shared, blocked: true }, admin)
  expect(await room.desk.putVehicle('QR77STU', { ...shared, blocked: true, fleet: 'Bakery' }, fleet)).toMatchObject(
    shared,
  )
})
