import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { hold } from '../../src/commands/holds.ts'
import { news } from '../../src/commands/news.ts'
import { erase, object, subject } from '../../src/commands/subjects.ts'
import { recordLook } from '../../src/recorded-look.ts'
import { readSiteFile } from '../../src/site-file.ts'
import { runCommand } from './journal/run-command.ts'
import { BY, startedRoom } from './privacy/private-room.ts'
import { writeSite } from './serve/serving-line.ts'

/** A site file whose address belongs to a program that answers every call with 200 and `{}`, with these headers of the call sent back. */
async function siteOfStranger(...echoed: string[]): Promise<string> {
  const { path } = await writeSite(1)
  const server = createServer((request, response) => {
    for (const name of echoed) response.setHeader(name, String(request.headers[name]))
    request.resume()
    response.setHeader('content-type', 'application/json').end('{}')
  })
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', go))
  onTestFinished(() => void server.close())
  const file = parse(readFileSync(path, 'utf8')) as { http: object }
  writeFileSync(path, stringify({ ...file, http: { ...file.http, port: (server.address() as AddressInfo).port } }))
  return path
}

test.each([[[]], [['berth-site']]])(
  'a program that answers every call with 200 and nothing is never taken for the berth that did it (it sends back %j)',
  async (echoed) => {
    const path = await siteOfStranger(...echoed)
    const whose = ['--plate', 'AB12CDE', '--account', 'acc-1', '--verified-by', 'Anna', '--site', path]
    const runs = [
      await runCommand(erase, ...whose),
      await runCommand(object, ...whose),
      await runCommand(subject, ...whose, '--out', `${path}.out`),
      await runCommand(
        hold,
        'place',
        '--plate',
        'AB12CDE',
        '--reason',
        'police',
        '--until',
        '2999-01-01',
        '--site',
        path,
      ),
      await runCommand(news, 'resume', 'billing', '--site', path),
    ]
    for (const { code, out, err } of runs) {
      expect([code, out]).toEqual([1, ''])
      expect(err).toMatch(/did not answer as the berth that serves this site does.*look what listens there\.\n$/)
    }
  },
)

test('a lifted hold and a recorded look are believed only of the berth that serves the site', async () => {
  const path = await siteOfStranger()
  const { code, err } = await runCommand(hold, 'lift', 'hold-1', '--site', path)
  expect([code, err]).toEqual([1, expect.stringContaining('did not answer as the berth')])
  const room = await startedRoom(await readSiteFile(path))
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  await room.close()
  expect(await recordLook(await readSiteFile(path), 'export', 'a.jsonl', {})).toContain('did not answer as the berth')
})
