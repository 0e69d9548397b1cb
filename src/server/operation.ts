import type { ProblemCode } from './problem.ts'
import type { Right } from './roles.ts'

/** One call of the API: how it is asked, who may, what it answers. Names of bodies and answers are those of API_SCHEMAS. */
export type Operation = {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** With `:name` parameters. */
  readonly path: string
  readonly says: string
  /** The right that the caller needs; absent = anybody who reaches the server. */
  readonly right?: Right
  readonly query?: { readonly [name: string]: QueryField }
  readonly body?: string
  /** Media type of the body where it is not JSON. */
  readonly takes?: readonly string[]
  /** Bytes that the body may have; absent = 64 kB. */
  readonly bodyLimit?: number
  readonly answers: { readonly [status: number]: string | Media | null }
  readonly problems?: readonly ProblemCode[]
}
/** An answer that is not JSON. */
type Media = { readonly media: string; readonly says: string }
export type QueryField = {
  readonly type: 'integer' | 'string'
  readonly says: string
  readonly minimum?: number
  /** The only words it may be. */
  readonly enum?: readonly string[]
}

/** The cursor of a list. */
export const after: QueryField = { type: 'string', says: 'The `next` of the page before.' }
/** The size of a page. */
export const limit: QueryField = { type: 'integer', says: 'Items at most; above 1,000 counts as 1,000.', minimum: 1 }
/** Which records of a journal. */
export const recordPage = {
  after: { type: 'integer', says: 'Only records with a greater seq.', minimum: 0 },
  before: {
    type: 'integer',
    says: 'The last page of records with a smaller seq; not together with `after`.',
    minimum: 1,
  },
  limit,
} as const
