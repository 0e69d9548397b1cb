/**
 * What the reader's errors are made of, counted over photographs with known plates, each taken several times with a camera's small
 * differences. Characters are folded ones. A place of a plate is weak where at least one frame read it otherwise. Written by
 * `node test/bench/measure-reader.ts FOLDER…`: change the reader, then measure again, never the figures by hand.
 */
export type ReaderConfusion = {
  readonly measured: string
  readonly photos: number
  /** Frames of each photo. Histograms by frames have one place more: 0 to all. */
  readonly frames: number
  /** Characters seen, over all frames. */
  readonly characters: number
  /** Photos by frames in which nothing of the plate was read. */
  readonly unread: readonly number[]
  /** Photos by frames in which only the beginning or the end was read (two characters or more are missing). */
  readonly halves: readonly number[]
  /** Photos by frames in which one and the same other text was read that could be a plate. */
  readonly strays: readonly number[]
  /** Of those texts that two frames or more agree on: letters and digits placed as on the photo's own plate, otherwise, or digits alone. */
  readonly strayTexts: { readonly alike: number; readonly lettered: number; readonly digits: number }
  /** Photos by their weak places, the last for all that have more. */
  readonly weakPlaces: readonly number[]
  /** Weak places by the frames that read them otherwise: the character lost, another read, or one more read before it. */
  readonly lost: WeakPlaces
  readonly swapped: WeakPlaces
  readonly grown: WeakPlaces
  /** Pairs of wrong frames of one place, and how many of them read the same wrong thing: misreads repeat. */
  readonly alike: { readonly pairs: number; readonly same: number }
  /** By true character: how often it was seen and read otherwise, and as what; '' = lost. */
  readonly swaps: { readonly [character: string]: CharacterReads }
  /**
   * By true look-alike, over photos where the plate was read with an equal matching key: places seen, and places written otherwise in
   * most frames, as what. The labels of these photos mix O with 0 and I with 1 themselves, so these two pairs are an upper limit.
   */
  readonly looks: { readonly [character: string]: LookReads }
  /** Characters read that are not there. */
  readonly grownAs: { readonly [character: string]: number }
  /** Weak places by mean confidence (20 bands of 0..1), where read right and where read wrong, by how often they are read wrong. */
  readonly levels: {
    readonly [level in MisreadLevel]: { readonly right: readonly number[]; readonly wrong: readonly number[] }
  }
  /** Photos by the mean confidence of their least sure sound place. */
  readonly sound: readonly number[]
}

/** How often a weak place is read wrong: in at most a third of the frames, in more, in at least five of six. */
export type MisreadLevel = 'rare' | 'often' | 'always'
/** Histograms by frames, for the first, an inner and the last place of a plate. */
export type WeakPlaces = {
  readonly first: readonly number[]
  readonly inner: readonly number[]
  readonly last: readonly number[]
}
export type CharacterReads = {
  readonly seen: number
  readonly wrong: number
  readonly as: { readonly [read: string]: number }
}
/** Places of a look-alike, and those of them that are written otherwise. */
export type LookReads = { readonly places: number; readonly as: { readonly [read: string]: number } }

/**
 * The production reader on photographs of Europe (54), the USA (109) and Brazil (19), six frames each, in a zone five plates wide, as a bay's
 * is: the photographs that the reader was tuned on. Two more are left out, for their labels are not what their plates say.
 */
