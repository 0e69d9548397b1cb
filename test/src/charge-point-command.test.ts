import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { isPasswordNow, readPassword } from '../../src/ocpp/password-hash.ts'
import { withPassword } from '../../src/site-edit.ts'
import { checkSiteFile } from '../../src/site-file.ts'
import { scratchFolder } from '../contracts/journal-drafts.ts'

vi.setConfig({ testTimeout: 180_000 })

const BERTH = fileURLToPath(new URL('../../src/berth.mjs', import.meta.url))
const FILE = `# the north depot
site: { id: depot } # its name
bays:
  - { id: bay-1, chargePoint: CP-1 }
  - { id: bay-2, chargePoint: "CP-2" }
chargePoints:
  - { id: CP-1, password: "\${CP_1_PASSWORD}", profile: default } # by the gate
  - id: "CP-2" # at the wall
    profile: alfen
`

type Ran = { readonly code: number; readonly out: string; readonly err: string }

function runs(site: string, ...words: string[]): Promise<Ran> {
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      [BERTH, 'charge-point', ...words, '--site', site],
      { env: { ...process.env, CP_1_PASSWORD: 'of the environment' } },
      (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    ),
  )
}

function siteIn(text: string): string {
  const folder = scratchFolder()
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'site.yaml')
  writeFileSync(path, text, { mode: 0o640 })
  return path
}

const passwordOf = (out: string): string => /^ {2}password +(\S+)/m.exec(out)?.[1] ?? ''
const holds = (stored: string | null | undefined, password: string): boolean => {
  const read = readPassword(stored ?? '')
  return read !== null && isPasswordNow(read, Buffer.from(password))
}

