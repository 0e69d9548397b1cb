import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { check as checkCommand } from '../../../src/commands/check.ts'
import { hashPassword } from '../../../src/ocpp/password-hash.ts'
import { checkSiteFile, problemLine } from '../../../src/site-file.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { ToyAuthority, writeIssued } from './toy-authority.ts'

const file = (ocpp: string, points: string): string => `site: { id: depot }
bays: [{ id: bay-1, chargePoint: CP-1, zones: [{ camera: cam-1, polygon: [[0, 0], [1, 0], [1, 1]] }] }]
cameras: [{ id: cam-1, token: cam-1 }]
ocpp: ${ocpp}
chargePoints: ${points}
`
const OPEN = '{ host: 0.0.0.0 }'
const TLS = '{ host: 0.0.0.0, tls: { cert: c.pem, key: k.pem } }'
const BOTH = '{ host: 0.0.0.0, tls: { cert: c.pem, key: k.pem, port: 9221, clientCa: ca.pem } }'
const GOOD = hashPassword(Buffer.from('a good password of CP-1'))

/** Errors and warnings, those of bays that no charge point reaches left out. */
function judged(ocpp: string, points: string) {
  const { errors, warnings, site } = checkSiteFile(file(ocpp, points), '/sites/site.yaml', {})
  const lines = (list: typeof errors): string[] =>
    list.map((one) => problemLine(one, 'site.yaml')).filter((line) => !line.includes('no bay is reached'))
  return { errors: lines(errors), warnings: lines(warnings), site }
}

test.each([
  ['{}', '[{ id: CP-1 }]'],
  ['{}', '[{ id: CP-1, password: short }]'],
  [TLS, `[{ id: CP-1, password: "${GOOD}", security: 2 }]`],
  [TLS, `[{ id: CP-1, password: "${GOOD}" }]`],
  [BOTH, `[{ id: CP-1, password: "${GOOD}", security: 2 }, { id: CP-2, security: 3 }]`],
  [TLS, '[{ id: CP-1, password: "sixteen letters and more", security: 2 }]'],
])('ocpp: %s with %s checks without a word', (ocpp, points) => {
  const { errors, warnings } = judged(ocpp, points)
  expect([...errors, ...warnings]).toEqual([])
})

test.each([
  [
    OPEN,
    '[{ id: CP-1 }]',
    /chargePoints\[0\]: CP-1 has no password and OCPP listens on 0\.0\.0\.0; .*berth charge-point password CP-1/,
  ],
  ['{}', '[{ id: CP-1, security: 1 }]', /security profile 1 asks for a password and CP-1 has none/],
  ['{}', '[{ id: CP-1, security: 2, password: x }]', /chargePoints\[0\]\.security: security profile 2 needs TLS/],
  [
    '{ tls: { cert: c.pem, key: k.pem, clientCrl: l.pem } }',
    '[{ id: CP-1 }]',
    /nobody knows whose revocation list it is/,
  ],
  [TLS, '[{ id: CP-1, security: 3 }]', /security profile 3 needs to know who signs .*clientCa/],
  [BOTH, '[{ id: CP-1, security: 3, password: x }]', /password: security profile 3 never looks at a password/],
  ['{}', '[{ id: CP-1, security: 0, password: x }]', /password: security profile 0 never looks at a password/],
  ['{}', '[{ id: CP-1, security: 4 }]', /security.*expected one of: 0, 1, 2, 3/],
  ['{}', '[{ id: CP-1, password: "$scrypt$ln=14" }]', /password: it begins like a hash and is none/],
  [
    '{ port: 9220, tls: { cert: c, key: k, port: 9220 } }',
    '[{ id: CP-1 }]',
    /ocpp\.tls\.port: ocpp listens on 9220 already/,
  ],
])('ocpp: %s with %s is refused', (ocpp, points, says) => {
  const { errors } = judged(ocpp, points)
  expect(errors).toHaveLength(1)
  expect(errors[0]).toMatch(says)
})

test.each([
  [
    OPEN,
    '[{ id: CP-1, security: 0 }]',
    [/chargePoints\[0\]\.security: CP-1: anybody who reaches the port can pretend to be it \(security profile 0/],
  ],
  [
    OPEN,
    `[{ id: CP-1, password: "${GOOD}" }]`,
    [/CP-1: the password and every token travel readable \(security profile 1/],
  ],
  [
    BOTH,
    `[{ id: CP-1, password: "${GOOD}" }, { id: CP-2, password: "${GOOD}" }]`,
    [/CP-1 and 1 more: the password and every token travel readable/],
  ],
  [
    TLS,
    '[{ id: CP-1, password: short, security: 2 }]',
    [/CP-1: a password of fewer than 16 characters can be guessed/],
  ],
])('ocpp: %s with %s is weak, and the check says so', (ocpp, points, says) => {
  const { errors, warnings } = judged(ocpp, points)
  expect(errors).toEqual([])
  expect(warnings).toHaveLength(says.length)
  for (const [i, pattern] of says.entries()) expect(warnings[i]).toMatch(pattern)
})

test('files of a certificate are meant beside the site file', () => {
  expect(judged(BOTH, '[{ id: CP-1, security: 3 }]').site?.ocpp.tls).toEqual({
    cert: '/sites/c.pem',
    key: '/sites/k.pem',
    clientCa: '/sites/ca.pem',
    clientCrl: null,
    port: 9221,
  })
})

test('`berth check` looks into the certificate: a wrong one is an error, one that ends soon a warning', async () => {
  const folder = scratchFolder()
  const path = join(folder, 'site.yaml')
  const authority = new ToyAuthority('Site authority')
  writeFileSync(path, file('{ tls: { cert: server.pem, key: server.key } }', '[{ id: CP-1 }]'))
  const said: string[] = []
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  try {
    expect(await checkCommand([path])).toBe(1)
    writeIssued(folder, authority.issue('localhost', 10))
    expect(await checkCommand([path])).toBe(0)
    writeIssued(folder, authority.issue('localhost', 100))
    expect(await checkCommand([path])).toBe(0)
  } finally {
    spy.mockRestore()
  }
  const text = said.join('')
  expect(text).toMatch(/^error {4}.*:4:\d+ ocpp\.tls: The certificate .*server\.pem cannot be read/)
  expect(text.match(/warning .*ocpp\.tls: the certificate ends on/g)).toHaveLength(1)
})
