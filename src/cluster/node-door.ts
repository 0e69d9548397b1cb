import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock } from '../../actors/ports.ts'
import { PAGE_HEADERS } from '../plain-page.ts'
import { isSameSecret } from '../same-secret.ts'
import { type HttpTls, tlsOptions } from '../server/http-tls.ts'
import { WrongTokenBrake } from '../server/wrong-token-brake.ts'
import type { ClusterNode } from './cluster-node.ts'
import { doorPage } from './door-page.ts'
import { joinOn, passOn } from './forwarding.ts'
import type { Hop } from './hop.ts'

export type NodeDoorOptions = {
  readonly host: string
  readonly port: number
  readonly tls: HttpTls | null
  readonly node: Pick<ClusterNode, 'serving' | 'route' | 'routes' | 'node' | 'url' | 'drain'>
  readonly hop: Hop
  /** Who may see where every site is, and drain this node. */
  readonly adminToken: string
  readonly clock: Pick<Clock, 'now' | 'after'>
}
type Door = NodeDoorOptions & { readonly brake: WrongTokenBrake }

/** The door of a node: `close` resolves once nobody is in it. */
export type NodeDoor = { readonly port: number; close(): Promise<void> }

const PATIENCE = { noDelay: true, headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 }

/** What a request is for: a site, and the address within it. */
type Wanted = { readonly siteId: string; readonly url: string }

/**
 * One door for every site of the cluster: for charge points, cameras and people. The site is the first label of the host name
 * (`depot-north.berth.example`) or stands in the path (`/s/depot-north/ocpp/CP-1`). What another node serves is passed on to it.
 * Rejects with the listener's own error where the port is taken.
 */
export async function openNodeDoor(options: NodeDoorOptions): Promise<NodeDoor> {
  const { host, port, tls } = options
  const door = { ...options, brake: new WrongTokenBrake(options.clock) }
  const server: Server = tls ? createTlsServer({ ...PATIENCE, ...tlsOptions(tls) }) : createServer(PATIENCE)
  server.on('request', (request, response) => {
    if (!isPath(request)) return say(response, 400, 'Ask for a path: one that begins with a single slash.')
    try {
      answer(request, response, door)
    } catch {
      // Whatever a stranger can make it say ends that request alone.
      if (response.headersSent) response.destroy()
      else say(response, 400, 'This request cannot be passed on.')
    }
  })
  // A socket that was upgraded is nobody's any more: the server would wait for it for ever.
  const upgraded = new Set<Duplex>()
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    if (!isPath(request)) return refuse(socket, '400 Bad Request')
    try {
      admit(request, socket, head, options)
    } catch {
      socket.destroy()
    }
  })
  server.on('clientError', (_error, socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
        for (const socket of upgraded) socket.destroy()
      }),
  }
}

function answer(request: IncomingMessage, response: ServerResponse, options: Door): void {
  const { node, hop } = options
  const passedFor = hop.take(request)
  const wanted = wantedOf(request, node)
  if (wanted === null) return void answerItself(request, response, options)
  const here = node.serving(wanted.siteId)
  if (here !== null) {
    request.url = wanted.url
    if (passedFor !== null) standFor(request, passedFor)
    const { api, chargePoints } = here.doors
    const server = wanted.url.startsWith('/ocpp/') && chargePoints !== null ? chargePoints : api
    server.emit('request', request, response)
    return
  }
  const url = node.route(wanted.siteId)?.url ?? null
  if (passedFor !== null) return say(response, 421, `${wanted.siteId} is not served by this node; ask again.`)
  const nobody = () => say(response, 503, `${wanted.siteId} changes hands; ask again in a few seconds.`)
  if (url === null) return nobody()
  passOn(request, response, { url, hop: hop.for(request) }, nobody)
}

function admit(request: IncomingMessage, socket: Duplex, head: Buffer, { node, hop }: NodeDoorOptions): void {
  socket.on('error', () => socket.destroy())
  const passedFor = hop.take(request)
  const wanted = wantedOf(request, node)
  const here = wanted === null ? null : node.serving(wanted.siteId)
  if (wanted !== null && here !== null) {
    request.url = wanted.url
    if (passedFor !== null) standFor(request, passedFor)
    const { api, chargePoints } = here.doors
    const server = wanted.url.startsWith('/ocpp/') ? chargePoints : api
    if (server === null) return refuse(socket, '404 Not Found')
    server.emit('upgrade', request, socket, head)
    return
  }
  const url = wanted === null ? null : (node.route(wanted.siteId)?.url ?? null)
  if (wanted === null) return refuse(socket, '404 Not Found')
  if (passedFor !== null) return refuse(socket, '421 Misdirected Request')
  if (url === null) return refuse(socket, '503 Service Unavailable')
  joinOn(request, socket, head, { url, hop: hop.for(request) })
}

