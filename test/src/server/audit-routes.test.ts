import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { ChainRun } from '../../../src/journal/chain-run.ts'
import { openArrayDesk } from './array-desk.ts'
import { ROLE_TOKENS, startServer } from './running-server.ts'

const as = (role: string) => ({ authorization: `Bearer ${role}-token` })

async function started() {
  const site = openArrayDesk({ clock: systemClock })
  site.plates.set('v-1', 'AB12CDE')
  await site.change('bay-1', { type: 'plate.agreed', leader: 'v-1' }, { state: 'detecting' })
  await site.change('bay-2', { type: 'operator.commanded', by: 'the operator' }, {})
  await site.change('bay-1', { type: 'transaction.started', transactionId: '17' }, { state: 'charging-locked' })
  await site.note('register', { type: 'vehicle.put', by: 'the admin', handle: 'v-1' })
  return startServer({ site, tokens: ROLE_TOKENS })
}
type Page = { readonly items: readonly { readonly seq: number }[]; readonly next: string | null }

test('records are found by what they name, where they are, who did them and when, oldest first and page by page', async () => {
  const { ask, site } = await started()
  const find = async (query: string): Promise<Page> =>
    (await (await ask(`/api/audit?${query}`, { headers: as('auditor') })).json()) as Page
  const seqs = async (query: string) => (await find(query)).items.map(({ seq }) => seq)
  expect(await seqs('key=v-1')).toEqual([1, 4])
  expect(await seqs('key=17')).toEqual([3])
  expect(await seqs('bay=bay-1')).toEqual([1, 3])
  expect(await seqs('by=the%20operator')).toEqual([2])
  const [first] = await site.desk.journal.readSite(2, 1)
  expect(await seqs(`from=${first?.at}`)).toContain(3)
  expect(await seqs(`to=${first?.at}`)).not.toContain(3)
  const one = await find('limit=3')
  expect([one.items.length, one.next]).toEqual([3, '3'])
  expect(await seqs(`limit=3&after=${one.next}`)).toEqual([4])
}, 180_000)

test('the newest come first where that is asked for, and pages go on both ways until the oldest and the newest record', async () => {
  const { ask, site } = await started()
  for (let count = 0; count < 620; count += 1) await site.note('audit', { type: 'site.noted', by: 'the admin' })
  const find = async (query: string): Promise<Page> =>
    (await (await ask(`/api/audit?${query}`, { headers: as('auditor') })).json()) as Page
  const newest = await find('order=newest&limit=200')
  const all = [...newest.items]
  for (let { next } = newest; next !== null; ) {
    const page = await find(`order=newest&limit=200&before=${next}`)
    all.push(...page.items)
    next = page.next
  }
  expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: 624 }, (_, at) => 624 - at))
  const bay = await find('order=newest&bay=bay-1&limit=1')
  expect([bay.items.map(({ seq }) => seq), bay.next]).toEqual([[3], '3'])
  expect((await find('order=newest&bay=bay-1&before=3')).items.map(({ seq }) => seq)).toEqual([1])
  expect((await find('key=v-1&order=newest')).items.map(({ seq }) => seq)).toEqual([4, 1])
  const [third] = await site.desk.journal.readSite(2, 1)
  expect((await find(`order=newest&to=${third?.at}`)).items.map(({ seq }) => seq)).not.toContain(3)
  expect((await find(`order=newest&before=4&from=${third?.at}`)).items.map(({ seq }) => seq)).toContain(3)
  expect((await ask('/api/audit?order=sideways', { headers: as('auditor') })).status).toBe(400)
}, 180_000)

