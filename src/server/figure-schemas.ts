import { amount, answer, count, flag, listOf, maybeAmount, maybeText, oneOf, text, time } from './schema-parts.ts'

/** Schemas of figures over time. */
export const FIGURE_SCHEMAS = {
  MeterReadings: answer({
    items: listOf(
      answer({
        seq: count,
        at: time,
        of: oneOf('meter', 'start', 'end'),
        connector: text,
        transactionId: maybeText,
        current_A: maybeAmount,
        power_W: maybeAmount,
        register_Wh: maybeAmount,
      }),
    ),
    next: maybeText,
  }),
  CameraHistory: answer({
    every_s: amount,
    items: listOf(answer({ at: time, fps: maybeAmount, readShare: maybeAmount, skew_s: maybeAmount, sees: flag })),
    next: maybeText,
  }),
  ChargePointHistory: answer({
    every_s: amount,
    items: listOf(answer({ at: time, connected: flag, faulted: count, current_A: maybeAmount })),
    next: maybeText,
  }),
}
