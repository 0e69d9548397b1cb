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
