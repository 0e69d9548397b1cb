import { describe, expect, it } from 'vitest'
import { traitWatch } from '../../actors/trait-watch.ts'
import { alarms } from '../../projections/alarms.ts'
import { FrameScene, type Sampled } from './ocpp/frame-scene.ts'

const proposals = (scene: FrameScene) =>
  scene
    .facts('trait.proposed')
    .map(({ cause }) => ({ trait: cause['trait'], profile: cause['profile'], says: cause['says'] }))

async function charging(profile: string): Promise<{ scene: FrameScene; id: number }> {
  const scene = await FrameScene.open(profile)
  await scene.arrives()
  await scene.says('Preparing')
  const id = await scene.begins(5_003)
  await scene.says('Charging')
  return { scene, id }
}

const rising = (amps: number, passed_s: number): Sampled => [
  'Energy.Active.Import.Register',
  (5_003 + (amps * 230 * passed_s) / 3_600).toFixed(1),
]

describe('traits learnt from traffic are proposed with their evidence, and never applied', () => {
  it('current only as Current.Export while the register rises', async () => {
    const { scene, id } = await charging('default')
    await scene.meters(300, (s) => [['Current.Import', '0.0'], ['Current.Export', '16.0'], rising(16, s)], id)
    expect(proposals(scene)).toEqual([
      {
        trait: 'currentFrom',
        profile: 'export-current',
        says: 'current came only as Current.Export in 21 of 21 samples while the register rose 0.2 kWh',
      },
    ])
    const [record] = scene.facts('trait.proposed')
    expect(record).toMatchObject({ stream: 'site', bayId: null, cause: { chargePointId: 'CP-1', value: 'export' } })
    expect(record?.cause['evidence']).toEqual({ times: 21, of: 21, register_Wh: 205 })
    expect(scene.connector().flow.drawing).toBe(false)
  })

  it('nothing is proposed where the profile says so already, nor of a charge point that does as the protocol says', async () => {
    const exported = await charging('export-current')
    await exported.scene.meters(400, (s) => [['Current.Export', '16.0'], rising(16, s)], exported.id)
    expect(proposals(exported.scene)).toEqual([])
    const plain = await charging('default')
    await plain.scene.meters(
      400,
      (s) => [['Current.Import', '16.0'], ['Current.Export', '0.0'], ['Power.Active.Import', '3680'], rising(16, s)],
      plain.id,
    )
    await plain.scene.ends(plain.id, 5_500, { reason: 'EVDisconnected' })
    expect(proposals(plain.scene)).toEqual([])
  })

  it('power that is a thousandth of the register’s slope', async () => {
    const { scene, id } = await charging('default')
    await scene.meters(
      300,
      (s) => [['Current.Import', '16.0'], ['Power.Active.Import', '3.68', { unit: 'W' }], rising(16, s)],
      id,
    )
    expect(proposals(scene)).toMatchObject([{ trait: 'powerTimes', profile: 'kilowatts' }])
    expect(proposals(scene)[0]?.says).toMatch(/^power said 0\.\d+ Wh while the register rose 0\.2 kWh: a thousandth$/)
  })

  it('current in SuspendedEVSE, a frozen register, current on N beside lines of 0', async () => {
    const suspended = await charging('default')
    await suspended.scene.says('SuspendedEVSE')
    await suspended.scene.meters(300, (s) => [['Current.Import', '16.0'], rising(16, s)], suspended.id)
    expect(proposals(suspended.scene)).toMatchObject([{ trait: 'suspendedEvse', profile: 'suspended-draws' }])
    const frozen = await charging('default')
    await frozen.scene.meters(
      420,
      () => [
        ['Current.Import', '16.0'],
        ['Energy.Active.Import.Register', '5003'],
      ],
      frozen.id,
    )
    expect(proposals(frozen.scene)).toMatchObject([{ trait: 'drawingBy', profile: 'by-register' }])
    const neutral = await charging('default')
    await neutral.scene.meters(
      300,
      (s) => [['Current.Import', '0', { phase: 'L1' }], ['Current.Import', '16', { phase: 'N' }], rising(16, s)],
      neutral.id,
    )
    expect(proposals(neutral.scene)).toMatchObject([{ trait: 'currentOn', profile: 'neutral-current' }])
  })

  it('falls to Finishing without a start, three times of three', async () => {
    const scene = await FrameScene.open('default')
    for (let time = 0; time < 3; time += 1) {
      expect(proposals(scene)).toEqual([])
      await scene.says('Preparing')
      await scene.passes(45)
      await scene.says('Finishing')
      await scene.says('Available')
      await scene.passes(400)
    }
    expect(proposals(scene)).toEqual([
      {
        trait: 'startOn',
        profile: 'start-on-plug',
        says: 'fell from Preparing to Finishing without a start 3 of 3 times, after 45 s',
      },
    ])
  })

  it('a token that comes back cut', async () => {
    const scene = await FrameScene.open('default')
    await scene.arrives()
    await scene.says('Preparing')
    const answer = await scene.call('Authorize', { idTag: scene.token().slice(0, 14) })
    expect(answer).toMatchObject({ idTagInfo: { status: 'Invalid' } })
    expect(proposals(scene)).toMatchObject([{ trait: 'tokenLength', profile: 'short-token' }])
    expect(proposals(scene)[0]?.says).toContain('came back with 14 characters')
  })

  it('Available with an open transaction that never ends, three times of three; not where the transaction went on', async () => {
    const one = async (scene: FrameScene, goesOn: boolean): Promise<void> => {
      await scene.says('Preparing')
      const id = await scene.begins(5_003, { idTag: 'CARD1' })
      await scene.says('Charging')
      await scene.meters(20, (s) => [['Current.Import', '16.0'], rising(16, s)], id)
      await scene.says('Available')
      if (goesOn) await scene.meters(20, (s) => [['Current.Import', '16.0'], rising(16, 20 + s)], id)
      await scene.passes(130)
    }
    const silent = await FrameScene.open('default')
    for (let time = 0; time < 4; time += 1) {
      expect(proposals(silent)).toEqual([])
      await one(silent, false)
    }
    expect(proposals(silent)).toMatchObject([{ trait: 'availableMay', profile: 'silent-end' }])
    const other = await FrameScene.open('default')
    await one(other, true)
    for (let time = 0; time < 4; time += 1) await one(other, false)
    expect(proposals(other)).toEqual([])
  })

  it('a charge point that boots with a family’s words: the family, once, with the line of the site file to write', async () => {
    const scene = await FrameScene.open('short-token', 'EN+', 'AC7000')
    await scene.boots('EN+', 'AC7000')
    expect(proposals(scene)).toMatchObject([{ trait: 'profile', profile: 'en-plus' }])
    const open = scene.site.journal.records.reduce(alarms.fold, alarms.start())
    expect([...open.values()]).toMatchObject([
      {
        alarmId: 'site/profile/CP-1/profile/en-plus',
        bayId: null,
        type: 'profile-proposed',
        do: 'If that is right, write `profile: en-plus` at chargePoints `id: CP-1` of the site file and start again; berth changes nothing by itself.',
      },
    ])
  })

  it('a second trait is proposed beside the profile that is there', async () => {
    const { scene, id } = await charging('short-token')
    await scene.meters(300, (s) => [['Current.Export', '16.0'], rising(16, s)], id)
    expect(scene.site.effects.filter((effect) => effect['alarm'] === 'profile-proposed')).toMatchObject([
      { do: expect.stringContaining('`profile: short-token+export-current`') },
    ])
  })

  it('after a restart nothing is proposed twice, and what the site file now follows is settled', async () => {
    const { scene, id } = await charging('default')
    await scene.meters(300, (s) => [['Current.Export', '16.0'], rising(16, s)], id)
    const { records } = scene.site.journal
    const written: string[] = []
    const restarted = (currentFrom: 'import' | 'export', chargePoints = ['CP-1']) => {
      const watch = traitWatch({
        scribe: () => ({
          write: async (entries) => {
            written.push(...entries.map((entry) => `${entry.cause.type} ${entry.effects?.[0]?.['alarmId']}`))
            return []
          },
        }),
        now: () => 0,
        profile: () => ({ ...scene.profile, currentFrom }),
        failed: () => {},
      })
      for (const record of records) watch.replay(record)
      watch.settle(chargePoints)
    }
    restarted('import')
    expect(written).toEqual([])
    restarted('export')
    expect(written).toEqual(['trait.settled site/profile/CP-1/currentFrom/export-current'])
    // A charge point that the site file names no more: nobody can follow what was proposed of it.
    restarted('import', ['CP-2'])
    expect(written).toEqual(Array(2).fill('trait.settled site/profile/CP-1/currentFrom/export-current'))
  })
})
