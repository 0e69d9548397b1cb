import { BAY_COMMANDS } from '../orders-to-bays.ts'
import { AUDIT_SCHEMAS } from './audit-schemas.ts'
import { BAY_SCHEMAS } from './bay-schemas.ts'
import { CAMERA_SCHEMAS } from './camera-schemas.ts'
import { CHECKPOINT_SCHEMAS } from './checkpoint-schemas.ts'
import { FIGURE_SCHEMAS } from './figure-schemas.ts'
import { NEWS_SCHEMAS } from './news-schemas.ts'
import { PRIVACY_SCHEMAS } from './privacy-schemas.ts'
import { REPLAY_SCHEMAS } from './replay-schemas.ts'
import { REVIEW_SCHEMAS } from './review-schemas.ts'
import { SCENARIO_SCHEMAS } from './scenario-schemas.ts'
import {
  amount,
  answer,
  body,
  count,
  flag,
  id,
  listOf,
  maybeText,
  maybeTime,
  oneOf,
  ref,
  type Schema,
  text,
  time,
} from './schema-parts.ts'
import { VEHICLE_SCHEMAS } from './vehicle-schemas.ts'
import { ZONE_SCHEMAS } from './zone-schemas.ts'

/** JSON Schemas of everything that crosses HTTP, by the name that OpenAPI gives them under components. */

const page = (name: string): Schema =>
  answer({
    items: listOf(ref(name)),
    next: { type: ['string', 'null'], description: 'Send it back as `after`; null = no more.' },
  })

const lists = {
  Bays: page('Bay'),
  Alarms: page('Alarm'),
  Cameras: page('Camera'),
  Orphans: page('StuckTransaction'),
  Records: page('Record'),
  Reviews: page('Review'),
  Sessions: page('Session'),
  Accounts: page('Account'),
  Vehicles: page('Vehicle'),
  Erasures: page('Erasure'),
  Holds: page('Hold'),
  WaitingOrders: page('WaitingOrder'),
  NewsReceivers: page('NewsReceiver'),
}

const reports = {
  Reports: page('Report'),
  Report: answer({ name: text, says: text, columns: listOf(text) }),
  ReportRow: {
    type: 'object',
    description: 'The columns of its report; `plate` beside a handle, masked for roles that may not see it.',
  },
  ReportRows: page('ReportRow'),
  News: {
    type: 'object',
    description:
      'A piece of news: `id` (the same whenever it is told again), `type`, `siteId`, `seq`, `at`, `bayId`, and what its type says.',
  },
  NewsPage: page('News'),
  OcpiObject: { type: 'object', description: 'As OCPI 2.3.0 defines it.' },
  OcpiObjects: page('OcpiObject'),
  Bill: { type: 'object', description: 'One billed session with its money as decimals; columns as in the CSV.' },
  Bills: page('Bill'),
}

const frames = {
  Frame: answer({
    seq: count,
    at: time,
    chargePointId: text,
    action: text,
    verdict: oneOf('valid', 'repaired', 'unusable'),
    signed: flag,
    bytes: count,
    frame: maybeText,
  }),
  Frames: answer({
    items: listOf(ref('Frame')),
    next: { type: ['string', 'null'], description: 'Send it back as `before`; null = no more.' },
  }),
}

const records = {
  GuardTrace: answer({ name: text, ok: flag, value: {} }, ['value']),
  Record: answer(
    {
      seq: count,
      schema: { const: 1 },
      siteId: text,
      stream: text,
      bayId: maybeText,
      version: count,
      at: time,
      recordedAt: time,
      machine: text,
      cause: answer({ type: text }),
      rule: maybeText,
      decisions: listOf({ type: 'object' }),
      guards: listOf(ref('GuardTrace')),
      effects: listOf({ type: 'object' }),
      timers: answer({ set: listOf(answer({ id: text, due: time })), cleared: listOf(text) }),
      state: maybeText,
      detail: maybeText,
      personal: { type: 'object', description: 'Only for roles that may see it.' },
      withheld: {
        ...listOf(text),
        description: 'Members of which this role sees only the names (`type`): the hashes cover more than is shown.',
      },
      personalHash: text,
      contentHash: text,
      prev: text,
      hash: text,
    },
    ['personal', 'withheld', 'rule'],
  ),
  Session: answer({
    sessionId: text,
    visitId: text,
    bayId: text,
    accountId: maybeText,
    identifiedBy: maybeText,
    idToken: maybeText,
    transactionId: maybeText,
    transactions: listOf(text),
    startedAt: time,
    endedAt: maybeTime,
    energy_Wh: amount,
    idle_s: amount,
    exit: oneOf('exit-seen', 'exit-inferred', 'exit-unconfirmed', null),
    disputed: maybeText,
    corrections: listOf(
      answer({
        transactionId: text,
        at: time,
        billed_Wh: amount,
        reported_Wh: amount,
        difference_Wh: amount,
        billed: flag,
      }),
    ),
    settled: maybeText,
    evidence: listOf(text),
  }),
}

