import type { ReadCurve } from '../../../simulations/design/read-model.ts'

/** The field's own curve, of 1,217 reads of 35 rendered plates by tesseract 5.3: what its published figures were computed with. */
export const STOCK_CURVE: ReadCurve = {
  name: 'stock OCR on rendered plates (tesseract 5.3)',
  intercept: -11.74,
  perLnPixel: 3.06,
  perBlur: 2.03,
  ceiling: 0.99,
}
