import { describe, expect, test } from 'vitest'
import { DEFAULT_POLICY } from '../../machines/events.ts'
import { checkSiteFile, problemLine } from '../../src/site-file.ts'

const GOOD = `site: { id: depot-north, name: Depot North, timezone: Europe/London }
store: { kind: sqlite, path: ./data/depot-north.db }
http: { host: 127.0.0.1, port: 8080 }
ocpp: { host: 127.0.0.1, port: 9220, mode: csms }
cameras:
  - { id: cam-1, token: cam-1-secret, kind: push }
bays:
  - id: bay-1
    chargePoint: CP-1
    evse: 2
    zones: [{ camera: cam-1, polygon: [[0.05, 0.30], [0.45, 0.30], [0.45, 0.95], [0.05, 0.95]] }]
  - id: bay-2
    connectors: [{ chargePoint: CP-1 }, { chargePoint: CP-2, evse: 3 }]
    zones: [{ camera: cam-1, polygon: [[0.45, 0.30], [0.95, 0.30], [0.95, 0.95], [0.45, 0.95]] }]
    autonomy: suggest
chargePoints:
  - { id: CP-1, password: secret, profile: default }
  - { id: CP-2 }
policy:
  quorum: 3
  lock: { on_A: 0.5 }
`

/** The checked text with one piece changed. */
function changed(from: string, to: string, env: NodeJS.ProcessEnv = {}) {
  if (!GOOD.includes(from)) throw new Error(`the good file has no ${from}`)
  return checkSiteFile(GOOD.replace(from, to), '/sites/depot.yaml', env)
}

/** `line path` of each error. */
const places = (check: ReturnType<typeof checkSiteFile>) => check.errors.map((one) => `${one.line} ${one.path}`)
const says = (check: ReturnType<typeof checkSiteFile>) =>
  check.errors.map((one) => `${one.says}; ${one.expected}`).join('\n')
const warns = (check: ReturnType<typeof checkSiteFile>) =>
  check.warnings.map((one) => `${one.line} ${one.says}`).join('\n')

describe('a good site file', () => {
  test('checks without a word, and comes back with its short forms written out', () => {
    const { errors, warnings, site } = checkSiteFile(GOOD, '/sites/depot.yaml', {})
    expect(errors).toEqual([])
    expect(warnings).toEqual([])
    expect(site).toMatchObject({
      site: { id: 'depot-north', name: 'Depot North', timezone: 'Europe/London', countries: [] },
      store: { kind: 'sqlite', path: '/sites/data/depot-north.db' },
      http: { host: '127.0.0.1', port: 8080, tls: null },
      cameras: [{ id: 'cam-1', token: 'cam-1-secret', kind: 'push', from: [], deviceId: null }],
      bays: [
        { id: 'bay-1', connectors: [{ chargePoint: 'CP-1', evse: 2 }], autonomy: null },
        {
          id: 'bay-2',
          connectors: [
            { chargePoint: 'CP-1', evse: 1 },
            { chargePoint: 'CP-2', evse: 3 },
          ],
          autonomy: 'suggest',
        },
      ],
      chargePoints: [
        { id: 'CP-1', password: 'secret', profile: 'default' },
        { id: 'CP-2', password: null, profile: 'default' },
      ],
    })
  })

  test('keeps its own policy and fills in what it leaves out', () => {
    const { site } = checkSiteFile(GOOD, 'depot.yaml', {})
    expect(site?.policy).toEqual({ ...DEFAULT_POLICY, quorum: 3, lock: { ...DEFAULT_POLICY.lock, on_A: 0.5 } })
  })

  test('needs no more than a site, a bay and its charge point, and then has the default policy of the machines', () => {
    const text = 'site: { id: a }\nbays: [{ id: b, chargePoint: C }]\nchargePoints: [{ id: C }]\n'
    const { errors, site } = checkSiteFile(text, 'a.yaml', {})
    expect(errors).toEqual([])
    expect(site?.policy).toEqual(DEFAULT_POLICY)
    expect(site).toMatchObject({ site: { name: 'a', timezone: 'UTC' }, http: { port: 8080 }, ocpp: { port: 9220 } })
  })

  test('may share a polygon by a YAML anchor', () => {
    const text = GOOD.replace('polygon: [[0.05', 'polygon: &left [[0.05').replace(
      /polygon: \[\[0.45.*\]\] \}\]/,
      'polygon: *left }]',
    )
    expect(checkSiteFile(text, 'a.yaml', {}).site?.bays[1]?.zones[0]?.polygon[0]).toEqual([0.05, 0.3])
  })
})

