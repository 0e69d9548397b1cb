import { expect, test } from 'vitest'
import { lockPage, lockRows } from './lock-table.ts'

const rows = lockRows()

test('the page of the lock is what the machine does', async () => {
  await expect(lockPage(rows)).toMatchFileSnapshot('../../docs/lock-table.md')
})

test('a bay is in charging-locked exactly while it is locked', () => {
  for (const row of rows) expect(row.state.startsWith('charging-locked'), JSON.stringify(row)).toBe(row.locked)
})

test('an open transaction or flow is locked whatever the camera says, unless the link is down and the zone was seen empty for absence_s', () => {
  for (const row of rows.filter((one) => one.reached && (one.transaction === 'open' || one.flow === 'drawing'))) {
    const let_go = row.link === 'offline' && row.camera === 'empty for absence_s'
    expect(row.locked, JSON.stringify(row)).toBe(!let_go)
  }
})

test('no camera changes who pays for a visit, in any case', () => {
  for (const row of rows.filter((one) => !one.undecided)) expect(row.payer, JSON.stringify(row)).not.toContain('camera')
  for (const row of rows.filter((one) => one.undecided && one.locked))
    expect(row.payer, JSON.stringify(row)).not.toContain('camera')
})

test('a person may change who pays for any visit, and a card wherever one is presented', () => {
  for (const row of rows.filter((one) => one.state !== 'vacant'))
    expect(row.payer, JSON.stringify(row)).toEqual(expect.arrayContaining(['card', 'person']))
})

test('nothing that holds nothing stays occupied once the camera saw the zone empty, or nothing at all, for absence_s', () => {
  for (const row of rows.filter(
    (one) =>
      one.camera.endsWith('absence_s') && one.transaction !== 'open' && one.flow !== 'drawing' && one.cable !== 'in',
  ))
    expect(row.state, JSON.stringify(row)).toBe('vacant')
})
