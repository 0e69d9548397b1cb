import type { Interval } from '../interval.ts'
import { percent, type Study, three } from './study.ts'

const labelOf = (bays: number): string => (bays === 1 ? 'a camera for each bay' : `a camera for ${bays} bays`)
const [ONE, FOUR, TWELVE] = [labelOf(1), labelOf(4), labelOf(12)]

const costs = (more: number): string => `${three(Math.abs(more))} EUR a day ${more > 0 ? 'more' : 'less'}`

/** Who pays otherwise with fewer cameras and with more: a difference only where the same vehicles show it. */
const fallbacks = ({ low, high }: Interval, fewer: string, more: string): string =>
  low > 0 || high < 0
    ? `${fewer} pay otherwise instead of ${more}`
    : `as many pay otherwise as far as these days show (${fewer} and ${more})`

/** Fewer cameras cost less and see narrower plates at steeper angles. */
export const CAMERA_STUDY: Study = {
  name: 'cameras',
  asks: 'How many bays may one camera serve: what does each camera saved cost in fallbacks and mistakes?',
  scenario: {
    version: 1,
    site: { name: 'Cameras', bays: 12 },
    demand: { source: 'hamburg-public', scale: 4 },
    // Of two megapixels and far enough away that the outer bays are not seen from the side: the row is as narrow as it gets.
    cameras: [{ model: '2MP-1/2.8', covers: 1, pose: { y_m: -12, height_m: 5 } }],
    run: { days: 14, warmup_days: 1, replications: 8, seed: 41 },
  },
  designs: [1, 2, 3, 4, 6, 8, 12].map((covers) => ({ label: labelOf(covers), change: { 'cameras.covers': covers } })),
  figures: ['cost', 'fallback', 'fallbacks', 'read-at-once', 'wrong-bay', 'misread-accepted'],
  expects: [
    { figure: 'cost', from: ONE, to: FOUR, goes: 'down' },
    { figure: 'fallback', from: FOUR, to: TWELVE, goes: 'up' },
    { figure: 'read-at-once', from: FOUR, to: TWELVE, goes: 'down' },
  ],
  note: 'Two megapixels over a row of n bays leave 1/n of the pixels to a plate: 94 for four bays, 63 for six, 47 for eight, 31 for twelve. berth’s own reader, as it was calibrated, hardly knows 60 from 300, and reads half of the sharp pictures at 36.',
  says: ({ mean, change }) =>
    `A camera for four bays instead of one saves ${three(-change(ONE, FOUR, 'cost').mean)} EUR a day, and ${fallbacks(change(ONE, FOUR, 'fallback'), percent(mean(FOUR, 'fallback')), percent(mean(ONE, 'fallback')))}; with one for twelve ${percent(mean(TWELVE, 'fallback'))} pay otherwise: ${three(change(FOUR, TWELVE, 'fallbacks').mean)} fallbacks a day more than with four, and ${costs(change(FOUR, TWELVE, 'cost').mean)} with the reviewers’ time. ${percent(mean(FOUR, 'wrong-bay'))} are taken for a neighbour's with four, ${percent(mean(TWELVE, 'wrong-bay'))} with twelve.`,
}