describe('errors name their line, their path and what was expected', () => {
  test.each([
    ['an unknown key', 'quorum: 3', 'quorun: 3', '20 policy.quorun', 'unknown key `quorun`; `quorum` (a whole number'],
    ['a missing key', '- id: bay-1\n    chargePoint', '- chargePoint', '8 bays[0].id', '`id` is missing'],
    ['a wrong type', 'port: 8080', 'port: many', '3 http.port', '`port` is "many"; a whole number'],
    [
      'a number out of range',
      'quorum: 3',
      'quorum: 0',
      '20 policy.quorum',
      '`quorum` is 0; a whole number from 1 to 10 witnesses',
    ],
    ['a number where a name is wanted', '- id: bay-1', '- id: 1', '8 bays[0].id', '`id` is 1; text (put it in quotes)'],
    [
      'a word not in the list',
      'autonomy: suggest',
      'autonomy: dream',
      '15 bays[1].autonomy',
      'one of: observe, suggest, act',
    ],
    [
      'a corner outside the picture',
      '[0.45, 0.95], [0.05',
      '[1.45, 0.95], [0.05',
      '11 bays[0].zones[0].polygon[2][0]',
      'this is 1.45; a number from 0 to 1',
    ],
    [
      'a polygon of two corners',
      '[0.45, 0.30], [0.45, 0.95], [0.05, 0.95]',
      '[0.45, 0.30]',
      '11 bays[0].zones[0].polygon',
      'a list of 2; at least 3',
    ],
    [
      'edges that cross',
      '[0.45, 0.30], [0.45, 0.95], [0.05, 0.95]',
      '[0.45, 0.95], [0.45, 0.30], [0.05, 0.95]',
      '11 bays[0].zones[0].polygon',
      'its edges cross',
    ],
    [
      'corners on a line',
      '[0.45, 0.30], [0.45, 0.95], [0.05, 0.95]',
      '[0.1, 0.3], [0.2, 0.3]',
      '11 bays[0].zones[0].polygon',
      'one line',
    ],
    ['two bays of one name', '- id: bay-2', '- id: bay-1', '12 bays[1].id', 'another bay is called bay-1'],
    [
      'a camera that is not there',
      'camera: cam-1, polygon: [[0.45',
      'camera: cam-2, polygon: [[0.45',
      '14 bays[1].zones[0].camera',
      'no camera cam-2 in this file; one of: cam-1',
    ],
    [
      'a charge point that is not there',
      'chargePoint: CP-1\n',
      'chargePoint: CP-9\n',
      '9 bays[0].chargePoint',
      'no charge point CP-9 in this file; one of: CP-1, CP-2',
    ],
    [
      'a connector given twice',
      '{ chargePoint: CP-2, evse: 3 }',
      '{ chargePoint: CP-1, evse: 1 }',
      '13 bays[1].connectors[1]',
      'CP-1/1 stands here more than once',
    ],
    [
      'both forms of a connector',
      'connectors: [',
      'chargePoint: CP-1\n    connectors: [',
      '12 bays[1]',
      'gives its connector twice',
    ],
    ['no connector at all', '    chargePoint: CP-1\n    evse: 2\n', '', '8 bays[0]', 'no connector reaches it'],
    [
      'a time zone of nowhere',
      'Europe/London',
      'Europe/Atlantis',
      '1 site.timezone',
      'there is no time zone "Europe/Atlantis"',
    ],
    [
      'a country whose plates nobody knows',
      'timezone: Europe/London',
      'timezone: Europe/London, countries: [GB, XX]',
      '1 site.countries[1]',
      'berth knows no plates of "XX"',
    ],
    ['a lock that never opens', 'on_A: 0.5', 'on_A: 0.1', '21 policy.lock.off_A', 'off_A 0.1 is not below on_A 0.1'],
    [
      'a name that no address can end in',
      'profile: default',
      'profile: default }\n  - { id: ".."',
      '18 chargePoints[1].id',
      'no charge point can connect as ".."',
    ],
    [
      'a profile that nobody wrote',
      'profile: default',
      'profile: acme',
      '17 chargePoints[0].profile',
      'there is no profile "acme"',
    ],
    ['a store on a server that is not named', 'kind: sqlite', 'kind: postgres', '2 store', '`url` is missing'],
    ['a proxy before nothing', 'mode: csms', 'mode: proxy', '17 chargePoints[0]', 'nobody knows the back end of CP-1'],
    [
      'a back end behind a central system',
      'mode: csms',
      'mode: csms, upstream: wss://csms.example/ocpp',
      '4 ocpp.upstream',
      'a central system has no back end of its own',
    ],
    [
      'half a client certificate',
      'mode: csms',
      'mode: proxy, upstream: wss://csms.example/ocpp, upstreamTls: { cert: ./client.pem }',
      '4 ocpp.upstreamTls',
      'a client certificate needs both of its files',
    ],
    [
      'a back end on the web',
      'mode: csms',
      'mode: proxy, upstream: https://csms.example',
      '4 ocpp.upstream',
      'begins with wss://',
    ],
    [
      'a camera that is fetched from nowhere',
      'kind: push',
      'kind: mqtt',
      '6 cameras[0].url',
      'a camera of kind mqtt needs `url`',
    ],
    ['a key twice', 'quorum: 3', 'quorum: 3\n  quorum: 4', '21 policy.quorum', 'more than once'],
    ['broken YAML', 'cameras:', 'cameras: [', '6 ', 'a [ or { before this is not closed'],
  ])('%s', (_what, from, to, place, sentence) => {
    const check = changed(from, to)
    expect(places(check)).toContain(place)
    expect(says(check)).toContain(sentence)
    expect(check.site).toBeNull()
  })

  test('all of them at once, in the order of the lines', () => {
    const text = GOOD.replace('port: 8080', 'port: x')
      .replace('chargePoint: CP-1\n', 'chargePoint: CP-9\n')
      .replace('quorum: 3', 'q: 3')
    expect(places(checkSiteFile(text, 'a.yaml', {}))).toEqual(['3 http.port', '9 bays[0].chargePoint', '20 policy.q'])
  })

  test('a line reads like a compiler wrote it', () => {
    const [first] = changed('port: 8080', 'port: many').errors
    expect(first && problemLine(first, 'site.yaml')).toBe(
      'site.yaml:3:32 http.port: `port` is "many"; expected a whole number from 0 to 65535.',
    )
  })
})

