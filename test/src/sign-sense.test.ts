/** biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${ENV_NAME} is what a site file holds. */
import { expect, test } from 'vitest'
import { checkSiteFile, problemLine } from '../../src/site-file.ts'

const FILE = `site: { id: depot }
bays: [{ id: bay-1, chargePoint: CP-1 }]
chargePoints: [{ id: CP-1 }]
`

const check = (tell: string, env: NodeJS.ProcessEnv = {}) => checkSiteFile(`${FILE}tell: ${tell}\n`, 'site.yaml', env)
const errors = (tell: string): string[] => check(tell).errors.map((problem) => problemLine(problem, 'site.yaml'))

test('a site file without `tell` has no signs and speaks English', () => {
  expect(checkSiteFile(FILE, 'site.yaml', {}).site?.tell).toEqual({ language: 'en', webhooks: [] })
})

test('a sign is taken with its secret from the environment', () => {
  const { site, errors: found } = check(
    "{ language: de, webhooks: [{ url: 'https://sign.example/words', secret: ${SIGN_SECRET}, bays: [bay-1] }] }",
    {
      SIGN_SECRET: 'sixteen letters at least',
    },
  )
  expect(found).toEqual([])
  expect(site?.tell).toEqual({
    language: 'de',
    webhooks: [{ url: 'https://sign.example/words', secret: 'sixteen letters at least', bays: ['bay-1'] }],
  })
})

test.each([
  ["{ webhooks: [{ url: 'ftp://sign.example' }] }", /webhooks\[0\]\.url: .*expected an address that begins with http/],
  ["{ webhooks: [{ url: 'file:///etc/passwd' }] }", /webhooks\[0\]\.url: /],
  ["{ webhooks: [{ url: 'https://:::' }] }", /webhooks\[0\]\.url: this is no address/],
  [
    "{ webhooks: [{ url: 'https://user:pass@sign.example/' }] }",
    /webhooks\[0\]\.url: the address holds a user or password/,
  ],
  ["{ webhooks: [{ url: 'https://sign.example', bays: [bay-9] }] }", /bays\[0\]: there is no bay bay-9/],
  ["{ webhooks: [{ url: 'https://sign.example', secret: short }] }", /secret: .*at least 16 characters/],
  ['{ webhooks: [{}] }', /`url` is missing/],
  ['{ webhook: [] }', /unknown key `webhook`; expected `webhooks`/],
  ['{ language: fr }', /expected one of: en, de/],
])('%s is refused with its place', (tell, says) => {
  const found = errors(tell)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatch(/^site\.yaml:4:\d+ tell/)
  expect(found[0]).toMatch(says)
})

test('the driver page listens where nobody else of this file does', () => {
  const at = (port: number) =>
    checkSiteFile(`${FILE}http: { driver: { host: 0.0.0.0, port: ${port} } }\n`, 'site.yaml', {})
  for (const port of [8080, 9220])
    expect(
      at(port)
        .errors.map((problem) => problemLine(problem, 'site.yaml'))
        .join(),
    ).toMatch(/^site\.yaml:4:\d+ http\.driver\.port: (http|ocpp) listens on \d+ already; expected a port of its own\.$/)
  expect(at(8081).errors).toEqual([])
  expect(at(8081).site?.http.driver).toEqual({ host: '0.0.0.0', port: 8081, tls: null })
})

test('a secret and an address are never shown in an error', () => {
  const found = errors("{ webhooks: [{ url: 'https://user:hush-hush@sign.example/?k=hush', secret: hush }] }").join(
    '\n',
  )
  expect(found).not.toContain('hush')
})
