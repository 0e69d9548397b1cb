import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { PER_VEHICLE, SAMPLE } from '../../projections/shadow-tally.ts'
import { Scene, TWO_BAYS } from '../../simulations/toy-scene.ts'
import { runCommandLine } from '../../src/cli.ts'
import { writeTokens } from '../../src/server/token-book.ts'
import { readSiteFile } from '../../src/site-file.ts'
import { siteFile, storeOf } from './watched-store.ts'

let out = ''
beforeEach(() => {
  out = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
})
afterEach(() => void vi.restoreAllMocks())

const check = (path: string) => runCommandLine(['check', path])

/** So many charges of bay-1 while it observes by so many vehicles of one account, each with this card. */
async function watched(charges: number, card = 'CARD1', vehicles = 1): Promise<Scene> {
  const scene = await Scene.open({ ...TWO_BAYS, policy: { autonomy: 'observe' } })
  const plates = Array.from({ length: vehicles }, (_, index) => `AB${12 + index}CDE`)
  for (const plate of plates) await scene.registers(plate, 'acc-1')
  await scene.registersCard('CARD1', 'acc-1')
  await scene.registersCard('CARD2', 'acc-2')
  for (let charge = 0; charge < charges; charge += 1) {
    await scene.arrives(plates[charge % vehicles] ?? null)
    await scene.taps(card)
    await scene.plugsIn()
    const { transactionId } = await scene.begins({ idToken: card })
    await scene.ends(transactionId, 1600)
    await scene.unplugs()
    await scene.leaves()
  }
  return scene
}

test('a new site that acts from its first vehicle on is warned in one line, and checks', async () => {
  const path = siteFile()
  expect(await check(path)).toBe(0)
  const [warning, ...rest] = out.trimEnd().split('\n')
  expect(warning).toContain(`warning  ${path}:`)
  expect(warning).toContain('policy.autonomy: bay-1, bay-2 would act from the first vehicle on')
  expect(warning).toContain('`observe` to begin with')
  expect(rest.filter((line) => !line.startsWith('zone '))).toEqual([
    expect.stringMatching(/ checks: Depot, .*, 1 warning\.$/),
  ])
})

test('a site that observes or suggests is not warned, and a bay’s own `act` is named by its line', async () => {
  for (const autonomy of ['observe', 'suggest'] as const) await check(siteFile(undefined, { autonomy }))
  expect(out).not.toContain('warning')
  const path = siteFile(undefined, { autonomy: 'observe', bays: { 'bay-2': 'act' } })
  await check(path)
  expect(out).toMatch(/:\d+:\d+ bays\[1\]\.autonomy: bay-2 would act from the first vehicle on/)
})

test('a store with fewer compared starts than the sample is named with its numbers', async () => {
  const path = await storeOf(await watched(3), { autonomy: 'act' })
  expect(await check(path)).toBe(0)
  expect(out).toContain(`policy.autonomy: 2 of 2 acting bays have not had ${SAMPLE} starts compared with a card`)
  expect(out).toContain('(bay-1: 3, bay-2: 0)')
  expect(out).toContain('until `berth shadow-report` advises `act`')
})

test('one vehicle that charged every day is not the sample', async () => {
  const path = await storeOf(await watched(PER_VEHICLE + 2), { autonomy: 'observe', bays: { 'bay-1': 'act' } })
  await check(path)
  expect(out).toContain(`at most ${PER_VEHICLE} of each vehicle, and none wrong (bay-1: ${PER_VEHICLE})`)
})

test('a wrong start is named as such', async () => {
  await check(await storeOf(await watched(2, 'CARD2'), { autonomy: 'observe', bays: { 'bay-1': 'act' } }))
  expect(out).toContain('(bay-1: 2 of 2 wrong)')
})

test('enough compared starts and none wrong: nothing is said', async () => {
  const path = await storeOf(await watched(SAMPLE, 'CARD1', SAMPLE / PER_VEHICLE), {
    autonomy: 'observe',
    bays: { 'bay-1': 'act' },
  })
  expect(await check(path)).toBe(0)
  expect(out).not.toContain('warning')
}, 180_000)

