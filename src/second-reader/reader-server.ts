import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { PlateReader, Polygon } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { answerProblems, type ServerLog } from '../server/answers.ts'
import { sendProblem } from '../server/bay-routes.ts'
import { isLoopback } from '../server/callers.ts'
import { listenOn, patientApp } from '../server/listener.ts'
import { problem } from '../server/problem.ts'
import { READER_MODEL } from '../vision/reader-model.ts'

export type ReaderServerParts = {
  readonly host: string
  /** 0 = any free one. */
  readonly port: number
  /** Null: nobody is asked for one, on loopback only. */
  readonly token: string | null
  readonly reader: PlateReader
  readonly version: string
  readonly log: ServerLog
}

/** A crop is some 10 kB; who sends whole frames is told so. */
const MOST_BYTES = 256 * 1024
const ZONE = 'crop'
const WHOLE: Polygon = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
]

/** Reads crops of plates for other sites over HTTP, and keeps nothing of them. Throws Fault SITE_FILE_INVALID where others could reach it without a token. */
export async function openReaderServer(
  parts: ReaderServerParts,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { host, port, token } = parts
  if (token === null && !isLoopback(host)) {
    const says = `${host} can be reached by others and no token is set; give --token or BERTH_READER_TOKEN, or listen on 127.0.0.1.`
    throw new Fault('SITE_FILE_INVALID', { host }, { says })
  }
  const app = patientApp(null, { bodyLimit: MOST_BYTES })
  answerProblems(app, parts.log)
  readerRoutes(app, parts)
  return listenOn(app, { host, port, tls: null }, (says) => parts.log.warn(says))
}

function readerRoutes(app: FastifyInstance, { token, reader, version }: ReaderServerParts): void {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = token === null ? null : digest(`Bearer ${token}`)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.get('/health/live', () => ({ model: READER_MODEL, version }))
  app.post('/v1/read', {
    // Before the body is read: who may not ask is not listened to.
    onRequest: async (request) => {
      if (expected && !timingSafeEqual(digest(request.headers.authorization ?? ''), expected))
        throw new Fault('UNAUTHORIZED')
    },
    handler: async (request, reply) => {
      const picture = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      try {
        const { zones, ms } = await reader.read(picture, { [ZONE]: WHOLE })
        const reads = (zones[ZONE]?.reads ?? []).map(({ text, confidence, characters, candidates, quad }) => ({
          text,
          confidence,
          characters,
          candidates,
          quad,
        }))
        return { model: READER_MODEL, version, ms: Math.round(ms), reads }
      } catch (cause) {
        if (!(cause instanceof Fault)) throw cause
        if (cause.code === 'READER_BUSY') reply.header('retry-after', '1')
        return sendProblem(reply, problem(cause.code, cause.message))
      }
    },
  })
}
