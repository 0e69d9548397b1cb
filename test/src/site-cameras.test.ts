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
  expect(errors(', from: []')[0]).toContain('at least 1 entries')
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
