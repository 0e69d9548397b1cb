import { expect, test } from 'vitest'
import { FigureHistory } from '../../../src/server/figure-history.ts'
import { aCamera } from './array-cameras.ts'
import { quietBay } from './quiet-bay.ts'
import { startServer } from './running-server.ts'

const T0 = Date.parse('2026-11-22T10:00:00.000Z')
const iso = (ms: number) => new Date(ms).toISOString()
const meter = { type: 'meter.values', connector: 'CP-1/1', transactionId: '17', when: 'live', verdict: 'valid' }

test('the meter of a bay tells readings by when they were taken, leaves out what is unusable, and stops before the record that is named', async () => {
  const { site, ask } = await startServer()
  await site.change('bay-1', { ...meter, current_A: 6, register_Wh: 100, happenedAt: iso(T0 + 60_000) }, {})
  await site.change('bay-1', { ...meter, current_A: 99, verdict: 'unusable', happenedAt: iso(T0 + 90_000) }, {})
  await site.change('bay-1', { type: 'zone.seen' }, {})
  // Told late, taken early.
  await site.change('bay-1', { ...meter, when: 'past', current_A: 5, happenedAt: iso(T0) }, {})
  const seq = await site.change('bay-1', { ...meter, current_A: 7, happenedAt: iso(T0 + 120_000) }, {})
  const told = async (query: string) => {
    const body = (await (await ask(`/api/bays/bay-1/meter${query}`)).json()) as { items: { current_A: number }[] }
    return body.items.map(({ current_A }) => current_A)
  }
  expect(await told('')).toEqual([5, 6, 7])
  expect(await told(`?before=${seq}`)).toEqual([5, 6])
  expect(await told(`?from=${iso(T0 + 30_000)}`)).toEqual([6, 7])
  expect((await ask('/api/bays/nowhere/meter')).status).toBe(404)
})

test('the energy of a charge is whole: it begins and ends with the registers that its transaction began and ended with', async () => {
  const { site, ask } = await startServer()
  const connector = 'CP-1/1'
  const started = { type: 'transaction.started', connector, transactionId: '17', register_Wh: 1000 }
  await site.change('bay-1', { ...started, happenedAt: iso(T0) }, {})
  await site.change('bay-1', { ...meter, current_A: 16, register_Wh: 1010, happenedAt: iso(T0 + 60_000) }, {})
  const ended = { type: 'transaction.ended', connector, transactionId: '17', reason: 'Local' }
  await site.change('bay-1', { ...ended, register_Wh: 1030, happenedAt: iso(T0 + 90_000) }, {})
  // Nothing to plot, and a clock that runs wild.
  await site.change('bay-1', { ...ended, register_Wh: null, happenedAt: iso(T0 + 91_000) }, {})
  const wild = await site.change('bay-1', { ...ended, register_Wh: 1030, happenedAt: '2008-01-01T00:00:00.000Z' }, {})
  const body = await (await ask('/api/bays/bay-1/meter')).json()
  const items = (body as { items: { of: string; at: string; register_Wh: number; seq: number }[] }).items
  expect(items.map(({ of, register_Wh }) => [of, register_Wh])).toEqual([
    ['start', 1000],
    ['meter', 1010],
    ['end', 1030],
    ['end', 1030],
  ])
  expect(items.find(({ seq }) => seq === wild)?.at.slice(0, 4)).not.toBe('2008')
})

test('cameras and charge points are told minute by minute, a day at most, from the server’s start on', async () => {
  const figures = new FigureHistory()
  const camera = aCamera('cam-1', { fps: 5, readRate: { read: 19, of: 20, usual: null }, skew_s: 1 })
  const bay = quietBay('bay-1')
  const [charger] = bay.chargers
  if (!charger) throw new Error('a quiet bay has a charger')
  const down = { ...charger, online: false, status: 'Faulted', current_A: null }
  for (let minute = 0; minute < 1_500; minute += 1)
    figures.take(iso(T0 + minute * 60_000), [camera], [minute === 1_499 ? down : charger])
  const { ask } = await startServer({ figures, sights: { all: () => [camera], confirmView: async () => null } })
  const seen = (await (await ask('/api/cameras/cam-1/history')).json()) as { every_s: number; items: object[] }
  expect([seen.every_s, seen.items.length]).toEqual([60, 1_440])
  expect(seen.items[0]).toMatchObject({ fps: 5, readShare: 0.95, skew_s: 1, sees: true })
  const was = (await (await ask('/api/charge-points/CP-bay-1/history')).json()) as { items: object[] }
  // The server took one of its own when it opened.
  expect(was.items.at(-2)).toMatchObject({ connected: false, faulted: 1, current_A: null })
  expect(was.items.at(-1)).toMatchObject({ connected: true, faulted: 0, current_A: 0 })
  for (const path of ['/api/cameras/cam-9/history', '/api/charge-points/CP-9/history'])
    expect((await ask(path)).status).toBe(404)
})