/** A path on this server: not another one's address, however it is written. */
const isPath = ({ url = '' }: IncomingMessage): boolean => /^\/(?![/\\])[^\\\s]*$/.test(url)

/** The site in the host's name or in the path; null where neither names one that there is. */
function wantedOf({ headers, url = '/' }: IncomingMessage, node: NodeDoorOptions['node']): Wanted | null {
  const [, siteId = '', rest = '/'] = /^\/s\/([^/?]+)(\/.*)?$/.exec(url) ?? []
  if (siteId !== '' && node.route(siteId) !== undefined) return { siteId, url: rest }
  const label = (headers.host ?? '').split(':')[0]?.split('.')[0] ?? ''
  const named = node.route(label) === undefined ? siteOf(label, node) : label
  return named === null ? null : { siteId: named, url }
}

/** Browsers write host names in small letters, whatever the site's id is; null where two sites differ in nothing else. */
function siteOf(label: string, node: NodeDoorOptions['node']): string | null {
  const small = label.toLowerCase()
  const [site, other] = label === '' ? [] : node.routes().filter(({ siteId }) => siteId.toLowerCase() === small)
  return site === undefined || other !== undefined ? null : site.siteId
}

/** A caller that another node speaks for is known by its own address here too. */
function standFor({ socket }: IncomingMessage, address: string): void {
  Object.defineProperty(socket, 'remoteAddress', { value: address, configurable: true })
}

async function answerItself(request: IncomingMessage, response: ServerResponse, door: Door): Promise<void> {
  const { node } = door
  const path = (request.url ?? '').split('?')[0]
  if (path === '/health/live') return say(response, 200, 'live')
  if (path !== '/cluster' && path !== '/cluster/drain') return namesNone(request, response, door)
  const no = path === '/cluster' && isPeer(request, door) ? null : await unproven(request, door)
  if (no !== null) return say(response, 401, no)
  if (path === '/cluster/drain') {
    if (request.method !== 'POST' && request.method !== 'DELETE')
      return say(response, 405, 'POST drains this node, DELETE lets it take sites again.')
    node.drain(request.method === 'POST')
  }
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(`${JSON.stringify({ node: node.node, sites: node.routes() })}\n`)
}

/** A page for browsers, a problem for programs. */
function namesNone({ method, headers }: IncomingMessage, response: ServerResponse, { tls }: Door): void {
  if (method !== 'GET' || headers.accept?.includes('text/html') !== true)
    return say(
      response,
      404,
      'Name a site: as the first part of the host name (SITE.berth.example), or as /s/SITE/ before the path.',
    )
  const scheme = tls !== null || headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'
  response.writeHead(404, { ...PAGE_HEADERS, vary: 'accept, accept-language' })
  response.end(doorPage(headers.host ?? '', scheme, headers['accept-language']))
}

/** Another node, which may ask where sites are. */
const isPeer = (request: IncomingMessage, { hop, node }: Door): boolean =>
  isSameSecret(tokenOf(request), hop.word(node.url))

const tokenOf = ({ headers }: IncomingMessage): string =>
  /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''

/** What is said to who does not hold the token, once it may be: who guesses it waits longer each time. Null for who does. */
async function unproven(request: IncomingMessage, { adminToken, brake }: Door): Promise<string | null> {
  try {
    brake.admit(request)
  } catch (fault) {
    return fault instanceof Error ? fault.message : ''
  }
  const { authorization } = request.headers
  if (isSameSecret(tokenOf(request), adminToken)) return null
  if (authorization !== undefined) await brake.wrong(request)
  return 'Send BERTH_ADMIN_TOKEN as a bearer token.'
}

function say(response: ServerResponse, status: number, detail: string): void {
  const again = status === 503 || status === 421 ? { 'retry-after': '2' } : {}
  response.writeHead(status, { 'content-type': 'application/problem+json', ...again })
  response.end(`${JSON.stringify({ status, detail })}\n`)
}

function refuse(socket: Duplex, status: string): void {
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n`)
}
