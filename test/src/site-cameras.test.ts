import { expect, test } from 'vitest'
import { checkSiteFile, problemLine } from '../../src/site-file.ts'

const site = (camera: string) => `
site: { id: depot-north, timezone: Europe/London }
store: { kind: sqlite, path: ./depot.db }
cameras:
  - { id: cam-1, token: cam-1-secret, kind: push${camera} }
bays:
  - { id: bay-1, chargePoint: CP-1, zones: [{ camera: cam-1, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] }] }
chargePoints: [{ id: CP-1 }]
`
const check = (camera: string) => checkSiteFile(site(camera), 'site.yaml', {})
const errors = (camera: string) => check(camera).errors.map((problem) => problemLine(problem, 'site.yaml'))

test('a camera may say where it pushes from and what it calls itself; where it does not, neither is looked at', () => {
  expect(check(', from: ["192.0.2.7", "10.1.0.0/16", "2001:db8::/32"], deviceId: DS-7').site?.cameras).toEqual([
    {
      id: 'cam-1',
      token: 'cam-1-secret',
      kind: 'push',
      tells: 'frames',
      source: null,
      snapshotUrl: null,
      login: null,
      from: ['192.0.2.7', '10.1.0.0/16', '2001:db8::/32'],
      deviceId: 'DS-7',
      ignore: [],
      picture: null,
    },
  ])
  expect(check('').site?.cameras[0]).toMatchObject({ from: [], deviceId: null })
})

test('what is no address would keep the camera out for ever: it is an error with its line', () => {
  expect(errors(', from: ["192.0.2.7", "camera.example"]')).toEqual([
    'site.yaml:5:71 cameras[0].from[1]: "camera.example" is no network address; expected an address like "192.0.2.7" or a range like "10.1.0.0/16".',
  ])
  for (const from of ['"10.0.0.0/33"', '"1.2.3"', '"::g"']) expect(errors(`, from: [${from}]`)).toHaveLength(1)
  expect(errors(', from: []')[0]).toContain('at least 1 entry')
  expect(errors(', from: 192.0.2.7')[0]).toContain('expected a list')
  expect(errors(', deviceId: 7')[0]).toContain('expected text (put it in quotes)')
})

test('addresses that a listener on this machine never sees are warned of: the camera would never be let in', () => {
  const warnings = (camera: string, host?: string) =>
    checkSiteFile(`${site(camera)}${host ? `http: { host: ${host}, port: 8080 }\n` : ''}`, 'site.yaml', {
      BERTH_ADMIN_TOKEN: 'secret',
    }).warnings.filter((problem) => problem.path.includes('from'))
  expect(warnings(', from: ["192.0.2.7"]').map(({ says }) => says)).toEqual([
    'berth listens on 127.0.0.1, where every push comes from this machine or a proxy on it: nothing of cam-1 is let in',
  ])
  expect(warnings(', from: ["192.0.2.7", "127.0.0.0/8"]')).toEqual([])
  expect(warnings(', from: ["192.0.2.7"]', 'localhost')).toHaveLength(1)
  expect(warnings(', from: ["192.0.2.7"]', '0.0.0.0')).toEqual([])
})

test('cameras that berth fetches from say where, and what each kind lacks is an error with its line', () => {
  const one = (camera: string) =>
    checkSiteFile(site('').replace('token: cam-1-secret, kind: push', camera), 'site.yaml', { PASS: 'secret' })
  const password = ['$', '{PASS}'].join('')
  const fetched = one(`kind: snapshot, url: "http://192.0.2.7/x", login: { username: u, password: "${password}" }`)
  expect(fetched.site?.cameras[0]).toMatchObject({
    token: null,
    login: { username: 'u', password: 'secret' },
    source: { kind: 'snapshot', url: 'http://192.0.2.7/x', interval_ms: 1000 },
  })
  const frigate = one('kind: mqtt, url: "mqtt://192.0.2.9", picture: [1280, 720], deviceId: bay_cam')
  expect(frigate.site?.cameras[0]?.source).toMatchObject({
    dialect: 'frigate',
    topics: ['frigate/events', 'frigate/tracked_object_update', 'frigate/available'],
  })
  const wrong: [string, string][] = [
    ['kind: snapshot', 'needs `url`'],
    ['kind: push', '`token` is missing'],
    ['kind: mjpeg, url: "rtsp://192.0.2.7/1"', 'no address for mjpeg'],
    ['kind: alertstream, url: "http://u:p@192.0.2.7"', 'holds a login'],
    ['kind: rtsp, url: "rtsp://192.0.2.7/1", login: { username: u, password: p }', 'ffmpeg takes no other login'],
    ['kind: mqtt, url: "mqtt://192.0.2.9"', '`picture` is missing'],
    ['kind: mqtt, url: "mqtt://192.0.2.9", dialect: axsi, topic: a', 'no dialect "axsi"'],
    ['kind: mqtt, url: "mqtt://192.0.2.9", dialect: axis', '`topic` is missing'],
    ['kind: mqtt, url: "mqtt://192.0.2.9", dialect: mapped, topic: a', 'needs `map`'],
  ]
  for (const [camera, says] of wrong) {
    const check = one(camera)
    expect([camera, check.errors.map((problem) => problem.says).join()]).toEqual([
      camera,
      expect.stringContaining(says),
    ])
    expect(JSON.stringify(check.errors)).not.toContain('u:p@')
  }
})

test('a camera that pushes may name its dialect: then its silence before the first message is read by it; an unknown one is told', () => {
  const tells = (line: string) => check(line).site?.cameras.map((camera) => camera.tells)
  expect(tells(', dialect: axis')).toEqual(['vehicles'])
  expect(tells(', dialect: frame')).toEqual(['frames'])
  expect(errors(', dialect: axsi').join()).toContain('no camera pushes in a dialect')
})

test('a kind of camera that is not known is told by its name alone', () => {
  const told = checkSiteFile(site('').replace('kind: push', 'kind: onvif'), 'site.yaml', {})
    .errors.map((problem) => problemLine(problem, 'site.yaml'))
    .join('\n')
  expect(told).toContain('cameras[0].kind')
  expect(told).not.toContain('undefined')
})
