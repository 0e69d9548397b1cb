import type { ReadCurve } from '../../../simulations/design/read-model.ts'

/** A reader that is weaker than berth's own: 1,217 reads of 35 rendered plates by tesseract 5.3; the ceiling is assumed. */
export const STOCK_CURVE: ReadCurve = {
  name: 'stock OCR on rendered plates (tesseract 5.3), weaker than berth’s own reader',
  intercept: -11.74,
  perLnPixel: 3.06,
  perBlur: 2.03,
  ceiling: 0.99,
}