test('what was looked at, and why, stands beside who looked; whom it showed only for who examines', async () => {
  const { ask, site } = await started()
  const seen = { type: 'personal.seen', by: 'the operator', role: 'operator', what: 'auditPlate' }
  await site.note('audit', { ...seen, about: 'bill', subjects: ['v-1'], count: 1 })
  await site.note('audit', { ...seen, what: 'export', about: 'erika-mustermann.jsonl', subjects: [], count: 0 })
  const about = async (role: string) => {
    const answer = await ask('/api/audit?order=newest&limit=2', { headers: as(role) })
    return ((await answer.json()) as { items: { about: unknown }[] }).items.map((item) => item.about)
  }
  // What somebody typed, as a file's name, may name a person: it is not told.
  expect(await about('supervisor')).toEqual([{ what: 'export' }, { what: 'auditPlate', reason: 'bill' }])
  expect(await about('auditor')).toEqual([
    { what: 'export', subjects: [], count: 0 },
    { what: 'auditPlate', subjects: ['v-1'], count: 1, reason: 'bill' },
  ])
}, 180_000)

test('a plate is looked for only on record, with the reason, and only by who may audit', async () => {
  const { send, ask, site } = await started()
  const find = (role: string, body: object) => send('POST', '/api/audit/plate', body, as(role))
  const asked = { plate: 'AB12CDE', reason: 'bill' }
  expect((await find('operator', asked)).status).toBe(403)
  expect((await ask('/api/audit', { headers: as('operator') })).status).toBe(403)
  expect(site.seen).toEqual([])
  expect(await (await find('auditor', asked)).json()).toEqual({ handle: 'v-1' })
  expect(site.seen).toMatchObject([{ by: 'the auditor', what: 'auditPlate', subjects: ['v-1'], about: 'bill' }])
  expect(await (await find('auditor', { plate: 'ZZ99ZZZ', reason: 'check' })).json()).toEqual({ handle: null })
  expect((await find('auditor', { plate: 'AB12CDE', reason: 'since Mrs Smith asks' })).status).toBe(400)
  site.failing = true
  expect((await find('auditor', asked)).status).toBe(503)
}, 180_000)

test('whom others were shown is found by who examines them, and by no supervisor', async () => {
  const { ask, site } = await started()
  await site.note('audit', { type: 'personal.seen', by: 'anna', role: 'operator', subjects: ['v-7'], count: 1 })
  const find = async (role: string): Promise<Page> =>
    (await (await ask('/api/audit?key=v-7', { headers: as(role) })).json()) as Page
  expect((await find('auditor')).items.map(({ seq }) => seq)).toEqual([5])
  expect((await find('supervisor')).items).toEqual([])
}, 180_000)

test('the chain is followed to its end, and where a record was altered that one is named', async () => {
  const { ask, site } = await started()
  const told = await (await ask('/api/audit/chain', { headers: as('auditor') })).json()
  expect(told).toEqual({ from: 1, checked: 4, of: 4, wrong: null })
  const { journal } = site.desk
  const altered = {
    head: () => journal.head(),
    readSite: async (after?: number, limit?: number) =>
      (await journal.readSite(after, limit)).map((record) =>
        record.seq === 3 ? { ...record, state: 'vacant' } : record,
      ),
  }
  const run = await new ChainRun(altered).goOn(1_000)
  expect(run.checked).toBe(2)
  expect(run.wrong).toContain('record 3: its content was altered')
}, 180_000)

test('times at either edge of what a clock can say find all records or none, and nothing fails', async () => {
  const { ask } = await started()
  const found = async (query: string) => {
    const answer = await ask(`/api/audit?${query}`, { headers: as('auditor') })
    return [answer.status, ((await answer.json()) as { items?: unknown[] }).items?.length]
  }
  const [first, last] = ['-271821-04-20T00:00:00Z', '%2B275760-09-13T00:00:00Z']
  expect(await found(`from=${first}`)).toEqual([200, 4])
  expect(await found(`to=${first}`)).toEqual([200, 0])
  expect(await found(`from=${last}`)).toEqual([200, 0])
  expect(await found(`to=${last}`)).toEqual([200, 4])
}, 180_000)
