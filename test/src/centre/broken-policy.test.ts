import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Fault } from '../../../machines/faults.ts'
import { centrePolicy } from '../../../src/commands/centre-policy.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'

test('a policy file that is no YAML, or would fill the memory, is refused in a sentence before anybody is asked', async () => {
  const untouched = new Proxy({}, { get: () => expect.fail('asked') }) as never
  const path = join(scratchFolder(), 'policy.yaml')
  const row = (before: string) => `[${Array.from({ length: 9 }, () => before).join(',')}]`
  const names = ['b', 'c', 'd', 'e', 'f']
  const bomb = [
    `a: &a ${row('x')}`,
    ...names.map((name, at) => `${name}: &${name} ${row(`*${['a', ...names][at]}`)}`),
    'quorum: *f',
  ].join('\n')
  for (const text of ['quorum: [2\n', 'quorum: 2\n  voteWindow_s: 3\n', bomb, 'null', '- quorum: 2']) {
    writeFileSync(path, text)
    const fault = await centrePolicy(untouched, ['put', 'depot', path], false).catch((cause: unknown) => cause)
    expect(fault).toBeInstanceOf(Fault)
    expect((fault as Fault).message).toBe(`${path} is no mapping of rules; write it like \`quorum: 3\`.`)
  }
})
