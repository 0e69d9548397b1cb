import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { askOwner, saysBroke } from '../../src/owner-call.ts'
import { ToyAuthority } from './ocpp/toy-authority.ts'
import { privateSite } from './privacy/private-room.ts'

test('a command that meets a certificate that it does not trust says how to make it trust one', async () => {
  const { cert, key } = new ToyAuthority('Depot').issue('localhost')
  const server = createServer({ cert, key }, (_request, response) => void response.end('{}'))
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', go))
  onTestFinished(() => void server.close())
  const { site, http } = await privateSite()
  const { port } = server.address() as AddressInfo
  const served = { site, http: { ...http, host: '127.0.0.1', port, tls: { cert: '', key: '' } } }
  const answer = await askOwner(served, '/api/news/receivers', { method: 'GET', fits: () => true })
  if (answer === null || !('broke' in answer)) throw new Error('It was trusted')
  expect(saysBroke(answer, 'run it again.')).toMatch(
    /^https:\/\/127\.0\.0\.1:\d+\/api\/news\/receivers proves itself by a certificate that this command does not trust \([A-Z_]+\); .* NODE_EXTRA_CA_CERTS=cert\.pem\.$/,
  )
  const url = 'https://127.0.0.1:8443/'
  for (const broke of ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'CERT_HAS_EXPIRED'])
    expect(saysBroke({ url, broke }, '')).toContain('NODE_EXTRA_CA_CERTS')
  expect(saysBroke({ url, broke: 'ERR_TLS_CERT_ALTNAME_INVALID' }, '')).toContain('not made out to that name')
  expect(saysBroke({ url, broke: 'ECONNRESET' }, 'run it again.')).toBe(
    'https://127.0.0.1:8443/ broke off (ECONNRESET); run it again.',
  )
})
