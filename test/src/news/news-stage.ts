import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll } from 'vitest'
import type { Clock } from '../../../actors/ports.ts'
import type { Row } from '../../../projections/row-fold.ts'
import { signatureOf } from '../../../src/back-end/signed-caller.ts'
import { type NewsParts, openNews } from '../../../src/news/open-news.ts'
import type { SiteNewsFile } from '../../../src/news/site-news-file.ts'
import { passingViews, type Views } from '../../../src/views/site-views.ts'
import { livedPast } from '../../projections/lived-past.ts'

/** What every receiver and berth know. */
export const SECRET = 'a secret of sixteen or more'
/** Pauses are a hundredth as long. */
const clock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms / 100)
    return () => clearTimeout(timer)
  },
}
/** Closes these after the test, the last one first. */
export const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** The first news of a past of a simulated site. */
export let all: readonly (readonly [key: string, row: Row])[] = []
beforeAll(async () => {
  const past = await livedPast(5)
  const journal = {
    siteId: 'depot',
    head: () => ({ seq: past.length, hash: '' }),
    readSite: async (after = 0, limit = 1_000) => past.filter(({ seq }) => seq > after).slice(0, limit),
  }
  all = (await passingViews(journal).read('news')).slice(0, 150)
})
/** Their ids, in their order. */
export const ids = (news: readonly Row[]): readonly string[] => news.map(({ id }) => String(id))
const views: Pick<Views, 'read'> = {
  read: async (_name, _filter, after = '', limit = 1e9) => all.filter(([key]) => key > after).slice(0, limit),
}

/** Tells news of the past as the site file would have it; `folder` holds the positions. */
export function tellNews(
  news: Partial<SiteNewsFile>,
  folder = mkdtempSync(join(tmpdir(), 'berth-news-')),
  now: () => number = clock.now,
  timeout_ms = 10_000,
) {
  const logged: string[] = []
  const parked: (string | null)[] = []
  const away: (string | null)[] = []
  const parts: NewsParts = {
    file: { news: { webhooks: [], mqtt: [], ...news }, store: { kind: 'sqlite', path: join(folder, 'site.db') } },
    views,
    clock: { ...clock, now },
    parked: (receiver, why) => parked.push(why && `${receiver}: ${why.says}`),
    away: (receiver, why) => away.push(why && `${receiver}: ${why.says}`),
    timeout_ms,
    newest: () => 0,
    dress: (one) => one,
    count: () => {},
    log: (line) => logged.push(line),
  }
  const telling = openNews(parts)
  closing.push(
    () => rmSync(folder, { recursive: true, force: true }),
    () => telling.close(),
  )
  return { folder, logged, parked, away, telling, close: () => telling.close() }
}

/** A real server that takes what the test lets it; it keeps what it took, and checks every signature. */
export async function receiver(status: (place: number) => number, port = 0) {
  const taken: Row[] = []
  const asked: string[] = []
  const server = createHttpServer(async (request: IncomingMessage, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const body = Buffer.concat(parts).toString()
    const [id, timestamp, signature] = ['berth-id', 'berth-timestamp', 'berth-signature'].map((name) =>
      String(request.headers[name]),
    )
    const genuine = signature === signatureOf(SECRET, id ?? '', timestamp ?? '', body)
    asked.push(id ?? '')
    const answer = genuine ? status(asked.length) : 401
    if (answer === 200) taken.push(JSON.parse(body))
    response.writeHead(answer).end()
  })
  await new Promise<void>((go) => server.listen(port, '127.0.0.1', go))
  const close = () => {
    server.closeAllConnections()
    return new Promise((go) => server.close(go))
  }
  closing.push(close)
  return { taken, asked, close, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/news` }
}
/** A webhook of the site file. */
export const webhook = (url: string, more: Partial<SiteNewsFile['webhooks'][number]> = {}) => ({
  id: 'billing',
  url,
  secret: SECRET,
  types: null,
  bays: null,
  from: 'start' as const,
  ...more,
})
