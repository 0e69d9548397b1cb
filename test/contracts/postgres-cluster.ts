import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, test } from 'vitest'
import { freePort } from '../src/serve/free-port.ts'
import { newFolder } from './journal-drafts.ts'
import { fillCluster } from './postgres-template.ts'

/** PostgreSQL refuses to run as root: then it runs as nobody. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
const DEBIAN = '/usr/lib/postgresql'
const PASSWORD = 'only-for-tests'
const TRIES = 100
const MADE_AS = ['-U', 'berth', '-E', 'UTF8', '--locale=C', '-A', 'scram-sha-256', '-N']

/** Where `postgres` and `initdb` are: Debian's newest, or what the path has; null where there is none. */
export function binaries(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ]
  const found = folders.find((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))))
  // Where the path has links only, the other programs are beside what they lead to.
  return found === undefined ? null : dirname(realpathSync(join(found, 'postgres')))
}

/** A private PostgreSQL in a temporary folder, which answers on a free port of this machine and on a socket of its own. */
export class PostgresCluster {
  readonly folder: string
  readonly port: number
  readonly #bin: string
  #server: ChildProcess | null = null

  private constructor(bin: string, folder: string, port: number) {
    this.#bin = bin
    this.folder = folder
    this.port = port
  }

  /** Makes one in a folder of its own: in memory where the system has that, or inside `within`. */
  static async open(bin: string, within?: string): Promise<PostgresCluster> {
    const folder = within === undefined ? newFolder() : mkdtempSync(join(within, 'berth-postgres-'))
    const cluster = new PostgresCluster(bin, folder, await freePort())
    if (NOBODY.uid !== undefined) chownSync(folder, NOBODY.uid, NOBODY.gid)
    chmodSync(folder, 0o700)
    writeFileSync(join(folder, 'password'), PASSWORD, { mode: 0o644 })
    fillCluster(cluster, () =>
      cluster.run('initdb', '-D', cluster.data, ...MADE_AS, '--pwfile', join(folder, 'password')),
    )
    await cluster.start()
    return cluster
  }

  get data(): string {
    return join(this.folder, 'data')
  }

  /** The address of a database, through `port` where something stands before the server. */
  url(database = 'postgres', port = this.port): string {
    return `postgres://berth:${PASSWORD}@127.0.0.1:${port}/${database}`
  }

  get socketUrl(): string {
    return `postgres://berth:${PASSWORD}@localhost:${this.port}/postgres?host=${this.folder}`
  }

  /** One of PostgreSQL's own programs, run to its end; what it printed. */
  run(name: string, ...args: string[]): string {
    const env = { PATH: process.env['PATH'], LC_ALL: 'C', PGPASSWORD: PASSWORD }
    const done = spawnSync(join(this.#bin, name), args, { ...NOBODY, cwd: this.folder, env, encoding: 'utf8' })
    if (done.status !== 0) throw new Error(`${name}: ${done.stderr}${done.error ?? ''}`)
    return done.stdout
  }

  /** Starts the server and waits until it answers. After a kill the processes of before may still be going: then it is tried again. */
  async start(...settings: string[]): Promise<void> {
    const given = [
      `unix_socket_directories=${this.folder}`,
      'listen_addresses=127.0.0.1',
      `port=${this.port}`,
      'fsync=on',
      'max_connections=40',
      ...settings,
    ]
    for (let i = 0; i < TRIES; i++) {
      if (this.#server === null) {
        const args = ['-D', this.data, ...given.flatMap((one) => ['-c', one])]
        const server = spawn(join(this.#bin, 'postgres'), args, {
          ...NOBODY,
          cwd: this.folder,
          stdio: 'ignore',
          env: { LC_ALL: 'C' },
        })
        server.once('exit', () => {
          if (this.#server === server) this.#server = null
        })
        this.#server = server
      }
      if (await this.#answers()) return
      await new Promise((go) => setTimeout(go, 100))
    }
    throw new Error('PostgreSQL did not start')
  }

  /** As a power cut would: every process of the server at once. */
  async kill(): Promise<void> {
    const pid = this.#server?.pid
    if (pid === undefined) return
    const all = [pid, ...childrenOf(pid)]
    const gone = this.#gone()
    for (const one of all) {
      try {
        process.kill(one, 'SIGKILL')
      } catch {
        // It has gone by itself.
      }
    }
    await gone
  }

  /** In order, whoever is connected. */
  async stop(): Promise<void> {
    const gone = this.#gone()
    this.#server?.kill('SIGINT')
    await gone
  }

  async close(): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Statements by somebody else than berth. */
  async ask(database: string, ...texts: string[]): Promise<readonly { readonly [column: string]: unknown }[]> {
    const client = new Client({ connectionString: this.url(database) })
    await client.connect()
    try {
      let rows: readonly { readonly [column: string]: unknown }[] = []
      for (const text of texts) rows = (await client.query(text)).rows
      return rows
    } finally {
      await client.end()
    }
  }

  /** A new empty database; answers its name. */
  async newDatabase(more = ''): Promise<string> {
    const name = `b${randomUUID().replaceAll('-', '')}`
    await this.ask('postgres', `CREATE DATABASE ${name} ${more}`)
    return name
  }

  /** A folder inside the cluster's that the server may write to. */
  ownFolder(name: string): string {
    const folder = join(this.folder, name)
    mkdirSync(folder, { recursive: true })
    if (NOBODY.uid !== undefined) chownSync(folder, NOBODY.uid, NOBODY.gid)
    return folder
  }

  /** A file that only the server may read; answers its path. */
  ownFile(name: string, text: string): string {
    const path = join(this.folder, name)
    writeFileSync(path, text, { mode: 0o600 })
    if (NOBODY.uid !== undefined) chownSync(path, NOBODY.uid, NOBODY.gid)
    return path
  }

  async #answers(): Promise<boolean> {
    try {
      await this.ask('postgres', 'SELECT 1')
      return true
    } catch {
      return false
    }
  }

  async #gone(): Promise<void> {
    const server = this.#server
    if (server === null) return
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
    this.#server = null
  }
}

const childrenOf = (pid: number): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => parentOf(name) === pid)
    .map(Number)

function parentOf(pid: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1])
  } catch {
    return 0
  }
}

/** Tests that need a PostgreSQL: one for the whole file, or one line that says what was not looked at. */
export function withPostgres(what: string, tests: (cluster: () => PostgresCluster) => void): void {
  const bin = binaries()
  if (bin === null) {
    test.skip(`${what}: PostgreSQL`, () => {})
    process.stdout.write(`skipped: ${what}; install PostgreSQL's server (Debian: apt-get install postgresql)\n`)
    return
  }
  let cluster: PostgresCluster | null = null
  beforeAll(async () => {
    cluster = await PostgresCluster.open(bin)
  }, 120_000)
  afterAll(() => cluster?.close())
  tests(() => {
    if (cluster === null) throw new Error('no cluster')
    return cluster
  })
}
