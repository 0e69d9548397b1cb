import { expect, test } from 'vitest'
import { checkSiteFile, problemLine } from '../../../src/site-file.ts'

const FILE = `site: { id: depot }
bays: [{ id: bay-1, chargePoint: CP-1, zones: [{ camera: cam-1, polygon: [[0, 0], [1, 0], [1, 1]] }] }]
cameras: [{ id: cam-1, token: cam-1 }]
chargePoints: [{ id: CP-1 }]
`
const SECRET = 'sixteen letters at least'
const check = (authorizer: string, more = '') =>
  checkSiteFile(`${FILE}authorizer: ${authorizer}\n${more}`, 'site.yaml', {})
const lines = (problems: readonly Parameters<typeof problemLine>[0][]) =>
  problems.map((problem) => problemLine(problem, 'site.yaml'))

test('a back end is taken with its defaults, and a file without one asks nobody', () => {
  const { site, errors, warnings } = check(`{ url: 'https://billing.example/a', secret: ${SECRET} }`)
  expect([...errors, ...warnings]).toEqual([])
  expect(site?.authorizer).toEqual({
    url: 'https://billing.example/a',
    secret: SECRET,
    plate: 'masked',
    deadline_s: 3,
    cache_s: 300,
    offline: 'fallback',
    known_days: 30,
    failures: 5,
    rest_s: 30,
  })
  expect(checkSiteFile(FILE, 'site.yaml', {}).site?.authorizer).toBeNull()
})

test.each([
  [`{ url: 'https://:::', secret: ${SECRET} }`, /authorizer\.url: this is no address/],
  [
    `{ url: 'https://user:pass@b.example/', secret: ${SECRET} }`,
    /authorizer\.url: the address holds a user or password/,
  ],
  [`{ url: 'ftp://b.example/', secret: ${SECRET} }`, /authorizer\.url: .*begins with http/],
  ["{ url: 'https://b.example/', secret: short }", /secret: .*not shown.*at least 16 characters/],
  ["{ url: 'https://b.example/' }", /`secret` is missing/],
  [`{ url: 'https://b.example/', secret: ${SECRET}, offline: allow }`, /expected one of: allow-known, deny, fallback/],
  [
    `{ url: 'https://b.example/', secret: ${SECRET}, deadline_s: 10 }`,
    /deadline_s: it waits 10 s, .*authorizeTimeout_s 10 s/,
  ],
])('%s is refused with its place', (authorizer, says) => {
  const found = lines(check(authorizer).errors)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatch(/^site\.yaml:5:\d+ authorizer/)
  expect(found[0]).toMatch(says)
})

test('plates that would travel in the open are a warning, but for this machine itself', () => {
  const warned = (host: string) => lines(check(`{ url: 'http://${host}/a', secret: ${SECRET} }`).warnings).join()
  expect(warned('billing.example')).toMatch(/authorizer\.url: who is on the way reads the plates/)
  for (const host of ['127.0.0.1:9', 'localhost', '[::1]:9']) expect(warned(host)).toBe('')
})

const remote = (ocpp: string) => checkSiteFile(`${FILE}ocpp: ${ocpp}\n`, 'site.yaml', {})

test('a back end that drives the charge points is taken with its defaults, and nobody needs a password then', () => {
  const { site, errors, warnings } = remote(
    `{ host: 0.0.0.0, mode: remote, remote: { url: 'https://b.example/x', secret: ${SECRET} } }`,
  )
  expect([...errors, ...warnings]).toEqual([])
  expect(site?.ocpp).toMatchObject({
    mode: 'remote',
    remote: { url: 'https://b.example/x', secret: SECRET, poll_s: 5, deadline_s: 5 },
  })
})

test.each([
  ['{ mode: remote }', /ocpp\.remote: mode: remote needs to know the back end/],
  [`{ remote: { url: 'https://b.example/x', secret: ${SECRET} } }`, /ocpp\.remote: mode: csms asks no back end/],
  [`{ mode: remote, remote: { url: 'https://:::', secret: ${SECRET} } }`, /ocpp\.remote\.url: this is no address/],
  ["{ mode: remote, remote: { url: 'https://b.example/x', secret: short } }", /secret: .*at least 16 characters/],
])('ocpp: %s is refused with its place', (ocpp, says) => {
  const found = lines(remote(ocpp).errors)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatch(says)
})
