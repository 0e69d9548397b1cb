import type { Story } from '../scenario.ts'
import { type Scene, TWO_BAYS } from '../toy-scene.ts'

/** A car that charged and left while its charge point was away: billed to the last register, 500 Wh. Answers its transaction and when it left. */
async function billedUnheard(scene: Scene): Promise<{ transactionId: string; leftAt: number }> {
  await scene.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  const transactionId = await scene.charges()
  await scene.watch(61)
  await scene.draws(6, 1500, { transactionId })
  await scene.offline()
  await scene.watch(60)
  const leftAt = scene.site.clock.now()
  scene.gone()
  await scene.watch(320)
  scene.sees('the state', scene.state(), 'vacant')
  scene.matches('the bill', scene.bills(), [{ energy_Wh: 500, exit: 'exit-unconfirmed' }])
  return { transactionId, leftAt }
}

const BILL = {
  accountId: 'acc-1',
  energy_Wh: 500,
  exit: 'exit-unconfirmed',
  disputed: 'end unknown, billed to the last register',
} as const

const end = {
  commands: [
    'start CP-1/1',
    'ask CP-1/1 for meter',
    'ask CP-1/1 for meter',
    'ask CP-1/1 for meter',
    'ask CP-1/1 for meter',
  ],
}

const outcome = {
  bays: {
    'bay-1': {
      state: 'vacant',
      payer: null,
      told: ['authorized (first)', 'charging (plate)', 'closed (charge point away)', 'free (in-service)'],
      bills: [BILL],
    },
    'bay-2': { state: 'vacant', payer: null, told: [], bills: [] },
  },
  ...end,
  alarms: [],
  alarmsEver: ['bay-1/offline', 'bay-1/orphan'],
}

/** Stops that come when the bill is out (E21, E26). */
export const LATE_STOPS: readonly Story[] = [
  {
    promise:
      'a stop that was kept while the charge point was away corrects the bill by what flowed before the car left, on record',
    site: TWO_BAYS,
    async play(scene) {
      const { transactionId, leftAt } = await billedUnheard(scene)
      await scene.online()
      await scene.ends(transactionId, 1700, { happenedAt: leftAt - 1000 })
      await scene.says('Available')
      scene.matches('SessionCorrected', scene.decided('SessionCorrected'), [
        { transactionId, accountId: 'acc-1', billed_Wh: 500, reported_Wh: 700, difference_Wh: 200, billed: true },
      ])
      scene.matches('OrphanReconciled', scene.decided('OrphanReconciled'), [{ disputed: null }])
      await scene.ends(transactionId, 1700, { happenedAt: leftAt - 1000 })
      scene.sees('SessionCorrected after a repeat, counted', scene.decided('SessionCorrected').length, 1)
    },
    outcome,
  },
  {
    promise: 'what flowed after the car was gone is on record as nobody’s, and the bill stands',
    site: TWO_BAYS,
    async play(scene) {
      const { transactionId } = await billedUnheard(scene)
      await scene.online()
      await scene.ends(transactionId, 1700)
      await scene.says('Available')
      scene.matches('SessionCorrected', scene.decided('SessionCorrected'), [
        { transactionId, difference_Wh: 200, billed: false, disputed: 'energy after the visit ended' },
      ])
    },
    outcome,
  },
]
