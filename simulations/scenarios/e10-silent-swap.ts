import type { Scenario } from '../scenario.ts'
import { type Scene, TWO_BAYS } from '../toy-scene.ts'

/** A has charged, unplugged and stands there still. */
async function ended(scene: Scene): Promise<void> {
  await scene.registers('AB12CDE', 'acc-a')
  await scene.registers('XY99ZZT', 'acc-b')
  await scene.arrives('AB12CDE')
  const transactionId = await scene.charges()
  await scene.ends(transactionId, 1600)
  await scene.unplugs()
  scene.sees('the state', scene.state(), 'exiting.still-here')
}

export const E10: Scenario = {
  name: 'e10-silent-swap',
  edgeCase: 'E10',
  title: 'silent swap',
  given: 'A left unseen and B parked',
  when: 'an unplug/plug or a full consensus for B arrives',
  wanted: 'A closes at its last evidence with exit-inferred, B is a new visit; two short stays are never one long one.',
  stories: [
    {
      promise:
        'B is agreed on where A was not seen to leave: A closes as inferred, B is a new visit and pays for itself',
      async play(scene) {
        await ended(scene)
        await scene.watch(30)
        scene.stands(null)
        await scene.watch(9)
        await scene.arrives('XY99ZZT')
        scene.matches('A’s visit ended', scene.decided('VisitEnded'), [{ exit: 'exit-inferred', accountId: 'acc-a' }])
        scene.sees('the payer', scene.payer(), 'acc-b')
        const transactionId = await scene.charges({ register_Wh: 1600 })
        await scene.ends(transactionId, 1900)
        await scene.unplugs()
        await scene.leaves()
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
              'free (exit-inferred)',
              'authorized (first)',
              'charging (plate)',
              'finished (take the cable out)',
              'free (exit-seen)',
            ],
            bills: [
              { accountId: 'acc-a', energy_Wh: 600, exit: 'exit-inferred' },
              { accountId: 'acc-b', energy_Wh: 300, exit: 'exit-seen' },
            ],
          },
        },
        commands: ['start CP-1/1', 'start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a plug-in after the cable was out is a new visit; what was read before it identifies nobody',
      async play(scene) {
        await ended(scene)
        const visit = scene.visit()
        await scene.watch(3)
        scene.stands(null)
        await scene.plugsIn()
        scene.holds('the plug-in opens a new visit', scene.visit() !== visit)
        scene.matches('A’s visit ended', scene.decided('VisitEnded'), [{ exit: 'exit-inferred', accountId: 'acc-a' }])
        await scene.watch(12)
        scene.sees('the payer', scene.payer(), null)
        scene.sees('starts sent', scene.orders('start'), 1)
        await scene.arrives('XY99ZZT')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.awaiting-plug',
            payer: 'acc-b',
            told: [
              'authorized (first)',
              'charging (plate)',
              'finished (take the cable out)',
              'free (exit-inferred)',
              'present-card (no-plate)',
              'authorized (first)',
            ],
            bills: [{ accountId: 'acc-a', energy_Wh: 600, exit: 'exit-inferred' }],
          },
        },
        commands: ['start CP-1/1', 'start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'an agreement that rests on reads from before the plug-in identifies nobody, however late it is told',
      async play(scene) {
        await ended(scene)
        const before = scene.site.clock.now() - 5000
        scene.stands(null)
        await scene.watch(5)
        await scene.plugsIn()
        const leader = scene.site.keys.vehicle('XY99ZZT')
        scene.does('cam-1 tells late of an agreement on XY99ZZT from before the plug-in')
        await scene.site.tells('bay-1', {
          type: 'plate.agreed',
          id: 'late',
          source: 'cam-1',
          cameraId: 'cam-1',
          trackId: 't',
          leader,
          tally: [{ handle: leader, witnesses: 3, share: 1, plausible: true, chance: null }],
          clear: true,
          fresh: true,
          thinned: 0,
          windowFrom: before,
        })
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'detecting.collecting',
            payer: null,
            told: ['authorized (first)', 'charging (plate)', 'finished (take the cable out)', 'free (exit-inferred)'],
            bills: [{ accountId: 'acc-a', energy_Wh: 600, exit: 'exit-inferred' }],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'while A’s transaction is open B takes nothing over, however clearly it is read',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-a')
        await scene.registers('XY99ZZT', 'acc-b')
        await scene.arrives('AB12CDE')
        await scene.charges()
        const visit = scene.visit()
        scene.stands('XY99ZZT')
        await scene.watch(40)
        scene.sees('the visit', scene.visit(), visit)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.contradicted',
            payer: 'acc-a',
            told: ['authorized (first)', 'charging (plate)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: ['bay-1/other-plate'],
        alarmsEver: ['bay-1/other-plate'],
      },
    },
    {
      promise:
        'a car moves from bay 1 to bay 2 before it plugs in: its visit moves with it, and only the newer start lives',
      site: TWO_BAYS,
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-a')
        await scene.arrives('AB12CDE', 'bay-1')
        const dead = scene.token()
        scene.gone('bay-1')
        await scene.watch(5)
        await scene.arrives('AB12CDE', 'bay-2')
        scene.sees('the payers', [scene.payer('bay-1'), scene.payer('bay-2')], [null, 'acc-a'])
        const transactionId = await scene.charges({ connector: 'CP-2/1' })
        const late = await scene.begins({ idToken: dead, connector: 'CP-1/1' })
        scene.sees('the answer to the start of bay 1', late.status, 'invalid')
        await scene.ends(late.transactionId, 1000)
        await scene.unplugs('CP-1/1')
        await scene.ends(transactionId, 1600, { chargePointId: 'CP-2' })
        await scene.unplugs('CP-2/1')
        await scene.leaves('bay-2')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: [
              'authorized (first)',
              'free (exit-inferred)',
              'charging (nobody pays)',
              'finished (please leave)',
              'free (exit-seen)',
            ],
            bills: [{ accountId: null, energy_Wh: 0, exit: 'exit-seen', disputed: 'dead token' }],
          },
          'bay-2': {
            state: 'vacant',
            payer: null,
            told: ['authorized (first)', 'charging (plate)', 'finished (take the cable out)', 'free (exit-seen)'],
            bills: [{ accountId: 'acc-a', energy_Wh: 600, exit: 'exit-seen' }],
          },
        },
        commands: ['start CP-1/1', 'start CP-2/1', 'stop CP-1'],
        alarms: [],
        alarmsEver: ['bay-1/dead-token'],
      },
    },
    {
      promise: 'two cars that swap bays before they plug in each charge, and pay, where they stand',
      site: TWO_BAYS,
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-a')
        await scene.registers('XY99ZZT', 'acc-b')
        await scene.arrives('AB12CDE', 'bay-1')
        await scene.arrives('XY99ZZT', 'bay-2')
        scene.gone('bay-1')
        scene.gone('bay-2')
        await scene.watch(8)
        scene.stands('XY99ZZT', 'bay-1')
        scene.stands('AB12CDE', 'bay-2')
        await scene.watch(20)
        scene.sees('the payers', [scene.payer('bay-1'), scene.payer('bay-2')], ['acc-b', 'acc-a'])
        const tokens = scene.site.starts().slice(-2)
        const of = (chargePointId: string) => String(tokens.find((one) => one.chargePointId === chargePointId)?.idToken)
        const b = await scene.charges({ connector: 'CP-1/1', idToken: of('CP-1') })
        const a = await scene.charges({ connector: 'CP-2/1', idToken: of('CP-2') })
        await scene.ends(b, 1600)
        await scene.unplugs('CP-1/1')
        await scene.ends(a, 1900, { chargePointId: 'CP-2' })
        await scene.unplugs('CP-2/1')
        await scene.leaves('bay-1')
        await scene.leaves('bay-2')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: [
              'authorized (first)',
              'free (exit-inferred)',
              'authorized (first)',
              'charging (plate)',
              'finished (take the cable out)',
              'free (exit-seen)',
            ],
            bills: [{ accountId: 'acc-b', energy_Wh: 600, exit: 'exit-seen' }],
          },
          'bay-2': {
            state: 'vacant',
            payer: null,
            told: [
              'authorized (first)',
              'free (exit-inferred)',
              'authorized (first)',
              'charging (plate)',
              'finished (take the cable out)',
              'free (exit-seen)',
            ],
            bills: [{ accountId: 'acc-a', energy_Wh: 900, exit: 'exit-seen' }],
          },
        },
        commands: ['start CP-1/1', 'start CP-2/1', 'start CP-1/1', 'start CP-2/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
  ],
}
