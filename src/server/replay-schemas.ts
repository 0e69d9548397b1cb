import { answer, count, flag, listOf, maybe, maybeText, oneOf, ref, type Schema, text, time } from './schema-parts.ts'

const any: Schema = {}
const place = answer({ path: text, before: any, after: any }, ['before', 'after'])
const guards = listOf(answer({ name: text, ok: flag, value: any, need: text }))
const side = answer({ seq: count, at: time, event: text, rule: text, guards })

/** Schemas of walking through a journal. */
export const REPLAY_SCHEMAS = {
  SiteThen: answer({
    seq: count,
    at: time,
    newest: count,
    whole: flag,
    bays: listOf(ref('Bay')),
    gone: listOf(text),
    alarms: listOf(ref('Alarm')),
    reviews: listOf(ref('Review')),
    record: maybe(ref('ShortRecord')),
    machines: answer({ name: maybeText, drawing: oneOf('today', 'kept', 'lost') }),
  }),
  ShortRecord: answer({
    seq: count,
    at: time,
    bayId: maybeText,
    version: count,
    lane: oneOf('camera', 'meter', 'ocpp', 'operator', 'site'),
    event: text,
    rule: maybeText,
    state: maybeText,
    detail: maybeText,
    decisions: listOf(text),
  }),
  ShortRecords: answer({ items: listOf(ref('ShortRecord')), next: maybeText }),
  TodayTold: answer({
    lived: count,
    of: count,
    difference: maybe(
      answer({
        seq: count,
        stream: text,
        at: time,
        cause: text,
        field: text,
        places: listOf(answer({ path: text, recorded: any, now: any }, ['recorded', 'now'])),
      }),
    ),
  }),
  BayDifference: answer({ bayId: text, before: maybe(side), after: maybe(side), places: listOf(place), more: count }),
}
