import { expect, test } from 'vitest'
import { equal, matches, PromiseBroken, shown } from '../../simulations/promise-broken.ts'
import { replaysTheSame } from '../../simulations/rereading.ts'
import { Scene } from '../../simulations/toy-scene.ts'

test.each([
  [1, 1, true],
  [Number.NaN, Number.NaN, true],
  [1, '1', false],
  [null, undefined, false],
  [[], {}, false],
  [{}, null, false],
  [[1, [2]], [1, [2]], true],
  [[1, 2], [1], false],
  [{ a: 1, b: { c: null } }, { b: { c: null }, a: 1 }, true],
  [{ a: 1, b: undefined }, { a: 1 }, true],
  [{ a: 1 }, { a: 1, b: 2 }, false],
])('%j and %j are equal: %j', (a, b, same) => {
  expect(equal(a, b)).toBe(same)
  expect(equal(b, a)).toBe(same)
})

test.each([
  [{ a: 1, b: 2 }, { a: 1 }, true],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [[{ a: 1, b: 2 }], [{ b: 2 }], true],
  [[{ a: 1 }, { a: 2 }], [{ a: 1 }], false],
  [[], [{}], false],
  [{ a: { b: [1, 2] } }, { a: { b: [1, 2] } }, true],
  [{ a: null }, { a: null }, true],
  ['text', { a: 1 }, false],
])('%j says all of %j: %j', (actual, pattern, does) => {
  expect(matches(actual, pattern)).toBe(does)
})

test('values read like words', () => {
  expect(shown([null, { exit: 'exit-seen', energy_Wh: 600 }, 'acc-a'])).toBe(
    '[none, {exit: exit-seen, energy_Wh: 600}, acc-a]',
  )
})

test('each kind of check that fails throws what was promised, expected and found; one that holds is noted', async () => {
  const scene = await Scene.open()
  const broken = (check: () => void): PromiseBroken => {
    try {
      check()
    } catch (error) {
      if (error instanceof PromiseBroken) return error
    }
    throw new Error('nothing was broken')
  }
  expect(broken(() => scene.sees('the payer', 'acc-a', 'acc-b'))).toMatchObject({
    what: 'the payer',
    expected: 'acc-b',
    actual: 'acc-a',
  })
  expect(broken(() => scene.matches('the bills', [], [{}])).message).toContain('the bills should be [{}] and is []')
  expect(broken(() => scene.holds('the bay is locked', scene.locked())).message).toContain('the bay is locked')
  expect(scene.notes).toEqual([])
  scene.sees('the state', scene.state(), 'vacant')
  expect(scene.notes).toMatchObject([{ kind: 'check', says: 'the state: vacant' }])
})

test('a journal that says something else than what happened is found when it is read again', async () => {
  const scene = await Scene.open()
  await scene.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  await replaysTheSame(scene.site)
  const { records } = scene.site.journal
  const at = records.findIndex((record) => record.cause.type === 'authorization.granted')
  const record = records[at]
  if (!record) throw new Error('nobody was authorized')
  records[at] = { ...record, cause: { ...record.cause, accountId: 'acc-thief' } }
  await expect(replaysTheSame(scene.site)).rejects.toThrow(PromiseBroken)
  records[at] = { ...record, decisions: [] }
  await expect(replaysTheSame(scene.site)).rejects.toThrow('lived again')
})
