import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { closeAfterwards } from '../server/running-server.ts'

/** How a toy device wants its logins: never, Basic, or digest with this algorithm and a nonce that is good for so many requests. */
export type Wants = {
  readonly scheme: 'none' | 'basic' | 'digest'
  readonly algorithm?: string
  readonly uses?: number
  readonly saysStale?: boolean
}

export const LOGIN = { username: 'berth', password: 's"cret, 7' }

export type ToyDevice = {
  readonly url: string
  /** Requests without a login, with a right one, and with a wrong one. */
  readonly tally: { bare: number; right: number; wrong: number; stale: number }
  readonly seen: IncomingMessage[]
  wants: Wants
  answer: (request: IncomingMessage, response: ServerResponse) => void
}

/** A camera's HTTP server on a real port, which checks every login as RFC 7616 says. Closed after the test. */
export async function toyDevice(wants: Wants = { scheme: 'none' }): Promise<ToyDevice> {
  const nonces = new Map<string, number>()
  const device: ToyDevice = {
    url: '',
    tally: { bare: 0, right: 0, wrong: 0, stale: 0 },
    seen: [],
    wants,
    answer: (_request, response) => void response.end('ok'),
  }
  const server = createServer((request, response) => {
    device.seen.push(request)
    const verdict = device.wants.scheme === 'none' ? 'right' : judge(request, device.wants, nonces)
    device.tally[verdict] += 1
    if (verdict === 'right') return device.answer(request, response)
    response.writeHead(401, { 'www-authenticate': challenge(device.wants, nonces, verdict) }).end('who are you?')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closeAfterwards(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return Object.assign(device, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
}

function challenge(wants: Wants, nonces: Map<string, number>, verdict: string): string {
  if (wants.scheme === 'basic') return 'Basic realm="a camera"'
  const nonce = randomBytes(12).toString('base64')
  nonces.set(nonce, 0)
  const stale = verdict === 'stale' && wants.saysStale !== false ? ', stale=true' : ''
  return `Digest realm="a \\"camera\\"", nonce="${nonce}", opaque="xyz", qop="auth,auth-int", algorithm=${wants.algorithm ?? 'MD5'}${stale}, Basic realm="old"`
}

function judge(
  { headers, url = '', method = 'GET' }: IncomingMessage,
  wants: Wants,
  nonces: Map<string, number>,
): 'bare' | 'right' | 'wrong' | 'stale' {
  const text = headers.authorization
  if (text === undefined) return 'bare'
  if (wants.scheme === 'basic')
    return text === `Basic ${Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64')}` ? 'right' : 'wrong'
  const field = (name: string): string =>
    (new RegExp(`\\b${name}=(?:"((?:\\\\.|[^"\\\\])*)"|([^,\\s]+))`).exec(text)?.slice(1).find(Boolean) ?? '').replace(
      /\\(.)/g,
      '$1',
    )
  const algorithm = wants.algorithm ?? 'MD5'
  const kind = { MD5: 'md5', 'SHA-256': 'sha256' }[algorithm.replace('-sess', '')] ?? 'md5'
  const hash = (value: string): string => createHash(kind).update(value).digest('hex')
  const secret = hash(`${LOGIN.username}:a "camera":${LOGIN.password}`)
  const first = algorithm.endsWith('-sess') ? hash(`${secret}:${field('nonce')}:${field('cnonce')}`) : secret
  const expected = hash(`${first}:${field('nonce')}:${field('nc')}:${field('cnonce')}:auth:${hash(`${method}:${url}`)}`)
  const used = nonces.get(field('nonce'))
  if (used === undefined || field('uri') !== url || field('response') !== expected) return 'wrong'
  if (used >= (wants.uses ?? 1_000)) return 'stale'
  // A nonce is used once a count, upwards: else somebody repeats what he overheard.
  if (Number.parseInt(field('nc'), 16) !== used + 1) return 'wrong'
  nonces.set(field('nonce'), used + 1)
  return 'right'
}
