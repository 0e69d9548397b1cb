import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { heardProcess } from './heard-process.ts'
import { until, writeSite } from './serving-line.ts'

const TOP = fileURLToPath(new URL('../../..', import.meta.url))
const LINES = readFileSync(join(TOP, 'Containerfile'), 'utf8').replaceAll('\\\n', ' ').split('\n')
/** What stands behind an instruction, each time that it stands there. */
const said = (instruction: string): string[] =>
  LINES.filter((line) => line.startsWith(`${instruction} `)).map((line) => line.slice(instruction.length + 1))
/** The words of an instruction in its JSON form. */
const words = (instruction: string): string[] => {
  const [line = ''] = said(instruction)
  return JSON.parse(line.slice(line.indexOf('['))) as string[]
}
/** What is copied from here into the last stage: from, and where to below the image's folder. */
const COPIES = said('COPY')
  .slice(said('COPY').findIndex((line) => line.startsWith('--from')) + 1)
  .map((line) => line.split(' '))

describe('the container file', () => {
  let image = ''
  const inImage = (word: string): string => word.replaceAll('/opt/berth', image)

  beforeAll(() => {
    image = mkdtempSync(join(tmpdir(), 'berth-image-'))
    for (const paths of COPIES)
      for (const from of paths.slice(0, -1)) {
        const to = join(image, paths.at(-1) === './' ? from : (paths.at(-1) ?? ''))
        mkdirSync(dirname(to), { recursive: true })
        cpSync(join(TOP, from), to, { recursive: true })
      }
    symlinkSync(join(TOP, 'node_modules'), join(image, 'node_modules'))
  })

  afterAll(() => rmSync(image, { recursive: true, force: true }))

  test('copies only what there is, and everything that npm needs before it installs', () => {
    const named = said('COPY').filter((line) => !line.startsWith('--from'))
    for (const line of named)
      for (const path of line.split(' ').slice(0, -1)) expect(existsSync(join(TOP, path)), path).toBe(true)
    const { scripts } = JSON.parse(readFileSync(join(TOP, 'package.json'), 'utf8')) as {
      scripts: { postinstall: string }
    }
    expect(named.join(' ')).toContain(scripts.postinstall.split(' ')[1])
  })

  test('holds no secret and runs as nobody special, with its data outside of the image', () => {
    expect(said('USER')).toEqual(['berth'])
    expect(said('VOLUME')).toEqual(['/var/lib/berth'])
    expect(said('ARG')).toEqual([])
    expect(said('ENV').join(' ')).not.toMatch(/TOKEN|KEY|PASSWORD|SECRET/)
  })

  test('serves a site from the copied files alone, and its health check says whether it does', async () => {
    const site = await writeSite(1)
    const [node = '', ...entry] = words('ENTRYPOINT').map(inImage)
    const command = words('CMD').map((word) => word.replace('/etc/berth/site.yaml', site.path))
    const check = () => {
      const [file = '', ...rest] = words('HEALTHCHECK').map(inImage)
      const env = { ...process.env, BERTH_HEALTH: `http://127.0.0.1:${site.httpPort}/health/live` }
      return spawnSync(file, rest, { env, timeout: 60_000 }).status
    }
    expect(check()).toBe(1)
    const { child, said: told, gone, kill } = heardProcess([node, ...entry, ...command], {})
    onTestFinished(kill)
    await until(
      () => told().includes('inspector and API at'),
      // A start is some seconds of one core: with ten times its work on the machine it takes most of a minute.
      120_000,
      () => told(),
    )
    expect(check()).toBe(0)
    child.kill('SIGTERM')
    await gone()
    expect(child.exitCode).toBe(0)
    expect(execFileSync(node, ['--version'], { encoding: 'utf8' })).toMatch(/^v24\./)
  }, 200_000)
})
