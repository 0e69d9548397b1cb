import type { Scenario } from '../scenario.ts'

export const E09: Scenario = {
  name: 'e09-two-cars-one-track',
  edgeCase: 'E09',
  title: 'two cars in one track',
  given: null,
  when: 'one track holds two plausible plates',
  wanted: 'conflict: no start; evidence picture = the frame each plate was read from, never a "best" frame.',
  stories: [
    {
      promise: 'two plausible plates with quorum each start nobody; each keeps the frames it was read from',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.registers('XY99ZZT', 'acc-2')
        for (let frame = 0; frame < 4; frame += 1) {
          await scene.picture({
            plates: [
              { bayId: 'bay-1', plate: 'AB12CDE' },
              { bayId: 'bay-1', plate: 'XY99ZZT' },
            ],
            occupied: ['bay-1'],
            frame: `both-${frame}`,
          })
          await scene.passes(0.3)
        }
        scene.sees('starts sent', scene.orders('start'), 0)
        scene.sees('the payer', scene.payer(), null)
        scene.holds(
          'the bay is not decided',
          /^detecting\.(second-reading|in-review)$/.test(String(scene.state())),
          scene.state(),
        )
        const contested = scene.site.journal.records.findLast((record) => record.cause.type === 'plate.contested')
        const personal = scene.site.journal.open(contested as never) as {
          [handle: string]: { reads: { text: string; frame: string }[] }
        }
        const kept = Object.values(personal)
        scene.sees('plates with reads of their own', kept.length, 2)
        for (const { reads } of kept)
          scene.sees('texts among the reads of one plate', new Set(reads.map((read) => read.text)).size, 1)
      },
      outcome: {
        bays: { 'bay-1': { state: 'detecting.in-review', payer: null, told: ['present-card (review)'], bills: [] } },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
  ],
}
