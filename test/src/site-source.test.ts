/** biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${ENV_NAME} is what a site file holds. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkSiteFile, checkSiteFileAt, problemLine, readSiteFile } from '../../src/site-file.ts'

const GOOD = `site: { id: depot-north }
http: { host: 127.0.0.1, port: 8080 }
cameras:
  - { id: cam-1, token: cam-1-secret }
bays:
  - id: bay-1
    chargePoint: CP-1
    zones: [{ camera: cam-1, polygon: [[0.05, 0.30], [0.45, 0.30], [0.45, 0.95]] }]
chargePoints:
  - { id: CP-1, password: secret }
policy:
  quorum: 3
`

/** The checked text with one piece changed. */
function changed(from: string, to: string, env: NodeJS.ProcessEnv = {}) {
  expect(GOOD).toContain(from)
  return checkSiteFile(GOOD.replace(from, to), '/sites/depot.yaml', env)
}
const places = (check: ReturnType<typeof checkSiteFile>) => check.errors.map((one) => `${one.line} ${one.path}`)
const says = (check: ReturnType<typeof checkSiteFile>) =>
  check.errors.map((one) => `${one.says}; ${one.expected}`).join('\n')

test('the file that these tests change checks', () => {
  expect(checkSiteFile(GOOD, 'a.yaml', {})).toMatchObject({ errors: [], warnings: [] })
})

describe('secrets', () => {
  test('come from the environment', () => {
    expect(changed('cam-1-secret', '${CAM_TOKEN}', { CAM_TOKEN: 'abc' }).site?.cameras[0]?.token).toBe('abc')
  })

  test('that the environment lacks are an error at their line', () => {
    const check = changed('password: secret', 'password: ${CP_PASSWORD}')
    expect(places(check)).toEqual(['10 chargePoints[0].password'])
    expect(says(check)).toContain('the environment has no CP_PASSWORD')
  })

  test('that the environment lacks hide no other error, and are said once', () => {
    const check = changed('password: secret', 'password: ${CP_PASSWORD}, profile: no-such-family')
    expect(places(check)).toEqual(['10 chargePoints[0].password', '10 chargePoints[0].profile'])
    expect(says(check)).toContain('the environment has no CP_PASSWORD')
  })

  test('are never printed, however wrong they are', () => {
    const check = changed('cam-1-secret', '${CAM_TOKEN}', { CAM_TOKEN: 'not for your eyes' })
    expect(places(check)).toEqual(['4 cameras[0].token'])
    expect(says(check)).not.toContain('eyes')
    expect(says(changed('cam-1-secret', '"in plain words"'))).not.toContain('plain words')
  })

  test('shared by two cameras are refused', () => {
    const check = changed('bays:', '  - { id: cam-2, token: cam-1-secret }\nbays:')
    expect(says(check)).toContain('another camera has the same token')
  })
})

describe('whatever stands in the file, the check answers in a sentence', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berth-site-file-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test.each([
    ['nothing', '', 'expected a mapping'],
    ['a list', '- a\n', 'expected a mapping'],
    ['bytes', new Uint8Array([0xff, 0xfe, 0, 1, 2, 3]), 'this is not text'],
    ['zeros', new Uint8Array(2000), 'this is not text'],
    ['9 MB', new Uint8Array(9_000_000).fill(0x61), 'larger than 8 MB'],
    ['an alias bomb', bomb(), 'Excessive alias count'],
    ['brackets without end', '['.repeat(30_000), 'nests too deep'],
    ['deep nesting that ends', `a: ${'{a: '.repeat(200)}1${'}'.repeat(200)}`, 'nests too deep'],
    ['a key called __proto__', `${GOOD}__proto__: { a: 1 }\n`, 'unknown key `__proto__`'],
    [
      'a number everywhere',
      'site: 5\nstore: 5\nhttp: 5\nocpp: 5\ncameras: 5\nbays: 5\nchargePoints: 5\npolicy: 5\n',
      'expected a mapping',
    ],
    ['no mapping where one is wanted', 'site: { id: a }\nbays: 7\ncameras: { a: 1 }\npolicy: [1]\n', 'a list'],
  ])('%s', async (_what, bytes, sentence) => {
    const path = join(folder, 'site.yaml')
    await writeFile(path, bytes)
    const { errors, site } = await checkSiteFileAt(path, {})
    expect(errors.map((one) => problemLine(one, path)).join('\n')).toContain(sentence)
    expect(errors.length).toBeLessThanOrEqual(101)
    expect(site).toBeNull()
  })

  test('a file that is not there', async () => {
    expect((await checkSiteFileAt(join(folder, 'none.yaml'), {})).errors[0]?.says).toBe('there is no such file')
  })

  test('a start on it throws one fault that names the first error and where the others are', async () => {
    const path = join(folder, 'two.yaml')
    await writeFile(path, GOOD.replace('port: 8080', 'port: x').replace('quorum: 3', 'q: 3'))
    await expect(readSiteFile(path, {})).rejects.toMatchObject({
      code: 'SITE_FILE_INVALID',
      message: expect.stringMatching(/two\.yaml:2:32 http\.port: .* \(and 1 more; `berth check .*` lists all\)$/),
    })
  })
})

/** Nine lists of nine of the last one, ten times over. */
function bomb(): string {
  const letters = 'abcdefghij'
  const rows = [...letters.slice(1)].map(
    (letter, i) => `${letter}: &${letter} [${Array(9).fill(`*${letters[i]}`).join(', ')}]`,
  )
  return ['a: &a [x]', ...rows, ''].join('\n')
}
