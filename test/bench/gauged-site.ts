import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { type LineSite, listening, type ServingProcess, spawnSite } from '../src/serve/serving-line.ts'
import type { Gauge } from './server-gauge.ts'

/** `berth serve` as a process of its own that tells what it uses. */
export type GaugedSite = { readonly serving: ServingProcess; gauge(word: string): Promise<Gauge> }

/** Starts it; it is killed by what `finish` is given. Resolves when it listens. */
export async function serveGauged(site: LineSite, finish: (clean: () => unknown) => void): Promise<GaugedSite> {
  const path = join(site.folder, 'gauge.sock')
  rmSync(path, { force: true })
  const preload = new URL('server-gauge.ts', import.meta.url).href
  const serving = spawnSite(site, { finish, env: { BERTH_GAUGE: path, NODE_OPTIONS: `--import ${preload}` } })
  await listening(serving)
  return {
    serving,
    async gauge(word) {
      const socket = connect(path)
      await once(socket, 'connect')
      socket.write(`${word}\n`)
      let said = ''
      for await (const bytes of socket) {
        said += String(bytes)
        if (said.endsWith('\n')) break
      }
      return JSON.parse(said) as Gauge
    },
  }
}
