import type { Scenario } from '../scenario.ts'
import { TWO_BAYS } from '../toy-scene.ts'

export const E12: Scenario = {
  name: 'e12-same-plate-twice',
  edgeCase: 'E12',
  title: 'same plate at two bays',
  given: null,
  when: 'Same plate at two bays / clone.',
  wanted:
    'second auto-start refused, both flagged; attribute mismatch (make/colour) is a reason for review, never for rejection.',
  stories: [
    {
      promise: 'the one that holds nothing yields to the newer sight; its token dies and only one start lives',
      site: TWO_BAYS,
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE', 'bay-1')
        const dead = scene.token()
        scene.gone()
        await scene.arrives('AB12CDE', 'bay-2')
        scene.sees('the payers', [scene.payer('bay-1'), scene.payer('bay-2')], [null, 'acc-1'])
        scene.matches('VisitEnded', scene.decided('VisitEnded', 'bay-1'), [{ exit: 'exit-inferred' }])
        scene.sees(
          'the answer to the charge point',
          (await scene.begins({ idToken: dead, connector: 'CP-1/1' })).status,
          'invalid',
        )
        scene.sees('the answer to the charge point', (await scene.begins({ connector: 'CP-2/1' })).status, 'accepted')
        scene.sees('the payer of bay-2', scene.payer('bay-2'), 'acc-1')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.suspended',
            payer: null,
            told: ['authorized (first)', 'free (exit-inferred)', 'charging (nobody pays)'],
            bills: [],
          },
          'bay-2': {
            state: 'charging-locked.suspended',
            payer: 'acc-1',
            told: ['authorized (first)', 'charging (plate)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1', 'start CP-2/1', 'stop CP-1'],
        alarms: ['bay-1/dead-token'],
        alarmsEver: ['bay-1/dead-token'],
      },
    },
    {
      promise: 'two cars with one plate, both read and neither plugged, do not take the plate from each other for ever',
      site: TWO_BAYS,
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE', 'bay-1')
        await scene.arrives('AB12CDE', 'bay-2')
        await scene.watch(60)
        scene.holds('at most two starts are sent', scene.orders('start') <= 2, scene.orders('start'))
        scene.holds('the alarm clone is open', scene.alarms().includes('clone'), scene.alarms())
        scene.sees(
          'the payers, counted',
          [scene.payer('bay-1'), scene.payer('bay-2')].filter((account) => account !== null).length,
          1,
        )
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.fallback',
            payer: null,
            told: ['authorized (first)', 'free (exit-inferred)', 'present-card (plate-elsewhere)'],
            bills: [],
          },
          'bay-2': { state: 'authorizing.awaiting-plug', payer: 'acc-1', told: ['authorized (first)'], bills: [] },
        },
        commands: ['start CP-1/1', 'start CP-2/1'],
        alarms: ['bay-1/clone', 'bay-2/clone'],
        alarmsEver: ['bay-1/clone', 'bay-2/clone'],
      },
    },
    {
      promise: 'once the plate was free again, a bay that lost it before may take it as any other',
      site: TWO_BAYS,
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        const moves = async (bayId: string, from?: string): Promise<void> => {
          if (from) scene.parked.delete(from)
          await scene.arrives('AB12CDE', bayId)
        }
        await moves('bay-1')
        await moves('bay-2', 'bay-1')
        await scene.leaves('bay-2')
        await moves('bay-2')
        await moves('bay-1', 'bay-2')
        scene.sees('the payers', [scene.payer('bay-1'), scene.payer('bay-2')], ['acc-1', null])
        scene.sees('the open alarms', scene.alarms(), [])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.awaiting-plug',
            payer: 'acc-1',
            told: ['authorized (first)', 'free (exit-inferred)', 'authorized (first)'],
            bills: [],
          },
          'bay-2': {
            state: 'vacant',
            payer: null,
            told: ['authorized (first)', 'free (exit-seen)', 'authorized (first)', 'free (exit-inferred)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1', 'start CP-2/1', 'start CP-2/1', 'start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a car that has just plugged in is not robbed of its start by the same plate read elsewhere',
      site: TWO_BAYS,
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE', 'bay-1')
        await scene.plugsIn('CP-1/1')
        const visit = scene.visit('bay-1')
        await scene.arrives('AB12CDE', 'bay-2')
        scene.sees('the visit of bay-1', scene.visit('bay-1'), visit)
        scene.sees('the answer to the charge point', (await scene.begins({ connector: 'CP-1/1' })).status, 'accepted')
        scene.sees('the payers', [scene.payer('bay-1'), scene.payer('bay-2')], ['acc-1', null])
        scene.sees('starts sent', scene.orders('start'), 1)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.suspended',
            payer: 'acc-1',
            told: ['authorized (first)', 'charging (plate)'],
            bills: [],
          },
          'bay-2': { state: 'authorizing.claiming', payer: null, told: [], bills: [] },
        },
        commands: ['start CP-1/1'],
        alarms: ['bay-1/clone', 'bay-2/clone'],
        alarmsEver: ['bay-1/clone', 'bay-2/clone'],
      },
    },
    {
      promise: 'the second, refused, may still charge with a card',
      site: TWO_BAYS,
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.registersCard('CARD2', 'acc-2')
        await scene.arrives('AB12CDE', 'bay-1')
        await scene.charges()
        await scene.arrives('AB12CDE', 'bay-2')
        await scene.watch(12)
        await scene.taps('CARD2', 'CP-2/1')
        await scene.charges({ connector: 'CP-2/1', idToken: 'CARD2' })
        scene.sees('the payers', [scene.payer('bay-1'), scene.payer('bay-2')], ['acc-1', 'acc-2'])
        scene.sees('starts sent', scene.orders('start'), 1)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.charging',
            payer: 'acc-1',
            told: ['authorized (first)', 'charging (plate)'],
            bills: [],
          },
          'bay-2': {
            state: 'charging-locked.charging',
            payer: 'acc-2',
            told: ['present-card (plate-elsewhere)', 'plug-in (card)', 'charging (card)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: ['bay-1/clone', 'bay-2/clone'],
        alarmsEver: ['bay-1/clone', 'bay-2/clone'],
      },
    },
    {
      promise: 'both bays are flagged, and neither any more once the second car has left',
      site: TWO_BAYS,
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE', 'bay-1')
        await scene.charges()
        await scene.arrives('AB12CDE', 'bay-2')
        await scene.watch(12)
        scene.sees('the open alarms', [...scene.site.alarms.keys()].sort(), ['bay-1/clone', 'bay-2/clone'])
        await scene.leaves('bay-2')
        scene.sees('the state of bay-2', scene.state('bay-2'), 'vacant')
        scene.sees('the open alarms', scene.alarms(), [])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.charging',
            payer: 'acc-1',
            told: ['authorized (first)', 'charging (plate)'],
            bills: [],
          },
          'bay-2': {
            state: 'vacant',
            payer: null,
            told: ['present-card (plate-elsewhere)', 'free (exit-seen)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: ['bay-1/clone', 'bay-2/clone'],
      },
    },
  ],
}
