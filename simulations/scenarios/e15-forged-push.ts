import type { Scenario, Story } from '../scenario.ts'
import { openIntake, type ToyIntake, type ToyPush } from '../toy-intake.ts'
import { ONE_BAY, type Scene } from '../toy-scene.ts'

const OWN: Pick<ToyPush, 'token' | 'address' | 'deviceId'> = {
  token: 'secret-1',
  address: '192.0.2.7',
  deviceId: 'DS-7',
}
const PICTURE = { plates: [{ bayId: 'bay-1', plate: 'AB12CDE' }], occupied: ['bay-1'] }

function opens(scene: Scene): ToyIntake {
  return openIntake(scene.site, [{ cameraId: 'cam-1', token: 'secret-1', from: ['192.0.2.0/29'], deviceId: 'DS-7' }])
}

/** Somebody pushes a listed plate once a second; answers the answers, each once. */
async function forges(scene: Scene, intake: ToyIntake, pushes: number, push: Partial<ToyPush>): Promise<string[]> {
  scene.does(`somebody pushes ${pushes} pictures of a listed plate as ${JSON.stringify(push)}`)
  const answers = new Set<string>()
  for (let count = 0; count < pushes; count += 1) {
    answers.add(await intake.push({ ...OWN, ...PICTURE, ...push }))
    await scene.site.pass(1000)
  }
  return [...answers]
}

/** Facts about what was quarantined. */
const facts = (scene: Scene) => scene.site.journal.records.filter((record) => record.cause.type === 'push.quarantined')
const NOTHING = { bays: { 'bay-1': { state: 'vacant', payer: null, told: [], bills: [] } }, commands: [] }

const forged = (what: string, push: Partial<ToyPush>, reason: string, alarmId: string): Story => ({
  promise: `${what}: every push is quarantined and counted, none reaches a bay, and an alarm says so`,
  async play(scene) {
    const intake = opens(scene)
    await scene.registers('AB12CDE', 'acc-1')
    const before = scene.site.journal.records.length
    scene.sees('the answers', await forges(scene, intake, 200, push), [reason])
    const since = scene.site.journal.records.slice(before).filter((record) => record.bayId !== null)
    scene.sees(
      'what the bay heard since: its own camera is silent',
      since.map((record) => record.cause.type),
      ['camera.lost'],
    )
    scene.sees('messages that reached the feed', scene.site.feed.counters()['message'] ?? 0, 0)
    const counts = Object.values(intake.guard.counts())
    scene.sees(
      'pushes counted',
      counts.reduce((sum, count) => sum + count, 0),
      200,
    )
    scene.holds('the records are few', facts(scene).length <= 3, facts(scene).length)
    const sealed = facts(scene).every(({ cause }) => !JSON.stringify(cause).includes(push.address ?? OWN.address))
    scene.holds('no address lies open in a record', sealed)
  },
  outcome: { ...NOTHING, alarms: [alarmId], alarmsEver: [alarmId] },
})

const besideOwn: Story = {
  promise:
    'the camera’s own pushes go on through an attack, and charge whom they should; the alarm ends ten minutes after it',
  async play(scene) {
    const intake = opens(scene)
    await scene.registers('AB12CDE', 'acc-1')
    await scene.registers('XY99ZZT', 'acc-thief')
    await forges(scene, intake, 5, { address: '203.0.113.9', plates: [{ bayId: 'bay-1', plate: 'XY99ZZT' }] })
    scene.sees('the answer to the camera', await intake.push({ ...OWN, ...PICTURE }), 'taken')
    await forges(scene, intake, 5, { token: 'guess', plates: [{ bayId: 'bay-1', plate: 'XY99ZZT' }] })
    scene.sees('the answer to the camera', await intake.push({ ...OWN, ...PICTURE }), 'taken')
    await intake.push({ ...OWN, ...PICTURE })
    await scene.passes(1)
    scene.sees('the payer', scene.payer(), 'acc-1')
    scene.sees('alarms', scene.alarms(), ['forged-push'])
    await scene.charges()
    for (let second = 0; second < 700; second += 10) {
      await intake.push({ ...OWN, ...PICTURE })
      await scene.draws(6, 1200 + second)
      await scene.site.pass(10_000)
    }
    scene.sees('alarms', scene.alarms(), [])
  },
  outcome: {
    bays: {
      'bay-1': {
        state: 'charging-locked.charging',
        payer: 'acc-1',
        told: ['authorized (first)', 'charging (plate)'],
        bills: [],
      },
    },
    commands: ['start CP-1/1'],
    alarms: [],
    alarmsEver: ['site/forged-push/cam-1/address', 'site/forged-push/unknown-token'],
  },
}

export const E15: Scenario = {
  name: 'e15-forged-push',
  edgeCase: 'E15',
  title: 'forged push',
  given: null,
  when: 'source address, path token or camera id do not match',
  wanted: 'quarantined and counted; no effect on any bay.',
  stories: [
    forged('another source address', { address: '203.0.113.9' }, 'address', 'site/forged-push/cam-1/address'),
    forged('a guessed path token', { token: 'guess' }, 'unknown-token', 'site/forged-push/unknown-token'),
    forged('another device’s id', { deviceId: 'DS-8' }, 'device', 'site/forged-push/cam-1/device'),
    besideOwn,
  ].map((story) => ({ ...story, site: ONE_BAY })),
}
