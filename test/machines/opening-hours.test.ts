import { describe, expect, test } from 'vitest'
import { type Hours, isOpen, parseHours, wallTime } from '../../machines/opening-hours.ts'

const LONDON = 'Europe/London'
const NEW_YORK = 'America/New_York'

function hours(text: string): Hours {
  const parsed = parseHours(text)
  if ('problem' in parsed) throw new Error(parsed.problem)
  return parsed
}

const open = (text: string, at: string, timezone = LONDON) => isOpen(hours(text), Date.parse(at), timezone)

describe('hours as people write them', () => {
  test('weekdays are open from the first minute to before the last', () => {
    // 2026-11-23 is a Monday; London is at UTC in winter.
    expect(open('Mo-Fr 06:00-18:00', '2026-11-23T05:59:59.999Z')).toBe(false)
    expect(open('Mo-Fr 06:00-18:00', '2026-11-23T06:00:00Z')).toBe(true)
    expect(open('Mo-Fr 06:00-18:00', '2026-11-27T17:59:59Z')).toBe(true)
    expect(open('Mo-Fr 06:00-18:00', '2026-11-27T18:00:00Z')).toBe(false)
    expect(open('Mo-Fr 06:00-18:00', '2026-11-28T12:00:00Z')).toBe(false)
  })

  test('parts follow by semicolon or comma, and days may be listed', () => {
    for (const text of [
      'Mo-Fr 06:00-18:00; Sa 08:00-12:00',
      'Mo-Fr 06:00-18:00, Sa 08:00-12:00',
      'sa 8:00-12:00;Mo,Tu-Fr 06:00 – 18:00',
    ]) {
      expect(open(text, '2026-11-25T07:00:00Z')).toBe(true)
      expect(open(text, '2026-11-28T07:00:00Z')).toBe(false)
      expect(open(text, '2026-11-28T08:00:00Z')).toBe(true)
      expect(open(text, '2026-11-29T10:00:00Z')).toBe(false)
    }
  })

  test('several times of one day, with the break between them closed', () => {
    expect(open('Mo 06:00-10:00,14:00-18:00', '2026-11-23T09:00:00Z')).toBe(true)
    expect(open('Mo 06:00-10:00,14:00-18:00', '2026-11-23T12:00:00Z')).toBe(false)
    expect(open('Mo 06:00-10:00,14:00-18:00', '2026-11-23T14:00:00Z')).toBe(true)
  })

  test('a night belongs to the day on which it begins', () => {
    expect(open('Fr 22:00-06:00', '2026-11-27T23:00:00Z')).toBe(true)
    expect(open('Fr 22:00-06:00', '2026-11-28T05:59:00Z')).toBe(true)
    expect(open('Fr 22:00-06:00', '2026-11-28T06:00:00Z')).toBe(false)
    expect(open('Fr 22:00-06:00', '2026-11-27T05:00:00Z')).toBe(false)
    expect(open('Su 22:00-06:00', '2026-11-23T05:00:00Z')).toBe(true)
  })

  test('days run over the end of the week', () => {
    expect(open('Fr-Mo 10:00-11:00', '2026-11-29T10:30:00Z')).toBe(true)
    expect(open('Fr-Mo 10:00-11:00', '2026-11-23T10:30:00Z')).toBe(true)
    expect(open('Fr-Mo 10:00-11:00', '2026-11-25T10:30:00Z')).toBe(false)
  })

  test('24/7, whole days and times of every day', () => {
    expect(open('24/7', '2026-11-29T03:00:00Z')).toBe(true)
    expect(open('Sa,Su', '2026-11-29T23:59:00Z')).toBe(true)
    expect(open('Sa,Su', '2026-11-30T00:00:00Z')).toBe(false)
    expect(open('08:00-24:00', '2026-11-29T23:59:59Z')).toBe(true)
    expect(open('08:00-24:00', '2026-11-29T07:59:59Z')).toBe(false)
  })

  test.each([
    ['', 'empty'],
    [';', 'no time'],
    ['Mo-Fr 6-18', 'no range of times'],
    ['Mo-Fr 06:00-25:00', 'no clock shows'],
    ['Mo-Fr 06:60-18:00', 'no clock shows'],
    ['Mo-Fr 24:00-06:00', 'no clock shows'],
    ['Mo 08:00-08:00', 'begins when it ends'],
    ['Monday 08:00-09:00', '"monday" is no day'],
    ['PH off', '"ph" is no day'],
    ['Mo-Fr 08:00-18:00; We 08:00-12:00', 'named twice'],
    ['Mo 08:00-10:00,,12:00-13:00', 'nothing beside it'],
    ['Mo-Tu-We 08:00-10:00', 'no range of times'],
  ])('%j is refused with one sentence that says how to write it', (text, says) => {
    const parsed = parseHours(text)
    expect('problem' in parsed && parsed.problem).toContain(says)
    expect('problem' in parsed && parsed.problem).toMatch(/write hours like .*\.$/)
  })
})

