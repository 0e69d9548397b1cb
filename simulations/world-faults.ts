/** Everything that goes wrong in a world, by name, and what it is. Each can be switched off. */
export const FAULT_KINDS = {
  misread: 'a character is read as another that looks like it',
  'repeated-misread': 'a whole burst of frames reads the same wrong plate',
  'unreadable-plate': 'dirt, or no plate: nothing is read',
  'nonsense-read': 'lettering or a badge is read as a plate, with full confidence',
  'neighbour-read': 'the plate of the next bay is read in this one',
  'two-in-track': 'two plates stand in one picture of one zone',
  'crooked-parking': 'the plate stands between two zones',
  occlusion: 'the camera sees an empty bay where a vehicle stands',
  'phantom-vehicle': 'the camera sees a vehicle in an empty bay',
  'camera-lost': 'a camera falls silent',
  'camera-skew': 'the clock of a camera is wrong by hours',
  'retained-message': 'a broker hands out an old message again',
  'resent-message': 'a camera sends a message twice',
  'late-message': 'what a camera saw arrives minutes later, all at once',
  'forged-push': 'somebody pushes as if they were a camera',
  'slow-answers': 'a charge point takes its time',
  silent: 'a charge point hears and says nothing',
  'duplicate-message': 'a transaction message comes again under a new id',
  reordered: 'messages of a charge point overtake each other',
  'offline-queue': 'a charge point loses its connection and replays what it stored',
  reboot: 'a charge point boots in the middle of a session',
  'power-cut': 'a charge point loses power with the transaction open',
  orphan: 'a charge point forgets its transaction',
  'lying-current': 'a meter shows another current than flows',
  'missing-stop': 'a stop is never sent',
  'gives-up': 'a charge point says Finishing before it was started, and listens only to a new plug',
  'charger-skew': 'the clock of a charge point is wrong',
  'garbled-frame': 'fields are missing, or of another kind than the protocol says',
  'second-socket': 'a charge point connects again before the first connection is closed',
  delay: 'the network is slow',
  'connection-reset': 'a connection breaks',
  partition: 'frames vanish for a while, both ways',
  'append-fails': 'the disk refuses writes',
  'slow-disk': 'an append takes seconds',
  'process-killed': 'berth is killed, at any record, and starts again',
  'clock-back': 'the wall clock of the machine is set back',
  swap: 'the next vehicle stands in the bay seconds after the last one left',
  'left-cable': 'a driver leaves with the cable still in the charge point',
  'drive-off': 'a vehicle drives off while it charges, and the charge point goes dark',
  'never-plugs': 'a vehicle parks and does not charge',
  clone: 'a second vehicle carries the same plate',
  'crossed-cable': 'a driver takes the cable of the bay beside',
  'stray-card': 'a card that nobody knows, or that is blocked',
  'late-card': 'a card is presented in the middle of a session',
  'wrong-word': 'an operator or a reviewer names the wrong vehicle',
  operator: 'an operator stops, denies, releases, closes and opens bays, and changes what they do by themselves',
  'register-change': 'accounts are blocked and let go, vehicles come and go',
  erasure: 'somebody asks to be forgotten',
} as const

export type FaultKind = keyof typeof FAULT_KINDS
export const ALL_FAULTS = Object.keys(FAULT_KINDS) as FaultKind[]

/** Which kinds may happen, and how often each did. */
export class Faults {
  readonly #off: ReadonlySet<FaultKind>
  readonly counts = new Map<FaultKind, number>()

  readonly #told: (kind: FaultKind) => void

  /** `told` of each that happens. */
  constructor(off: Iterable<FaultKind> = [], told: (kind: FaultKind) => void = () => {}) {
    this.#off = new Set(off)
    this.#told = told
  }

  may(kind: FaultKind): boolean {
    return !this.#off.has(kind)
  }

  /** It happens now, where it may. */
  inject(kind: FaultKind): boolean {
    if (this.#off.has(kind)) return false
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1)
    this.#told(kind)
    return true
  }

  get total(): number {
    let sum = 0
    for (const count of this.counts.values()) sum += count
    return sum
  }
}
