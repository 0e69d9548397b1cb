import type { Scenario } from '../scenario.ts'
import type { Scene } from '../toy-scene.ts'

async function inFlight(scene: Scene): Promise<void> {
  await scene.registers('AB12CDE', 'acc-plate')
  await scene.registersCard('CARD1', 'acc-card')
  await scene.arrives('AB12CDE')
  scene.sees('starts sent', scene.orders('start'), 1)
  await scene.plugsIn()
}

async function endsVisit(scene: Scene, transactionId: string | null, register_Wh: number): Promise<void> {
  await scene.ends(transactionId, register_Wh)
  await scene.unplugs()
  await scene.leaves()
  scene.sees('the state', scene.state(), 'vacant')
}

export const E19: Scenario = {
  name: 'e19-double-start',
  edgeCase: 'E19',
  title: 'double start',
  given: null,
  when: 'RFID tap while our start is in flight',
  wanted:
    "one intent per visit; the first StartTransaction wins; a tapped card overrides who pays (OCPI: the last auth method is the CDR's) without a second command.",
  stories: [
    {
      promise:
        'a card tapped while our start is in flight pays, our start’s transaction carries it, and no second command is sent',
      async play(scene) {
        await inFlight(scene)
        scene.sees('the answer to the charge point', (await scene.taps('CARD1')).status, 'accepted')
        const { status, transactionId } = await scene.begins()
        scene.sees('the answer to the charge point', status, 'accepted')
        scene.matches('IdentityUpgraded', scene.decided('IdentityUpgraded'), [
          { from: 'plate', fromAccount: 'acc-plate', to: 'card', accountId: 'acc-card' },
        ])
        scene.sees('the payer', scene.payer(), 'acc-card')
        scene.sees('starts sent', scene.orders('start'), 1)
        await endsVisit(scene, transactionId, 1900)
        scene.matches('the bills', scene.bills(), [{ accountId: 'acc-card', energy_Wh: 900 }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: [
              'authorized (first)',
              'plug-in (card)',
              'charging (card)',
              'finished (take the cable out)',
              'free (exit-seen)',
            ],
            bills: [{ accountId: 'acc-card', energy_Wh: 900, exit: 'exit-seen' }],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'the card’s StartTransaction comes first; ours, late, is refused and does not touch it',
      async play(scene) {
        await inFlight(scene)
        const ours = scene.token()
        await scene.taps('CARD1')
        const first = await scene.begins({ idToken: 'CARD1' })
        scene.sees('the answer to the charge point', first.status, 'accepted')
        await scene.draws(6, 1200, { transactionId: first.transactionId })
        const late = await scene.begins({ idToken: ours, register_Wh: 1200 })
        scene.sees('the answer to the charge point', late.status, 'invalid')
        scene.holds(
          'the late start gets an id of its own',
          late.transactionId !== first.transactionId,
          late.transactionId,
        )
        scene.sees(
          'the open transaction',
          scene.site.bay('bay-1')?.connectors['CP-1/1']?.transaction?.transactionId,
          first.transactionId,
        )
        scene.holds(
          'the first transaction is not stopped',
          !scene.site.orders
            .filter((order) => order.type === 'stop')
            .map((order) => order.transactionId)
            .includes(String(first.transactionId)),
          scene.site.orders.filter((order) => order.type === 'stop').map((order) => order.transactionId),
        )
        await scene.draws(6, 1900, { transactionId: first.transactionId })
        scene.sees('the payer', scene.payer(), 'acc-card')
        scene.sees('starts sent', scene.orders('start'), 1)
        await endsVisit(scene, first.transactionId, 2000)
        scene.matches('the bills', scene.bills(), [{ accountId: 'acc-card', energy_Wh: 1000 }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: [
              'authorized (first)',
              'plug-in (card)',
              'charging (card)',
              'finished (take the cable out)',
              'free (exit-seen)',
            ],
            bills: [{ accountId: 'acc-card', energy_Wh: 1000, exit: 'exit-seen' }],
          },
        },
        commands: ['start CP-1/1', 'stop CP-1'],
        alarms: [],
        alarmsEver: ['bay-1/dead-token'],
      },
    },
    {
      promise: 'ours starts first and the card’s StartTransaction replaces it: each payer gets its own energy',
      async play(scene) {
        await inFlight(scene)
        const ours = await scene.begins()
        await scene.draws(6, 1300, { transactionId: ours.transactionId })
        const card = await scene.begins({ idToken: 'CARD1', register_Wh: 1300 })
        scene.sees('the answer to the charge point', card.status, 'accepted')
        scene.sees('the payer', scene.payer(), 'acc-card')
        await scene.draws(6, 1500, { transactionId: card.transactionId })
        scene.sees('starts sent', scene.orders('start'), 1)
        await endsVisit(scene, card.transactionId, 1700)
        const owed = Object.fromEntries(scene.bills().map((bill) => [String(bill['accountId']), bill['energy_Wh']]))
        scene.sees('what each account owes', owed, { 'acc-plate': 300, 'acc-card': 400 })
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: ['authorized (first)', 'charging (plate)', 'finished (take the cable out)', 'free (exit-seen)'],
            bills: [
              { accountId: 'acc-plate', energy_Wh: 300, exit: 'exit-seen', disputed: 'end not reported' },
              { accountId: 'acc-card', energy_Wh: 400, exit: 'exit-seen' },
            ],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a card of the same account taps while ours starts: one session, one account',
      async play(scene) {
        await inFlight(scene)
        await scene.registersCard('CARD2', 'acc-plate')
        await scene.taps('CARD2')
        const { transactionId } = await scene.begins()
        await endsVisit(scene, transactionId, 1500)
        scene.matches('the bills', scene.bills(), [{ accountId: 'acc-plate', energy_Wh: 500 }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: [
              'authorized (first)',
              'plug-in (card)',
              'charging (card)',
              'finished (take the cable out)',
              'free (exit-seen)',
            ],
            bills: [{ accountId: 'acc-plate', energy_Wh: 500, exit: 'exit-seen' }],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a card that pays after its first charge gets only what it drew',
      async play(scene) {
        await inFlight(scene)
        const ours = await scene.begins()
        await scene.says('Charging')
        await scene.draws(6, 1500, { transactionId: ours.transactionId })
        await scene.ends(ours.transactionId, 1600)
        await scene.says('Finishing')
        const card = await scene.begins({ idToken: 'CARD1', register_Wh: 1600 })
        scene.sees('the answer to the charge point', card.status, 'accepted')
        await endsVisit(scene, card.transactionId, 1700)
        const owed = Object.fromEntries(scene.bills().map((bill) => [String(bill['accountId']), bill['energy_Wh']]))
        scene.sees('what each account owes', owed, { 'acc-plate': 600, 'acc-card': 100 })
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
              'charging (card)',
              'finished (take the cable out)',
              'free (exit-seen)',
            ],
            bills: [
              { accountId: 'acc-plate', energy_Wh: 600, exit: 'exit-inferred' },
              { accountId: 'acc-card', energy_Wh: 100, exit: 'exit-seen' },
            ],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a card tapped after the first charge and then used gets only what it drew',
      async play(scene) {
        await inFlight(scene)
        const ours = await scene.begins()
        await scene.says('Charging')
        await scene.ends(ours.transactionId, 1600)
        await scene.says('Finishing')
        await scene.taps('CARD1')
        const card = await scene.begins({ idToken: 'CARD1', register_Wh: 1600 })
        scene.sees('the answer to the charge point', card.status, 'accepted')
        await endsVisit(scene, card.transactionId, 1700)
        const owed = Object.fromEntries(scene.bills().map((bill) => [String(bill['accountId']), bill['energy_Wh']]))
        scene.sees('what each account owes', owed, { 'acc-plate': 600, 'acc-card': 100 })
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
              'charging (card)',
              'finished (take the cable out)',
              'free (exit-seen)',
            ],
            bills: [
              { accountId: 'acc-plate', energy_Wh: 600, exit: 'exit-inferred' },
              { accountId: 'acc-card', energy_Wh: 100, exit: 'exit-seen' },
            ],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
  ],
}
