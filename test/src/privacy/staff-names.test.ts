import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { report } from '../../../src/commands/report.ts'
import { verifyStore } from '../../../src/journal/verification.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import { keptViews } from '../../../src/views/kept-views.ts'
import { runCommand } from '../journal/run-command.ts'
import { until, writeSite } from '../serve/serving-line.ts'
import { openPlainServer } from '../server/plain-server.ts'
import { ROLE_TOKENS } from '../server/running-server.ts'
import { auditOf, BY, DAY_ms, passes, privateSite, skippingClock, startedRoom, verifiedIn } from './private-room.ts'

const NAME = 'Veronika Verifier'
const ASKED = { account: 'acc-1', verifiedBy: NAME }
/** Files of the store that hold these bytes. */
const filesWith = (path: string, text: string): readonly string[] =>
  readdirSync(dirname(path)).filter((name) => {
    const file = join(dirname(path), name)
    return name.startsWith('depot') && !name.endsWith('.machines') && readFileSync(file).includes(text)
  })

test('who verified a request stands sealed, is read as long as the site says, and not a day longer; the chain holds', async () => {
  const clock = skippingClock()
  const file = await privateSite({ staff_days: 10 })
  const room = await startedRoom(file, clock)
  await room.register.putAccount('acc-1', { name: 'Ada Lovelace' }, BY)
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  await room.desk.privacy.subject(ASKED, BY)
  await room.desk.privacy.object(ASKED, true, BY)
  await room.desk.privacy.object(ASKED, true, BY)
  await room.desk.privacy.erase(ASKED, BY)
  await until(() => room.desk.privacy.erasures().every(({ status }) => status === 'done'))
  const named = async () =>
    (await room.journal.readSite()).flatMap((record) =>
      record.cause['verified'] === undefined ? [] : [[record.cause.type, verifiedIn(room, record)['verifiedBy']]],
    )
  const before = await named()
  expect(new Set(before.map(([type]) => type))).toEqual(
    new Set(['personal.seen', 'objection.entered', 'claim.repeated', 'erasure.asked']),
  )
  expect(before.map(([, name]) => name)).toEqual(before.map(() => NAME))
  await passes(room, clock, 9 * DAY_ms)
  expect(await named()).toEqual(before)
  await passes(room, clock, 2 * DAY_ms)
  expect((await named()).map(([, name]) => name)).toEqual(before.map(() => null))
  expect((await auditOf(room, 'staff.expired')).map(({ cause }) => cause['count'])).toEqual([4])
  await room.close()
  expect(filesWith(file.store.path, NAME)).toEqual([])
  expect(verifyStore(file.store.path).broken).toBeNull()
})

test('the report audit says to an auditor whom each was shown, and who verified a request by what; to others it does not', async () => {
  const { path } = await writeSite(1)
  const file = await readSiteFile(path, {})
  const room = await startedRoom(file)
  await room.register.putAccount('acc-1', { name: 'Ada Lovelace' }, BY)
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  await room.desk.privacy.subject(ASKED, BY)
  await room.desk.privacy.erase(ASKED, BY)
  await until(() => room.desk.privacy.erasures().every(({ status }) => status === 'done'))
  type Row = { readonly what: string; readonly about: { readonly [field: string]: unknown } }
  const about = (rows: readonly Row[], what: string) => rows.find((row) => row.what === what)?.about
  const verified = { by: 'account', accountId: 'acc-1', verifiedBy: NAME }
  const views = keptViews(`${file.store.path}.views`, room.journal)
  const site = { desk: room.desk } as never
  const { server } = await openPlainServer({ site, views, tokens: ROLE_TOKENS })
  try {
    const rows = async (role: string): Promise<readonly Row[]> => {
      const headers = { authorization: `Bearer ${role}-token` }
      return (await (await fetch(`${server.url}/api/reports/audit`, { headers })).json()).items
    }
    const auditor = await rows('auditor')
    expect(about(auditor, 'erasure.asked')).toMatchObject({ verified })
    expect(about(auditor, 'personal.seen')).toMatchObject({
      verified,
      count: 2,
      subjects: [expect.any(String), 'acc-1'],
    })
    const supervisor = await rows('supervisor')
    expect(about(supervisor, 'erasure.asked')).toMatchObject({ erasureId: expect.any(String) })
    expect(JSON.stringify(supervisor)).not.toMatch(/verified|subjects|Verifier/)
  } finally {
    await server.close()
  }
  await room.close()
  const told = await runCommand(report, 'audit', '--site', path, '--format', 'jsonl')
  const lines = told.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)
  expect(about(lines, 'erasure.asked')).toMatchObject({ verified })
  const looked = await startedRoom(file)
  expect((await auditOf(looked, 'personal.seen')).map(({ cause }) => cause['what'])).toContain('report')
})
