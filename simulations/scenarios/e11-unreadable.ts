import { ReadWatch } from '../../actors/read-watch.ts'
import type { Scenario } from '../scenario.ts'

export const E11: Scenario = {
  name: 'e11-unreadable',
  edgeCase: 'E11',
  title: 'unreadable or no plate',
  given: null,
  when: 'Unreadable or no plate.',
  wanted: 'anonymous visit, occupancy still counted, driver prompted to RFID/QR at once; read-rate per camera alarmed',
  stories: [
    {
      promise: 'an anonymous visit, counted as occupied; the driver is asked for a card, and the card charges',
      async play(scene) {
        await scene.registersCard('CARD1', 'acc-card')
        await scene.arrives(null)
        scene.sees('the state', scene.state(), 'detecting.collecting')
        await scene.watch(9)
        scene.sees('the state', scene.state(), 'authorizing.fallback')
        scene.sees('what the driver was told', scene.told(), ['present-card (no-plate)'])
        scene.sees('starts sent', scene.orders('start'), 0)
        scene.sees('the answer to the charge point', (await scene.taps('CARD1')).status, 'accepted')
        scene.sees('the payer', scene.payer(), 'acc-card')
        const transactionId = await scene.charges({ idToken: 'CARD1' })
        scene.sees('starts sent', scene.orders('start'), 0)
        scene.matches('BayLocked', scene.decided('BayLocked'), [{ accountId: 'acc-card' }])
        await scene.ends(transactionId, 1800)
        await scene.unplugs()
        await scene.leaves()
        scene.matches('the bills', scene.bills(), [{ accountId: 'acc-card', energy_Wh: 800, identifiedBy: 'card' }])
        scene.sees('the state', scene.state(), 'vacant')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: [
              'present-card (no-plate)',
              'plug-in (card)',
              'charging (card)',
              'finished (take the cable out)',
              'free (exit-seen)',
            ],
            bills: [{ accountId: 'acc-card', energy_Wh: 800, exit: 'exit-seen' }],
          },
        },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'an unknown card starts nothing, and energy drawn on it is billed to nobody',
      async play(scene) {
        await scene.arrives(null)
        await scene.watch(9)
        scene.sees('the answer to the charge point', (await scene.taps('STRANGER')).status, 'invalid')
        await scene.plugsIn()
        const { status, transactionId } = await scene.begins({ idToken: 'STRANGER' })
        scene.sees('the answer to the charge point', status, 'invalid')
        scene.sees('locked', scene.locked(), true)
        scene.sees('stops sent', scene.orders('stop'), 1)
        await scene.ends(transactionId, 1700)
        await scene.unplugs()
        await scene.leaves()
        scene.matches('the bills', scene.bills(), [{ accountId: null }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: ['present-card (no-plate)', 'charging (nobody pays)', 'present-card (no-plate)', 'free (exit-seen)'],
            bills: [{ accountId: null, energy_Wh: 700, exit: 'exit-seen', disputed: 'dead token' }],
          },
        },
        commands: ['stop CP-1'],
        alarms: [],
        alarmsEver: ['bay-1/dead-token'],
      },
    },
    {
      promise: 'a car that only parks is let go of when it is seen to leave',
      async play(scene) {
        await scene.arrives(null)
        await scene.watch(60)
        await scene.leaves()
        scene.sees('the state', scene.state(), 'vacant')
        scene.matches('VisitEnded', scene.decided('VisitEnded'), [{ exit: 'exit-seen', accountId: null }])
        scene.sees('the bills', scene.bills(), [])
      },
      outcome: {
        bays: {
          'bay-1': { state: 'vacant', payer: null, told: ['present-card (no-plate)', 'free (exit-seen)'], bills: [] },
        },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise:
        'a camera that reads fewer than half of its vehicles is alarmed with its figures, and calm again when it reads',
      async play(scene) {
        const watch = new ReadWatch({ scribe: () => scene.site.site, failed: () => {} })
        let heard = 0
        const told: string[] = []
        const hear = async (): Promise<void> => {
          for (const record of scene.site.journal.records.slice(heard)) {
            watch.hear(record, true)
            for (const { type, says } of record.effects)
              if (record.stream === 'site' && type.endsWith('.alarm')) told.push(String(says ?? 'calm'))
          }
          heard = scene.site.journal.records.length
          await scene.passes(1)
        }
        for (let visit = 0; visit < 10; visit += 1) {
          await scene.arrives(visit < 4 ? `AB1${visit}CDE` : null)
          await scene.leaves()
          await hear()
        }
        await hear()
        scene.sees('told', told, ['Camera cam-1 read the plates of 4 of its newest 10 vehicles.'])
        for (let visit = 0; visit < 12; visit += 1) {
          await scene.arrives(`XY${visit + 10}ZZT`)
          await scene.leaves()
          await hear()
        }
        await hear()
        scene.sees('told at last', told.at(-1), 'calm')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: [
              'present-card (unknown)',
              'free (exit-seen)',
              'present-card (unknown)',
              'free (exit-seen)',
              'present-card (unknown)',
              'free (exit-seen)',
              'present-card (unknown)',
              'free (exit-seen)',
              'present-card (no-plate)',
              'free (exit-seen)',
              'present-card (no-plate)',
              'free (exit-seen)',
              'present-card (no-plate)',
              'free (exit-seen)',
              'present-card (no-plate)',
              'free (exit-seen)',
              'present-card (no-plate)',
              'free (exit-seen)',
              'present-card (no-plate)',
              'free (exit-seen)',
              'present-card (unknown)',
              'free (exit-seen)',
              'present-card (unknown)',
              'free (exit-seen)',
              'present-card (unknown)',
              'free (exit-seen)',
              'present-card (unknown)',
              'free (exit-seen)',
              'present-card (unknown)',
              'free (exit-seen)',
              'present-card (unknown)',
              'free (exit-seen)',
              'present-card (unknown)',
              'free (exit-seen)',
              'present-card (unknown)',
              'free (exit-seen)',
              'present-card (unknown)',
              'free (exit-seen)',
              'present-card (unknown)',
              'free (exit-seen)',
              'present-card (unknown)',
              'free (exit-seen)',
              'present-card (unknown)',
              'free (exit-seen)',
            ],
            bills: [],
          },
        },
        commands: [],
        alarms: [],
        alarmsEver: ['site/read-rate/cam-1'],
      },
    },
  ],
}
