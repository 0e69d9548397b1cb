import { fastify } from 'fastify'
import { expect, test } from 'vitest'
import type { Json } from '../../../machines/events.ts'
import { phonesAddress } from '../../../src/uplink/centre-address.ts'
import { isDriverPath, readDriverAsk } from '../../../src/uplink/driver-ask.ts'
import { driverDesk } from '../../../src/uplink/driver-desk.ts'

const ASK = { method: 'GET', path: '/b/code', address: null, headers: { host: 'depot.centre.example' }, body: '' }

test('what a centre may ask of a driver’s page are the driver’s calls, and nothing else', async () => {
  for (const path of ['/b/AbC-1', '/b/c/start', '/b/c/stop', '/b/c/pay', '/b/c/paid?ref=1&sig=2', '/d/bay-1?lang=de'])
    expect([path, isDriverPath(path)]).toEqual([path, true])
  const others = [
    '/',
    '/api/site',
    '/metrics',
    '/b/c/codes',
    '/b/../api/site',
    '/b/c/../../api/site',
    '//b/c',
    '/b/',
    '/in/x/reads',
  ]
  for (const path of [...others, '/b/c?\r\nx: y', `/b/${'x'.repeat(300)}`, `/b/c?${'x'.repeat(4_000)}`, 'http://h/b/c'])
    expect([path, isDriverPath(path)]).toEqual([path, false])
  const wrong: readonly object[] = [
    { method: 'PUT' },
    { path: '/api/site' },
    { address: 'not one' },
    { headers: [] },
    { body: 'x'.repeat(5_000) },
    { body: 7 },
  ]
  for (const one of wrong) expect([one, readDriverAsk({ ...ASK, ...one } as Json)]).toEqual([one, null])
  // Even with an operator's call behind it none would be reached.
  const app = fastify()
  let calls = 0
  app.get('/api/site', () => {
    calls += 1
    return {}
  })
  app.get('/b/:code', (request) => request.headers)
  await expect(driverDesk(app)({ ...ASK, path: '/api/site' })).rejects.toThrow('no call of a driver’s page')
  expect(calls).toBe(0)
  const headers = {
    ...ASK.headers,
    cookie: 'berth_session=s; berth_driver=a.b',
    authorization: 'Bearer x',
    'x-forwarded-for': '1',
  }
  const answer = (await driverDesk(app)({ ...ASK, headers })) as { body: string }
  expect(JSON.parse(answer.body)).toMatchObject({ host: 'depot.centre.example', cookie: 'berth_driver=a.b' })
  for (const name of ['authorization', 'x-forwarded-for']) expect(JSON.parse(answer.body)).not.toHaveProperty(name)
})

test('phones reach a site at its own address, else behind its name at the centre that passes its pages on', () => {
  const at = (url: string, more: object = {}) =>
    phonesAddress({ site: { id: 'Depot-North' }, http: {}, centre: { url, driverPages: true, ...more } })
  expect(at('wss://centre.example/link')).toBe('https://depot-north.centre.example')
  expect(at('wss://centre.example:9400/link')).toBe('https://depot-north.centre.example:9400')
  expect(at('ws://127.0.0.1:9400/link')).toBe('http://depot-north.localhost:9400')
  expect(at('wss://centre.example/link', { driverPages: false })).toBeNull()
  const centre = { url: 'wss://centre.example/link', driverPages: true }
  expect(phonesAddress({ site: { id: 'a.b' }, http: {}, centre })).toBeNull()
  const http = { publicUrl: 'https://charge.example/' }
  expect(phonesAddress({ site: { id: 'depot' }, http, centre })).toBe('https://charge.example')
})
