import type { BayView, ReviewRow, SessionRow } from '../../projections/bay-view.ts'
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
  review(row: ReviewRow, clear: boolean): ReviewRow
  session(row: SessionRow, clear: boolean): SessionRow
}

/** A dresser over the desk's key store. */
export function openDresser(desk: Pick<SiteDesk, 'plateOf'>): Dresser {
  const plate = (handle: string | null, clear: boolean) => {
    const text = handle === null ? null : desk.plateOf(handle)
    return text === null || clear ? text : mask(text)
  }
  const token = (idToken: string | null, clear: boolean) => (idToken === null || clear ? idToken : mask(idToken))
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
    session: (row, clear) => ({ ...row, idToken: token(row.idToken, clear) }),
  }
}
