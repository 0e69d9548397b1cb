import { expect, test } from 'vitest'
import { cutField, insertField, scanHead, spansAt, splice, textAt } from '../../../src/relay/frame-scan.ts'

test('reads the head of calls, answers and newer types, with ids as they are written', () => {
  expect(scanHead('[2,"a-1","Heartbeat",{}]')).toMatchObject({
    type: 2,
    id: 'a-1',
    idText: '"a-1"',
    action: 'Heartbeat',
  })
  expect(scanHead(' [ 3 , 17 , {} ] ')).toMatchObject({ type: 3, id: '17', idText: '17', action: null })
  expect(scanHead('[6,"x","NotifyPeriodicEventStream",{}]')).toMatchObject({ type: 6 })
  expect(scanHead('[5,"x","Code","",{}]')).toMatchObject({ type: 5, id: 'x' })
  expect(scanHead('[2,"\\u0061\\"","Start\\u0054ransaction",{}]')).toMatchObject({
    id: 'a"',
    action: 'StartTransaction',
  })
})

test('says null to what is no frame, and never throws', () => {
  for (const text of [
    '',
    '[',
    '[2',
    '[2,',
    '[2,"a"',
    '[2,"a","b"',
    '{}',
    'null',
    '[2,"a',
    '[[[[',
    '\\',
    '[2.5,"a","b",{}]',
  ])
    expect(scanHead(text)).toBe(null)
})

test('finds a value at its path and nowhere else, and all of a key that is written twice', () => {
  const text = '{"a":{"idTag":"no"},"b":"idTag","idTag" : "T1","list":["idTag",{"idTag":"no"}],"id\\u0054ag":"T2"}'
  const spans = spansAt(text, 0, ['idTag'])
  expect(spans.map((span) => textAt(text, span))).toEqual(['T1', 'T2'])
  expect(splice(text, spans, '"ALIAS"')).toBe(
    '{"a":{"idTag":"no"},"b":"idTag","idTag" : "ALIAS","list":["idTag",{"idTag":"no"}],"id\\u0054ag":"ALIAS"}',
  )
  expect(spansAt(text, 0, ['a', 'idTag'])).toHaveLength(1)
  expect(spansAt('{"idTag":"T"', 0, ['idTag'])).toEqual([])
})

test('braces, commas and quotes inside of strings mislead nobody', () => {
  const text = '[2,"1","X",{"note":"}],\\"idTag\\":\\"no\\",{","idTag":"T\\\\"}]'
  const spans = spansAt(text, scanHead(text)?.rest ?? 0, ['idTag'])
  expect(spans.map((span) => textAt(text, span))).toEqual(['T\\'])
})

test('puts a field first into an object, empty or not', () => {
  expect(insertField('[2,{ }]', 3, '"a":1')).toBe('[2,{"a":1 }]')
  expect(insertField('[2, {"b":2}]', 3, '"a":1')).toBe('[2, {"a":1,"b":2}]')
})

test('depth of a million costs no stack', () => {
  const deep = `[2,"1","X",{"a":${'['.repeat(500_000)}${']'.repeat(500_000)},"idTag":"T"}]`
  expect(spansAt(deep, scanHead(deep)?.rest ?? 0, ['idTag'])).toHaveLength(1)
})

test('a field that is written a hundred thousand times is cut out in one walk', () => {
  const many = Array.from({ length: 100_000 }, (_, i) => `"idTag":${i % 10}`).join(',')
  const from = performance.now()
  const left = cutField(`{${many},"connectorId":1 , ${many} }`, 0, 'idTag')
  expect([left.length, left.slice(0, 40)]).toEqual([19, '{"connectorId":1  }'])
  // The quadratic way takes minutes.
  expect(performance.now() - from).toBeLessThan(30_000)
})

test.each([
  ['{"a":1}', '{}'],
  ['{"a":1,"a":2}', '{}'],
  ['{"a":1,"b":2,"a":3}', '{"b":2}'],
  ['{"b":2 , "a":3}', '{"b":2 }'],
  ['{"b":"a","a":{"a":[1,"a"]},"c":3}', '{"b":"a","c":3}'],
])('the field a is cut out of %s', (text, left) => {
  expect(JSON.parse(cutField(text, 0, 'a'))).toEqual(JSON.parse(left))
})
