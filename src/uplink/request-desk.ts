import { type LinkRequest, type LinkResponse, outcomeOf, type RequestTable } from './link-request.ts'

/** So many requests of a centre are in work at once; what comes beyond is told to come again. */
const MOST_AT_ONCE = 16
const BUSY = 'This gateway is busy with what it was asked already; ask again in a moment.'

/** A gateway's end of requests: each is carried out beside the shipping of records, and answered when it is done. */
export class RequestDesk {
  #table: RequestTable
  #inWork = 0

  constructor(table: RequestTable) {
    this.#table = table
  }

  /** What this gateway knows to do. */
  get kinds(): readonly string[] {
    return Object.keys(this.#table)
  }

  /** From now on this, and nothing else, is done. */
  become(table: RequestTable): void {
    this.#table = table
  }

  async answer(request: LinkRequest): Promise<LinkResponse> {
    const { id } = request
    if (this.#inWork >= MOST_AT_ONCE) return { type: 'response', id, ok: false, why: 'busy', says: BUSY }
    this.#inWork++
    try {
      return { type: 'response', id, ...(await outcomeOf(this.#table, request)) }
    } finally {
      this.#inWork--
    }
  }
}
