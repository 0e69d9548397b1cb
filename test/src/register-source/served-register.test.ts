import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { register } from '../../../src/commands/register-signing.ts'
import { openRegister } from '../../../src/register-source/signed-register.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { runCommand } from '../journal/run-command.ts'
import { serveSite, until, writeSite } from '../serve/serving-line.ts'
import { openSourceServer, sourcedRoom } from './register-server.ts'

vi.setConfig({ testTimeout: 120_000 })

/** `berth register …`. */
const run = (...words: string[]) => runCommand(register, ...words)

/** Files of vehicles and accounts, signed by the command with a key of its own. */
async function signing(folder = scratchFolder()) {
  const [key, csv, accounts, out] = ['fleet.pem', 'fleet.csv', 'accounts.json', 'register.json'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string]
  const publicKey = (await run('key', key)).out.trim()
  const sign = async (version: number, lines: readonly string[], ...more: string[]) => {
    writeFileSync(csv, ['plate,accountId,blocked', ...lines, ''].join('\n'))
    return run('sign', csv, '--key', key, '--out', out, '--version', String(version), ...more)
  }
  return { key, accounts, out, publicKey, sign, text: () => readFileSync(out, 'utf8') }
}

test('a signed register has what the files say, and no row that the register would refuse', async () => {
  const { key, accounts, out, publicKey, sign, text } = await signing()
  expect(publicKey).toMatch(/^[0-9a-f]{64}$/)
  expect((await run('key', key)).out.trim()).toBe(publicKey)
  writeFileSync(accounts, JSON.stringify([{ accountId: 'acc-1', name: 'Jane Roe', confirm: 'always' }]))
  expect(
    await sign(
      4,
      ['AB12CDE,acc-1,yes', 'XY34ZZT,acc-2,'],
      '--accounts',
      accounts,
      '--sites',
      'depot-north, depot-south',
    ),
  ).toEqual({
    code: 0,
    out: '',
    err: `${out}: version 4, 2 vehicles, 1 account.\n`,
  })
  expect(openRegister(text(), publicKey)).toMatchObject({
    broken: null,
    register: {
      version: 4,
      sites: ['depot-north', 'depot-south'],
      accounts: [{ accountId: 'acc-1', name: 'Jane Roe', confirm: 'always' }],
      vehicles: [
        { plate: 'AB12CDE', accountId: 'acc-1', blocked: 'yes' },
        { plate: 'XY34ZZT', accountId: 'acc-2' },
      ],
    },
  })
  expect((await run('check', out, '--key', publicKey)).out).toMatch(
    /: version 4 of .* for depot-north, depot-south, 2 vehicles, 1 account, signed with /,
  )
  expect((await run('check', out, '--key', '0'.repeat(64))).err).toMatch(/is signed with the key .* and not with/)
  writeFileSync(accounts, JSON.stringify([{ accountId: 'acc-1', status: 'odd' }, { accountId: '' }]))
  const refused = await sign(5, ['AB12CDE,acc-1,', 'A812CDE,acc-1,'], '--accounts', accounts)
  expect(refused.code).toBe(1)
  expect(refused.err).toMatch(/fleet.csv:3: refused: The plate looks the same/)
  expect(refused.err).toMatch(/account 1: refused: status must be one of/)
  expect(refused.err).toMatch(/account 2: refused: accountId is missing/)
  expect(openRegister(text(), publicKey)).toMatchObject({ register: { version: 4 } })
})

test('a site takes its register from a source, keeps it over a restart while that is away, and refuses an older one', async () => {
  const source = await openSourceServer()
  const { publicKey, sign, text } = await signing()
  await sign(2, ['AB12CDE,acc-1,', 'XY34ZZT,acc-1,'])
  source.hand(text())
  const site = await writeSite(1)
  appendFileSync(site.path, `register: { source: { url: "${source.url}", key: ${publicKey} } }\n`)
  const serving = await serveSite(site)
  const served = async () =>
    (await serving.ask('GET', '/api/vehicles')).body.items.map(({ plate }: { plate: string }) => plate)
  await until(async () => (await served()).length === 2)
  expect(await served()).toEqual(['AB12CDE', 'XY34ZZT'])
  await until(() => /version 2 of the register is in force: 3 entries changed, 0 removed/.test(serving.said()))
  expect(await serving.stop()).toBe(0)

  source.hand(null)
  const away = await sourcedRoom(site.path)
  await until(() => away.log.some((line) => /answers 500; the site goes on with the register that it has/.test(line)))
  expect(away.plates()).toEqual(['AB12CDE', 'XY34ZZT'])
  await away.close()

  await sign(1, ['QR78STU,acc-1,'])
  source.hand(text())
  const older = await sourcedRoom(site.path)
  await until(() => older.alarms().length > 0)
  expect(older.alarms()[0]).toMatchObject({
    type: 'register-refused',
    says: expect.stringMatching(
      /^The register that 127.0.0.1:\d+ sends is not taken: it is version 1, and version 2 is in force here/,
    ),
  })
  expect(older.plates()).toEqual(['AB12CDE', 'XY34ZZT'])
  const adopted = (await older.room.journal.readStream('register', 0, 1_000)).filter(
    ({ cause }) => cause.type === 'register.adopted',
  )
  expect(adopted).toHaveLength(1)
  await older.close()
  // Nothing of it lies beside the store in clear.
  expect(readFileSync(site.store).includes('AB12CDE')).toBe(false)
})
