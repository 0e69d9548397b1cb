import { fold } from '../../machines/plate.ts'
import type { Scenario } from '../scenario.ts'
import { type Scene, TWO_BAYS } from '../toy-scene.ts'
import { IN_SESSION } from './e31-in-session.ts'

async function byPlate(scene: Scene): Promise<void> {
  await scene.registers('AB12CDE', 'acc-plate')
  await scene.registersCard('CARD1', 'acc-card')
  await scene.arrives('AB12CDE')
}

export const E31: Scenario = {
  name: 'e31-weak-then-strong',
  edgeCase: 'E31',
  title: 'weak identity first, strong later',
  given: null,
  when: 'Weak identity first, strong later (list guess, then RFID).',
  wanted: 'Evidence ranks; identity can be upgraded inside a running session, with the change in the record.',
  stories: [
    {
      promise: 'a card before the charge replaces the plate, on record',
      async play(scene) {
        await byPlate(scene)
        await scene.taps('CARD1')
        scene.matches('IdentityUpgraded', scene.decided('IdentityUpgraded'), [
          { from: 'plate', fromAccount: 'acc-plate', to: 'card', accountId: 'acc-card' },
        ])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.awaiting-plug',
            payer: 'acc-card',
            told: ['authorized (first)', 'plug-in (card)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a person inside a running session; the whole transaction goes to whom the person named',
      async play(scene) {
        await byPlate(scene)
        const transactionId = await scene.charges()
        await scene.draws(6, 1300, { transactionId })
        await scene.operator('bay-1', 'authorize', { accountId: 'acc-person' })
        scene.matches('IdentityUpgraded', scene.decided('IdentityUpgraded'), [
          { fromAccount: 'acc-plate', accountId: 'acc-person', locked: true },
        ])
        await scene.ends(transactionId, 1700)
        await scene.unplugs()
        await scene.leaves()
        scene.matches('the bills', scene.bills(), [
          { accountId: 'acc-person', energy_Wh: 700, identifiedBy: 'operator' },
        ])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: ['authorized (first)', 'charging (plate)', 'finished (take the cable out)', 'free (exit-seen)'],
            bills: [{ accountId: 'acc-person', energy_Wh: 700, exit: 'exit-seen' }],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'flow locked for nobody, then a card starts: the card pays',
      async play(scene) {
        await scene.registersCard('CARD1', 'acc-card')
        await scene.plugsIn()
        await scene.draws(6)
        scene.sees('locked, and the payer', [scene.locked(), scene.payer()], [true, null])
        await scene.begins({ idToken: 'CARD1' })
        scene.sees('the payer', scene.payer(), 'acc-card')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.suspended',
            payer: 'acc-card',
            told: ['charging (nobody pays)', 'charging (card)'],
            bills: [],
          },
        },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'never the other way: no plate replaces a card, nor what a person said',
      async play(scene) {
        await byPlate(scene)
        await scene.registers('XY99ZZT', 'acc-other')
        await scene.taps('CARD1')
        scene.stands('XY99ZZT')
        await scene.watch(30)
        scene.sees('the payer', scene.payer(), 'acc-card')
        await scene.begins({ idToken: 'CARD1' })
        await scene.watch(30)
        scene.sees('the payer', scene.payer(), 'acc-card')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.suspended',
            payer: 'acc-card',
            told: ['authorized (first)', 'plug-in (card)', 'charging (card)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: ['bay-1/other-plate'],
        alarmsEver: ['bay-1/other-plate'],
      },
    },
    ...IN_SESSION,
    {
      promise:
        'a plate that a person named is not replaced by what a camera reads afterwards, although it may not start here',
      site: TWO_BAYS,
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.registers('XY99ZZT', 'acc-2')
        await scene.arrives('AB12CDE', 'bay-2')
        await scene.charges({ connector: 'CP-2/1' })
        await scene.arrives(null, 'bay-1')
        await scene.watch(10)
        await scene.operator('bay-1', 'correct-plate', {
          handle: scene.site.keys.vehicle(fold('AB12CDE')),
          accountId: null,
        })
        await scene.watch(15)
        const starts = scene.orders('start')
        scene.stands('XY99ZZT', 'bay-1')
        await scene.watch(15)
        scene.sees('starts sent since', scene.orders('start') - starts, 0)
        scene.sees('the payer of bay-1', scene.payer('bay-1'), null)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.fallback',
            payer: null,
            told: ['present-card (no-plate)', 'present-card (plate-elsewhere)'],
            bills: [],
          },
          'bay-2': {
            state: 'charging-locked.charging',
            payer: 'acc-1',
            told: ['authorized (first)', 'charging (plate)'],
            bills: [],
          },
        },
        commands: ['start CP-2/1'],
        alarms: ['bay-1/clone', 'bay-1/other-plate', 'bay-2/clone'],
        alarmsEver: ['bay-1/clone', 'bay-1/other-plate', 'bay-2/clone'],
      },
    },
    {
      promise: 'an answer of the register to a question of before pays for nobody',
      async play(scene) {
        await scene.arrives('AB12CDE')
        scene.sees('the state', scene.state(), 'authorizing.denied')
        scene.does('a late answer of the register comes in')
        await scene.site.tells('bay-1', {
          type: 'authorization.granted',
          id: 'late',
          source: 'register',
          ask: 'an ask of before',
          handle: scene.site.keys.vehicle(fold('AB12CDE')),
          accountId: 'acc-1',
          confirm: false,
        })
        scene.sees('the payer', scene.payer(), null)
      },
      outcome: {
        bays: { 'bay-1': { state: 'authorizing.denied', payer: null, told: ['present-card (unknown)'], bills: [] } },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
  ],
}