test('a store that is none is a warning, and the file checks', async () => {
  const path = siteFile()
  writeFileSync(join(dirname(path), 'depot.db'), 'no journal at all')
  expect(await check(path)).toBe(0)
  expect(out).toMatch(/store\.path: .*depot\.db/)
})

test('files of a client certificate towards the back end that are not there are named for each charge point', async () => {
  const path = siteFile()
  const text = readFileSync(path, 'utf8')
  const tls = '{ cert: "pki/{id}.pem", key: "pki/{id}.key" }'
  const ocpp = `ocpp: { host: 127.0.0.1, port: 9220, mode: proxy, upstream: wss://csms.example/ocpp, upstreamTls: ${tls} }`
  writeFileSync(path, text.replace(/^ocpp:\n( .*\n)+/m, `${ocpp}\n`))
  expect(await check(path)).toBe(0)
  expect(out).toMatch(/warning .*chargePoints\[0\]: .*pki\/CP-1\.pem cannot be read/)
  expect(out).toMatch(/warning .*chargePoints\[1\]: .*pki\/CP-2\.pem cannot be read/)
})

test('models of the site’s own are an error where they are missing, another than their hash says, or unfit', async () => {
  const path = siteFile()
  const folder = dirname(path)
  writeFileSync(join(folder, 'plates.onnx'), 'weights')
  const hash = createHash('sha256').update('weights').digest('hex')
  const plain = readFileSync(path, 'utf8')
  const withModels = (recogniser: string, detector: string): void =>
    writeFileSync(
      path,
      `${plain}\nreader:\n  recogniser: { file: plates.onnx, sha256: "${recogniser}" }\n  detector: { file: absent.onnx, sha256: "${detector}" }\n`,
    )
  withModels('0'.repeat(64), hash)
  expect(await check(path)).toBe(1)
  expect(out).toMatch(/error .*reader\.recogniser: .*plates\.onnx has the sha256 [0-9a-f]{64}, and not the one/)
  expect(out).toMatch(/error .*reader\.detector: .*absent\.onnx: .*no such file/i)
  out = ''
  withModels(hash, hash)
  expect(await check(path)).toBe(1)
  expect(out).toMatch(/plates\.onnx is no ONNX model that can be loaded/)
})

test('a site that wants two people for an order, and has tokens for one, is warned that nobody could ever agree', async () => {
  const path = siteFile()
  const plain = readFileSync(path, 'utf8')
  const { store } = await readSiteFile(path)
  const token = (name: string, role: 'admin' | 'operator' | 'viewer' | 'supervisor' | 'installer') => ({
    name,
    role,
    sha256: createHash('sha256').update(name).digest('hex'),
    madeAt: '2026-11-22T10:00:00.000Z',
  })
  const warned = async (commands: string, ...tokens: ReturnType<typeof token>[]) => {
    out = ''
    const keys = commands === 'zones' ? 'zones: true' : `commands: [${commands}]`
    writeFileSync(path, `${plain}\ntwoPeople: { ${keys} }\n`)
    mkdirSync(dirname(store.path), { recursive: true })
    writeTokens(`${store.path}.tokens`, tokens)
    expect(await check(path)).toBe(0)
    return out.split('\n').filter((line) => line.includes('nobody could ever agree'))
  }
  vi.stubEnv('BERTH_ADMIN_TOKEN', '')
  const [ann, ben, eve] = [token('ann', 'operator'), token('ben', 'supervisor'), token('eve', 'viewer')]
  expect(await warned('authorize')).toEqual([expect.stringContaining('no token may give or agree to it')])
  expect(await warned('authorize', ann, eve)).toEqual([expect.stringContaining('ann alone has a token for it')])
  expect(await warned('authorize', ann, ben)).toEqual([])
  // Only one of them may change the autonomy.
  expect(await warned('autonomy', ann, ben)).toEqual([expect.stringContaining('ben alone')])
  // Operators agree to no zones.
  expect(await warned('zones', ann, ben)).toEqual([expect.stringMatching(/twoPeople\.zones.*ben alone/)])
  expect(await warned('zones', token('fay', 'installer'), ben)).toEqual([])
  vi.stubEnv('BERTH_ADMIN_TOKEN', 'a-secret-of-sixteen')
  expect(await warned('autonomy', ann, ben)).toEqual([])
  vi.unstubAllEnvs()
})
