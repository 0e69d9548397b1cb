import { copyFileSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { writeLoneEntry } from '../../../src/journal/lone-entry.ts'
import { codeOf } from '../../contracts/journal-drafts.ts'
import { until } from '../serve/serving-line.ts'
import { auditOf, BY, privateSite, startedRoom } from './private-room.ts'

const PLATE = 'AB12CDE'

test('a restored backup is cleansed by the start that serves, also where a command opened its keys before', async () => {
  const file = await privateSite()
  const { path } = file.store
  const room = await startedRoom(file)
  await room.register.putAccount('acc-1', { name: 'Ada Lovelace' }, BY)
  await room.register.putVehicle(PLATE, { accountId: 'acc-1' }, BY)
  await room.register.putAccount('acc-2', { name: 'Grace Hopper' }, BY)
  await room.close()
  const parts = ['', '.keys', '.checkpoints.jsonl']
  for (const part of parts) copyFileSync(`${path}${part}`, `${path}${part}.backup`)
  const erasing = await startedRoom(file)
  await erasing.desk.privacy.erase({ account: 'acc-1', verifiedBy: 'Anna Auditor' }, BY)
  await until(() => erasing.desk.privacy.erasures().every(({ status }) => status === 'done'))
  await erasing.close()
  for (const part of parts) {
    for (const log of ['-wal', '-shm']) rmSync(`${path}${part}${log}`, { force: true })
    copyFileSync(`${path}${part}.backup`, `${path}${part}`)
  }
  const seen = { type: 'personal.seen', by: 'berth export' }
  const told = { stream: 'audit', cause: seen, decisions: [], personal: {} }
  await writeLoneEntry(file.store, file.site.id, systemClock, told)

  const restored = await startedRoom(file)
  await restored.site.idle()
  expect(restored.register.account('acc-1')).toBeNull()
  expect(restored.register.vehicles()).toEqual([])
  expect(restored.register.account('acc-2')?.name).toBe('Grace Hopper')
  expect(await auditOf(restored, 'erasure.repeated')).toHaveLength(2)
  expect(await codeOf(() => restored.register.putAccount('acc-1', { name: 'Alan Turing' }, BY))).toBe('BODY_INVALID')
  await restored.close()
  const again = await startedRoom(file)
  await again.site.idle()
  expect(await auditOf(again, 'erasure.repeated'), 'once').toHaveLength(2)
})
