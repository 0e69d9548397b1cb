import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { policyStandings, putPolicy, rollBack } from '../../../src/centre/policy-book.ts'
import { SitesBoard } from '../../../src/centre/sites-board.ts'
import { systemClock } from '../../../src/clock.ts'
import { centre as centreCommand } from '../../../src/commands/centre.ts'
import { openRoom } from '../../../src/open-room.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import { openUplink } from '../../../src/uplink/open-uplink.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { runCommand } from '../journal/run-command.ts'
import { until, writeSite } from '../serve/serving-line.ts'
import { openStage, ship, siteWith } from './link-stage.ts'

vi.setConfig({ testTimeout: 120_000 })
const AT = '2026-11-23T10:00:00.000Z'

/** A site of one bay that runs without its doors, linked to the centre and ready to take its policies. */
async function gateway(url: string, token: string) {
  const file = await readSiteFile((await writeSite(1)).path, {})
  const centre = { url, token, ca: null, silent_min: 60, driverPages: false, orders: [], policy: true }
  const room = await openRoom({ ...file, centre }, systemClock, () => {}, {})
  await room.start()
  // Nobody asks for a driver page here.
  const uplink = openUplink(room, systemClock, () => {}, undefined as never)
  const waking = setInterval(() => uplink.wake(), 100)
  onTestFinished(async () => {
    clearInterval(waking)
    await uplink.close()
    await room.close()
  })
  return room
}

withPostgres('policies of sites at a centre', (cluster) => {
  const database = async () => cluster().url(await cluster().newDatabase())

  test('each has a version; a rollback is a new version with the rules of a former one; what does not check is put nowhere', async () => {
    const { line, add } = await openStage(await database())
    for (const site of ['north', 'south']) await add(site)
    expect(await putPolicy(line, ['north', 'south'], { quorum: 2 }, AT)).toEqual(
      new Map([
        ['north', 1],
        ['south', 1],
      ]),
    )
    expect(await putPolicy(line, ['north'], { quorum: 3 }, AT)).toEqual(new Map([['north', 2]]))
    await expect(putPolicy(line, ['south', 'nowhere'], {}, AT)).rejects.toThrow(/No site "nowhere" ships here/)
    await expect(putPolicy(line, ['south'], { quorum: 0 }, AT)).rejects.toThrow(
      /The policy does not check: policy\.quorum: /,
    )
    expect(await rollBack(line, 'north', null, AT)).toEqual({ version: 3, former: 1 })
    expect(await rollBack(line, 'north', 2, AT)).toEqual({ version: 4, former: 2 })
    await expect(rollBack(line, 'south', null, AT)).rejects.toThrow(/south has no policy before the newest one/)
    await expect(rollBack(line, 'south', 7, AT)).rejects.toThrow(/south has no version 7/)
    const standing = { inForce: null, waiting: 0, refused: null }
    expect(await policyStandings(line)).toEqual(
      new Map([
        ['north', { wanted: 4, ...standing }],
        ['south', { wanted: 1, ...standing }],
      ]),
    )
    // An older copy of this database was put back: the next version is newer than what the site has all the same.
    await line.read(`INSERT INTO berth_centre.policy_said VALUES ('south', 9, $1, 9, 0, null)`, [AT])
    expect(await putPolicy(line, ['south'], {}, AT)).toEqual(new Map([['south', 10]]))
  })

  test('a gateway whose site file lets the centre put no policy is told of on the board, once, until it links anew and takes them', async () => {
    const { centre, line, add, told } = await openStage(await database())
    const { token } = await add('depot')
    const site = await siteWith(3)
    await putPolicy(line, ['depot'], { quorum: 3 }, AT)
    const { uplink } = ship(site, centre.url, token)
    const standing = async () => (await policyStandings(line)).get('depot')
    await until(async () => (await standing())?.refused !== null)
    expect((await standing())?.refused).toMatch(/write `policy: true` under `centre`/)
    expect(told.filter((one) => one.includes('policy'))).toHaveLength(1)
    await uplink.close()
    ship(site, centre.url, token, 'depot', 5_000, {
      policy: async (body) => ({ version: (body as { version: number }).version, waiting: 0 }),
    })
    await until(async () => (await standing())?.inForce === 1)
    expect((await standing())?.refused).toBeNull()
  })

  test('a running site goes by what is put, back again after a rollback, and says why not where it does not check', async () => {
    const store = await database()
    const { centre, line, add, told } = await openStage(store)
    const { token } = await add('depot-north')
    const file = join(scratchFolder(), 'policy.yaml')
    const put = async (text: string) => {
      writeFileSync(file, text)
      return runCommand(centreCommand, 'policy', 'put', 'depot-north', file, '--store', store)
    }
    const standing = async () => (await policyStandings(line)).get('depot-north')
    const board = async () => (await new SitesBoard(line, () => true).look(20_000))[0]
    expect((await put('policy: { quorum: 3 }')).code).toBe(0)
    expect((await board())?.policy).toEqual({ wanted: 1, inForce: null, waiting: 0, refused: null })
    const room = await gateway(centre.url, token)
    const adopted = async () =>
      (await room.journal.readStream('bay:bay-1', 0, 1_000))
        .filter(({ cause }) => cause.type === 'policy.adopted')
        .map(({ cause }) => (cause['policy'] as { quorum: number }).quorum)
    await until(async () => (await standing())?.inForce === 1)
    expect(await adopted()).toEqual([2, 3])
    await put('quorum: 4')
    await until(async () => (await standing())?.inForce === 2)
    const back = await runCommand(centreCommand, 'policy', 'rollback', 'depot-north', '--store', store)
    expect(back.out).toMatch(/^depot-north: version 3 is wanted, which is version 1 again/)
    await until(async () => (await standing())?.inForce === 3)
    expect(await adopted()).toEqual([2, 3, 4, 3])
    await line.read(`INSERT INTO berth_centre.policy VALUES ('depot-north', 4, $1, null, '{"quorum":0}')`, [AT])
    await until(async () => (await standing())?.refused !== null)
    expect((await board())?.policy).toEqual({
      wanted: 4,
      inForce: 3,
      waiting: 0,
      refused: expect.stringMatching(/^Version 4 of the policy does not check: policy\.quorum: /),
    })
    expect(told.filter((line) => line.includes('policy'))).toEqual([
      'depot-north goes by version 1 of its policy.',
      'depot-north goes by version 2 of its policy.',
      'depot-north goes by version 3 of its policy.',
      expect.stringMatching(/^depot-north refuses version 4 of its policy: Version 4 of the policy does not check/),
    ])
    const listed = await runCommand(centreCommand, 'policy', 'list', '--store', store)
    expect(listed.out).toMatch(/^depot-north\twanted 4\tin force 3\trefused: Version 4/)
  })
})
