import { spawnSync } from 'node:child_process'

/** Every flush of the process waits so long before it begins, ms. */
export const FLUSH_ms = 300

/**
 * A command before another one that makes its disk slow: each flush to disk is held back by strace, whatever is written to it. The process is the
 * caller's own child (`-D`), so that signals reach it. Null where strace is missing, or may not trace here.
 */
export function slowDisk(): readonly string[] | null {
  const flushes = 'fsync,fdatasync'
  const words = ['-D', '-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', '-e', `trace=${flushes}`]
  const held = [...words, '-e', `inject=${flushes}:delay_enter=${FLUSH_ms * 1_000}`]
  return spawnSync('strace', [...held, 'true']).status === 0 ? ['strace', ...held] : null
}
