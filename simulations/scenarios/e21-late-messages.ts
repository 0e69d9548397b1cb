import type { Scenario, Story } from '../scenario.ts'
import { type Scene, TWO_BAYS } from '../toy-scene.ts'
import { LATE_STOPS } from './e21-late-stops.ts'

async function charging(scene: Scene): Promise<{ token: string; transactionId: string; startedAt: number }> {
  await scene.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  const startedAt = scene.site.clock.now()
  const transactionId = await scene.charges()
  return { token: scene.token(), transactionId, startedAt }
}
const open = (scene: Scene): string | undefined =>
  scene.site.bay('bay-1')?.connectors['CP-1/1']?.transaction?.transactionId

export const E21: Scenario = {
  name: 'e21-late-messages',
  edgeCase: 'E21',
  title: 'late messages',
  given: null,
  when: 'Late, repeated, unknown transaction messages (offline queue, transactionId −1, repeated StartTransaction).',
  wanted: 'matched by (charger, connector, idTag, meterStart, timestamp); an unknown Stop never ends another session.',
  stories: [
    {
      promise: 'a repeated StartTransaction gets the same id again and opens nothing',
      site: TWO_BAYS,
      async play(scene) {
        const { token, transactionId, startedAt } = await charging(scene)
        scene.sees('the answer to the repeat', await scene.begins({ idToken: token, happenedAt: startedAt }), {
          status: 'accepted',
          transactionId,
        })
        await scene.crash()
        scene.sees('the answer to the repeat', await scene.begins({ idToken: token, happenedAt: startedAt }), {
          status: 'accepted',
          transactionId,
        })
        scene.sees('TransactionOpened, counted', scene.decided('TransactionOpened').length, 1)
        scene.sees('the open transaction', open(scene), transactionId)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.frozen',
            payer: 'acc-1',
            told: ['authorized (first)', 'charging (plate)'],
            bills: [],
          },
          'bay-2': { state: 'vacant', payer: null, told: [], bills: [] },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a StartTransaction repeated after its end gets the same id and does not charge again',
      site: TWO_BAYS,
      async play(scene) {
        const { token, transactionId, startedAt } = await charging(scene)
        await scene.ends(transactionId, 1500)
        scene.sees('the answer to the repeat', await scene.begins({ idToken: token, happenedAt: startedAt }), {
          status: 'accepted',
          transactionId,
        })
        scene.sees('locked', scene.locked(), false)
        scene.sees('TransactionOpened, counted', scene.decided('TransactionOpened').length, 1)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'exiting.still-plugged',
            payer: 'acc-1',
            told: ['authorized (first)', 'charging (plate)', 'finished (take the cable out)'],
            bills: [],
          },
          'bay-2': { state: 'vacant', payer: null, told: [], bills: [] },
        },
        commands: ['start CP-1/1'],
        alarms: ['site/start-repeated/CP-1'],
        alarmsEver: ['site/start-repeated/CP-1'],
      },
    },
    {
      promise: 'the first answer could not be written; the repeat starts it once',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE')
        const happenedAt = scene.site.clock.now()
        scene.site.journal.failing = true
        scene.sees('the answer to the charge point', (await scene.begins({ happenedAt })).status, 'unanswered')
        scene.sees('locked', scene.locked(), false)
        scene.site.journal.failing = false
        const { status, transactionId } = await scene.begins({ happenedAt })
        scene.sees('the answer to the charge point', status, 'accepted')
        scene.sees('the payer', scene.payer(), 'acc-1')
        scene.sees(
          'the open transaction',
          scene.site.bay('bay-1')?.connectors['CP-1/1']?.transaction?.transactionId,
          transactionId,
        )
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.suspended',
            payer: 'acc-1',
            told: ['authorized (first)', 'charging (plate)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'the repeat overtakes a first one that could not be written: it is not answered as if it had been',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE')
        const news = {
          type: 'started' as const,
          chargePointId: 'CP-1',
          evse: 1,
          idToken: scene.token(),
          register_Wh: 1000,
          happenedAt: scene.site.clock.now(),
        }
        scene.site.journal.failing = true
        const first = scene.site.desk.hear(news).catch(() => null)
        const repeat = scene.site.desk.hear(news).catch(() => null)
        await scene.site.clock.settle()
        scene.sees('the answers to both', [await first, await repeat], [null, null])
        scene.site.journal.failing = false
        scene.sees(
          'the answer to the charge point',
          (await scene.begins({ happenedAt: news.happenedAt })).status,
          'accepted',
        )
        scene.sees('TransactionOpened, counted', scene.decided('TransactionOpened').length, 1)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.suspended',
            payer: 'acc-1',
            told: ['authorized (first)', 'charging (plate)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    ...['-1', '0', '4711'].map(
      (unknown): Story => ({
        promise: `a StopTransaction of ${unknown} is answered, kept, and ends nobody’s session`,
        site: TWO_BAYS,
        async play(scene) {
          const { transactionId } = await charging(scene)
          scene.sees('the answer to the charge point', (await scene.ends(unknown, 1400)).status, 'accepted')
          scene.sees('the open transaction', open(scene), transactionId)
          scene.sees('the state', scene.state(), 'charging-locked.charging')
          scene.sees('the bills', scene.bills(), [])
          scene.sees(
            'the stop is kept beside every bay',
            scene.site.journal.records.some(
              (record) =>
                record.stream === 'site' &&
                record.cause.type === 'transaction.ended' &&
                record.cause['known'] === false,
            ),
            true,
          )
        },
        outcome: {
          bays: {
            'bay-1': {
              state: 'charging-locked.charging',
              payer: 'acc-1',
              told: ['authorized (first)', 'charging (plate)'],
              bills: [],
            },
            'bay-2': { state: 'vacant', payer: null, told: [], bills: [] },
          },
          commands: ['start CP-1/1'],
          alarms: [],
          alarmsEver: [],
        },
      }),
    ),
    {
      promise: 'another charge point’s stop that names our transaction ends nothing',
      site: TWO_BAYS,
      async play(scene) {
        const { transactionId } = await charging(scene)
        await scene.ends(transactionId, 99_999, { chargePointId: 'CP-2' })
        scene.sees('the open transaction', open(scene), transactionId)
        scene.sees('the state', scene.state(), 'charging-locked.charging')
        await scene.ends(transactionId, 1500)
        await scene.unplugs()
        await scene.leaves()
        scene.matches('the bills', scene.bills(), [{ accountId: 'acc-1', energy_Wh: 500, disputed: null }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: ['authorized (first)', 'charging (plate)', 'finished (take the cable out)', 'free (exit-seen)'],
            bills: [{ accountId: 'acc-1', energy_Wh: 500, exit: 'exit-seen' }],
          },
          'bay-2': { state: 'vacant', payer: null, told: [], bills: [] },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a second stop of an ended transaction changes neither its bill nor the next car’s charge',
      site: TWO_BAYS,
      async play(scene) {
        const { transactionId } = await charging(scene)
        await scene.ends(transactionId, 1500)
        await scene.unplugs()
        await scene.leaves()
        await scene.registers('XY99ZZT', 'acc-2')
        await scene.arrives('XY99ZZT')
        const next = await scene.charges({ register_Wh: 1500 })
        await scene.ends(transactionId, 1600)
        scene.sees('the open transaction', open(scene), next)
        scene.sees('the payer', scene.payer(), 'acc-2')
        scene.matches('the bills', scene.bills(), [{ accountId: 'acc-1', energy_Wh: 500 }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.charging',
            payer: 'acc-2',
            told: [
              'authorized (first)',
              'charging (plate)',
              'finished (take the cable out)',
              'free (exit-seen)',
              'authorized (first)',
              'charging (plate)',
            ],
            bills: [{ accountId: 'acc-1', energy_Wh: 500, exit: 'exit-seen' }],
          },
          'bay-2': { state: 'vacant', payer: null, told: [], bills: [] },
        },
        commands: ['start CP-1/1', 'start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    ...LATE_STOPS,
    {
      promise: 'a stop that arrives after the next car’s start bills the first car, and leaves the next one alone',
      site: TWO_BAYS,
      async play(scene) {
        const { transactionId } = await charging(scene)
        await scene.registersCard('CARD2', 'acc-2')
        const next = await scene.begins({ idToken: 'CARD2', register_Wh: 1400 })
        scene.sees('the answer to the charge point', next.status, 'accepted')
        await scene.ends(transactionId, 1400)
        scene.sees('the open transaction', open(scene), next.transactionId)
        await scene.ends(next.transactionId, 1900)
        await scene.unplugs()
        await scene.leaves()
        const owed = Object.fromEntries(scene.bills().map((bill) => [String(bill['accountId']), bill['energy_Wh']]))
        scene.sees('what each account owes', owed['acc-2'], 500)
        scene.sees('what acc-1 owes, by its late stop', owed['acc-1'], 400)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: ['authorized (first)', 'charging (plate)', 'finished (take the cable out)', 'free (exit-seen)'],
            bills: [
              { accountId: 'acc-1', energy_Wh: 400, exit: 'exit-seen' },
              { accountId: 'acc-2', energy_Wh: 500, exit: 'exit-seen' },
            ],
          },
          'bay-2': { state: 'vacant', payer: null, told: [], bills: [] },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
  ],
}
