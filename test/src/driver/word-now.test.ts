import { expect, test } from 'vitest'
import { hasWords } from '../../../actors/driver-words-table.ts'
import { bay as machine } from '../../../machines/bay.ts'
import type { BayView } from '../../../projections/bay-view.ts'
import { wordNow } from '../../../src/driver/word-now.ts'
import { wordFor } from '../../contracts/driver-signs-contract.ts'

const view = (state: BayView['state'], detail: string, more: Partial<BayView> = {}): BayView =>
  ({
    bayId: 'bay-1',
    state,
    detail,
    service: 'in-service',
    autonomy: 'act',
    session: { energy_Wh: 500 },
    chargers: [{ status: 'Charging' }],
    visit: state === 'vacant' ? null : { visitId: 'bay-1-1', identifiedBy: 'plate' },
    ...more,
  }) as BayView

const told = (message: string, reason: string) => wordFor('bay-1', message, reason, 7)

test.each([
  ['vacant', 'vacant', null, 'free'],
  ['detecting', 'collecting', null, 'wait'],
  ['detecting', 'second-reading', null, 'wait'],
  ['detecting', 'in-review', null, 'present-card'],
  ['authorizing', 'claiming', null, 'wait'],
  ['authorizing', 'starting', told('authorized', 'first'), 'authorized'],
  ['authorizing', 'starting', null, 'present-card'],
  ['authorizing', 'awaiting-plug', told('authorized', 'first'), 'authorized'],
  ['authorizing', 'awaiting-plug', told('re-plug', 'rejected'), 're-plug'],
  ['authorizing', 'awaiting-plug', null, 'plug-in'],
  ['authorizing', 'fallback', told('present-card', 'timeout'), 'present-card'],
  ['authorizing', 'denied', null, 'present-card'],
  ['charging-locked', 'charging', told('charging', 'plate'), 'charging'],
  ['charging-locked', 'frozen', null, 'charging'],
  ['charging-locked', 'suspended', told('charging', 'plate'), 'paused'],
  ['exiting', 'still-plugged', null, 'finished'],
  ['exiting', 'unseen', told('charging', 'plate'), 'finished'],
] as const)('%s.%s, told %o: the driver reads %s', (state, detail, word, message) => {
  const now = wordNow(view(state, detail), word)
  expect(now.message).toBe(message)
  expect(hasWords(now.message, now.reason), `${now.message} (${now.reason})`).toBe(true)
})

test('every detail of the chart has words, told of anything or of nothing, whatever the autonomy', () => {
  const words = [null, told('charging', 'nobody pays'), told('present-card', 'review'), told('plug-in', 'card')]
  let asked = 0
  for (const [state, node] of Object.entries(machine.states)) {
    for (const detail of Object.keys(node.states).length === 0 ? [state] : Object.keys(node.states)) {
      for (const autonomy of ['act', 'suggest', 'observe'] as const) {
        for (const word of words) {
          const { message, reason } = wordNow(view(state as BayView['state'], detail, { autonomy }), word)
          expect(hasWords(message, reason), `${state}.${detail} ${message} (${reason})`).toBe(true)
          asked += 1
        }
      }
    }
  }
  expect(asked).toBeGreaterThan(150)
})

test('before the first current the charge is starting, not paused', () => {
  const first = { session: { energy_Wh: 0 } } as Partial<BayView>
  expect(wordNow(view('charging-locked', 'suspended', first), null)).toEqual({
    message: 'authorized',
    reason: 'preparing',
  })
  const withheld = { ...first, chargers: [{ status: 'SuspendedEV' }] } as unknown as Partial<BayView>
  expect(wordNow(view('charging-locked', 'suspended', withheld), null).message).toBe('paused')
})

test('a word of another visit says nothing of this one', () => {
  const word = { ...told('re-plug', 'rejected'), visitId: 'bay-1-0' }
  expect(wordNow(view('authorizing', 'awaiting-plug'), word).message).toBe('plug-in')
})

test('where berth only observes nobody is promised a start', () => {
  for (const detail of ['starting', 'awaiting-plug', 'claiming', 'fallback'])
    expect(wordNow(view('authorizing', detail, { autonomy: 'observe' }), null)).toEqual({
      message: 'present-card',
      reason: 'by-card',
    })
})

test('a bay that is out of service or faulted is not called free', () => {
  for (const service of ['out-of-service', 'faulted'] as const)
    expect(wordNow(view('vacant', 'vacant', { service }), null).message).toBe('closed')
})

test('a charge that nobody pays says so', () => {
  expect(wordNow(view('charging-locked', 'charging'), told('charging', 'nobody pays')).reason).toBe('nobody pays')
})

test('nobody is sent to a charge point that is not connected', () => {
  const away = { chargers: [{ status: 'Available', online: false }] } as unknown as Partial<BayView>
  const read = (state: BayView['state'], detail: string, word: ReturnType<typeof told> | null) => {
    const { message, reason } = wordNow(view(state, detail, away), word)
    expect(hasWords(message, reason), `${message} (${reason})`).toBe(true)
    return `${message} (${reason})`
  }
  expect(read('vacant', 'vacant', null)).toBe('closed (charge point away)')
  expect(read('authorizing', 'starting', told('offline', 'start waits'))).toBe('offline (start waits)')
  expect(read('authorizing', 'starting', told('authorized', 'first'))).toBe('offline (start waits)')
  expect(read('authorizing', 'awaiting-plug', null)).toBe('offline (plug waits)')
  expect(read('authorizing', 'fallback', told('present-card', 'no-plate'))).toBe('present-card (charge point away)')
  expect(read('detecting', 'collecting', null)).toBe('wait (reading)')
})

test('a charge whose session alone is trusted is called one as soon as current is measured, and a pause once it is held', () => {
  const seen = (status: string, current_A: number): string => {
    const chargers = [{ status, current_A }] as unknown as BayView['chargers']
    const session = { energy_Wh: 0 } as BayView['session']
    return wordNow(view('charging-locked', 'suspended', { chargers, session }), null).message
  }
  expect([seen('Charging', 16), seen('Charging', 0), seen('SuspendedEV', 16)]).toEqual([
    'charging',
    'authorized',
    'paused',
  ])
})
