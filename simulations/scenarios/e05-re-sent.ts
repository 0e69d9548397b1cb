import type { Scenario } from '../scenario.ts'

const read = { bayId: 'bay-1', plate: 'AB12CDE', id: 'event-7' }

export const E05: Scenario = {
  name: 'e05-re-sent',
  edgeCase: 'E05',
  title: 're-sent event',
  given: null,
  when: 'the same UUID/EventID/body arrives again (camera retry, lost ack)',
  wanted: 'same read id, no second decision, ack positive.',
  stories: [
    {
      promise: 'the same event ten times is one witness, decides nothing, and is taken each time',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        for (let times = 0; times < 10; times += 1) {
          await scene.picture({ plates: [read], occupied: ['bay-1'], frame: `resend-${times}` })
          await scene.passes(0.2)
        }
        scene.sees('PlateAgreed', scene.decided('PlateAgreed'), [])
        scene.sees('starts sent', scene.orders('start'), 0)
        scene.sees('reads counted as re-sent', scene.site.feed.counters()['read.duplicate'], 9)
        scene.sees('commits that failed', scene.site.feed.counters()['commit.failed'], undefined)
      },
      outcome: {
        bays: { 'bay-1': { state: 'detecting.collecting', payer: null, told: [], bills: [] } },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'events of a decided visit sent once more decide nothing again',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        const events = [
          { ...read, id: 'a' },
          { ...read, id: 'b' },
        ]
        for (const event of events) await scene.picture({ plates: [event], occupied: ['bay-1'] })
        scene.sees('starts sent', scene.orders('start'), 1)
        const before = scene.site.journal.records.length
        for (const event of events) await scene.picture({ plates: [event], occupied: ['bay-1'] })
        scene.sees(
          'decisions since',
          scene.site.journal.records.slice(before).flatMap((record) => record.decisions),
          [],
        )
        scene.sees('starts sent', scene.orders('start'), 1)
      },
      outcome: {
        bays: {
          'bay-1': { state: 'authorizing.awaiting-plug', payer: 'acc-1', told: ['authorized (first)'], bills: [] },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'an event whose commit failed is taken when it comes again',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        scene.site.journal.failing = true
        for (const id of ['a', 'b']) await scene.picture({ plates: [{ ...read, id }], occupied: ['bay-1'] })
        scene.sees('the state', scene.state(), 'vacant')
        scene.site.journal.failing = false
        for (const id of ['a', 'b']) await scene.picture({ plates: [{ ...read, id }], occupied: ['bay-1'] })
        scene.sees('the payer', scene.payer(), 'acc-1')
        scene.sees('starts sent', scene.orders('start'), 1)
      },
      outcome: {
        bays: {
          'bay-1': { state: 'authorizing.awaiting-plug', payer: 'acc-1', told: ['authorized (first)'], bills: [] },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'the last car’s events, re-sent after it left, do not bring it back',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        const events = [
          { ...read, id: 'a' },
          { ...read, id: 'b' },
        ]
        const capturedAt = scene.site.clock.now()
        for (const event of events) await scene.picture({ plates: [event], occupied: ['bay-1'], capturedAt })
        await scene.leaves()
        scene.sees('the state', scene.state(), 'vacant')
        for (const event of events) await scene.picture({ plates: [event], occupied: [], capturedAt })
        scene.sees('the state', scene.state(), 'vacant')
        scene.sees('starts sent', scene.orders('start'), 1)
      },
      outcome: {
        bays: {
          'bay-1': { state: 'vacant', payer: null, told: ['authorized (first)', 'free (exit-seen)'], bills: [] },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
  ],
}
