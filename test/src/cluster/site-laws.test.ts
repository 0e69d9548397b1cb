import { expect, test } from 'vitest'
import { brokenLaws, LAWS, type LogRow, type SiteHistory } from './site-laws.ts'

const ORDER = '0b6cbb7e-5ad9-4a39-93b5-2f7b2c7d1c11'

const row = (seq: number, epoch: number, more: Partial<LogRow> = {}): LogRow => ({
  ...{ seq, epoch, decisions: [], effects: [] },
  text: `{"cause":{"id":"${seq === 3 ? ORDER : `of ${seq}`}"}}`,
  ...more,
})

const started = { type: 'StartRequested', visitId: 'visit-1', startId: 'start-1', reason: 'plate' }
const billed = {
  type: 'SessionBilled',
  lines: [{ transactionId: 7, energy_Wh: 12 }],
}

/** One charge under two owners, as it should be: started, stopped by its operator, billed. */
const GOOD: SiteHistory = {
  rows: [
    row(1, 2),
    row(2, 2, { decisions: [started], effects: [{ type: 'start.charging', startId: 'start-1' }] }),
    row(3, 2, { effects: [{ type: 'stop.charging', transactionId: 7 }] }),
    row(4, 4, { decisions: [billed] }),
  ],
  broken: null,
  writers: [
    { epoch: 2, writer: 'node-1' },
    { epoch: 4, writer: 'node-2' },
  ],
  acknowledged: [{ id: ORDER, seq: 3 }],
  commands: [
    { action: 'start', about: 'start-1', callId: 'a', headThen: 2 },
    { action: 'stop', about: '7', callId: 'b', headThen: 3 },
  ],
  drawn: new Map([['7', 12]]),
  counted_Wh: 12,
}

/** The good history with its rows bent. */
const withRows = (bend: (rows: readonly LogRow[]) => readonly LogRow[]): SiteHistory => ({
  ...GOOD,
  rows: bend(GOOD.rows),
})
const at = (seq: number, more: Partial<LogRow>) =>
  withRows((rows) => rows.map((one) => (one.seq === seq ? { ...one, ...more } : one)))

test('a history in which everything went well breaks no law', () => {
  expect(brokenLaws(GOOD)).toEqual([])
})

const FORGED: readonly (readonly [law: keyof typeof LAWS, what: string, history: SiteHistory, says: RegExp])[] = [
  ['chain', 'a record that was altered', { ...GOOD, broken: 'record 3' }, /chain is broken: record 3/],
  ['gaps', 'a record that is gone', withRows((rows) => rows.toSpliced(2, 1)), /record 3 is 4/],
  ['gaps', 'a number that stands twice', withRows((rows) => rows.toSpliced(2, 0, row(2, 2))), /record 3 is 2/],
  ['epochs', 'an owner that wrote after the next one', at(3, { epoch: 5 }), /record 4 is of an older owner/],
  [
    'owners',
    'two nodes that wrote under one epoch',
    { ...GOOD, writers: [...GOOD.writers, { epoch: 4, writer: 'node-3' }] },
    /under epoch 4 node-2 and node-3 wrote/,
  ],
  ['owners', 'a record that nobody was seen to write', { ...GOOD, writers: GOOD.writers.slice(1) }, /under epoch 2/],
  ['orders', 'an answered order that is lost', at(3, { text: '{}' }), /stands at no place/],
  ['orders', 'an answered order that stands twice', at(4, { text: ORDER, decisions: [billed] }), /stands at 3, 4/],
  [
    'orders',
    'an order that stands elsewhere than was answered',
    { ...GOOD, acknowledged: [{ id: ORDER, seq: 2 }] },
    /answered as record 2 and stands at 3/,
  ],
  ['commands', 'a start on no record', at(2, { effects: [] }), /a start \(start-1\) .* is on no record/],
  ['commands', 'a stop on no record', at(3, { effects: [] }), /a stop \(7\) .* is on no record/],
  [
    'commands',
    'a start that arrived before its record was kept',
    { ...GOOD, commands: GOOD.commands.map((one) => ({ ...one, headThen: 1 })) },
    /when the log ended at 1; its record is 2/,
  ],
  [
    'commands',
    'a token that nobody made',
    { ...GOOD, commands: [{ action: 'start', about: null, callId: 'a', headThen: 9 }] },
    /a token that nobody made/,
  ],
  [
    'sentOnce',
    'a start that two owners sent',
    { ...GOOD, commands: [...GOOD.commands, { action: 'start', about: 'start-1', callId: 'c', headThen: 4 }] },
    /start start-1 was decided 1 times and sent 2 times/,
  ],
  [
    'sentOnce',
    'a stop that was decided once and sent twice',
    { ...GOOD, commands: [...GOOD.commands, { action: 'stop', about: '7', callId: 'c', headThen: 4 }] },
    /stop 7 was decided 1 times and sent 2 times/,
  ],
  [
    'starts',
    'a visit that was started twice for one reason',
    at(4, { decisions: [billed, { ...started, startId: 'start-2' }] }),
    /visit-1 for plate was started 2 times/,
  ],
  ['bills', 'a charge without a bill', at(4, { decisions: [] }), /transaction 7 \(12 Wh\) has no bill/],
  ['bills', 'a charge that was billed twice', at(3, { decisions: [billed] }), /transaction 7 was billed 2 times/],
  [
    'bills',
    'a bill of more than was drawn',
    { ...GOOD, drawn: new Map([['7', 10]]), counted_Wh: 10 },
    /transaction 7: 12 Wh billed, 10 Wh drawn/,
  ],
  ['bills', 'energy that no transaction has', { ...GOOD, counted_Wh: 40 }, /12 Wh are billed in all/],
]

test.each(FORGED)('the law of %s is broken by %s', (law, _what, history, says) => {
  expect(LAWS[law]?.(history).join('\n')).toMatch(says)
})

test('every law can be broken', () => {
  expect(new Set(FORGED.map(([law]) => law))).toEqual(new Set(Object.keys(LAWS)))
})
