import type { BayView, ReviewDetail, ReviewView, SessionRow, VisitView } from '../../projections/bay-view.ts'
import type { Caller, SiteDesk } from '../site-desk.ts'
import { bayFor } from './payer-rights.ts'
import { may } from './roles.ts'

/** Hides the middle of a plate or token, and its length: `AB12CDE` gives `AB•••DE`. */
export function mask(text: string): string {
  const letters = [...text]
  if (letters.length <= 2) return '•••'
  const kept = letters.length >= 7 ? 2 : 1
  return `${letters.slice(0, kept).join('')}•••${letters.slice(-kept).join('')}`
}

/** What one person may see (plates in `clear`; who pays as `caller`), and what of it was put before their eyes: subjects by handle, card or account. */
export type Sight = {
  readonly caller: Caller
  readonly clear: boolean
  saw(subject: string): void
  readonly seen: ReadonlySet<string>
}

/** A person's sight for one answer, before anything was shown; `clear` only for who may see plates. */
export function openSight(caller: Caller, clear = true): Sight {
  const seen = new Set<string>()
  return { caller, clear: clear && may(caller, 'plates'), seen, saw: (subject) => void seen.add(subject) }
}

/** Fills in plates for people: handle in, text out, masked unless `clear`; null where the key is gone. */
export type Dresser = {
  bay(view: BayView, sight: Sight): BayView
  plate(handle: string, sight: Sight): string | null
  review<Row extends ReviewView>(row: Row, sight: Sight): Row
  /** For who may see plates: candidates, votes, crops and neighbours by their texts; those whose key is gone are left out. */
  detail(detail: ReviewDetail, sight: Sight): ReviewDetail
  session(row: SessionRow, sight: Sight): Promise<SessionRow>
}

/** Characters of a handle that people are shown: enough to tell vehicles of a site apart. */
const SHOWN_OF_HANDLE = 12

/** A dresser over the desk's key store. `keysElsewhere`: nothing is forgotten where no key ever was, so a vehicle's handle is told instead. */
export function openDresser(desk: Pick<SiteDesk, 'plateOf' | 'sessions'>, keysElsewhere = false): Dresser {
  const plate = (handle: string | null, sight: Sight) => {
    const text = handle === null ? null : desk.plateOf(handle)
    if (handle === null || text === null) return null
    if (sight.clear) sight.saw(handle)
    return sight.clear ? text : mask(text)
  }
  const named = (handle: string | null, sight: Sight) =>
    plate(handle, sight) ?? (keysElsewhere ? (handle?.slice(0, SHOWN_OF_HANDLE) ?? null) : null)
  /** A plate whose key is gone is no visit without a plate: now and in a replay the same is said of it. */
  const visit = (view: VisitView, sight: Sight): VisitView => {
    const text = named(view.plate, sight)
    const { secondRead: second } = view
    return {
      ...view,
      plate: text,
      ...(view.plate !== null && text === null && { plateForgotten: true as const }),
      ...(second && {
        secondRead: { ...second, plate: named(second.plate, sight), first: named(second.first, sight) },
      }),
    }
  }
  const token = (idToken: string | null, accountId: string | null | undefined, sight: Sight) => {
    if (idToken === null || !sight.clear) return idToken === null ? null : mask(idToken)
    if (accountId) sight.saw(accountId)
    return idToken
  }
  const typed = async (row: SessionRow, sight: Sight): Promise<SessionRow> => {
    const worded = sight.clear ? await desk.sessions.worded(row) : row
    if (worded.disputed !== row.disputed || worded.settled !== row.settled) sight.saw(row.sessionId)
    return worded
  }
  const dressed = <Row extends { readonly plate: string }>(rows: readonly Row[], sight: Sight): readonly Row[] =>
    rows.flatMap((row) => {
      const text = plate(row.plate, sight)
      return text === null ? [] : [{ ...row, plate: text }]
    })
  return {
    plate,
    bay: (whole, sight) => {
      const view = bayFor(sight.caller, whole)
      return {
        ...view,
        visit: view.visit && visit(view.visit, sight),
        session: view.session && {
          ...view.session,
          idToken: token(view.session.idToken, view.visit?.accountId, sight),
        },
      }
    },
    review: (row, sight) => ({
      ...row,
      candidates: row.candidates.map((candidate) => ({ ...candidate, plate: plate(candidate.plate, sight) ?? '•••' })),
    }),
    detail: (detail, sight) => ({
      ...detail,
      candidates: dressed(detail.candidates, sight),
      votes: dressed(detail.votes, sight),
      near: dressed(detail.near, sight),
      shown: detail.shown.map((one) => ({ ...one, plate: plate(one.plate, sight) })),
    }),
    session: async (row, sight) => ({
      ...(await typed(row, sight)),
      idToken: token(row.idToken, row.accountId, sight),
    }),
  }
}
