import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { systemClock } from '../../../src/clock.ts'
import { FrameStore } from '../../../src/ocpp/frame-store.ts'
import { type OcppServer, openOcppServer } from '../../../src/ocpp/ocpp-server.ts'
import { openRoom } from '../../../src/open-room.ts'
import type { Room } from '../../../src/room.ts'
import { readSiteFile, type SiteFile } from '../../../src/site-file.ts'
import { openClient, pause, type Stage, soon } from '../../contracts/ocpp-stage.ts'
import { mutations } from '../serve/mutations.ts'
import { writeSite } from '../serve/serving-line.ts'
import { VALID_FRAMES } from './valid-frames.ts'

/** `npm run fuzz` sends 100,000. */
const FRAMES = Number(process.env['BERTH_FRAMES'] ?? 5_000)
const SEED = Number(process.env['BERTH_SEED']) || 11
const BAYS = 60
const CREW = 6
const BATCH = 50

vi.setConfig({ testTimeout: Math.max(120_000, FRAMES * 20) })

type Door = { readonly room: Room; readonly server: OcppServer; readonly logged: string[]; close(): Promise<void> }

/** The production door, desk, bays and journal of a site, without HTTP and cameras. */
async function opensDoor(file: SiteFile): Promise<Door> {
  const logged: string[] = []
  const room = await openRoom(file, systemClock, (line) => void logged.push(line), {})
  await room.start()
  const failed = (cause: unknown): void => void logged.push(`frames: ${String(cause)}`)
  const frames = new FrameStore({ path: `${file.store.path}.frames`, keys: room.keys, failed })
  const server = await openOcppServer({
    host: '127.0.0.1',
    port: 0,
    chargePoints: file.chargePoints.map(({ id }) => ({ id, evses: [1] })),
    clock: systemClock,
    desk: room.chargePointDesk,
    log: () => {},
    frames,
  })
  room.connect(server)
  let isOpen = true
  const close = async (): Promise<void> => {
    if (!isOpen) return
    isOpen = false
    await server.close()
    frames.close()
    await room.close()
  }
  onTestFinished(close)
  return { room, server, logged, close }
}

/** A charge point that is hostile, and answers berth's calls with rubbish. Resolves with null where it is kept out for now. */
async function comes(server: OcppServer, id: string, protocol: string, answers: readonly string[]) {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ocpp/${id}`, [protocol])
  const alive = new Map<string, (lives: boolean) => void>()
  let answered = 0
  socket.on('message', (data) => {
    const frame = JSON.parse(data.toString()) as unknown[]
    if (frame[0] === 3) alive.get(String(frame[1]))?.(true)
    const answer = answers[answered++ % answers.length] ?? ''
    if (frame[0] === 2) socket.send(answer.replace('"berth"', JSON.stringify(frame[1])))
  })
  socket.on('close', () => {
    for (const tell of alive.values()) tell(false)
  })
  socket.on('error', () => undefined)
  const isIn = await new Promise<boolean>((resolve) => {
    socket.once('open', () => resolve(true))
    socket.once('close', () => resolve(false))
  })
  if (!isIn) return null
  /** True once a heartbeat was answered, false where the socket was closed. */
  const lives = (name: string): Promise<boolean> =>
    new Promise((resolve) => {
      alive.set(name, resolve)
      if (socket.readyState !== socket.OPEN) return resolve(false)
      socket.send(JSON.stringify([2, name, 'Heartbeat', {}]))
    })
  return { socket, lives }
}

/** One of the crew: sends its share by ever other charge points of its own, and looks after each batch whether it is still answered. */
async function hostile({ server }: Door, member: number, texts: readonly string[]): Promise<number> {
  const answers = mutations(
    [
      [3, 'berth', { status: 'Accepted' }],
      [4, 'berth', 'InternalError', '', {}],
    ],
    200,
    SEED + member,
  )
  const ids = Array.from({ length: BAYS }, (_, i) => i + 1).filter((i) => i % CREW === member && i !== BAYS)
  let [batch, heartbeats] = [0, 0]
  for (let at = 0; at < texts.length; batch += 1) {
    const id = `CP-${ids[batch % ids.length]}`
    const one = await comes(server, id, ['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'][batch % 3] ?? '', answers)
    if (!one) {
      await pause(50)
      continue
    }
    for (let round = 0; round < 8 && at < texts.length; round += 1) {
      // Few at a time: a peer that is cut off for its rubbish leaves no more than these unheard.
      for (
        let end = at + BATCH;
        at < Math.min(end, texts.length) && one.socket.readyState === one.socket.OPEN;
        at += 1
      ) {
        one.socket.send(texts[at] ?? '')
        if (at % 10 === 9 && !(await one.lives(`alive-${at}`))) end = at
        else heartbeats += at % 10 === 9 ? 1 : 0
      }
      if (one.socket.readyState !== one.socket.OPEN) break
    }
    one.socket.terminate()
  }
  return heartbeats
}

test(`${FRAMES.toLocaleString('en')} mutated frames on the door: everybody is still answered, a neighbour charges undisturbed, and the journal rebuilds`, async () => {
  const file = await readSiteFile((await writeSite(BAYS)).path, {})
  const door = await opensDoor(file)
  await door.room.register.putToken('CARD-2', { accountId: 'acc-1' }, { name: 'op', role: 'operator' })
  const neighbour = openClient(
    { url: `ws://127.0.0.1:${door.server.port}/ocpp`, finish: onTestFinished } as unknown as Stage,
    { id: `CP-${BAYS}` },
  )
  await soon(() => neighbour.online)
  neighbour.plug(1)
  neighbour.tapCard(1, 'CARD-2')
  await soon(() => neighbour.connector(1).transactionId !== null)
  const texts = mutations(VALID_FRAMES, FRAMES, SEED)
  const share = Math.ceil(texts.length / CREW)
  const crew = Array.from({ length: CREW }, (_, i) => hostile(door, i, texts.slice(i * share, (i + 1) * share)))
  const heartbeats = (await Promise.all(crew)).reduce((a, b) => a + b, 0)
  const counters = door.server.counters()
  const { calls_in = 0, bad_messages = 0, sends_dropped = 0, connections } = counters
  const heard = calls_in - heartbeats + bad_messages + sends_dropped
  console.log(
    `${heard} frames heard as calls, as no messages or as such that want no answer; ${connections} connections, ${heartbeats} heartbeats`,
  )
  expect(heard).toBeGreaterThan(FRAMES * 0.6)
  expect(heartbeats).toBeGreaterThan(FRAMES / 20)
  expect(counters['calls_unanswered']).toBe(0)
  expect(door.room.desk.bay(`bay-${BAYS}`)).toMatchObject({ state: 'charging-locked', lock: { locked: true } })
  expect(neighbour.connector(1).transactionId).not.toBeNull()
  expect(door.logged.filter((line) => /could not take it in|were not kept/.test(line))).toEqual([])
  const states = door.room.desk.bays().map(({ bayId, version, state }) => [bayId, version, state])
  await door.close()
  const again = await openRoom(file, systemClock, () => {}, {})
  onTestFinished(() => again.close())
  expect(again.desk.bays().map(({ bayId, version, state }) => [bayId, version, state])).toEqual(states)
})
