import { copyFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import type { CheckpointTarget } from '../../../src/journal/checkpoint-courier.ts'
import { readCheckpoints } from '../../../src/journal/checkpoint-file.ts'
import { openRoom } from '../../../src/open-room.ts'
import type { Room } from '../../../src/room.ts'
import { readSiteFile, type SiteFile } from '../../../src/site-file.ts'
import { BY } from '../privacy/private-room.ts'
import { writeSite } from '../serve/serving-line.ts'

const PARTS = ['', '.keys', '.checkpoints.jsonl', '.checkpoints.sent']

/** A site whose checkpoints go to these, with some records. */
async function siteWith(to: (path: string) => readonly CheckpointTarget[]): Promise<SiteFile> {
  const file = await readSiteFile((await writeSite(1)).path, {})
  const site = { ...file, checkpoints: { ...file.checkpoints, every: 1, to: to(file.store.path) } }
  await (await written(site, 'Ada', 2)).close()
  return site
}

async function written(file: SiteFile, name: string, count: number): Promise<Room> {
  const room = await openRoom(file, systemClock, () => {}, {})
  onTestFinished(() => room.close())
  for (let n = 0; n < count; n++) await room.register.putAccount(`acc-${n}`, { name: `${name} ${n}` }, BY)
  return room
}

const trailAlarms = (room: Room) =>
  room.desk.siteAlarms.open().flatMap((alarm) => (alarm.type === 'checkpoints' ? [alarm.says] : []))

/** Keeps a copy of the store and writes on; answers how to put the copy back. */
async function keptCopy(file: SiteFile): Promise<() => void> {
  const { path } = file.store
  for (const part of PARTS) copyFileSync(`${path}${part}`, `${path}${part}.backup`)
  await (await written(file, 'Grace', 3)).close()
  return () => {
    for (const part of PARTS) {
      for (const log of ['-wal', '-shm']) rmSync(`${path}${part}${log}`, { force: true })
      copyFileSync(`${path}${part}.backup`, `${path}${part}`)
    }
  }
}

test('a store that was put back with its checkpoints, and then written on, is alarmed by a file elsewhere until that is moved aside', async () => {
  const file = await siteWith((path) => [{ kind: 'file', path: `${path}.elsewhere.jsonl` }])
  const elsewhere = `${file.store.path}.elsewhere.jsonl`
  const restore = await keptCopy(file)
  restore()
  const short = await written(file, 'Alan', 0)
  expect(trailAlarms(short)).toEqual([
    expect.stringMatching(/elsewhere\.jsonl holds a checkpoint of .* ends at record \d+: its end was cut off/),
  ])
  await short.close()
  await (await written(file, 'Alan', 5)).close()
  const forked = await written(file, 'Alan', 0)
  expect(trailAlarms(forked)).toEqual([expect.stringMatching(/which is another one here: an older copy was put back/)])
  await forked.close()
  const newest = readCheckpoints(`${file.store.path}.checkpoints.jsonl`).checkpoints.at(-1)
  expect(readCheckpoints(elsewhere).checkpoints.at(-1), 'the new trail goes there all the same').toEqual(newest)
  rmSync(elsewhere)
  expect(trailAlarms(await written(file, 'Alan', 0))).toEqual([])
})

test('a receiver that has another checkpoint for the same record says so (409): an alarm tells it, and newer checkpoints go on', async () => {
  const came: number[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece) => {
      body += piece
    })
    request.on('end', () => {
      came.push(...JSON.parse(body).checkpoints.map(({ seq }: { seq: number }) => seq))
      response.writeHead(409).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/checkpoints`
  const file = await siteWith(() => [{ kind: 'http', url, secret: null }])
  const room = await written(file, 'Grace', 1)
  await expect
    .poll(() => trailAlarms(room), { timeout: 60_000 })
    .toEqual([expect.stringContaining(`${url} has other checkpoints of this site`)])
  const before = came.length
  expect(before).toBeGreaterThan(0)
  await room.register.putAccount('acc-9', { name: 'Grace 9' }, BY)
  await expect.poll(() => came.length, { timeout: 60_000 }).toBeGreaterThan(before)
  expect(new Set(came).size, 'none is sent again').toBe(came.length)
})
