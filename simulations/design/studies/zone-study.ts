import { percent, type Study, type StudyDesign } from './study.ts'

const HEIGHTS_m = [2.5, 3.5, 5]
const COVERS = [2, 4, 6]
const ZONES = [
  ['none', 'none'],
  ['ground', 'on the ground'],
  ['plateHeight', 'at plate height'],
] as const

const labelOf = (drawn: string, bays: number, height_m: number): string => `${drawn}, ${bays} bays, ${height_m} m`

const designs: StudyDesign[] = ZONES.flatMap(([zones, drawn]) =>
  COVERS.flatMap((covers) =>
    HEIGHTS_m.map((height_m) => ({
      label: labelOf(drawn, covers, height_m),
      change: { 'layout.zones': zones, 'cameras.covers': covers, 'cameras.pose.height_m': height_m },
    })),
  ),
)
const [LOW, LIFTED] = [labelOf('on the ground', 6, 2.5), labelOf('at plate height', 6, 2.5)]
const [HIGH, FEW] = [labelOf('on the ground', 6, 5), labelOf('on the ground', 2, 2.5)]
const [BLIND, DRAWN] = [labelOf('none', 4, 3.5), labelOf('at plate height', 4, 3.5)]

/** A plate is not on the ground: where a bay's polygon is drawn decides whose a read is. */
export const ZONE_STUDY: Study = {
  name: 'zones',
  asks: 'How must the bays be drawn in the picture, how many may a camera serve, and how high must it hang?',
  scenario: {
    version: 1,
    site: { name: 'Zones', bays: 12 },
    demand: { source: 'hamburg-public', scale: 2 },
    cameras: [{ covers: 4, shutter_s: 0.002, pose: { y_m: -6, height_m: 3.5 } }],
    run: { days: 21, warmup_days: 1, replications: 8, seed: 11 },
  },
  designs,
  figures: ['wrong-bay', 'wrong-payer', 'fallback', 'read-at-once', 'review-minutes'],
  expects: [
    { figure: 'wrong-bay', from: LOW, to: LIFTED, goes: 'down' },
    { figure: 'wrong-bay', from: LOW, to: HIGH, goes: 'down' },
    { figure: 'wrong-bay', from: FEW, to: LOW, goes: 'up' },
    { figure: 'read-at-once', from: LOW, to: LIFTED, goes: 'up' },
    { figure: 'read-at-once', from: BLIND, to: DRAWN, goes: 'up' },
  ],
  note: "Production takes a plate for a bay's only where it lies clearly in that bay's polygon, and never guesses without polygons: where zones are drawn badly or not at all, most of the harm is vehicles that are not read at once, not wrong bays.",
  says: ({ mean }) =>
    `With six bays to a camera 2.5 m high, polygons on the ground give ${percent(mean(LOW, 'wrong-bay'))} of the vehicles to a neighbour's bay and leave ${percent(mean(LOW, 'read-at-once'))} read at once; at plate height ${percent(mean(LIFTED, 'wrong-bay'))} and ${percent(mean(LIFTED, 'read-at-once'))}.`,
}
