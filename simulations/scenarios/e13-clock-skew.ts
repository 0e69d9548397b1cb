import type { ClockWatch } from '../../actors/clock-watch.ts'
import { viewOf } from '../../projections/view-of-bay.ts'
import type { Scenario, Story } from '../scenario.ts'
import { watchClocks } from '../toy-clocks.ts'
import { linked, linkOf, type ToySocket } from '../toy-link.ts'
import { ONE_BAY, type Scene } from '../toy-scene.ts'

const SECOND_ms = 1_000
const HOUR_ms = 3_600_000
const SKEW = 'site/clock-skew/cam-1'

/** The camera takes a picture a second, and its clock is so far off (positive = ahead). */
async function takes(scene: Scene, pictures: number, off_ms: number): Promise<void> {
  scene.does(`cam-1 watches for ${pictures} s, its clock ${off_ms / SECOND_ms} s off`)
  for (let second = 0; second < pictures; second += 1) {
    await scene.site.camera('cam-1', {
      plates: [...scene.parked].flatMap(([bayId, plate]) => (plate === null ? [] : [{ bayId, plate }])),
      occupied: [...scene.parked.keys()],
      capturedAt: scene.site.clock.now() + off_ms,
    })
    await scene.site.pass(SECOND_ms)
  }
}

/** What people see of the bay, as the API shows it. */
function shownBay(scene: Scene, clocks: ClockWatch) {
  const host = scene.site.site.hosts.get('bay-1')
  if (!host) throw new TypeError('there is no bay-1')
  const { bay, timers } = host
  const parts = { state: 'vacant', detail: 'vacant', standing: null, alarms: [], timers }
  return viewOf({ ...parts, bay, skew_s: clocks.skew_s })
}

const openAlarm = (scene: Scene): string => String(scene.site.alarms.get(SKEW)?.['says'] ?? 'none')

const off = (hours: number): Story => ({
  promise: `a camera whose clock is ${hours} hours off starts nothing until its offset is learnt, and works then; the offset is shown and alarmed; device times stay as evidence`,
  async play(scene) {
    const clocks = watchClocks(scene.site)
    await scene.registers('AB12CDE', 'acc-1')
    scene.stands('AB12CDE')
    await takes(scene, 4, hours * HOUR_ms)
    scene.sees('starts sent before the offset is learnt', scene.orders('start'), 0)
    scene.sees('the camera’s skew as shown', shownBay(scene, clocks).cameras[0]?.skew_s, null)
    await takes(scene, 20, hours * HOUR_ms)
    const { records } = scene.site.journal
    scene.sees('the camera’s skew as shown, s', shownBay(scene, clocks).cameras[0]?.skew_s, -hours * 3600)
    scene.holds(
      'the alarm says that it looks like a time zone',
      openAlarm(scene).includes('time zone'),
      openAlarm(scene),
    )
    const agreed = records.find((record) => record.cause.type === 'plate.agreed')
    const apart_ms = Date.parse(String(agreed?.cause.happenedAt)) - Date.parse(String(agreed?.at))
    scene.holds(
      `the device's time stands in the record, ${hours} hours off`,
      Math.abs(apart_ms - hours * HOUR_ms) < 5000,
      apart_ms,
    )
    const order = records.map((record) => Date.parse(record.at))
    scene.sees('records in the order of their arrival', [...order].sort((a, b) => a - b).join() === order.join(), true)
    scene.sees('facts about clocks', factsOf(scene), 1)
  },
  outcome: {
    bays: { 'bay-1': { state: 'authorizing.awaiting-plug', payer: 'acc-1', told: ['authorized (first)'], bills: [] } },
    commands: ['start CP-1/1'],
    alarms: [SKEW],
    alarmsEver: [SKEW],
  },
})

const factsOf = (scene: Scene): number =>
  scene.site.journal.records.filter((record) => record.cause.type === 'clock.learnt').length

const setRight: Story = {
  promise:
    'summer time begins on the camera in mid-session: the bay stays locked to its payer, no read is dropped, the alarm comes, and goes when the clock is set right',
  async play(scene) {
    const clocks = watchClocks(scene.site)
    await scene.registers('AB12CDE', 'acc-1')
    scene.stands('AB12CDE')
    await takes(scene, 15, 0)
    const transactionId = await scene.charges()
    const visit = scene.visit()
    scene.sees('alarms', scene.alarms(), [])
    const before = scene.site.feed.counters()['read'] ?? 0
    await takes(scene, 80, HOUR_ms)
    scene.sees('alarms', scene.alarms(), ['clock-skew'])
    scene.sees('the camera’s skew as shown, s', shownBay(scene, clocks).cameras[0]?.skew_s, -3600)
    scene.sees('reads taken in since the jump', (scene.site.feed.counters()['read'] ?? 0) - before, 80)
    scene.sees('the visit', scene.visit(), visit)
    scene.sees('locked', scene.locked(), true)
    await scene.draws(6, 1300, { transactionId })
    await takes(scene, 60, 0)
    await scene.ends(transactionId, 1600)
    await scene.unplugs()
    scene.gone()
    await takes(scene, 640, 0)
    scene.sees('the camera’s skew as shown, s', shownBay(scene, clocks).cameras[0]?.skew_s, 0)
  },
  outcome: {
    bays: {
      'bay-1': {
        state: 'vacant',
        payer: null,
        told: ['authorized (first)', 'charging (plate)', 'finished (please leave)', 'free (exit-seen)'],
        bills: [{ accountId: 'acc-1', energy_Wh: 600, exit: 'exit-seen' }],
      },
    },
    commands: ['start CP-1/1'],
    alarms: [],
    alarmsEver: [SKEW],
  },
}

