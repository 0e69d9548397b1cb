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
  /** Texts that both recognisers read alike, of all texts: of those that are the plate (folded), of misreads of it, and of what stands beside it. */
  readonly together: {
    readonly [kind in 'right' | 'wrong' | 'beside']: { readonly texts: number; readonly agreed: number }
  }
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
  measured: '2026-11-23',
  photos: 182,
  frames: 6,
  characters: 7090,
  unread: [176, 0, 2, 1, 1, 2, 0],
  halves: [179, 2, 1, 0, 0, 0, 0],
  strays: [163, 14, 1, 1, 0, 0, 3],
  strayTexts: { alike: 0, lettered: 2, digits: 3 },
  weakPlaces: [167, 12, 2, 1, 0, 0, 0, 0, 0],
  lost: { first: [0, 1, 0, 0, 0, 0, 0], inner: [0, 0, 1, 0, 0, 0, 0], last: [0, 2, 0, 0, 0, 0, 0] },
  swapped: { first: [0, 2, 1, 2, 0, 1, 1], inner: [0, 2, 3, 1, 0, 0, 1], last: [0, 0, 0, 0, 0, 0, 0] },
  grown: { first: [0, 0, 0, 0, 0, 0, 0], inner: [0, 0, 0, 0, 1, 0, 0], last: [0, 0, 0, 0, 0, 0, 0] },
  alike: { pairs: 44, same: 36 },
  swaps: {
    '0': { seen: 530, wrong: 1, as: { '': 1 } },
    '1': { seen: 502, wrong: 1, as: { '': 1 } },
    '2': { seen: 522, wrong: 0, as: {} },
    '3': { seen: 420, wrong: 0, as: {} },
    '4': { seen: 383, wrong: 11, as: { '1': 9, A: 2 } },
    '5': { seen: 484, wrong: 3, as: { '8': 2, '': 1 } },
    '6': { seen: 507, wrong: 1, as: { C: 1 } },
    '7': { seen: 343, wrong: 3, as: { '2': 3 } },
    '8': { seen: 510, wrong: 0, as: {} },
    '9': { seen: 344, wrong: 0, as: {} },
    M: { seen: 120, wrong: 1, as: { H: 1 } },
    X: { seen: 101, wrong: 0, as: {} },
    F: { seen: 120, wrong: 0, as: {} },
    W: { seen: 127, wrong: 9, as: { '': 2, H: 5, M: 2 } },
    E: { seen: 128, wrong: 3, as: { '5': 1, F: 2 } },
    Y: { seen: 96, wrong: 0, as: {} },
    U: { seen: 118, wrong: 2, as: { '0': 2 } },
    V: { seen: 95, wrong: 0, as: {} },
    P: { seen: 119, wrong: 0, as: {} },
    R: { seen: 269, wrong: 0, as: {} },
    K: { seen: 269, wrong: 0, as: {} },
    A: { seen: 324, wrong: 2, as: { '1': 1, '': 1 } },
    J: { seen: 120, wrong: 0, as: {} },
    N: { seen: 123, wrong: 0, as: {} },
    H: { seen: 116, wrong: 0, as: {} },
    T: { seen: 131, wrong: 0, as: {} },
    C: { seen: 169, wrong: 0, as: {} },
  },
  looks: {
    '0': { places: 53, as: { O: 4 } },
    '1': { places: 52, as: { I: 2 } },
    '2': { places: 70, as: { Z: 2 } },
    '5': { places: 60, as: {} },
    '6': { places: 62, as: {} },
    '8': { places: 55, as: {} },
    S: { places: 21, as: {} },
    B: { places: 29, as: {} },
    O: { places: 19, as: { '0': 9 } },
    L: { places: 25, as: { '1': 1 } },
    I: { places: 7, as: {} },
    D: { places: 18, as: {} },
    G: { places: 22, as: {} },
    Z: { places: 20, as: {} },
    Q: { places: 1, as: {} },
  },
  together: {
    right: { texts: 1030, agreed: 957 },
    wrong: { texts: 47, agreed: 20 },
    beside: { texts: 39, agreed: 17 },
  },
  grownAs: { '1': 4 },
  levels: {
    rare: {
      right: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 4, 4],
      wrong: [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 0, 2, 1, 0, 1, 0, 4],
    },
    often: {
      right: [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1],
      wrong: [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1],
    },
    always: {
      right: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0],
      wrong: [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1],
    },
  },
  sound: [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 4, 4, 2, 4, 5, 2, 11, 148],
}