test('a password is made, shown once, and its hash stands in the site file, which is otherwise as it was', async () => {
  const site = siteIn(FILE)
  const { code, out } = await runs(site, 'password', 'CP-2')
  expect(code).toBe(0)
  const password = passwordOf(out)
  expect(password).toMatch(/^\w{32}$/)
  const text = readFileSync(site, 'utf8')
  expect(text).not.toContain(password)
  expect(
    text
      .split('\n')
      .filter((line) => !line.includes('scrypt'))
      .join('\n'),
  ).toBe(FILE)
  expect(text.split('\n')[8]).toMatch(/^ {4}password: "\$scrypt\$/)
  expect(statSync(site).mode & 0o777).toBe(0o640)
  const { site: checked, errors } = checkSiteFile(text, site, { CP_1_PASSWORD: 'x' })
  expect(errors).toEqual([])
  expect(holds(checked?.chargePoints[1]?.password, password)).toBe(true)
  expect(out).toContain('line 9.')
  for (const what of ['identity           CP-2', ':9220/ocpp/CP-2', 'security profile   1']) expect(out).toContain(what)
})

test('a password that is there already is replaced, in a flow mapping too; --print leaves the file alone', async () => {
  const site = siteIn(FILE)
  const printed = await runs(site, 'password', 'CP-1', '--print')
  expect(readFileSync(site, 'utf8')).toBe(FILE)
  expect(printed.out).toMatch(/put this into the charge point's entry:\n\n {2}password: "\$scrypt\$/)
  const { out } = await runs(site, 'password', 'CP-1')
  const text = readFileSync(site, 'utf8')
  expect(text).toMatch(/- \{ id: CP-1, password: "\$scrypt\$[^"]+", profile: default \} # by the gate\n/)
  expect(holds(checkSiteFile(text, site, {}).site?.chargePoints[0]?.password, passwordOf(out))).toBe(true)
})

test('charge points get their passwords one after the other, although berth does not start before each has one', async () => {
  const open = FILE.replace(/, password: "[^"]+"/, '').replace('bays:', 'ocpp: { host: 0.0.0.0 }\nbays:')
  const site = siteIn(open)
  expect((await runs(site, 'password', 'CP-2', '--print')).code).toBe(0)
  expect(readFileSync(site, 'utf8')).toBe(open)
  expect((await runs(site, 'password', 'CP-1')).code).toBe(0)
  expect(readFileSync(site, 'utf8').match(/scrypt/g)).toHaveLength(1)
  expect((await runs(site, 'password', 'CP-2')).code).toBe(0)
  expect(checkSiteFile(readFileSync(site, 'utf8'), site, {}).errors).toEqual([])
})

test.each([
  ['port: 9443', '', 'ws', 9220, 1],
  ['port: 9443', ', security: 2', 'wss', 9443, 2],
  ['clientCa: ca.pem', '', 'wss', 9220, 2],
])('with tls { %s } and `%s` it says %s://, port %i, profile %i', async (tls, security, scheme, port, profile) => {
  const ocpp = `ocpp: { tls: { cert: cert.pem, key: key.pem, ${tls} } }\nbays:`
  const site = siteIn(FILE.replace('bays:', ocpp).replace('profile: default', `profile: default${security}`))
  const { out } = await runs(site, 'password', 'CP-1', '--print')
  expect(out).toMatch(new RegExp(`back end address +${scheme}://[^ ]+:${port}/ocpp/\n`))
  expect(out).toContain(`security profile   ${profile}\n`)
})

test('--hex makes 20 bytes as 40 hex digits', async () => {
  const site = siteIn(FILE)
  const { out } = await runs(site, 'password', 'CP-1', '--hex')
  const password = passwordOf(out)
  expect(password).toMatch(/^[0-9A-F]{40}$/)
  const stored = readPassword(checkSiteFile(readFileSync(site, 'utf8'), site, {}).site?.chargePoints[0]?.password ?? '')
  expect(stored && isPasswordNow(stored, Buffer.from(password, 'hex'))).toBe(true)
})

test('a charge point that is not in the file, a file that is none and a wrong call say so in one line', async () => {
  const site = siteIn(FILE)
  expect(await runs(site, 'password', 'CP-9')).toMatchObject({
    code: 1,
    err: expect.stringContaining('has no charge point CP-9'),
  })
  expect(await runs(site, 'pasword', 'CP-1')).toMatchObject({ code: 2 })
  expect(await runs(join(site, '..', 'none.yaml'), 'password', 'CP-1')).toMatchObject({ code: 1 })
  const broken = siteIn(FILE.replace('bays:', 'bayz:'))
  expect(await runs(broken, 'password', 'CP-1')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/site\.yaml:\d+:\d+/),
  })
  expect(readFileSync(broken, 'utf8')).not.toContain('scrypt')
})

test.each([
  ['chargePoints: [{ id: CP-1 }]', 'chargePoints: [{ id: CP-1, password: "x" }]'],
  [
    "chargePoints: [{ 'id': 'CP-1' , profile: default }]",
    "chargePoints: [{ 'id': 'CP-1', password: \"x\" , profile: default }]",
  ],
  ['chargePoints:\n- id: CP-1', 'chargePoints:\n- id: CP-1\n  password: "x"'],
  [
    'chargePoints:\n  - profile: default\n    id: CP-1\nocpp: {}',
    'chargePoints:\n  - profile: default\n    id: CP-1\n    password: "x"\nocpp: {}',
  ],
])('%j becomes %j', (text, expected) => {
  const edited = withPassword(text, 'CP-1', 'x')?.text
  expect(edited).toBe(expected)
})

test.each([
  'chargePoints: {}',
  'chargePoints: [{ id: CP-2 }]',
  'chargePoints: [{ id: CP-1, password: [x] }]',
  'chargePoints: [{',
  'chargePoints:\n  - id: CP-1\n    password: |\n      old\nocpp: {}',
  'bays: []',
  '',
])('%j is left to a person', (text) => {
  expect(withPassword(text, 'CP-1', 'x')).toBeNull()
})
