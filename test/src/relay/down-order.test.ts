import { expect, test } from 'vitest'
import { DownOrder } from '../../../src/relay/down-order.ts'

test('what is not ready holds back what was said after it, and nothing else', () => {
  const order = new DownOrder()
  const done: number[] = []
  const say = (n: number) => () => void done.push(n)
  order.next(say(1))
  const second = order.keep()
  order.next(say(3))
  const fourth = order.keep()
  order.next(say(5))
  fourth(say(4))
  expect(done).toEqual([1])
  second(say(2))
  expect(done).toEqual([1, 2, 3, 4, 5])
  order.next(say(6))
  expect(done).toEqual([1, 2, 3, 4, 5, 6])
})
