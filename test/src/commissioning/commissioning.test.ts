import { createPublicKey, verify } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { commission } from '../../../src/commands/commission.ts'
import { canonicalJson } from '../../../src/journal/canonical.ts'
import { openDoorScene } from '../driver/door-scene.ts'
import { runCommand } from '../journal/run-command.ts'

const PLATE = 'AB12CDE'

test('a bay is shown to work step by step in the terminal, and the signed record says what was shown, skipped and by whom', async () => {
  const scene = await openDoorScene()
  await scene.api('PUT', `/api/vehicles/${PLATE}`, { accountId: 'acc-1' })
  let night: () => void = () => {}
  const ended = new Promise<void>((resolve) => {
    night = resolve
  })
  async function* lines() {
    await ended
    yield 'skip it is summer'
  }
  const running = runCommand((argv) => commission(argv, lines()), 'bay-1', '--site', scene.path)
  await new Promise((resolve) => setTimeout(resolve, 500))
  await scene.arrives(1, PLATE, 'charging-locked')
  await scene.until(() => scene.bay(1)?.session?.transactionId != null)
  await scene.api('POST', '/api/bays/bay-1/commands', { id: 'stop-1', type: 'remote-stop' })
  await scene.until(async () => (await scene.bayRecords(1)).some(({ cause }) => cause.type === 'transaction.ended'))
  // Typed once it is asked for.
  const said = () => vi.mocked(process.stdout.write).mock.calls.map(([text]) => String(text))
  await scene.until(() => said().some((text) => text.startsWith('5/5')))
  night()
  const { code, out, err } = await running
  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(/bay-1 is commissioned: record \d+, signed\./)
  const record = (await scene.records()).find(({ cause }) => cause.type === 'bay.commissioned')
  const { type: _type, happenedAt: _at, signature, ...content } = record?.cause ?? { type: '' }
  expect(content).toMatchObject({ bayId: 'bay-1', by: 'local', role: 'admin' })
  expect(content['steps']).toMatchObject([
    { step: 'plate', outcome: 'shown', by: ['cam-1'] },
    { step: 'plug', outcome: 'shown' },
    { step: 'start', outcome: 'shown' },
    { step: 'stop', outcome: 'shown' },
    { step: 'night', outcome: 'skipped', why: 'it is summer' },
  ])
  expect(JSON.stringify(content)).not.toContain(PLATE)
  const { publicKey, value } = signature as unknown as { publicKey: string; value: string }
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(publicKey, 'hex')])
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
  expect(verify(null, Buffer.from(canonicalJson(content)), key, Buffer.from(value, 'base64'))).toBe(true)
}, 180_000)

test('a step that was not shown needs a reason, and a cable of another bay that answers is named', async () => {
  const scene = await openDoorScene()
  const begun = (await (await scene.api('GET', '/api/bays/bay-1/commissioning')).json()) as { since: number }
  const { since } = begun
  const close = async (body: object) => {
    const answer = await scene.api('POST', '/api/bays/bay-1/commissioning', { since, ...body })
    return [answer.status, ((await answer.json()) as { detail?: string }).detail]
  }
  expect(await close({})).toEqual([422, expect.stringContaining('step plate')])
  expect((await close({ skipped: { wheels: 'none' } }))[0]).toBe(400)
  // The cable of bay-2 was plugged in for bay-1.
  scene.points[1]?.plug(1)
  const seen = async () =>
    (await (await scene.api('GET', `/api/bays/bay-1/commissioning?since=${since}`)).json()) as {
      steps: { step: string; seq: number | null; others: string[] }[]
    }
  await scene.until(async () => (await seen()).steps.some(({ others }) => others.length > 0))
  expect((await seen()).steps.find(({ step }) => step === 'plug')).toMatchObject({ seq: null, others: ['bay-2'] })
  const why = 'no vehicle was there'
  expect(await close({ skipped: { plate: why } })).toEqual([422, expect.stringContaining('step plug')])
  const skipped = { plate: why, plug: why, start: why, stop: why }
  expect((await close({ skipped, nightSeen: true }))[0]).toBe(201)
  expect((await scene.api('POST', '/api/bays/bay-9/commissioning', { since, skipped })).status).toBe(404)
}, 180_000)
