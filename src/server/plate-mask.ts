import type { BayView, ReviewDetail, ReviewView, SessionRow } from '../../projections/bay-view.ts'
import type { SiteDesk } from '../site-desk.ts'

/** Hides the middle of a plate or token, and its length: `AB12CDE` gives `AB•••DE`. */
export function mask(text: string): string {
  const letters = [...text]
  if (letters.length <= 2) return '•••'
  const kept = letters.length >= 7 ? 2 : 1
  return `${letters.slice(0, kept).join('')}•••${letters.slice(-kept).join('')}`
}

/** Fills in plates for people: handle in, text out, masked unless `clear`; null where the key is gone. */
export type Dresser = {
  bay(view: BayView, clear: boolean): BayView
  review<Row extends ReviewView>(row: Row, clear: boolean): Row
  /** For who may see plates: candidates, votes, crops and neighbours by their texts; those whose key is gone are left out. */
  detail(detail: ReviewDetail): ReviewDetail
  session(row: SessionRow, clear: boolean): SessionRow
}

/** A dresser over the desk's key store. */
export function openDresser(desk: Pick<SiteDesk, 'plateOf'>): Dresser {
  const plate = (handle: string | null, clear: boolean) => {
    const text = handle === null ? null : desk.plateOf(handle)
    return text === null || clear ? text : mask(text)
  }
  const token = (idToken: string | null, clear: boolean) => (idToken === null || clear ? idToken : mask(idToken))
  const named = <Row extends { readonly plate: string }>(rows: readonly Row[]): readonly Row[] =>
    rows.flatMap((row) => {
      const text = plate(row.plate, true)
      return text === null ? [] : [{ ...row, plate: text }]
    })
  return {
    bay: (view, clear) => ({
      ...view,
      visit: view.visit && { ...view.visit, plate: plate(view.visit.plate, clear) },
      session: view.session && { ...view.session, idToken: token(view.session.idToken, clear) },
    }),
    review: (row, clear) => ({
      ...row,
      candidates: row.candidates.map((candidate) => ({ ...candidate, plate: plate(candidate.plate, clear) ?? '•••' })),
    }),
    detail: (detail) => ({
      ...detail,
      candidates: named(detail.candidates),
      votes: named(detail.votes),
      near: named(detail.near),
      shown: detail.shown.map((one) => ({ ...one, plate: plate(one.plate, true) })),
    }),
    session: (row, clear) => ({ ...row, idToken: token(row.idToken, clear) }),
  }
}
