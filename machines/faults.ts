/**
 * The catalogue of what can go wrong. A fault is an operation that failed; a decided "no" is a refusal and never thrown.
 * `status` is what HTTP answers, `retry` whether the same call may succeed later, `says` one sentence: what, and what to do.
 */
export const FAULTS = {
  SITE_FILE_INVALID: {
    status: 400,
    retry: false,
    says: 'The site file does not check; run `berth check` on it and mend the lines it names.',
  },
  STORE_OWNED: { status: 409, retry: true, says: 'Another process owns this store; stop it first, or use its API.' },
  STORE_FENCED: { status: 503, retry: false, says: 'A newer owner took over this store; this process stops writing.' },
  STORE_UNWRITABLE: {
    status: 503,
    retry: true,
    says: 'The journal cannot be written; free disk space or mend its permissions. Automatic starts are off meanwhile.',
  },
  STORE_UNREACHABLE: {
    status: 503,
    retry: true,
    says: 'The server that holds the journal does not answer; check that it runs and that the network leads there.',
  },
  STORE_CORRUPT: {
    status: 500,
    retry: false,
    says: 'The journal holds something that it cannot read; run `berth verify` and restore from a copy.',
  },
  VERSION_CONFLICT: { status: 409, retry: true, says: 'The state changed meanwhile; read it again and decide again.' },
  KEY_UNAVAILABLE: {
    status: 503,
    retry: false,
    says: 'The key store or its master key is missing; put the file back or set BERTH_MASTER_KEY.',
  },
  CHAIN_BROKEN: {
    status: 500,
    retry: false,
    says: 'The hash chain does not hold at the record named; the store was changed or damaged from there on.',
  },
  READER_BUSY: { status: 503, retry: true, says: 'The plate reader is busy; send the next picture later.' },
  READER_FAILED: {
    status: 503,
    retry: true,
    says: 'The plate reader stopped on this picture and was restarted; send the next one.',
  },
  PICTURE_UNREADABLE: { status: 422, retry: false, says: 'This is not a whole JPEG or PNG picture; send one.' },
  PICTURE_TOO_LARGE: {
    status: 413,
    retry: false,
    says: 'The picture is too large; send at most 8 MB, 40 megapixels and 16,384 pixels a side, and plain ones (not interlaced, progressive or turned) above 13 megapixels.',
  },
  BODY_INVALID: { status: 400, retry: false, says: 'The body is not what this call takes; see /api/openapi.json.' },
  NOT_FOUND: { status: 404, retry: false, says: 'There is no such thing here; check the id.' },
  UNAUTHORIZED: { status: 401, retry: false, says: 'Send a valid token in the Authorization header.' },
  FORBIDDEN: { status: 403, retry: false, says: 'That is not allowed to who asks; the answer says why, and who may.' },
  CHARGE_POINT_OFFLINE: {
    status: 503,
    retry: true,
    says: 'The charge point is not connected; check its network and power.',
  },
  CHARGE_POINT_SILENT: {
    status: 504,
    retry: true,
    says: 'The charge point did not answer in time; what it did is unknown until it is asked again.',
  },
  CHARGE_POINT_REFUSED: { status: 502, retry: false, says: 'The charge point answered with an error; see its log.' },
  BACK_END_SILENT: {
    status: 504,
    retry: true,
    says: 'The operator’s back end did not answer in time; check its address and network.',
  },
  BACK_END_REFUSED: {
    status: 502,
    retry: false,
    says: 'The operator’s back end answered what is no answer; check its address, its secret and what it sends.',
  },
  CAMERA_UNREACHABLE: {
    status: 504,
    retry: true,
    says: 'The camera does not give what it is asked for; check its address, login and network.',
  },
  CALL_CANCELLED: { status: 409, retry: false, says: 'The call was withdrawn before it was sent.' },
  PLATE_TAKEN: {
    status: 409,
    retry: false,
    says: 'A plate that looks the same belongs to another account; remove that one first.',
  },
  WRONG_SITE: {
    status: 421,
    retry: false,
    says: 'Another site is served at this address; look at `http` of the site file.',
  },
  CLAIM_UNPROVEN: {
    status: 422,
    retry: false,
    says: 'A plate is not a person: name the account that holds the vehicle, or a proof whose span covers what is kept.',
  },
  NOT_SET_UP: {
    status: 422,
    retry: false,
    says: 'The site file does not set up what this needs; the answer says what is missing.',
  },
  SECOND_PERSON: { status: 423, retry: false, says: 'Somebody else must agree to this order before it is given.' },
  COMMAND_REFUSED: { status: 422, retry: false, says: 'The bay cannot do that now; the answer says why.' },
} as const

/** A key of the catalogue: the stable `code` of problem details. */
export type FaultCode = keyof typeof FAULTS

/** Something broke. `about` carries ids and values for people and logs, never a plate or a token. */
export class Fault extends Error {
  readonly code: FaultCode
  readonly about: Record<string, unknown>
  constructor(code: FaultCode, about: Record<string, unknown> = {}, options?: { cause?: unknown; says?: string }) {
    super(options?.says ?? FAULTS[code].says, options?.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Fault'
    this.code = code
    this.about = about
  }
}

/** Ends the run of a caller that is wrong about itself. Never caught but by the supervisor that rebuilds. */
export function invariant(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${sentence}`)
}
