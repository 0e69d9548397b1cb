import { expect, onTestFinished, test, vi } from 'vitest'
import { addSite, knownSites, removeSite, renewToken, takeOver } from '../../../src/centre/centre-book.ts'
import { handedRegisters, putRegister } from '../../../src/centre/handed-registers.ts'
import { policiesOf, putPolicy, rollBack } from '../../../src/centre/policy-book.ts'
import { PostgresLine } from '../../../src/journal/postgres-line.ts'
import { signRegister } from '../../../src/register-source/signed-register.ts'
import { tokenHash } from '../../../src/server/token-book.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { PostgresProxy } from '../../contracts/postgres-proxy.ts'
import { SHORT } from '../../contracts/postgres-store.ts'
import { newSigner, registerOf } from '../register-source/register-server.ts'
import { openStage } from './link-stage.ts'

vi.setConfig({ testTimeout: 180_000 })
const AT = '2026-11-23T10:00:00.000Z'

withPostgres('a centre’s database whose answer to a COMMIT is lost', (cluster) => {
  /** A centre with `sites`, and a line to its database on which the next `COMMIT` is kept and its answer never comes. */
  async function stage(...sites: string[]) {
    const name = await cluster().newDatabase()
    const { line, add } = await openStage(cluster().url(name))
    for (const site of sites) await add(site)
    const proxy = await PostgresProxy.open(cluster().port, Buffer.from('COMMIT'))
    const lossy = new PostgresLine(cluster().url(name, proxy.port), SHORT)
    onTestFinished(() => lossy.close())
    const lose = (): PostgresLine => {
      proxy.troubles = ['cut-after']
      return lossy
    }
    const counts = async (token: string) =>
      (await line.read('SELECT epoch FROM berth_centre.token WHERE sha256 = $1', [tokenHash(token)])).length === 1
    return { line, lose, counts, isLost: () => proxy.troubles.length === 0 }
  }

  test('puts no policy twice, and a rollback is the one of before and not the bad one again', async () => {
    const { line, lose, isLost } = await stage('north', 'south')
    await putPolicy(line, ['north'], { quorum: 2 }, AT)
    const versions = await putPolicy(lose(), ['north', 'south'], { quorum: 5 }, AT)
    expect([...versions]).toEqual([
      ['north', 2],
      ['south', 1],
    ])
    expect(isLost()).toBe(true)
    expect(await rollBack(lose(), 'north', null, AT)).toEqual({ version: 3, former: 1 })
    expect(isLost()).toBe(true)
    expect((await policiesOf(line, 'north')).map(({ version, policy }) => [version, policy])).toEqual([
      [3, { quorum: 2 }],
      [2, { quorum: 5 }],
      [1, { quorum: 2 }],
    ])
    expect(await policiesOf(line, 'south')).toHaveLength(1)
  })

  test('loses no token of a site that is added, renewed or taken over, raises no epoch twice, and a site is removed once', async () => {
    const { line, lose, counts, isLost } = await stage()
    const added = await addSite(lose(), 'north', AT)
    expect([isLost(), await counts(added.token), added.epoch]).toEqual([true, true, 1])
    const renewed = await renewToken(lose(), 'north', AT)
    expect([isLost(), await counts(renewed.token), await counts(added.token)]).toEqual([true, true, false])
    const over = await takeOver(lose(), 'north', AT)
    expect([isLost(), await counts(over.token), over.epoch]).toEqual([true, true, 2])
    await removeSite(lose(), 'north', AT)
    expect([isLost(), await knownSites(line)]).toEqual([true, []])
  })

  test('calls no register that was just laid ready older than itself', async () => {
    const { line, lose, isLost } = await stage('north')
    expect(await putRegister(lose(), signRegister(registerOf(1), newSigner()), ['north'], AT)).toBe(1)
    expect([isLost(), (await handedRegisters(line)).length]).toEqual([true, 1])
  })
})