const within: Story = {
  promise: 'a camera 40 s off works, is shown, and is no alarm while the limit is 60 s',
  async play(scene) {
    const clocks = watchClocks(scene.site)
    await scene.registers('AB12CDE', 'acc-1')
    scene.stands('AB12CDE')
    await takes(scene, 20, 40 * SECOND_ms)
    scene.sees('the camera’s skew as shown, s', shownBay(scene, clocks).cameras[0]?.skew_s, -40)
  },
  outcome: {
    bays: { 'bay-1': { state: 'authorizing.awaiting-plug', payer: 'acc-1', told: ['authorized (first)'], bills: [] } },
    commands: ['start CP-1/1'],
    alarms: [],
    alarmsEver: [],
  },
}

const stricter: Story = {
  ...within,
  promise: 'the limit is the site’s own: 40 s off is an alarm where it is 30 s',
  site: { ...ONE_BAY, policy: { clockSkew_s: 30 } },
  async play(scene) {
    await within.play(scene)
    scene.gone()
    await takes(scene, 640, 40 * SECOND_ms)
  },
  outcome: {
    bays: {
      'bay-1': { state: 'vacant', payer: null, told: ['authorized (first)', 'free (exit-seen)'], bills: [] },
    },
    commands: ['start CP-1/1'],
    alarms: [SKEW],
    alarmsEver: [SKEW],
  },
}

/** A status with the charge point's own time, an hour behind. */
const saysLate = (scene: Scene, socket: ToySocket, status: string) =>
  socket.says('StatusNotification', {
    connectorId: 1,
    errorCode: 'NoError',
    status,
    timestamp: new Date(scene.site.clock.now() - HOUR_ms).toISOString(),
  })

const chargePoint: Story = {
  promise: 'a charge point an hour behind charges like any other; its clock is shown and alarmed',
  site: { ...ONE_BAY, chargePoints: linked },
  async play(scene) {
    const link = linkOf(scene.site)
    const clocks = watchClocks(scene.site, () => [
      { kind: 'charge-point', device: 'CP-1', offset_ms: link.behind_ms() },
    ])
    const socket = await link.dial()
    for (let minute = 0; minute < 3; minute += 1) {
      await saysLate(scene, socket, 'Available')
      await scene.passes(10)
    }
    scene.sees('the charge point’s skew as shown, s', shownBay(scene, clocks).chargers[0]?.skew_s, 3600)
    await scene.registersCard('CARD1', 'acc-card')
    await socket.says('Authorize', { idTag: 'CARD1' })
    await saysLate(scene, socket, 'Preparing')
    const timestamp = new Date(scene.site.clock.now() - HOUR_ms).toISOString()
    await socket.says('StartTransaction', { connectorId: 1, idTag: 'CARD1', meterStart: 1000, timestamp })
    await socket.says('MeterValues', {
      connectorId: 1,
      meterValue: [{ timestamp, sampledValue: [{ value: '6.1', measurand: 'Current.Import', unit: 'A' }] }],
    })
    scene.sees('the current as shown, A', shownBay(scene, clocks).chargers[0]?.current_A, 6.1)
    scene.sees('locked', scene.locked(), true)
  },
  outcome: {
    bays: {
      'bay-1': { state: 'charging-locked.charging', payer: 'acc-card', told: ['charging (card)'], bills: [] },
    },
    commands: [],
    alarms: ['site/clock-skew/CP-1'],
    alarmsEver: ['site/clock-skew/CP-1'],
  },
}

export const E13: Scenario = {
  name: 'e13-clock-skew',
  edgeCase: 'E13',
  title: 'clock skew',
  given: 'a camera 3 h off',
  when: null,
  wanted:
    'ordering by receive time, skew estimated and shown, device time kept as evidence; alarm over a set limit; never drop a read for skew alone.',
  stories: [off(-3), off(3), setRight, within, stricter, chargePoint],
}
