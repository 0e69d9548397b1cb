import { percent, type Study } from './study.ts'

const labelOf = (shutter: number, speed: number, ir: boolean): string =>
  `1/${shutter} s, ${speed} km/h, ${ir ? 'infrared' : 'no infrared'}`

const [SLOW, FAST] = [labelOf(250, 20, true), labelOf(1000, 20, true)]
const [WALK, DARK] = [labelOf(250, 5, true), labelOf(1000, 20, false)]

/** A plate that moves is blurred over its strokes; a short exposure is sharp, and wants more light. */
export const SHUTTER_STUDY: Study = {
  name: 'shutter',
  asks: 'How short must the exposure be, for which speed, and what does infrared add?',
  scenario: {
    version: 1,
    site: { name: 'Shutter', bays: 14 },
    demand: { source: 'hamburg-public', scale: 4 },
    // At the reader's limit: plates of 54 pixels. Two frames of five are of the moving vehicle; four must agree, so one of them counts.
    cameras: [
      {
        model: '2MP-1/2.8',
        covers: 7,
        shutter_s: 0.004,
        ir: true,
        irRange_m: 30,
        framesPerSecond: 5,
        pose: { y_m: -12, height_m: 5 },
      },
    ],
    policy: { quorum: 4 },
    weather: { night: 0.45 },
    run: { days: 10, warmup_days: 1, replications: 6, seed: 31 },
  },
  designs: [250, 1000].flatMap((shutter) =>
    [5, 20].flatMap((speed) =>
      [true, false].map((ir) => ({
        label: labelOf(shutter, speed, ir),
        change: { 'cameras.shutter_s': 1 / shutter, 'drivers.approach_kmh': speed, 'cameras.ir': ir },
      })),
    ),
  ),
  figures: ['read-at-once', 'fallback', 'reviewed', 'misread-accepted', 'stop-to-power-p50'],
  expects: [
    { figure: 'read-at-once', from: SLOW, to: FAST, goes: 'up' },
    { figure: 'read-at-once', from: WALK, to: SLOW, goes: 'down' },
    { figure: 'read-at-once', from: DARK, to: FAST, goes: 'up' },
  ],
  note: 'Blur matters only in frames of a vehicle that still moves; of one that has parked every shutter reads the same. This study lets four of five frames agree, so that a moving one has to. Cameras are planned to the limit of berth’s own reader: seven bays each, plates of 54 pixels.',
  says: ({ mean }) =>
    `At 20 km/h 1/250 s reads ${percent(mean(SLOW, 'read-at-once'))} at once and 1/1000 s ${percent(mean(FAST, 'read-at-once'))}; without infrared 1/1000 s reads ${percent(mean(DARK, 'read-at-once'))}, and at 5 km/h 1/250 s reads ${percent(mean(WALK, 'read-at-once'))}.`,
}