export const READER_CONFUSION: ReaderConfusion = {
  measured: '2026-11-22',
  photos: 182,
  frames: 6,
  characters: 7046,
  unread: [173, 0, 3, 3, 1, 2, 0],
  halves: [180, 1, 1, 0, 0, 0, 0],
  strays: [165, 4, 7, 0, 3, 0, 3],
  strayTexts: { alike: 0, lettered: 8, digits: 5 },
  weakPlaces: [159, 15, 7, 1, 0, 0, 0, 0, 0],
  lost: { first: [0, 1, 1, 0, 0, 0, 0], inner: [0, 0, 0, 0, 0, 0, 0], last: [0, 2, 0, 0, 0, 0, 0] },
  swapped: { first: [0, 0, 1, 2, 0, 0, 2], inner: [0, 2, 0, 1, 1, 1, 5], last: [0, 1, 0, 1, 0, 0, 1] },
  grown: { first: [0, 3, 0, 0, 0, 0, 0], inner: [0, 3, 1, 1, 1, 1, 0], last: [0, 0, 0, 0, 0, 0, 0] },
  alike: { pairs: 109, same: 72 },
  swaps: {
    '0': { seen: 530, wrong: 1, as: { E: 1 } },
    '1': { seen: 494, wrong: 2, as: { '': 2 } },
    '2': { seen: 518, wrong: 1, as: { '': 1 } },
    '3': { seen: 415, wrong: 0, as: {} },
    '4': { seen: 377, wrong: 6, as: { '1': 6 } },
    '5': { seen: 485, wrong: 3, as: { '8': 3 } },
    '6': { seen: 508, wrong: 1, as: { C: 1 } },
    '7': { seen: 343, wrong: 0, as: {} },
    '8': { seen: 508, wrong: 0, as: {} },
    '9': { seen: 344, wrong: 0, as: {} },
    M: { seen: 117, wrong: 4, as: { N: 2, R: 1, H: 1 } },
    X: { seen: 99, wrong: 0, as: {} },
    F: { seen: 118, wrong: 0, as: {} },
    W: { seen: 125, wrong: 23, as: { '0': 2, '1': 2, '7': 2, N: 2, '': 6, H: 6, M: 3 } },
    E: { seen: 128, wrong: 4, as: { F: 4 } },
    Y: { seen: 96, wrong: 0, as: {} },
    U: { seen: 120, wrong: 5, as: { '0': 5 } },
    V: { seen: 92, wrong: 0, as: {} },
    P: { seen: 119, wrong: 0, as: {} },
    R: { seen: 267, wrong: 0, as: {} },
    K: { seen: 268, wrong: 0, as: {} },
    A: { seen: 324, wrong: 6, as: { '1': 3, '4': 3 } },
    J: { seen: 117, wrong: 0, as: {} },
    N: { seen: 123, wrong: 1, as: { '': 1 } },
    H: { seen: 116, wrong: 1, as: { '4': 1 } },
    T: { seen: 126, wrong: 0, as: {} },
    C: { seen: 169, wrong: 1, as: { '0': 1 } },
  },
  looks: {
    '0': { places: 52, as: { O: 4 } },
    '1': { places: 51, as: { I: 1 } },
    '2': { places: 68, as: { Z: 1 } },
    '5': { places: 59, as: {} },
    '6': { places: 62, as: {} },
    '8': { places: 54, as: {} },
    S: { places: 21, as: {} },
    B: { places: 29, as: {} },
    O: { places: 19, as: { '0': 11 } },
    L: { places: 24, as: { '1': 1 } },
    I: { places: 7, as: { '1': 2 } },
    D: { places: 18, as: { '0': 1 } },
    G: { places: 22, as: { '6': 1 } },
    Z: { places: 20, as: {} },
    Q: { places: 1, as: {} },
  },
  grownAs: { '0': 6, '1': 4, '6': 2, '8': 1, P: 1, H: 2, C: 2 },
  levels: {
    rare: {
      right: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 2, 0, 2, 0, 2],
      wrong: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 3, 1, 2, 0, 0, 1, 2, 0, 3],
    },
    often: {
      right: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0],
      wrong: [0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 2, 2, 1, 0, 0, 0, 0],
    },
    always: {
      right: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
      wrong: [0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 2, 2, 0, 0, 0, 1, 1, 1, 0],
    },
  },
  sound: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 4, 3, 6, 6, 10, 5, 15, 27, 104],
}
