import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { JournalRow } from '../../../src/journal/journal-row.ts'
import { openSiteRows } from '../../../src/uplink/site-rows.ts'
import type { Store } from '../../contracts/journal-drafts.ts'

/** A gateway that says whatever a test wants. */
export type RawLink = {
  /** Sends a text (an object as JSON), and waits for the answer; `closed: CODE` where the link ends instead. */
  ask(message: unknown): Promise<unknown>
  /** The code with which the other end closed. */
  closed(): Promise<number>
  readonly socket: WebSocket
}

/** Links to a centre; null and the status where it lets nobody in. */
export async function rawLink(url: string, token: string | null, protocol = 'berth-link-1'): Promise<RawLink | number> {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
  const socket = new WebSocket(url, protocol, { headers, handshakeTimeout: 10_000 })
  onTestFinished(() => socket.terminate())
  const status = await new Promise<number>((resolve) => {
    socket.once('unexpected-response', (request, response) => {
      request.destroy()
      resolve(response.statusCode ?? 0)
    })
    socket.on('error', () => {})
    socket.once('open', () => resolve(101))
  })
  if (status !== 101) return status
  const closing = once(socket, 'close').then(([code]) => Number(code))
  return {
    socket,
    closed: () => closing,
    ask(message) {
      const answer = new Promise((resolve) => {
        socket.once('message', (data) => resolve(JSON.parse(String(data))))
        void closing.then((code) => resolve(`closed: ${code}`))
      })
      socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message))
      return answer
    },
  }
}

/** A link that is in. */
export async function openLink(url: string, token: string): Promise<RawLink> {
  const link = await rawLink(url, token)
  if (typeof link === 'number') throw new Error(`the centre answers ${link}`)
  return link
}

/** The hello of a store. */
export const helloOf = (store: Store, site = 'depot') => ({
  type: 'hello',
  site,
  keyStore: store.keys.storeId,
  head: store.journal.head(),
  berth: 'test',
})

/** The rows of a store. */
export function rowsOf(store: Store, after = 0): readonly JournalRow[] {
  const rows = openSiteRows(store.path)
  try {
    return rows.batch(after)
  } finally {
    void rows.close()
  }
}

/** Rows as they travel; `change` alters the message. */
export const batchOf = (rows: readonly JournalRow[], change: object = {}) => ({
  type: 'batch',
  site: 'depot',
  epoch: 1,
  fromSeq: rows[0]?.seq,
  prevHash: rows[0]?.prev,
  rows: rows.map(columns),
  ...change,
})

/** One row as it travels. */
export const columns = (row: JournalRow): readonly unknown[] => [
  ...[row.seq, row.stream, row.version, row.at, row.content, row.personal],
  ...[row.personalHash, row.contentHash, row.prev, row.hash],
]
