import { expect, test } from 'vitest'
import { type BillLine, type OurLine, reconcile } from '../../projections/reconciliation.ts'
import { fc } from '../seeded-check.ts'

const START = Date.parse('2026-11-22T10:00:00.000Z')
const HOUR = 3_600_000
const bill = (place: number, fields: Partial<OurLine> = {}): OurLine => ({
  name: `ses-${place}`,
  evidence: `berth:${place}:0123456789abcdef`,
  transactions: [String(place)],
  evse: `CP-${place % 3}/1`,
  start: START + place * HOUR,
  end: START + place * HOUR + HOUR / 2,
  energy_Wh: 10_000 + place,
  currency: 'GBP',
  total: 450 + place,
  paid: true,
  ...fields,
})
const kinds = (ours: readonly OurLine[], theirs: readonly BillLine[]) =>
  reconcile(ours, theirs).differences.map(({ kind, by }) => (by === null ? kind : `${kind} by ${by}`))

test('bills that are the same are the same in any order, and what is taken away or put in is named, by whatever they are known', () => {
  const known = fc.constantFrom<Partial<BillLine>>({}, { evidence: null }, { evidence: null, transactions: [] })
  fc.assert(
    fc.property(
      fc.array(fc.record({ known, fate: fc.constantFrom('kept', 'lost', 'kept', 'kept') }), { maxLength: 30 }),
      fc.nat(5),
      (all, more) => {
        const ours = all.map((_one, place) => bill(place))
        const theirs = all.flatMap(({ known: how, fate }, place) =>
          fate === 'kept' ? [{ ...bill(place), ...how }] : [],
        )
        const extra = Array.from({ length: more }, (_one, place) => bill(1_000 + place, { evidence: null }))
        const { matched, differences } = reconcile(ours, [...theirs, ...extra].reverse())
        expect(matched).toBe(theirs.length)
        expect(differences.filter(({ kind }) => kind === 'missing').map(({ ours: one }) => one?.name)).toEqual(
          all.flatMap(({ fate }, place) => (fate === 'lost' ? [`ses-${place}`] : [])),
        )
        expect(differences.filter(({ kind }) => kind === 'extra')).toHaveLength(more)
        expect(differences).toHaveLength(more + all.length - theirs.length)
      },
    ),
  )
})

test('what differs is said, and what is tolerated is not', () => {
  const one = bill(1)
  const says = (fields: Partial<BillLine>) => reconcile([one], [{ ...one, ...fields }]).differences[0]?.says
  expect(
    says({ energy_Wh: 10_050, total: 452, start: one.start === null ? null : one.start + 119_000 }),
  ).toBeUndefined()
  expect(says({ energy_Wh: 10_060 })).toEqual(['energy 10001 Wh here, 10060 Wh there'])
  expect(says({ total: 453 })).toEqual(['total 4.51 GBP here, 4.53 GBP there'])
  expect(says({ currency: 'EUR', total: 999 })).toEqual(['currency GBP here, EUR there'])
  expect(says({ end: START, evse: 'CP-9/1' })).toEqual([
    'end 2026-11-22T11:30:00.000Z here, 2026-11-22T10:00:00.000Z there',
    'EVSE CP-1/1 here, CP-9/1 there',
  ])
  expect(says({ energy_Wh: null, total: null, currency: null, start: null, end: null, evse: null })).toBeUndefined()
})

test('a number that comes back is another transaction, and one session billed twice is extra', () => {
  const later = { ...bill(1), evidence: null, start: START + 90 * HOUR, end: START + 91 * HOUR, evse: null }
  expect(kinds([bill(1)], [later])).toEqual(['missing', 'extra'])
  expect(reconcile([bill(1)], [bill(1), bill(1)]).differences).toMatchObject([
    { kind: 'extra', says: ['the back end bills this session twice'] },
  ])
})

test('what nobody pays for is missed by nobody, and is wrong where it is billed', () => {
  const nobodys = bill(1, { paid: false })
  expect(kinds([nobodys], [])).toEqual([])
  expect(kinds([nobodys], [bill(1)])).toEqual(['different by evidence'])
  expect(kinds([bill(1, { energy_Wh: 4, total: 0 })], [])).toEqual([])
})

test('what lies at the edge is matched, and not missed', () => {
  const edge = bill(1, { edge: true })
  expect(reconcile([edge], [])).toMatchObject({ ours: 0, matched: 0, differences: [] })
  expect(reconcile([edge], [bill(1)])).toMatchObject({ ours: 1, matched: 1, differences: [] })
})

test('a bill is looked at as often among two thousand as among twenty', () => {
  const looks = (many: number): number => {
    let seen = 0
    const theirs = Array.from({ length: many }, (_one, place) => {
      const line: BillLine = bill(place)
      const { evidence } = line
      return Object.defineProperty(line, 'evidence', {
        get: () => {
          seen += 1
          return evidence
        },
      })
    })
    const ours = theirs.map((_one, place) => bill(place))
    expect(reconcile(ours, theirs).matched).toBe(many)
    return seen / many
  }
  expect(looks(2_000)).toBe(looks(20))
})
