import { STOCK_READER } from './stock-reader.ts'
import { percent, type Study, three } from './study.ts'

const labelOf = (bays: number): string => (bays === 1 ? 'a camera for each bay' : `a camera for ${bays} bays`)
const [ONE, FOUR] = [labelOf(1), labelOf(4)]

/** Fewer cameras cost less and see narrower plates at steeper angles. */
export const CAMERA_STUDY: Study = {
  name: 'cameras',
  asks: 'How many bays may one camera serve: what does each camera saved cost in fallbacks and mistakes?',
  scenario: {
    version: 1,
    site: { name: 'Cameras', bays: 12 },
    reader: STOCK_READER,
    demand: { source: 'hamburg-public', scale: 4 },
    cameras: [{ covers: 1, pose: { y_m: -6, height_m: 3.5 } }],
    run: { days: 14, warmup_days: 1, replications: 8, seed: 41 },
  },
  designs: [1, 2, 3, 4].map((covers) => ({ label: labelOf(covers), change: { 'cameras.covers': covers } })),
  figures: ['cost', 'fallback', 'fallbacks', 'read-at-once', 'wrong-bay', 'misread-accepted'],
  expects: [
    { figure: 'cost', from: ONE, to: FOUR, goes: 'down' },
    { figure: 'fallback', from: ONE, to: FOUR, goes: 'up' },
    { figure: 'read-at-once', from: ONE, to: FOUR, goes: 'down' },
  ],
  note: 'The reader is a stock OCR: berth’s own, as it was calibrated, reads plates of up to four bays so alike that a short run shows no difference.',
  says: ({ mean, change }) =>
    `A camera for four bays instead of one saves ${three(-change(ONE, FOUR, 'cost').mean)} EUR a day and costs ${three(change(ONE, FOUR, 'fallbacks').mean)} fallbacks a day; ${percent(mean(ONE, 'fallback'))} pay otherwise with one, ${percent(mean(FOUR, 'fallback'))} with four, and ${percent(mean(FOUR, 'wrong-bay'))} are taken for a neighbour's.`,
}
