/** Frames are at most this large, bytes: no message of OCPP's comes near. */
export const MOST_FRAME = 1024 * 1024

/** An error of a WebSocket: the other end began a frame that is larger than may be. It is closed with 1009. */
export const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
