import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const KEPT = fileURLToPath(new URL('../../node_modules/.cache/postgres/', import.meta.url))

/** An empty one: its folder, and how its programs are run. */
type Cluster = { readonly data: string; run(name: string, ...args: string[]): string }

/**
 * Fills the folder `data` with what `make` (initdb) writes there, or with a copy of what it wrote before for the same program: 0.04 s instead of 0.36.
 * A copy is put in its place at once or not at all, so that several processes may come at the same time.
 */
export function fillCluster(cluster: Cluster, make: () => unknown): void {
  const { data } = cluster
  const version = cluster.run('postgres', '--version').replace(/\W+/g, '-')
  const template = join(KEPT, `${version}${process.getuid?.() ?? ''}`)
  if (existsSync(template)) return copy(template, data)
  make()
  mkdirSync(KEPT, { recursive: true })
  const fresh = mkdtempSync(join(KEPT, 'fresh-'))
  copy(data, join(fresh, 'data'))
  try {
    renameSync(join(fresh, 'data'), template)
  } catch {
    // Another process was first.
  }
  rmSync(fresh, { recursive: true, force: true })
}

/** With owners and modes: PostgreSQL insists on its own. */
function copy(from: string, to: string): void {
  const { status, stderr } = spawnSync('cp', ['-a', from, to], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`cp: ${stderr}`)
}
