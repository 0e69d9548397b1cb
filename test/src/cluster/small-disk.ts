import { spawnSync } from 'node:child_process'
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { PostgresCluster } from '../../contracts/postgres-cluster.ts'

/** A disk of its own for a database, which can be filled to the last byte. */
export type SmallDisk = { readonly tablespace: string; fill(): void; empty(): void }

/** Mounts a disk in memory of so many MB that the server may write to; null where this user may not mount. It goes when the test does. */
export async function openSmallDisk(cluster: PostgresCluster, size_MB: number): Promise<SmallDisk | null> {
  const folder = cluster.ownFolder('small-disk')
  const owner = process.getuid?.() === 0 ? ',uid=65534,gid=65534' : ''
  const words = ['-t', 'tmpfs', '-o', `size=${size_MB}m,mode=700${owner}`, 'tmpfs', folder]
  if (spawnSync('mount', words).status !== 0) return null
  onTestFinished(() => {
    spawnSync('umount', ['-l', folder])
  })
  const filler = join(folder, 'filler')
  await cluster.ask('postgres', `CREATE TABLESPACE small LOCATION '${folder}'`)
  return {
    tablespace: 'small',
    fill() {
      const { bavail, bsize } = statfsSync(folder)
      try {
        writeFileSync(filler, Buffer.alloc(bavail * bsize))
      } catch {
        // Somebody took the last of it meanwhile.
      }
    },
    empty: () => rmSync(filler, { force: true }),
  }
}
