import { join } from 'node:path'
import { expect, test } from 'vitest'
import { archive } from '../../../src/commands/archive.ts'
import { replay } from '../../../src/commands/replay.ts'
import { verify } from '../../../src/commands/verify.ts'
import { checkpointsBeside, readCheckpoints } from '../../../src/journal/checkpoint-file.ts'
import { segmentsIn } from '../../../src/journal/segment.ts'
import { arrives, BY, privateSite, startedRoom } from '../privacy/private-room.ts'
import { runCommand as run } from './run-command.ts'

test('a site that is served and has not signed a checkpoint yet is archived all the same, and its own first checkpoint is by the same key', async () => {
  const file = await privateSite()
  const room = await startedRoom(file)
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  await arrives(room, 'AB12CDE')
  expect(readCheckpoints(checkpointsBeside(file.store.path)).checkpoints).toEqual([])
  const closed = await run(archive, '--site', file.path, '--before', '2999-01-01')
  expect(closed).toMatchObject({ code: 0, out: expect.stringMatching(/records 1 to \d+, \d+ bytes, sealed/) })
  await room.close()
  const folder = `${file.store.path}.archive`
  const [segment = ''] = segmentsIn(folder).map((name) => join(folder, name))
  for (const [command, ...words] of [
    [verify, segment],
    [replay, segment],
    [verify, '--site', file.path],
  ] as const)
    expect(await run(command, ...words), words.join(' ')).toMatchObject({ code: 0, err: '' })
  const { checkpoints } = readCheckpoints(checkpointsBeside(file.store.path))
  expect(new Set(checkpoints.map(({ key }) => key)).size).toBe(1)
  expect((await run(verify, segment, '--key', String(checkpoints[0]?.key))).code).toBe(0)
})
