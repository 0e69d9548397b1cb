import { percent, type Study } from './study.ts'

const labelOf = (quorum: number, gated: boolean): string =>
  `${quorum} ${quorum === 1 ? 'frame' : 'frames'}, ${gated ? 'both recognisers alike' : 'one recogniser'}`
const [LEAST, MOST] = [labelOf(1, false), labelOf(4, false)]
const [TWO, GATED] = [labelOf(2, false), labelOf(2, true)]

/** How many frames must agree, and whether two recognisers must: each asks more of a right plate too. */
export const QUORUM_STUDY: Study = {
  name: 'quorum',
  asks: 'How many frames must agree, must two recognisers, and what does each wrong start avoided cost in starts?',
  scenario: {
    version: 1,
    site: { name: 'Quorum', bays: 16 },
    demand: { source: 'hamburg-public', scale: 6 },
    // At the reader's limit: plates of 47 pixels.
    cameras: [{ model: '2MP-1/2.8', covers: 8, pose: { y_m: -12, height_m: 5 } }],
    drivers: { registered: 0.85, register: 2000 },
    run: { days: 14, warmup_days: 1, replications: 8, seed: 71 },
  },
  designs: [false, true].flatMap((gated) =>
    [1, 2, 3, 4].map((quorum) => ({
      label: labelOf(quorum, gated),
      change: {
        'policy.quorum': quorum,
        // As berth's two recognisers were seen to agree: on right texts, and on wrong ones.
        ...(gated && { 'reader.agreement': { right: 0.93, wrong: 0.43 } }),
      },
    })),
  ),
  figures: ['read-at-once', 'misread-accepted', 'wrong-payer', 'fallback', 'review-minutes'],
  expects: [
    { figure: 'misread-accepted', from: LEAST, to: MOST, goes: 'down' },
    { figure: 'read-at-once', from: TWO, to: MOST, goes: 'down' },
    { figure: 'misread-accepted', from: TWO, to: GATED, goes: 'down' },
    { figure: 'read-at-once', from: TWO, to: GATED, goes: 'down' },
  ],
  note: 'Cameras are planned to the limit of berth’s own reader (eight bays each, plates of 47 pixels), so that there is something to gain. Wrong starts are counted as wrong agreements: who is billed wrongly needs a misread that is registered too, which a register of 2,000 nearly never has. One frame alone starts fewer than two: its first misread takes the visit. That both recognisers agree is drawn once for each vehicle (93 % of right texts, 43 % of wrong ones), so its price in starts is an upper bound.',
  says: ({ mean }) =>
    `Two frames start ${percent(mean(TWO, 'read-at-once'))} by their plate with ${percent(mean(TWO, 'misread-accepted'))} wrong agreements, four ${percent(mean(MOST, 'read-at-once'))} with ${percent(mean(MOST, 'misread-accepted'))}, one alone ${percent(mean(LEAST, 'read-at-once'))} with ${percent(mean(LEAST, 'misread-accepted'))}; two frames on which two recognisers agree ${percent(mean(GATED, 'read-at-once'))} with ${percent(mean(GATED, 'misread-accepted'))}.`,
}
