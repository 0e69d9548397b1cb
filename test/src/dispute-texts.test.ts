import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { SessionRow } from '../../projections/bay-view.ts'
import type { Room } from '../../src/room.ts'
import { openDresser, openSight } from '../../src/server/plate-mask.ts'
import { arrives, BY, passes, privateSite, skippingClock, startedRoom } from './privacy/private-room.ts'
import { until } from './serve/serving-line.ts'

const AUDITOR = { name: 'an auditor', role: 'auditor' } as const
const TYPED = 'Mr Quux of 7 Elm Street says it was his neighbour'

/** A bill of this vehicle, as its visit would leave it. */
async function billed(room: Room, sessionId: string, handle: string, accountId: string | null): Promise<void> {
  const visitId = `visit-of-${sessionId}`
  const decisions = [
    { type: 'VisitAuthorized', visitId, handle },
    { type: 'SessionBilled', sessionId, visitId, accountId, bayId: 'bay-1', transactions: ['17'], energy_Wh: 600 },
  ]
  await room.site.write([{ stream: 'audit', cause: { type: 'visit.told' }, decisions, personal: {} }])
}

const bill = async (room: Room): Promise<SessionRow> => (await room.desk.sessions.billed({}))[0] as SessionRow
const worded = async (room: Room): Promise<SessionRow> => room.desk.sessions.worded(await bill(room))

test('what a person types of a dispute is sealed: no file of the site holds it in clear, who may see plates reads it, and so after a restart', async () => {
  const file = await privateSite({ unmatched_s: 2_678_400 })
  const room = await startedRoom(file)
  const handle = await arrives(room, 'ZZ99ABC')
  await billed(room, 'ses-1', handle, 'acc-1')
  await room.desk.dispute('ses-1', TYPED, BY)
  await room.desk.dispute('ses-1', 'and again', BY)
  await room.desk.settle('ses-1', 'Mrs Quux was refunded', BY)
  await room.close()
  const folder = dirname(file.store.path)
  const bytes = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')
  expect(bytes).toContain('SessionDisputed')
  for (const typed of ['Quux', 'Elm Street', 'refunded']) expect(bytes).not.toContain(typed)

  const again = await startedRoom(file)
  const dresser = openDresser(again.desk)
  const [clear, masked] = [openSight(AUDITOR), openSight(AUDITOR, false)]
  expect(await dresser.session(await bill(again), clear)).toMatchObject({
    disputed: `${TYPED}; and again`,
    settled: 'Mrs Quux was refunded',
  })
  expect([...clear.seen]).toContain('ses-1')
  expect(await dresser.session(await bill(again), masked)).toMatchObject({
    disputed: 'a person disputes it; a person disputes it',
    settled: 'settled',
  })
})

test('an erasure takes what people typed of the vehicle’s disputes with it, for good', async () => {
  const clock = skippingClock()
  const file = await privateSite({ unmatched_s: 2_678_400 })
  const room = await startedRoom(file, clock)
  const handle = await arrives(room, 'ZZ99ABC')
  await billed(room, 'ses-1', handle, 'acc-1')
  await room.desk.dispute('ses-1', TYPED, BY)
  await passes(room, clock, 10 * 60_000)
  const proof = { kind: 'lease', from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' } as const
  const asked = await room.desk.privacy.erase({ plate: 'ZZ99ABC', proof }, BY)
  expect(asked.heldBy).toEqual(['ses-1'])
  await room.desk.settle('ses-1', 'refunded', BY)
  await until(() => room.desk.privacy.erasures().every(({ status }) => status === 'done'))
  expect(await worded(room)).toMatchObject({
    disputed: 'a person disputes it',
    settled: 'settled',
  })
  expect(room.keys.isLiving('ses-1')).toBe(false)
  await room.close()
  const again = await startedRoom(file, clock)
  expect((await worded(again)).disputed).toBe('a person disputes it')
  expect(readFileSync(`${file.store.path}.keys.erased`, 'utf8')).toContain('ses-1')
})

test('a journal of before, in which the words stand in the decision, is read as it was', async () => {
  const room = await startedRoom(await privateSite({ unmatched_s: 2_678_400 }))
  const handle = await arrives(room, 'ZZ99ABC')
  await billed(room, 'ses-1', handle, null)
  const cause = { type: 'session.disputed', by: 'op' }
  const decisions = [{ type: 'SessionDisputed', sessionId: 'ses-1', reason: 'not my car' }]
  await room.site.write([{ stream: 'audit', cause, decisions, personal: {} }])
  await room.desk.dispute('ses-1', 'nor mine', BY)
  expect((await worded(room)).disputed).toBe('not my car; nor mine')
})
