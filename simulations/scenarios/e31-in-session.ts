import type { OcppVersion } from '../../actors/ocpp/charge-point-voice.ts'
import type { Rank } from '../../machines/events.ts'
import type { Story } from '../scenario.ts'
import { type Said, spokenAt } from '../toy-dialect.ts'
import { type Scene, TWO_BAYS } from '../toy-scene.ts'

const now = (scene: Scene): string => new Date(scene.site.clock.now()).toISOString()

/** From the weakest to the strongest that a running session met. */
const RISING: readonly Rank[] = ['plate', 'autocharge', 'card', 'plug-and-charge']

/** The idToken of OCPP 2 by which each strength is shown. */
const SHOWN: { readonly [rank: string]: { readonly idToken: string; readonly type: string } } = {
  autocharge: { idToken: '0A1B2C3D4E5F', type: 'MacAddress' },
  card: { idToken: 'CARD1', type: 'ISO14443' },
  'plug-and-charge': { idToken: 'DEABCC12345678', type: 'eMAID' },
}

/** One TransactionEvent of `tx-1` at EVSE 1. */
const event = (scene: Scene, says: Said, eventType: string, seqNo: number, more: object = {}) =>
  says('TransactionEvent', {
    eventType,
    seqNo,
    timestamp: now(scene),
    triggerReason: eventType === 'Started' ? 'Authorized' : 'MeterValuePeriodic',
    evse: { id: 1, connectorId: 1 },
    transactionInfo: { transactionId: 'tx-1', ...(eventType === 'Ended' ? {} : { chargingState: 'Charging' }) },
    ...more,
  })

const register = (scene: Scene, value: number, context = 'Sample.Periodic') => ({
  meterValue: [{ timestamp: now(scene), sampledValue: [{ value, context }] }],
})

/** A session started by plate, over OCPP 2.0.1. */
async function chargesByPlate(scene: Scene): Promise<Said> {
  const says = spokenAt(scene, 'ocpp2.0.1')
  await scene.registers('AB12CDE', 'acc-plate')
  for (const [rank, { idToken }] of Object.entries(SHOWN)) await scene.registersCard(idToken, `acc-${rank}`)
  await scene.arrives('AB12CDE')
  const connectorStatus = 'Occupied'
  await says('StatusNotification', { timestamp: now(scene), connectorStatus, evseId: 1, connectorId: 1 })
  await event(scene, says, 'Started', 0, {
    idToken: { idToken: scene.token(), type: 'Central' },
    ...register(scene, 1000, 'Transaction.Begin'),
  })
  scene.sees('locked, and the payer', [scene.locked(), scene.payer()], [true, 'acc-plate'])
  return says
}

const LEFT = ['authorized (first)', 'charging (plate)', 'finished (take the cable out)', 'free (exit-seen)']

const ranksRise = (
  [
    ['autocharge', 'the vehicle’s own address (Autocharge) replaces its plate'],
    ['card', 'a card replaces Autocharge'],
    ['plug-and-charge', 'a contract certificate (Plug and Charge) replaces a card'],
  ] as const
).map(
  ([rank, words], index): Story => ({
    promise: `evidence ranks inside a running session: ${words}, with the change on record, and nothing weaker comes back`,
    async play(scene) {
      const says = await chargesByPlate(scene)
      let seqNo = 0
      const present = async (of: Rank): Promise<void> => {
        seqNo += 1
        const answer = await event(scene, says, 'Updated', seqNo, { idToken: SHOWN[of] })
        scene.matches('the answer to the charge point', answer, { idTokenInfo: { status: 'Accepted' } })
      }
      const before = RISING.slice(1, index + 1)
      for (const weaker of before) await present(weaker)
      await present(rank)
      scene.sees('the payer', scene.payer(), `acc-${rank}`)
      scene.matches('the newest change on record', scene.decided('IdentityUpgraded').slice(-1), [
        { from: RISING[index] ?? '', to: rank, accountId: `acc-${rank}`, locked: true },
      ])
      for (const weaker of before) await present(weaker)
      scene.sees('the payer after weaker evidence', scene.payer(), `acc-${rank}`)
      await event(scene, says, 'Ended', seqNo + 1, {
        triggerReason: 'StopAuthorized',
        ...register(scene, 1700, 'Transaction.End'),
      })
      await scene.unplugs()
      await scene.leaves()
      scene.matches('the bills', scene.bills(), [{ accountId: `acc-${rank}`, energy_Wh: 700, identifiedBy: rank }])
    },
    outcome: {
      bays: {
        'bay-1': {
          state: 'vacant',
          payer: null,
          told: LEFT,
          bills: [{ accountId: `acc-${rank}`, energy_Wh: 700, exit: 'exit-seen' }],
        },
      },
      commands: ['start CP-1/1'],
      alarms: [],
      alarmsEver: [],
    },
  }),
)

