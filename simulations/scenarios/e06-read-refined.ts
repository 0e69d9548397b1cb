import { fold } from '../../machines/plate.ts'
import type { Scenario, Story } from '../scenario.ts'
import { reviewerSays, shownToReviewer } from '../toy-reviewer.ts'
import type { Scene } from '../toy-scene.ts'

async function first(scene: Scene): Promise<void> {
  await scene.registers('AB12CDF', 'acc-wrong')
  await scene.registers('AB12CDE', 'acc-right')
  await scene.arrives('AB12CDF')
  scene.sees('the payer', scene.payer(), 'acc-wrong')
}

export const E06: Scenario = {
  name: 'e06-read-refined',
  edgeCase: 'E06',
  title: 'read refined after decision',
  given: null,
  when: 'Read refined after decision (NEW …EQ → UPDATE …EO).',
  wanted:
    'Before start: re-vote. After start: keep the session, record the contradiction; if it points to another account → review, never a silent re-bill.',
  stories: [
    {
      promise: 'before energy flows the newer agreement wins, and the first start’s token is dead',
      async play(scene) {
        await first(scene)
        const dead = scene.token()
        scene.stands('AB12CDE')
        await scene.watch(14)
        scene.sees('the payer', scene.payer(), 'acc-right')
        scene.sees('the answer to the charge point', (await scene.begins({ idToken: dead })).status, 'invalid')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.suspended',
            payer: 'acc-right',
            told: [
              'authorized (first)',
              'present-card (reads disagree)',
              'free (exit-inferred)',
              'authorized (first)',
              'charging (nobody pays)',
            ],
            bills: [],
          },
        },
        commands: ['start CP-1/1', 'start CP-1/1', 'stop CP-1'],
        alarms: ['bay-1/dead-token'],
        alarmsEver: ['bay-1/dead-token', 'bay-1/disputed'],
      },
    },
    {
      promise: 'while it charges the session is kept, the contradiction is shown, and nobody is re-billed',
      async play(scene) {
        await first(scene)
        const transactionId = await scene.charges()
        scene.stands('AB12CDE')
        await scene.watch(20)
        scene.sees('the payer', scene.payer(), 'acc-wrong')
        scene.matches('ContradictionNoticed', scene.decided('ContradictionNoticed'), [{ kind: 'other-plate' }])
        scene.holds('the alarm other-plate is open', scene.alarms().includes('other-plate'), scene.alarms())
        scene.sees('IdentityUpgraded', scene.decided('IdentityUpgraded'), [])
        const both = ['AB12CDF', 'AB12CDE'].map((plate) => scene.site.keys.findVehicle(fold(plate)))
        scene.sees('plates shown to the reviewer', shownToReviewer(scene), both)
        await scene.ends(transactionId, 1500)
        scene.matches('TransactionEnded', scene.decided('TransactionEnded'), [
          { accountId: 'acc-wrong', energy_Wh: 500 },
        ])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'exiting.still-here',
            payer: 'acc-wrong',
            told: ['authorized (first)', 'charging (plate)', 'finished (please leave)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: ['bay-1/other-plate'],
      },
    },
    {
      promise: 'the plate of a vehicle that a card charges is evidence, never a contradiction; a second plate is',
      async play(scene) {
        await scene.registersCard('CARD1', 'acc-card')
        scene.stands('AB12CDE')
        await scene.watch(1)
        await scene.charges({ idToken: 'CARD1' })
        await scene.watch(30)
        scene.sees('alarms', scene.alarms(), [])
        scene.stands('XY99ZZT')
        await scene.watch(30)
        scene.sees('alarms', scene.alarms(), ['other-plate'])
        scene.sees('the payer', scene.payer(), 'acc-card')
      },
      outcome: {
        bays: {
          'bay-1': { state: 'charging-locked.contradicted', payer: 'acc-card', told: ['charging (card)'], bills: [] },
        },
        commands: [],
        alarms: ['bay-1/other-plate'],
        alarmsEver: ['bay-1/other-plate'],
      },
    },
    {
      promise: 'a second plate of the same account, or of nobody, is shown and opens no review',
      async play(scene) {
        await scene.registers('AB12CDF', 'acc-1')
        await scene.registers('XY98ZWV', 'acc-1')
        await scene.arrives('AB12CDF')
        await scene.charges()
        for (const plate of ['XY98ZWV', 'GH34JKL']) {
          scene.stands(plate)
          await scene.watch(20)
          scene.holds('the alarm other-plate is open', scene.alarms().includes('other-plate'), scene.alarms())
        }
        scene.sees('plates shown to the reviewer', shownToReviewer(scene), null)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.contradicted',
            payer: 'acc-1',
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
      promise: 'a reviewer who names the second plate moves the whole transaction to its account, on record',
      async play(scene) {
        await first(scene)
        const transactionId = await scene.charges()
        scene.stands('AB12CDE')
        await scene.watch(20)
        await reviewerSays(scene, 'bay-1', { plate: 'AB12CDE', accountId: 'acc-right' })
        scene.matches('IdentityUpgraded', scene.decided('IdentityUpgraded'), [
          { fromAccount: 'acc-wrong', accountId: 'acc-right', person: true },
        ])
        scene.sees('alarms', scene.alarms(), [])
        await scene.ends(transactionId, 1500)
        scene.matches('TransactionEnded', scene.decided('TransactionEnded'), [{ accountId: 'acc-right' }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'exiting.still-here',
            payer: 'acc-right',
            told: ['authorized (first)', 'charging (plate)', 'finished (please leave)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: ['bay-1/other-plate'],
      },
    },
    ...(['AB12CDF', 'not-a-plate'] as const).map(
      (word): Story => ({
        promise: `a reviewer who stands by the first plate settles the contradiction and bills nobody anew: ${word}`,
        async play(scene) {
          await first(scene)
          const transactionId = await scene.charges()
          scene.stands('AB12CDE')
          await scene.watch(20)
          scene.stands('AB12CDF')
          await reviewerSays(scene, 'bay-1', word === 'not-a-plate' ? word : { plate: word, accountId: 'acc-wrong' })
          scene.sees('alarms', scene.alarms(), [])
          scene.sees('IdentityUpgraded', scene.decided('IdentityUpgraded'), [])
          await scene.ends(transactionId, 1500)
          scene.matches('TransactionEnded', scene.decided('TransactionEnded'), [{ accountId: 'acc-wrong' }])
        },
        outcome: {
          bays: {
            'bay-1': {
              state: 'exiting.still-here',
              payer: 'acc-wrong',
              told: ['authorized (first)', 'charging (plate)', 'finished (please leave)'],
              bills: [],
            },
          },
          commands: ['start CP-1/1'],
          alarms: [],
          alarmsEver: ['bay-1/other-plate'],
        },
      }),
    ),
    {
      promise:
        'a person’s correction while it charges moves the whole transaction, on record, and no camera moves it back',
      async play(scene) {
        await first(scene)
        const transactionId = await scene.charges()
        const handle = scene.site.keys.vehicle('AB12CDE')
        await scene.operator('bay-1', 'correct-plate', {
          handle: scene.site.keys.findVehicle('AB12CDE') ?? handle,
          accountId: 'acc-right',
        })
        scene.matches('IdentityUpgraded', scene.decided('IdentityUpgraded'), [
          { fromAccount: 'acc-wrong', accountId: 'acc-right', person: true },
        ])
        await scene.watch(20)
        scene.sees('the payer', scene.payer(), 'acc-right')
        await scene.ends(transactionId, 1500)
        scene.matches('TransactionEnded', scene.decided('TransactionEnded'), [
          { accountId: 'acc-right', energy_Wh: 500 },
        ])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'exiting.still-here',
            payer: 'acc-right',
            told: ['authorized (first)', 'charging (plate)', 'finished (please leave)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a second plate read as often before the plug takes the start back, and a card or a person decides',
      async play(scene) {
        await first(scene)
        const dead = scene.token()
        scene.does('cam-1 reads XY98ZWV and AB12CDF in turn, three frames each')
        for (let frame = 0; frame < 6; frame++) {
          await scene.site.camera('cam-1', {
            plates: [{ bayId: 'bay-1', plate: frame % 2 === 0 ? 'XY98ZWV' : 'AB12CDF' }],
          })
          await scene.site.pass(200)
        }
        scene.holds('the alarm disputed is open', scene.alarms().includes('disputed'), scene.alarms())
        scene.sees('the state', scene.state(), 'authorizing.fallback')
        scene.sees('plates shown to the reviewer', shownToReviewer(scene)?.length, 2)
        scene.sees('the answer to the charge point', (await scene.begins({ idToken: dead })).status, 'invalid')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.suspended',
            payer: 'acc-wrong',
            told: ['authorized (first)', 'present-card (reads disagree)', 'charging (nobody pays)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1', 'stop CP-1'],
        alarms: ['bay-1/dead-token', 'bay-1/disputed'],
        alarmsEver: ['bay-1/dead-token', 'bay-1/disputed'],
      },
    },
  ],
}
