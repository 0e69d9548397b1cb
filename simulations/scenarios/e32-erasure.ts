import { fold } from '../../machines/plate.ts'
import type { Scenario } from '../scenario.ts'
import type { Scene } from '../toy-scene.ts'

/** The driver asks to be forgotten; answers what is shown of the request. */
async function asks(scene: Scene, plate: string): Promise<string> {
  scene.does(`the driver of ${plate} asks to be forgotten`)
  const asked = scene.site.erasures.ask(String(scene.site.keys.findVehicle(fold(plate))), 'op')
  await scene.site.pass(10)
  const { status, waitsFor } = await asked
  return [status, ...waitsFor].join(' ')
}
const shown = (scene: Scene): readonly string[] => scene.site.erasures.all().map(({ status }) => status)

/** A person’s word on a bill, as the desk records it. */
async function decides(scene: Scene, type: string, sessionId: string, reason: string): Promise<void> {
  const cause = { type: type === 'SessionDisputed' ? 'session.disputed' : 'session.settled', by: 'op' }
  const written = scene.site.site.write([
    { stream: 'audit', cause, decisions: [{ type, sessionId, reason }], personal: {} },
  ])
  await scene.site.pass(10)
  await written
}

const decidedOnAudit = (scene: Scene, type: string): number =>
  scene.site.journal.records.flatMap(({ decisions }) => decisions).filter((one) => one.type === type).length

const facts = (scene: Scene, type: string): number =>
  scene.site.journal.records.filter((record) => record.cause.type === type).length

export const E32: Scenario = {
  name: 'e32-erasure',
  edgeCase: 'E32',
  title: 'erasure',
  given: null,
  when: 'Erasure request during a session or dispute.',
  wanted:
    'Key destruction is queued to the end of the legal hold, shown to the requester; afterwards replay still works with the plate unreadable.',
  stories: [
    {
      promise:
        'asked while a bill of the vehicle is disputed it waits, who asked is told why, and it is honoured once the dispute is settled',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE')
        const transactionId = await scene.charges()
        await scene.ends(transactionId, 1600)
        await scene.unplugs()
        await scene.leaves()
        const sessionId = String(scene.bills()[0]?.['sessionId'])
        scene.does(`somebody disputes ${sessionId}`)
        await decides(scene, 'SessionDisputed', sessionId, 'not my charge')
        scene.sees('shown to who asked', await asks(scene, 'AB12CDE'), 'queued')
        const [asked] = scene.site.erasures.all()
        scene.sees('held by', asked?.heldBy, [sessionId])
        scene.holds(
          'the reason is told',
          /disputed .* kept until it is settled/.test(String(asked?.because)),
          asked?.because,
        )
        await scene.passes(3600)
        scene.sees('the register still holds the vehicle', scene.site.register.vehicles.size, 1)
        scene.holds('its key is kept', scene.site.keys.findVehicle(fold('AB12CDE')) !== null)
        scene.sees('held on record', decidedOnAudit(scene, 'ErasureHeld'), 1)
        scene.does(`the dispute of ${sessionId} is settled`)
        await decides(scene, 'SessionSettled', sessionId, 'refunded')
        await scene.passes(1)
        scene.sees('honoured', shown(scene), ['done'])
        scene.sees('the key store knows the plate', scene.site.keys.findVehicle(fold('AB12CDE')), null)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: ['authorized (first)', 'charging (plate)', 'finished (take the cable out)', 'free (exit-seen)'],
            bills: [{ accountId: 'acc-1', energy_Wh: 600, exit: 'exit-seen' }],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a dispute opened while the request waits for the visit holds it too, through a restart of berth',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE')
        const transactionId = await scene.charges()
        await scene.ends(transactionId, 1600)
        await scene.unplugs()
        await scene.leaves()
        await scene.arrives('AB12CDE')
        scene.sees('shown to who asked', await asks(scene, 'AB12CDE'), 'queued bay-1')
        const sessionId = String(scene.bills()[0]?.['sessionId'])
        await decides(scene, 'SessionDisputed', sessionId, 'not my charge')
        await scene.leaves()
        scene.sees('still waits', shown(scene), ['queued'])
        scene.sees('held on record', decidedOnAudit(scene, 'ErasureHeld'), 1)
        await scene.crash()
        await scene.passes(1)
        scene.sees('still waits after the restart', shown(scene), ['queued'])
        await decides(scene, 'SessionSettled', sessionId, 'refunded')
        await scene.passes(1)
        scene.sees('honoured', shown(scene), ['done'])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: [
              'authorized (first)',
              'charging (plate)',
              'finished (take the cable out)',
              'free (exit-seen)',
              'authorized (first)',
              'free (exit-seen)',
            ],
            bills: [{ accountId: 'acc-1', energy_Wh: 600, exit: 'exit-seen' }],
          },
        },
        commands: ['start CP-1/1', 'start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise:
        'asked in the middle of a session it waits and is shown; the session is billed whole, and at the visit’s end it is honoured',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE')
        const transactionId = await scene.charges()
        scene.sees('shown to who asked', await asks(scene, 'AB12CDE'), 'queued bay-1')
        scene.sees('the payer', scene.payer(), 'acc-1')
        await scene.ends(transactionId, 1600)
        await scene.unplugs()
        scene.sees('still waits', shown(scene), ['queued'])
        await scene.leaves()
        scene.sees('honoured', shown(scene), ['done'])
        scene.sees('removed from the register', facts(scene, 'vehicle.removed'), 1)
        scene.sees('honoured on record', facts(scene, 'erasure.done'), 1)
        scene.sees('the key store knows the plate', scene.site.keys.findVehicle(fold('AB12CDE')), null)
        scene.sees('vehicles in the register', scene.site.register.vehicles.size, 0)
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
        alarmsEver: [],
      },
    },
    {
      promise:
        'asked while nobody of that plate is here it is honoured at once; the next visit of the same plate is a stranger’s',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        scene.sees('shown to who asked', await asks(scene, 'AB12CDE'), 'due')
        await scene.passes(1)
        scene.sees('honoured', shown(scene), ['done'])
        await scene.arrives('AB12CDE')
        scene.sees('the payer', scene.payer(), null)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.denied',
            payer: null,
            told: ['present-card (unknown)'],
            bills: [],
          },
        },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a process that dies between the end of the visit and the erasure carries it out after its start',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE')
        scene.sees('shown to who asked', await asks(scene, 'AB12CDE'), 'queued bay-1')
        await scene.watch(3)
        scene.gone()
        const { keys, journal } = scene.site
        const { destroy } = keys
        keys.destroy = (subject) => {
          journal.dead = true
          keys.destroy = destroy
          return destroy(subject)
        }
        await scene.watch(40)
        await scene.crash()
        scene.sees('after the start', shown(scene), ['due'])
        scene.site.erasures.resume().catch(() => {})
        await scene.passes(1)
        scene.sees('honoured', shown(scene), ['done'])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: ['authorized (first)', 'free (exit-seen)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
  ],
}
