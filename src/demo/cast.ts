import type { Plate } from './plate-design.ts'
import type { VehicleLook } from './vehicle-body.ts'

/** Who pays, and for which plate or card. Names, plates and cards are made up. */
export type DemoAccount = {
  readonly accountId: string
  readonly name: string
  readonly fleet: string | null
  readonly plates: readonly string[]
  readonly cards: readonly string[]
}

/** A visitor: what it looks like, and what its driver carries and does. */
export type Visitor = {
  readonly look: VehicleLook
  /** What kind of visit the car park is shown. */
  readonly kind: 'registered' | 'neighbour' | 'unreadable' | 'unregistered' | 'reviewed' | 'phoned'
  readonly card: string | null
  /** Metres to the right of the bay's middle. */
  readonly across_m: number
  /** Current the vehicle draws, amperes. */
  readonly draws_A: number
}

/** A plate without spaces. */
export const plateKeyText = (plate: Plate): string => plate.text.replaceAll(' ', '')

const rear = (text: string): Plate => ({ style: 'gb-rear', text })
const front = (text: string): Plate => ({ style: 'gb-front', text })

const registered = (look: VehicleLook, draws_A: number): Visitor => ({
  look,
  kind: 'registered',
  card: null,
  across_m: 0,
  draws_A,
})

/** The first visitor: read, authorized, charged, gone within the first minute. */
export const FIRST_VISITOR = registered(
  { body: 'saloon', colour: [60, 90, 150], facing: 'rear', plate: rear('AB12 CDE') },
  7.2,
)

/** Stands in bay-5 while the badly parked van beside it is read from both bays' zones. */
export const NEIGHBOURED_VISITOR: Visitor = {
  ...registered({ body: 'suv', colour: [150, 34, 38], facing: 'front', plate: { style: 'de', text: 'M KX 4821' } }, 16),
  across_m: 0.15,
}

/** Its plate is on the right of its door, and it stands near the line: the zones of two bays show it. */
export const NEIGHBOUR: Visitor = {
  look: {
    body: 'van',
    colour: [226, 228, 230],
    facing: 'rear',
    plate: { style: 'nl', text: 'TV 913 X' },
    plateOffset_m: 0.36,
  },
  kind: 'neighbour',
  card: null,
  across_m: 0.26,
  draws_A: 10.4,
}

/** Mud hides its plate: its driver has a card. */
export const UNREADABLE: Visitor = {
  look: {
    body: 'suv',
    colour: [158, 146, 112],
    facing: 'rear',
    plate: { style: 'gb-rear', text: 'KP19 WVM', cover: 'mud' },
  },
  kind: 'unreadable',
  card: '04A1B2C3D4E580',
  across_m: 0,
  draws_A: 11,
}

/** Mud hides its plate too, and its driver has no card: whoever opens the page of its bay starts it, with this PIN or a payment. */
export const PHONED: Visitor = {
  look: {
    body: 'saloon',
    colour: [110, 96, 140],
    facing: 'rear',
    plate: { style: 'gb-rear', text: 'OV16 NKL', cover: 'mud' },
  },
  kind: 'phoned',
  card: null,
  across_m: 0,
  draws_A: 13,
}
export const PHONED_PIN = '2468'

/** Nobody registered this one. */
export const UNREGISTERED: Visitor = {
  look: { body: 'hatch', colour: [40, 110, 74], facing: 'rear', plate: { style: 'br', text: 'RTA7E43' } },
  kind: 'unregistered',
  card: null,
  across_m: 0,
  draws_A: 6,
}

/** Two plates: its own, and that of another car on the bicycle rack. Only a person can tell which one pays. */
export const REVIEWED: Visitor = {
  look: { body: 'hatch', colour: [196, 126, 44], facing: 'rear', plate: rear('LR68 TYN'), rackPlate: rear('MV21 HSK') },
  kind: 'reviewed',
  card: null,
  across_m: 0,
  draws_A: 7.4,
}

/** Who comes again and again after the first minutes. */
export const REGULARS: readonly Visitor[] = [
  FIRST_VISITOR,
  NEIGHBOURED_VISITOR,
  registered(
    { body: 'hatch', colour: [206, 208, 210], facing: 'front', plate: { style: 'fr', text: 'GH 347 KL' } },
    6.8,
  ),
  registered({ body: 'saloon', colour: [36, 38, 44], facing: 'front', plate: front('WF09 XGU') }, 16),
  registered({ body: 'suv', colour: [178, 178, 170], facing: 'rear', plate: { style: 'us', text: '7HXJ 482' } }, 12.1),
  registered({ body: 'van', colour: [238, 200, 60], facing: 'front', plate: { style: 'nl', text: 'HK 482 P' } }, 15.8),
  registered({ body: 'saloon', colour: [120, 24, 60], facing: 'rear', plate: rear('YE71 RHT') }, 7),
  registered({ body: 'hatch', colour: [90, 150, 190], facing: 'front', plate: { style: 'br', text: 'PHK4M73' } }, 6.6),
  registered({ body: 'suv', colour: [24, 58, 54], facing: 'rear', plate: { style: 'de', text: 'H WT 7734' } }, 16),
]

/** What the demo's operator registers before the first vehicle comes. */
export const ACCOUNTS: readonly DemoAccount[] = [
  {
    accountId: 'anna',
    name: "Anna's fleet",
    fleet: "Anna's fleet",
    plates: ['AB12CDE', 'WF09XGU', 'YE71RHT'],
    cards: [],
  },
  { accountId: 'kilian', name: 'Kilian Exner', fleet: null, plates: ['MKX4821', 'HWT7734'], cards: [] },
  { accountId: 'post-noord', name: 'Post Noord', fleet: 'Post Noord', plates: ['TV913X', 'HK482P'], cards: [] },
  { accountId: 'gallois', name: 'Hélène Gallois', fleet: null, plates: ['GH347KL'], cards: [] },
  { accountId: 'harper', name: 'Harper Rentals', fleet: 'Harper Rentals', plates: ['7HXJ482', 'PHK4M73'], cards: [] },
  { accountId: 'rhea', name: 'Rhea Ford', fleet: null, plates: [], cards: ['04A1B2C3D4E580'] },
  { accountId: 'nkem', name: 'Nkem Lindqvist', fleet: null, plates: ['OV16NKL'], cards: [] },
  { accountId: 'lomas', name: 'Lomas Bakery', fleet: null, plates: ['LR68TYN'], cards: [] },
  { accountId: 'marvin', name: 'Marvin Heske', fleet: null, plates: ['MV21HSK'], cards: [] },
]
