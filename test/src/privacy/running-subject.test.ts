import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { subject } from '../../../src/commands/subjects.ts'
import type { SubjectContent } from '../../../src/privacy/subject-package.ts'
import { subjectPage } from '../../../src/privacy/subject-page.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { runCommand } from '../journal/run-command.ts'
import { arrives, BY, passes, privateSite, skippingClock, startedRoom } from './private-room.ts'

const CLAIM = { account: 'acc-1', verifiedBy: 'A. Auditor' }
const chargesIn = ({ sessions }: SubjectContent) => sessions as readonly { readonly [field: string]: unknown }[]

test('the package of a subject whose charge runs holds that charge, with what its register says so far, and its own only', async () => {
  const clock = skippingClock()
  const room = await startedRoom(await privateSite({}, 2), clock)
  for (const [bay, card] of [[1, 'CARD-1'] as const, [2, 'CARD-2'] as const]) {
    await room.register.putToken(card, { accountId: `acc-${bay}` }, BY)
    await arrives(room, `BX${bay}211KW`, bay, 2)
    const point = { chargePointId: `CP-${bay}`, evse: 1, idToken: card, happenedAt: null }
    await room.chargePointDesk.hear({ type: 'started', ...point, register_Wh: 1_000 })
  }
  const { transactionId } = room.desk.bay('bay-1')?.session ?? {}
  const packed = await room.desk.privacy.subject(CLAIM, BY)
  expect(chargesIn(packed.content)).toMatchObject([
    { bayId: 'bay-1', transactions: [transactionId], endedAt: null, energy_Wh: 0, paidByYou: true },
  ])
  expect(subjectPage(packed)).toContain('still runs')
  const end = { transactionId: String(transactionId), register_Wh: 1_700, reason: 'Local', samples: [] }
  await room.chargePointDesk.hear({ type: 'ended', chargePointId: 'CP-1', idToken: 'CARD-1', happenedAt: null, ...end })
  for (let i = 0; i < 4; i++) await passes(room, clock, 120_000)
  const after = (await room.desk.privacy.subject(CLAIM, BY)).content
  expect(chargesIn(after)).toMatchObject([{ bayId: 'bay-1', endedAt: expect.any(String), energy_Wh: 700 }])
})

test('the command hands out a charge that runs where nobody serves the site', async () => {
  const file = await privateSite()
  const room = await startedRoom(file)
  await room.register.putToken('CARD-1', { accountId: 'acc-1' }, BY)
  await arrives(room, 'BX2211KW')
  const point = { chargePointId: 'CP-1', evse: 1, idToken: 'CARD-1', happenedAt: null }
  await room.chargePointDesk.hear({ type: 'started', ...point, register_Wh: 1_000 })
  await room.close()
  const out = join(scratchFolder(), 'for-them')
  const words = ['--account', 'acc-1', '--verified-by', 'A. Auditor', '--site', file.path, '--out', out]
  expect(await runCommand(subject, ...words)).toMatchObject({ code: 0 })
  const { content } = JSON.parse(readFileSync(join(out, 'subject.json'), 'utf8')) as { content: SubjectContent }
  expect(chargesIn(content)).toMatchObject([{ bayId: 'bay-1', endedAt: null }])
})