const tapped = (version: OcppVersion, card: string): readonly [string, { readonly [field: string]: unknown }] =>
  version === 'ocpp1.6'
    ? ['Authorize', { idTag: card }]
    : ['Authorize', { idToken: { idToken: card, type: 'ISO14443' } }]

const authorizes = (['ocpp1.6', 'ocpp2.0.1'] as const).map(
  (version): Story => ({
    promise: `a card held before a charge point that charges by plate takes the bill over by Authorize of ${version}, on record, and a second card changes nothing and stands as a contradiction`,
    async play(scene) {
      const says = spokenAt(scene, version)
      await scene.registers('AB12CDE', 'acc-plate')
      await scene.registersCard('CARD1', 'acc-card')
      await scene.registersCard('CARD2', 'acc-other')
      await scene.arrives('AB12CDE')
      const transactionId = await scene.charges()
      await says(...tapped(version, 'CARD1'))
      scene.sees('the payer', scene.payer(), 'acc-card')
      scene.matches('IdentityUpgraded', scene.decided('IdentityUpgraded'), [
        { from: 'plate', fromAccount: 'acc-plate', to: 'card', accountId: 'acc-card', locked: true },
      ])
      await says(...tapped(version, 'CARD2'))
      scene.sees('the payer after another card', scene.payer(), 'acc-card')
      scene.matches('ContradictionNoticed', scene.decided('ContradictionNoticed'), [{ kind: 'other-token' }])
      await scene.ends(transactionId, 1500)
      scene.matches('TransactionEnded', scene.decided('TransactionEnded'), [{ accountId: 'acc-card', energy_Wh: 500 }])
      scene.matches('ContradictionResolved', scene.decided('ContradictionResolved'), [
        { kind: 'other-token', by: 'transaction-ended' },
      ])
    },
    outcome: {
      bays: {
        'bay-1': {
          state: 'exiting.still-plugged',
          payer: 'acc-card',
          told: ['authorized (first)', 'charging (plate)', 'finished (take the cable out)'],
          bills: [],
        },
      },
      commands: ['start CP-1/1'],
      alarms: [],
      alarmsEver: [],
    },
  }),
)

const POST = {
  bays: TWO_BAYS.bays.map(({ bayId }, index) => ({ bayId, connectors: [{ chargePointId: 'CP-1', evse: index + 1 }] })),
}

const beside: Story = {
  promise:
    'on a post of two bays a card may be the neighbour’s: while somebody may stand at the free one, it changes no bill by itself',
  site: POST,
  async play(scene) {
    const says = spokenAt(scene, 'ocpp1.6')
    await scene.registers('AB12CDE', 'acc-plate')
    await scene.registersCard('CARD1', 'acc-card')
    await scene.arrives('AB12CDE')
    const transactionId = await scene.charges()
    scene.stands(null, 'bay-2')
    await scene.watch(2)
    await says('Authorize', { idTag: 'CARD1' })
    scene.sees('the payer of bay-1', scene.payer('bay-1'), 'acc-plate')
    scene.sees('the payer of bay-2', scene.payer('bay-2'), 'acc-card')
    await scene.ends(transactionId, 1500)
    scene.matches('TransactionEnded', scene.decided('TransactionEnded'), [{ accountId: 'acc-plate', energy_Wh: 500 }])
  },
  outcome: {
    bays: {
      'bay-1': {
        state: 'exiting.still-here',
        payer: 'acc-plate',
        told: ['authorized (first)', 'charging (plate)', 'finished (please leave)'],
        bills: [],
      },
      'bay-2': { state: 'authorizing.awaiting-plug', payer: 'acc-card', told: ['plug-in (card)'], bills: [] },
    },
    commands: ['start CP-1/1'],
    alarms: [],
    alarmsEver: [],
  },
}

/** What is shown in the middle of a charge, heard through the production dialects. */
export const IN_SESSION: readonly Story[] = [...ranksRise, ...authorizes, beside]