describe('when clocks change', () => {
  test('summer moves the hours with the wall clock, in London and New York', () => {
    expect(open('Mo-Fr 06:00-18:00', '2026-07-06T05:00:00Z')).toBe(true)
    expect(open('Mo-Fr 06:00-18:00', '2026-07-06T17:00:00Z')).toBe(false)
    expect(open('Mo-Fr 06:00-18:00', '2026-07-06T10:00:00Z', NEW_YORK)).toBe(true)
    expect(open('Mo-Fr 06:00-18:00', '2026-07-06T09:59:00Z', NEW_YORK)).toBe(false)
    expect(open('Mo-Fr 06:00-18:00', '2026-11-23T10:59:00Z', NEW_YORK)).toBe(false)
    expect(open('Mo-Fr 06:00-18:00', '2026-11-23T11:00:00Z', NEW_YORK)).toBe(true)
  })

  test('the hour that is skipped in spring is never open, what follows opens on time', () => {
    // London 2026-03-29: 00:59:59 UTC is followed by 02:00 summer time.
    expect(open('Su 01:00-02:00', '2026-03-29T00:59:59Z')).toBe(false)
    expect(open('Su 01:00-02:00', '2026-03-29T01:00:00Z')).toBe(false)
    expect(open('Su 02:00-03:00', '2026-03-29T01:00:00Z')).toBe(true)
    // New York 2026-03-08: 06:59:59 UTC (01:59:59) is followed by 03:00.
    expect(open('Su 02:00-03:00', '2026-03-08T07:00:00Z', NEW_YORK)).toBe(false)
    expect(open('Su 03:00-04:00', '2026-03-08T07:00:00Z', NEW_YORK)).toBe(true)
  })

  test('the hour that comes twice in autumn is open twice', () => {
    // London 2026-10-25: 01:00-02:00 local is 00:00-01:00 and 01:00-02:00 UTC.
    for (const at of ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z']) expect(open('Su 01:00-02:00', at)).toBe(true)
    expect(open('Su 01:00-02:00', '2026-10-25T02:00:00Z')).toBe(false)
    // New York 2026-11-01: 01:00-02:00 local is 05:00-06:00 and 06:00-07:00 UTC.
    for (const at of ['2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'])
      expect(open('Su 01:00-02:00', at, NEW_YORK)).toBe(true)
  })

  test('a night across the change ends by the wall clock', () => {
    expect(open('Sa 22:00-06:00', '2026-03-29T04:59:00Z')).toBe(true)
    expect(open('Sa 22:00-06:00', '2026-03-29T05:00:00Z')).toBe(false)
    expect(open('Sa 22:00-06:00', '2026-10-25T05:59:00Z')).toBe(true)
    expect(open('Sa 22:00-06:00', '2026-10-25T06:00:00Z')).toBe(false)
  })

  test('the wall clock shows date, weekday and minute of the zone', () => {
    expect(wallTime(Date.parse('2026-07-06T03:59:00Z'), NEW_YORK)).toEqual({
      date: '2026-07-05',
      weekday: 6,
      minute: 23 * 60 + 59,
    })
    expect(wallTime(Date.parse('2026-07-06T00:00:00Z'), LONDON)).toEqual({ date: '2026-07-06', weekday: 0, minute: 60 })
    expect(wallTime(Date.parse('2026-11-22T00:00:00Z'), LONDON)).toEqual({ date: '2026-11-22', weekday: 6, minute: 0 })
  })
})
