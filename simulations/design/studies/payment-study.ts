import { percent, type Study, three } from './study.ts'

const WEATHERS = [
  ['by day', { 'weather.night': 0, 'weather.snow': 0 }],
  ['in the dark', { 'weather.night': 1, 'weather.snow': 0, 'cameras.ir': false }],
  ['at night', { 'weather.night': 1, 'weather.snow': 0 }],
  ['snow at night', { 'weather.night': 1, 'weather.snow': 1 }],
] as const
const WALLETS = [
  ['cards', { 'drivers.cardShare': 0.6, 'drivers.qrShare': 0 }],
  ['codes', { 'drivers.cardShare': 0, 'drivers.qrShare': 0.6 }],
  ['cards and codes', { 'drivers.cardShare': 0.6, 'drivers.qrShare': 0.6 }],
] as const
const labelOf = (weather: string, wallet: string): string => `${wallet}, ${weather}`
const [FAIR, SNOWED] = [labelOf('by day', 'cards and codes'), labelOf('snow at night', 'cards and codes')]
const [CARDS, CODES] = [labelOf('snow at night', 'cards'), labelOf('snow at night', 'codes')]
const DARK = labelOf('in the dark', 'cards and codes')

/** When plates cannot be read, what else brings the charge, and what does the desk do meanwhile? */
export const PAYMENT_STUDY: Study = {
  name: 'payment',
  asks: 'In snow and at night, what do cards (RFID) and codes (QR) save, and how much work has the review desk?',
  scenario: {
    version: 1,
    site: { name: 'Payment', bays: 12 },
    demand: { source: 'hamburg-public', scale: 4 },
    cameras: [{ covers: 3, ir: true, irRange_m: 12, pose: { y_m: -6, height_m: 3.5 } }],
    run: { days: 10, warmup_days: 1, replications: 6, seed: 61 },
  },
  designs: WEATHERS.flatMap(([weather, sky]) =>
    WALLETS.map(([wallet, purse]) => ({ label: labelOf(weather, wallet), change: { ...sky, ...purse } })),
  ),
  figures: ['read-at-once', 'fallback', 'not-charged', 'stop-to-power-p95', 'reviewed', 'review-minutes'],
  expects: [
    { figure: 'fallback', from: FAIR, to: SNOWED, goes: 'up' },
    { figure: 'not-charged', from: CARDS, to: SNOWED, goes: 'down' },
    { figure: 'stop-to-power-p95', from: CARDS, to: CODES, goes: 'up' },
    { figure: 'fallback', from: FAIR, to: DARK, goes: 'up' },
  ],
  note: 'The desk hardly gets more work: a plate under snow, or in the dark without infrared (“in the dark”), leaves no read to ask a person about, and the driver is sent to card or code at once. With infrared that reaches the plates a night reads like a day.',
  says: ({ mean }) =>
    `In snow at night ${percent(mean(SNOWED, 'fallback'))} pay by card or code (${percent(mean(FAIR, 'fallback'))} on a fair day) and ${percent(mean(SNOWED, 'not-charged'))} leave without a charge where both are there, ${percent(mean(CARDS, 'not-charged'))} with cards alone and ${percent(mean(CODES, 'not-charged'))} with codes alone; the desk works ${three(mean(FAIR, 'review-minutes'))} min on a fair day, ${three(mean(DARK, 'review-minutes'))} in the dark and ${three(mean(SNOWED, 'review-minutes'))} in snow at night.`,
}
