#!/usr/bin/env node
/**
 * Starts berth on Node 24, whatever Node was asked: npm brings a Node 24 into node_modules for Linux, and this file
 * finds it. Plain JavaScript of Node 18's time, because an older Node has to be able to read it.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NEEDED = 24
const SYSTEMS = { linux: 'linux', darwin: 'darwin', win32: 'win' }

/** True where the binary starts and is new enough: a package for another C library is there, but does not start. */
function isNewEnough(binary) {
  const { status, stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8' })
  return status === 0 && Number(/^v(\d+)\./.exec(stdout)?.[1]) >= NEEDED
}

/** The Node that npm installed beside berth, or one on the PATH, or null. */
function findNode() {
  const file = process.platform === 'win32' ? 'node.exe' : 'node'
  const candidates = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, file))
  try {
    const name = `node-${SYSTEMS[process.platform]}-${process.arch}/bin/${file}`
    candidates.unshift(createRequire(import.meta.url).resolve(name))
  } catch {
    // npm has no such package here, or was told to leave optional ones out: the PATH may still have one.
  }
  return candidates.find((binary) => binary !== process.execPath && existsSync(binary) && isNewEnough(binary)) ?? null
}

/** The other side of `runOn`: where the launcher is killed outright we go with it, so that no owner of a store is left behind. */
function followLauncher() {
  if (!process.channel) return
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  process.channel.unref()
}

/** Runs this file again on `binary`; signals go on to it, and its end becomes ours. */
function runOn(binary) {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)]
  const child = spawn(binary, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  // On a terminal Ctrl-C reaches both of us: passing it on would be a second one.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code))
}

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  followLauncher()
  const { main } = await import('./cli.ts')
  await main(process.argv.slice(2))
} else {
  const binary = findNode()
  if (binary) runOn(binary)
  else {
    console.error(
      `berth needs Node ${NEEDED} and found only ${process.version}: run \`npm ci\` in its folder (on Linux it brings one), or install Node ${NEEDED} from nodejs.org.`,
    )
    process.exitCode = 1
  }
}
