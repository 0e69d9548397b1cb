import type { Scenario } from '../scenario.ts'
import { linked, linkOf, type SentCall, type ToySocket } from '../toy-link.ts'
import { ONE_BAY, type Scene } from '../toy-scene.ts'

const LINKED = { ...ONE_BAY, chargePoints: linked }
const FREE = { connectorId: 1, errorCode: 'NoError', status: 'Available' }

/** A charge point dials, boots and says that its connector is free; what berth asks then is answered. */
async function comesUp(scene: Scene, socket: ToySocket): Promise<void> {
  scene.does('CP-1 boots on its newest socket')
  await socket.says('BootNotification', { chargePointVendor: 'Toy', chargePointModel: 'T1' })
  await socket.says('StatusNotification', FREE)
  await scene.site.pass(500)
  await answersQuestions(socket)
}

/** Answers all that berth asked but starts and stops. */
async function answersQuestions(socket: ToySocket): Promise<void> {
  for (let at = 0; at < socket.sent.length; at += 1) {
    const call = socket.sent[at] as SentCall
    if (!call.action.startsWith('Remote')) await call.answer({ status: 'Accepted', configurationKey: [] })
  }
}

const starts = (socket: ToySocket): readonly SentCall[] =>
  socket.sent.filter(({ action }) => action === 'RemoteStartTransaction')
const heard = (scene: Scene, type: string): number =>
  scene.site.journal.records.filter((record) => record.cause.type === type).length
const isOnline = (scene: Scene): boolean => scene.site.bay('bay-1')?.connectors['CP-1/1']?.link === 'online'

export const E30: Scenario = {
  name: 'e30-two-sockets',
  edgeCase: 'E30',
  title: 'two sockets of one charger',
  given: null,
  when: null,
  wanted: 'Newest wins; commands are bound to the connection epoch; close of the old socket must not clear the new.',
  stories: [
    {
      promise:
        'the newest socket wins: the old one is closed, its end leaves the bay online, and what it still says is not heard',
      site: LINKED,
      async play(scene) {
        const link = linkOf(scene.site)
        const old = await link.dial()
        await comesUp(scene, old)
        const young = await link.dial()
        scene.sees('the old socket is closed with', old.closedBy(), 4001)
        await comesUp(scene, young)
        const statuses = heard(scene, 'connector.status')
        const said = await old.says('StatusNotification', { ...FREE, status: 'Faulted', errorCode: 'GroundFailure' })
        scene.sees('the answer to the old socket', said.kind, 'none')
        await old.breaks()
        scene.sees('news of connectors since', heard(scene, 'connector.status') - statuses, 0)
        scene.sees('times that the bay heard it go offline', heard(scene, 'charger.offline'), 0)
        scene.sees('the charge point is online', [link.online(), isOnline(scene)], [true, true])
        await young.breaks()
        scene.sees('the charge point is online', [link.online(), isOnline(scene)], [false, false])
      },
      outcome: {
        bays: { 'bay-1': { state: 'vacant', payer: null, told: [], bills: [] } },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise:
        'a start under way on the old socket has an unknown outcome and is not sent again on the new one; if the charge point took it, its transaction is the visit’s',
      site: LINKED,
      async play(scene) {
        const link = linkOf(scene.site)
        const old = await link.dial()
        await comesUp(scene, old)
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE')
        const token = starts(old)[0]?.payload['idTag']
        scene.sees('starts on the old socket', starts(old).length, 1)
        const young = await link.dial()
        await comesUp(scene, young)
        scene.sees('starts without an answer', heard(scene, 'start.unanswered'), 1)
        await starts(old)[0]?.answer({ status: 'Accepted' })
        await old.breaks()
        scene.sees('late answers that count', heard(scene, 'start.accepted'), 0)
        await scene.watch(20)
        scene.sees('starts on the new socket', starts(young).length, 0)
        await young.says('StatusNotification', { ...FREE, status: 'Preparing' })
        const timestamp = new Date(scene.site.clock.now()).toISOString()
        const began = await young.says('StartTransaction', {
          connectorId: 1,
          idTag: token,
          meterStart: 1000,
          timestamp,
        })
        scene.matches('the answer to the transaction', began, { payload: { idTagInfo: { status: 'Accepted' } } })
        scene.sees('the payer', scene.payer(), 'acc-1')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.suspended',
            payer: 'acc-1',
            told: ['authorized (first)', 'charging (plate)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a start that waits for the charge point’s first words leaves on the newest socket only, once',
      site: LINKED,
      async play(scene) {
        const link = linkOf(scene.site)
        const old = await link.dial()
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE')
        scene.sees('starts on a socket that said nothing yet', starts(old).length, 0)
        const young = await link.dial()
        await old.breaks()
        await comesUp(scene, young)
        await starts(young)[0]?.answer({ status: 'Accepted' })
        await scene.watch(5)
        scene.sees('starts on each socket', [starts(old).length, starts(young).length], [0, 1])
      },
      outcome: {
        bays: {
          'bay-1': { state: 'authorizing.awaiting-plug', payer: 'acc-1', told: ['authorized (first)'], bills: [] },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise:
        'two modems of one charge point that push each other out again and again leave one connection and one start',
      site: LINKED,
      async play(scene) {
        const link = linkOf(scene.site)
        const sockets: ToySocket[] = []
        for (let time = 0; time < 20; time += 1) {
          sockets.push(await link.dial())
          await sockets.at(-1)?.says('Heartbeat', {})
          await sockets.at(-2)?.breaks()
          await scene.site.pass(400)
        }
        const newest = sockets.at(-1) as ToySocket
        await answersQuestions(newest)
        scene.sees('sockets that berth left open', sockets.filter((one) => one.closedBy() === null).length, 1)
        scene.sees('the charge point is online', [link.online(), isOnline(scene)], [true, true])
        scene.sees('times that the bay heard it go offline', heard(scene, 'charger.offline'), 0)
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE')
        await starts(newest)[0]?.answer({ status: 'Accepted' })
        scene.sees('starts over all sockets', sockets.flatMap(starts).length, 1)
      },
      outcome: {
        bays: {
          'bay-1': { state: 'authorizing.awaiting-plug', payer: 'acc-1', told: ['authorized (first)'], bills: [] },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
  ],
}
