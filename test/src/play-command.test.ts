import { afterEach, expect, test, vi } from 'vitest'
import type { Scenario } from '../../simulations/scenario.ts'
import { E10 } from '../../simulations/scenarios/e10-silent-swap.ts'
import { E34 } from '../../simulations/scenarios/e34-crossed-cables.ts'
import { runCommandLine } from '../../src/cli.ts'
import { play } from '../../src/commands/play.ts'

afterEach(() => void vi.restoreAllMocks())

/** What the command says, and its exit code. */
async function said(argv: string[], scenarios?: readonly Scenario[], stopped?: () => Promise<void>) {
  const heard = { out: '', err: '' }
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    heard.out += String(text)
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    heard.err += String(text)
    return true
  })
  const code = await play(argv, scenarios, stopped).finally(() => vi.restoreAllMocks())
  return { ...heard, code }
}

const [swap] = E10.stories
if (!swap) throw new Error('E10 has no story')
const broken = (change: Partial<typeof swap>): Scenario => ({ ...E10, stories: [{ ...swap, ...change }] })

test('berth play NAME says given, when and then, each promise with its mark, and how things stood in the end', async () => {
  const { out, code } = await said(['e10-silent-swap'])
  expect(code).toBe(0)
  expect(out).toContain('given  A left unseen and B parked')
  expect(out.match(/^✓ /gm)).toHaveLength(E10.stories.length)
  expect(out).toContain('bills   acc-a {energy_Wh: 600, exit: exit-inferred}, acc-b {energy_Wh: 300, exit: exit-seen}')
  expect(out).toContain('commands  start CP-1/1, start CP-1/1')
  expect(out).not.toContain('parks in bay-1')
})

test('--trace tells it step by step: what the world did, why, by which rule, who is told, what is checked', async () => {
  const { out } = await said(['E34', '--trace'])
  expect(out).toContain('▸         AB12CDE parks in bay-3, 3 frames show it')
  expect(out).toContain('bay-3     cam-1 agrees on AB12CDE ×2 [agreed]: detecting.collecting → authorizing.claiming')
  expect(out).toContain('decides VisitAuthorized AB12CDE, acc-3')
  expect(out).toContain('tells the driver: present-card (plug-ambiguous)')
  expect(out).toContain('✓         the payers: [acc-3, acc-4]')
  expect(out).toContain('→         CP-1 is sent: start CP-1/2')
})

test('a trace names a listed plate as it is listed, however a camera misread it, and a card that no bay was told of', async () => {
  const { out } = await said(['e01', '--story', '1', '--trace'])
  expect(out).toContain('decides VisitAuthorized AB12CDE, acc-1')
  expect(out).toContain('A812CDE parks in bay-1')
  const all = await said(['e33', '--trace'])
  const cards = await said(['e19', '--trace'])
  expect(`${all.out}${cards.out}`).not.toContain('undefined')
})

test('the same seed gives the same text, another seed the same promises at another hour', async () => {
  const [once, twice, other] = [
    await said(['e34', '--json', '--seed', '5']),
    await said(['e34', '--json', '--seed', '5']),
    await said(['e34', '--json', '--seed', '6']),
  ]
  expect(twice.out).toBe(once.out)
  const [five, six] = [JSON.parse(once.out), JSON.parse(other.out)]
  expect([five.seed, five.ok, six.ok]).toEqual([5, true, true])
  const outcomes = (json: { stories: { outcome: unknown }[] }) => json.stories.map(({ outcome }) => outcome)
  expect(outcomes(six)).toEqual(outcomes(five))
  expect(outcomes(five)).toEqual(E34.stories.map(({ outcome }) => outcome))
})

test('a check that fails is exit 1, and the sentence names what was promised and what is', async () => {
  const told = { ...swap.outcome, commands: ['start CP-9/9'] }
  const late = await said(['e10'], [broken({ outcome: told })])
  expect(late.code).toBe(1)
  expect(late.out).toContain('✗ B is agreed on')
  expect(late.out).toContain('the commands sent should be [start CP-9/9] and is [start CP-1/1, start CP-1/1]')
  const inPlay = await said(
    ['e10'],
    [broken({ play: async (scene) => scene.sees('the payer', scene.payer(), 'acc-x') })],
  )
  expect([inPlay.code, inPlay.out.includes('the payer should be acc-x and is none')]).toEqual([1, true])
  const thrown = await said(['e10'], [broken({ play: async () => Promise.reject(new TypeError('no such bay')) })])
  expect([thrown.code, thrown.out.includes('could not be played to its end: no such bay')]).toEqual([1, true])
})

test('--list names every scenario with how many promises it has, --json with all its words', async () => {
  const { out, code } = await said(['--list'])
  expect(code).toBe(0)
  expect(out).toMatch(/^e10-silent-swap +6 promises +A closes at its last evidence/m)
  const list = JSON.parse((await said(['--list', '--json'])).out) as { name: string; promises: string[] }[]
  expect(list.find(({ name }) => name === 'e10-silent-swap')?.promises).toEqual(E10.stories.map((one) => one.promise))
})

test('--story plays one promise alone', async () => {
  const { out } = await said(['e10', '--story', '2'])
  expect(out.match(/^✓ .*/gm)).toEqual([`✓ ${E10.stories[1]?.promise}`])
})

test.each([
  [[], 'Say which one scenario'],
  [['e10', 'e34'], 'Say which one scenario'],
  [['e10-silent-swop'], 'did you mean `berth play e10-silent-swap`?'],
  [['swap'], 'did you mean `berth play e10-silent-swap`?'],
  [['e10', '--seed', 'many'], '--seed takes a whole number'],
  [['e10', '--seed=-1'], '--seed takes a whole number'],
  [['e10', '--seed', '1000000'], '--seed takes a whole number'],
  [['e10', '--story', '0'], '--story takes a number from 1 to 6'],
  [['e10', '--story', '7'], '--story takes a number from 1 to 6'],
  [['e10', '--inspect', '--port', '65536'], '--port takes a number'],
  [['e10', '--inspect', '--keep', 'here'], 'ask for one, then for the other'],
])('%j is not understood: exit 2, and one sentence says what to do', async (argv, sentence) => {
  const { code, err, out } = await said(argv)
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain(sentence)
})

test('an unknown flag is exit 2 at the command line', async () => {
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
  expect(await runCommandLine(['play', 'e10', '--fast'])).toBe(2)
})