describe('beyond loopback', () => {
  test('http listens only where a token is configured', () => {
    expect(places(changed('http: { host: 127.0.0.1', 'http: { host: 0.0.0.0'))).toEqual(['3 http.host'])
    expect(changed('http: { host: 127.0.0.1', 'http: { host: 0.0.0.0', { BERTH_ADMIN_TOKEN: 't' }).errors).toEqual([])
  })

  test('every charge point needs a password', () => {
    const check = changed('ocpp: { host: 127.0.0.1', 'ocpp: { host: 0.0.0.0')
    expect(places(check)).toEqual(['18 chargePoints[1]'])
    expect(says(check)).toContain('CP-2 has no password')
  })
})

describe('warnings say what checks and then never works', () => {
  test.each([
    [
      'zones that overlap',
      '[[0.45, 0.30], [0.95',
      '[[0.25, 0.30], [0.95',
      '14 overlaps the zone of bay-1 on cam-1 by 25 %',
    ],
    [
      'a bay that no camera covers',
      / {4}zones: \[\{ camera: cam-1, polygon: \[\[0.05.*\n/,
      '',
      '8 no camera covers bay-1',
    ],
    [
      'a zone too small to see anything',
      '[[0.05, 0.30], [0.45, 0.30], [0.45, 0.95]',
      '[[0.05, 0.93], [0.06, 0.93], [0.06, 0.95]',
      '11 the zones of bay-1 are too small',
    ],
    ['a camera that nobody uses', 'bays:', '  - { id: cam-2, token: other }\nbays:', '7 no bay has a zone of cam-2'],
    ['a charge point that reaches no bay', 'policy:', '  - { id: CP-3 }\npolicy:', '19 no bay is reached by CP-3'],
    ['a quorum of one', 'quorum: 3', 'quorum: 1', '20 one read is believed'],
    ['a lock by current alone', 'on_A: 0.5', 'by: [current]', '21 a car that pauses at 0 A'],
  ])('%s', (_what, from, to, sentence) => {
    const text = GOOD.replace(from, to)
    expect(text).not.toBe(GOOD)
    const check = checkSiteFile(text, 'a.yaml', {})
    expect(check.errors).toEqual([])
    expect(warns(check)).toContain(sentence)
  })

  test('zones that share a border do not overlap', () => {
    expect(warns(checkSiteFile(GOOD, 'a.yaml', {}))).toBe('')
  })
})
