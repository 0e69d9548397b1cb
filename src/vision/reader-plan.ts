/** A model file of the site's own: its absolute path, and the hash that it must have. */
export type SuppliedModel = { readonly file: string; readonly sha256: string }

/** A recogniser of fixed slots (fast-plate-ocr's contract): the characters of its classes in order, and the one that means an empty slot. */
export type SuppliedRecogniser = SuppliedModel & { readonly alphabet: string; readonly pad: string }

/** A plate detector that ends with its boxes (YOLO, end to end): boxes below `confidence` (0..1) are left out; `size` = its input's side, pixels, where the model leaves it open. */
export type SuppliedDetector = SuppliedModel & { readonly confidence: number; readonly size: number }

/** Which models read here, and when the text recogniser is asked: `default` = for every plate, `fast` = where the first recogniser is unsure. */
export type ReaderPlan = {
  readonly profile: 'default' | 'fast'
  /** In the place of berth's own plate recogniser; null = berth's own. */
  readonly recogniser: SuppliedRecogniser | null
  /** In the place of the text detector; null = that. */
  readonly detector: SuppliedDetector | null
}

/** What berth reads with where a site says nothing. */
export const DEFAULT_PLAN: ReaderPlan = { profile: 'default', recogniser: null, detector: null }
