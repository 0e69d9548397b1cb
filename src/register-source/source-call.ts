import { readFileSync } from 'node:fs'
import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request } from 'node:https'

/** Where a register is fetched from; `token` is sent as bearer token, `ca` a PEM file or null for the public authorities; `isCentre`: a centre, which may have none for a site. */
export type SourceAddress = {
  readonly url: string
  readonly token: string | null
  readonly ca: string | null
  readonly isCentre: boolean
}

/** An answer: the same as the one with this mark, that none lies ready there, or a text with its mark (null where the server gives none). */
export type SourceAnswer = { readonly text: string; readonly etag: string | null } | 'same' | 'none'

/** Why there was no answer: what follows on `The register’s source at … `. */
export class SourceAway extends Error {}

/** Longest wait for a whole answer, ms. */
const PATIENCE_MS = 60_000
/** Largest register, bytes: some 100,000 vehicles. */
export const MOST_REGISTER = 16 << 20

/** Asks once; `etag` of the answer that is in force. Rejects with SourceAway. */
export async function callSource(
  { url, token, ca, isCentre }: SourceAddress,
  etag: string | null,
  closing: AbortSignal,
): Promise<SourceAnswer> {
  const signal = AbortSignal.any([closing, AbortSignal.timeout(PATIENCE_MS)])
  const headers = {
    accept: 'application/json',
    'user-agent': 'berth',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(etag === null ? {} : { 'if-none-match': etag }),
  }
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const call = url.startsWith('https:')
        ? request(url, { headers, signal, ...(ca === null ? {} : { ca: certificate(ca) }) }, resolve)
        : plainRequest(url, { headers, signal }, resolve)
      call.on('error', reject)
      call.end()
    })
    return await read(answer, isCentre)
  } catch (cause) {
    if (cause instanceof SourceAway) throw cause
    if (signal.aborted && !closing.aborted)
      throw new SourceAway(`does not answer wholly within ${PATIENCE_MS / 1000} s`)
    const { code = 'no reason given' } = cause as NodeJS.ErrnoException
    throw new SourceAway(`cannot be reached (${code})`)
  }
}

async function read(answer: IncomingMessage, isCentre: boolean): Promise<SourceAnswer> {
  const { statusCode = 0, headers } = answer
  if (statusCode === 200) {
    const text = await bounded(answer)
    return { text, etag: headers.etag ?? null }
  }
  answer.destroy()
  if (statusCode === 304) return 'same'
  // The centre's own word; a page of something before it says that the address is wrong.
  if (statusCode === 404 && isCentre && headers['content-type']?.startsWith('application/problem+json')) return 'none'
  // A redirect would carry the token to an address that nobody wrote into the site file.
  if (statusCode >= 300 && statusCode < 400)
    throw new SourceAway(`sends elsewhere (${statusCode}), which is not followed; write the address itself`)
  throw new SourceAway(
    statusCode === 401 || statusCode === 403 ? `refuses the token (${statusCode})` : `answers ${statusCode}`,
  )
}

async function bounded(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of answer as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > MOST_REGISTER) {
      answer.destroy()
      throw new SourceAway(`sends more than ${MOST_REGISTER >> 20} MB, which is no register`)
    }
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function certificate(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    throw new SourceAway(`cannot be checked: the \`ca\` of the site file (${path}) cannot be read`)
  }
}
