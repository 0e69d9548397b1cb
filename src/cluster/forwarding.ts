import { type IncomingMessage, request as plainRequest, type ServerResponse } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { isIP, connect as plainConnect } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as tlsConnect } from 'node:tls'
import { HOP_HEADER } from './hop.ts'

/** A node that does not answer within this is not waited for, ms. */
const PATIENCE_MS = 5_000
/** Headers of one line between two machines, not of the request: with those that `Connection` names. */
const OF_THE_LINE = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'expect']

/** Passes a request on to the node at `url`, and its answer back. `failed` answers where that node does not. */
export function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  { url, hop }: { readonly url: string; readonly hop: string },
  failed: () => void,
): void {
  const { host, port, isTls } = addressOf(url)
  const ask = isTls ? tlsRequest : plainRequest
  // A body of unknown length keeps saying so: a request without words of its length would run into the next one.
  const framed = request.headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' }
  const onward = ask({
    ...{ host, port, method: request.method ?? 'GET' },
    // As it came: what the other node is asked is what the hop is signed over, and never another machine.
    path: request.url ?? '/',
    headers: { ...ofTheRequest(request), ...framed, [HOP_HEADER]: hop },
    // A line of its own each: the other node takes the caller's address for the line's.
    agent: false,
  })
  const timer = setTimeout(() => onward.destroy(new Error('no answer')), PATIENCE_MS * 6)
  onward.once('response', (answer) => {
    clearTimeout(timer)
    response.writeHead(answer.statusCode ?? 502, ofTheRequest(answer))
    answer.pipe(response)
    answer.once('error', () => response.destroy())
  })
  onward.once('error', () => {
    clearTimeout(timer)
    if (response.headersSent) response.destroy()
    else failed()
  })
  response.once('close', () => onward.destroy())
  request.pipe(onward)
}

function ofTheRequest({ headers }: IncomingMessage) {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase())
  const left = new Set([...OF_THE_LINE, ...named])
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !left.has(name) && !name.startsWith('proxy-')))
}

/** Host and port of a node. */
export function addressOf(url: string): { readonly host: string; readonly port: number; readonly isTls: boolean } {
  const { hostname, port, protocol } = new URL(url)
  const isTls = protocol === 'https:'
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (isTls ? 443 : 80), isTls }
}

/** An address that is no name is not named to the other end (RFC 6066); its certificate is held against it all the same. */
const nameOf = (host: string): { servername?: string } => (isIP(host) === 0 ? { servername: host } : {})

/** Joins a WebSocket that knocks here with the node at `url`, byte for byte. */
export function joinOn(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  { url, hop }: { readonly url: string; readonly hop: string },
): void {
  const { host, port, isTls } = addressOf(url)
  const onward = isTls ? tlsConnect({ host, port, ...nameOf(host) }) : plainConnect({ host, port })
  const end = (): void => {
    socket.destroy()
    onward.destroy()
  }
  onward.setTimeout(PATIENCE_MS, end)
  onward.once(isTls ? 'secureConnect' : 'connect', () => {
    onward.setTimeout(0)
    onward.setNoDelay(true)
    onward.write(headOf(request, hop))
    if (head.length > 0) onward.write(head)
    onward.pipe(socket)
    socket.pipe(onward)
  })
  for (const one of [socket, onward]) {
    one.once('error', end)
    one.once('close', end)
  }
}

/** The request as it came, but for the header that says for whom. */
function headOf({ method, url, rawHeaders }: IncomingMessage, hop: string): string {
  const lines = [`${method} ${url} HTTP/1.1`]
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at]?.toLowerCase() !== HOP_HEADER) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`)
  return `${[...lines, `${HOP_HEADER}: ${hop}`].join('\r\n')}\r\n\r\n`
}