const register = {
  Account: answer(
    {
      accountId: text,
      name: maybeText,
      status: oneOf('active', 'blocked'),
      confirm: oneOf('never', 'first-visit', 'always'),
      plateStartsPerDay: count,
    },
    ['plateStartsPerDay'],
  ),
  DriverPin: body({ pin: { type: 'string', pattern: '^\\d{4,8}$' } }, ['pin']),
  DriverCodes: answer({ items: listOf(answer({ bayId: text, code: text, url: maybeText })), next: maybeText }),
  CommissionWord: body(
    {
      since: count,
      skipped: { type: 'object', additionalProperties: { type: 'string', minLength: 1, maxLength: 200 } },
      nightSeen: flag,
    },
    ['since'],
  ),
  Commissioning: answer({
    bayId: text,
    since: count,
    steps: listOf(
      answer({
        step: oneOf('plate', 'plug', 'start', 'stop', 'night'),
        seq: { type: ['integer', 'null'] },
        by: listOf(text),
        others: listOf(text),
        witnesses: { type: ['integer', 'null'] },
      }),
    ),
  }),
  Commissioned: answer({ seq: count, bayId: text, steps: listOf({ type: 'object' }) }),
  DriverCode: answer({ code: text, until: time }),
  AccountFields: body({
    name: { type: ['string', 'null'], maxLength: 200 },
    status: oneOf('active', 'blocked'),
    confirm: oneOf('never', 'first-visit', 'always'),
    plateStartsPerDay: { type: ['integer', 'null'], minimum: 0, maximum: 1000 },
  }),
  Token: answer({ idToken: text, accountId: text, validFrom: maybeText, validTo: maybeText, blocked: flag }),
  TokenFields: body({ accountId: id, validFrom: maybeText, validTo: maybeText, blocked: flag }, ['accountId']),
}

const requests = {
  Command: body(
    {
      id: {
        ...id,
        description: 'Made by the caller: the same id again gets the same answer and has no second effect.',
      },
      type: oneOf(...BAY_COMMANDS),
      reason: { type: 'string', maxLength: 500 },
      expectVersion: count,
      plate: { type: 'string', minLength: 1, maxLength: 32 },
      accountId: id,
      idToken: { type: 'string', minLength: 1, maxLength: 36 },
      level: oneOf('observe', 'suggest', 'act'),
    },
    ['id', 'type'],
  ),
  SiteCommand: body(
    {
      id,
      type: oneOf('automatic-starts'),
      on: { type: 'boolean', description: 'false: nothing starts without a person.' },
      reason: { type: 'string', maxLength: 500 },
    },
    ['id', 'type', 'on'],
  ),
  Dispute: body({ reason: { type: 'string', minLength: 1, maxLength: 500 } }, ['reason']),
  ProofAsked: body(
    {
      mark: {
        type: 'string',
        pattern: '^[0-9a-f]{64}$',
        description: 'HMAC-SHA-256 of `berth token mark` under the SHA-256 of the token.',
      },
      nonce: { type: 'string', pattern: '^[0-9a-f]{32,64}$' },
    },
    ['mark', 'nonce'],
  ),
  Login: body({ token: { type: 'string', minLength: 1, maxLength: 4096 } }, ['token']),
}

const answers = {
  Problem: answer({ type: text, title: text, status: { type: 'integer' }, code: text, detail: text, retry: flag }),
  Done: answer({ seq: count }),
  Proof: answer({ proof: maybeText }),
  Accepted: answer({ accepted: { const: true } }),
  DeviceAnswer: {
    description: 'What the device must hear so that it does not send again.',
    anyOf: [answer({ accepted: { const: true } }), answer({ Result: { const: true } })],
  },
  Health: answer({ status: oneOf('ok', 'not-ready'), missing: listOf(text) }),
  Site: answer({
    siteId: text,
    site: answer({ id: text, name: text, timezone: text }),
    epoch: count,
    seq: count,
    automaticStarts: flag,
    since: maybeTime,
    by: maybeText,
    machine: text,
    buildId: text,
    caller: answer({ name: text, role: text }),
  }),
}

/** All schemas by name. */
export const API_SCHEMAS: { readonly [name: string]: Schema } = {
  ...BAY_SCHEMAS,
  ...CAMERA_SCHEMAS,
  ...ZONE_SCHEMAS,
  ...FIGURE_SCHEMAS,
  ...CHECKPOINT_SCHEMAS,
  ...lists,
  ...frames,
  ...NEWS_SCHEMAS,
  ...reports,
  ...records,
  ...REVIEW_SCHEMAS,
  ...PRIVACY_SCHEMAS,
  ...REPLAY_SCHEMAS,
  ...SCENARIO_SCHEMAS,
  ...AUDIT_SCHEMAS,
  ...register,
  ...VEHICLE_SCHEMAS,
  ...requests,
  ...answers,
}
