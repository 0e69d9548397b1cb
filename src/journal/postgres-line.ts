import type { Client } from 'pg'
import { Fault } from '../../machines/faults.ts'
import { readPostgresAddress, shownAddress, tlsOptions } from './postgres-address.ts'
import { postgresRefusal, whyNot } from './postgres-refusal.ts'
import { inTime, PATIENCE, type Patience, pause } from './server-append.ts'

const FIRST_WAIT_MS = 50
const LONGEST_WAIT_MS = 1_000
/** So long a call to a server that did not answer last time is tried. */
const WHILE_AWAY_MS = 1_000
/** Calls that wait for the one before them; more would only wait longer than anybody does. */
const MOST_WAITING = 256
/** Calls of the server's own that nobody waits for any more end by themselves. */
const LEFT_ALONE_MS = 60_000

/** A row as the client gives it: columns by name; bigint comes as text. */
export type Row = { readonly [column: string]: unknown }
/** One statement in the server's hands. */
export type Ask = (text: string, values?: readonly unknown[]) => Promise<readonly Row[]>

/** One connection to a PostgreSQL server, made at the first call and made again after it broke. Calls go one after the other. */
export class PostgresLine {
  readonly patience: Patience
  /** The address without user and password, for sentences. */
  readonly shown: string
  readonly #url: string
  #client: Client | null = null
  #turn: Promise<unknown> = Promise.resolve()
  #waiting = 0
  /** The last call came to nothing. */
  #away = false
  #closed = false

  constructor(url: string, patience: Patience = PATIENCE) {
    this.#url = url
    this.patience = patience
    this.shown = shownAddress(url)
  }

  /** Until when a call is tried again: not as long for whoever is known to be away. */
  until(): number {
    const { whole } = this.patience
    return performance.now() + (this.#away ? Math.min(whole / 2, WHILE_AWAY_MS) : whole)
  }

  /** One statement, once; `more` ms beyond the patience. Throws what the server or the line said. */
  once(text: string, values: readonly unknown[], more = 0): Promise<readonly Row[]> {
    return this.#inTurn((ask) => ask(text, values), this.patience.call + more)
  }

  /** One statement that reads, tried again while the server is away. Throws Fault STORE_UNREACHABLE, or what the server refuses. */
  read(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return this.insist((ask) => ask(text, values))
  }

  /** Work that may be done twice, tried again while the server is away. Throws Fault STORE_UNREACHABLE, or what the server refuses. */
  async insist<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
    const until = this.until()
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      try {
        return await this.#inTurn(work, this.patience.call)
      } catch (cause) {
        const refused = postgresRefusal(cause, this.shown)
        if (refused !== null) throw refused
        if (this.#closed || performance.now() + wait > until) throw this.unreachable(cause)
      }
      await pause(wait)
    }
  }

  /** The same as one transaction, all or none. An answer that is lost at its end leaves open which. */
  transaction<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
    return this.insist(async (ask) => {
      await ask('BEGIN')
      try {
        const done = await work(ask)
        await ask('COMMIT')
        return done
      } catch (cause) {
        await ask('ROLLBACK').catch(() => {})
        throw cause
      }
    })
  }

  /** Nobody answers there. */
  unreachable(cause: unknown): Fault {
    const says = `PostgreSQL at ${this.shown} does not answer (${whyNot(cause)}); start it, or check \`store.url\` and the network between.`
    return new Fault('STORE_UNREACHABLE', { at: this.shown }, { cause, says })
  }

  async close(): Promise<void> {
    this.#closed = true
    const client = this.#client
    this.#client = null
    if (client !== null) await inTime(client.end(), this.patience.call).catch(() => {})
  }

  async #inTurn<T>(work: (ask: Ask) => Promise<T>, ms: number): Promise<T> {
    if (this.#waiting >= MOST_WAITING) throw this.unreachable(new Error(`${MOST_WAITING} calls wait for it`))
    this.#waiting++
    const latest = performance.now() + this.patience.whole
    const mine = this.#turn.then(() => {
      // Whoever waited so long behind calls that came to nothing is not made to wait for one of its own.
      if (performance.now() > latest) throw new Error(`no turn within ${this.patience.whole} ms`)
      return this.#guarded(work, ms)
    })
    this.#turn = mine.catch(() => {})
    try {
      return await mine
    } finally {
      this.#waiting--
    }
  }

  async #guarded<T>(work: (ask: Ask) => Promise<T>, ms: number): Promise<T> {
    try {
      const client = await this.#connected()
      const ask: Ask = async (text, values = []) => (await client.query(text, [...values])).rows
      const done = await inTime(work(ask), ms)
      this.#away = false
      return done
    } catch (cause) {
      this.#after(cause)
      throw cause
    }
  }

  /** A statement that was refused leaves the connection as it is; anything else, and a server that became another's standby, ends it. */
  #after(cause: unknown): void {
    const { severity, code } = cause as { severity?: unknown; code?: unknown }
    if (cause instanceof Fault || (severity === 'ERROR' && code !== '25006')) return
    this.#away = true
    const client = this.#client
    this.#client = null
    // With a statement under way this cuts the connection at once.
    void client?.end().catch(() => {})
  }

  async #connected(): Promise<Client> {
    if (this.#closed) throw new Fault('STORE_UNREACHABLE', {}, { says: `The line to ${this.shown} is closed.` })
    if (this.#client !== null) return this.#client
    const address = readPostgresAddress(this.#url)
    if (typeof address === 'string')
      throw new Fault('STORE_UNREACHABLE', {}, { says: addressTrouble(this.shown, address) })
    const { host, port, user, password, database, applicationName } = address
    const { Client: Made } = await import('pg')
    const client = new Made({
      ...{ host, port, user, database, application_name: applicationName, ssl: tlsOptions(address) },
      // A function, or the client looks for passwords in places of its own.
      password: () => password,
      connectionTimeoutMillis: this.patience.call,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    })
    client.on('error', () => {
      if (this.#client === client) this.#client = null
    })
    try {
      await inTime(client.connect(), this.patience.call + 500)
      await inTime(client.query(settings(this.patience)), this.patience.call)
    } catch (cause) {
      void client.end().catch(() => {})
      throw cause
    }
    this.#client = client
    return client
  }
}

/**
 * What a session needs, whatever the server's defaults: an answer means durable, times read as they were written, and nothing that is
 * stuck (a lock, a transaction of a frozen process) holds others up for long.
 */
const settings = ({ call }: Patience): string => `
  SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false),
    set_config('default_transaction_isolation', 'read committed', false),
    set_config('lock_timeout', '${Math.max(1, Math.round(call))}ms', false),
    set_config('statement_timeout', '${LEFT_ALONE_MS}ms', false),
    set_config('idle_in_transaction_session_timeout', '${Math.max(1, Math.round(call * 2))}ms', false)`

const addressTrouble = (shown: string, what: string): string =>
  `\`store.url\` (${shown}) cannot be used: ${what}; write postgres://USER:PASSWORD@HOST:5432/DATABASE.`
