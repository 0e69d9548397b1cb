import { CENTRAL_ORDERS } from '../uplink/central-order.ts'
import { LONGEST_LIFE_MS } from '../uplink/order-life.ts'

const text = (description: string) => ({ type: 'string', description })
const maybe = (description: string) => ({ type: ['string', 'null'], description })

const ASKED = {
  id: {
    type: 'string',
    pattern: '^[\\w-]{8,64}$',
    description: 'Made by the caller: the same id again is the same order, and has no second effect.',
  },
  site: text('Whose.'),
  type: { enum: CENTRAL_ORDERS, description: 'As at the site; plates and cards are typed there alone.' },
  bayId: text('Of an order to a bay.'),
  reason: text('As at the site: a word of its list, anything else becomes `other`.'),
  expectVersion: {
    type: 'integer',
    minimum: 0,
    description: 'The version of the bay that was seen: refused where it changed since.',
  },
  accountId: text('Who pays, of `authorize`.'),
  level: { enum: ['observe', 'suggest', 'act'], description: 'Of `autonomy`.' },
  on: { type: 'boolean', description: 'Of `automatic-starts`.' },
  reviewId: text('Of `answer-review`.'),
  verdict: { enum: ['candidate', 'unreadable', 'not-a-plate'], description: 'Of `answer-review`.' },
  handle: text('Of `verdict: candidate`: which one.'),
}

/** Schemas of orders and of reviews, as the centre's API takes and shows them. */
export const ORDER_SCHEMAS = {
  OrderAsked: {
    type: 'object',
    required: ['id', 'site', 'type'],
    properties: {
      ...ASKED,
      within_s: {
        type: 'number',
        minimum: 5,
        maximum: LONGEST_LIFE_MS / 1000,
        default: 120,
        description: 'So long it may be carried out, s.',
      },
    },
  },
  Order: {
    type: 'object',
    required: ['id', 'site', 'type', 'by', 'role', 'given', 'expires', 'state', 'says', 'seq', 'ended'],
    properties: {
      ...ASKED,
      by: maybe(
        'Who gave it; at the site it is on record as `centre:` and this name. Null for the roles viewer and fleet, which are not shown `accountId` either.',
      ),
      role: text('In which role.'),
      given: text('ISO 8601 UTC.'),
      expires: text('ISO 8601 UTC.'),
      state: {
        enum: ['waiting', 'sent', 'asked', 'done', 'refused', 'expired'],
        description:
          '`waiting`: not sent yet; `sent`: no answer yet, the gateway tells when it is back; `asked`: a second person at the site must agree.',
      },
      says: maybe('Why it was refused or expired, in a sentence.'),
      seq: { type: ['integer', 'null'], minimum: 0, description: 'The record of the site that says so.' },
      ended: maybe('When that was known here, ISO 8601 UTC.'),
    },
    additionalProperties: false,
  },
  Review: {
    type: 'object',
    required: ['site', 'reviewId', 'bayId', 'visitId', 'since', 'by', 'reason', 'candidates'],
    properties: {
      site: text('Where it waits.'),
      reviewId: text('Its id there.'),
      bayId: text('In which bay.'),
      visitId: text('Of which visit.'),
      since: text('ISO 8601 UTC.'),
      by: maybe('When it is decided without anybody, ISO 8601 UTC.'),
      reason: text('Why a person is asked.'),
      candidates: {
        type: 'array',
        items: {
          type: 'object',
          required: ['plate', 'witnesses'],
          properties: { plate: text('The vehicle’s handle.'), witnesses: { type: 'integer', minimum: 0 } },
        },
      },
    },
    additionalProperties: false,
  },
  ReviewCrop: {
    type: 'object',
    required: ['jpeg', 'handle', 'at'],
    properties: {
      jpeg: text('The plate alone, in base64.'),
      handle: maybe('The vehicle that was read on it.'),
      at: text('When, ISO 8601 UTC.'),
    },
    additionalProperties: false,
  },
  ReviewCandidate: {
    type: 'object',
    required: ['handle', 'plate'],
    properties: { handle: text('As the review names the candidate.'), plate: text('What was read.') },
    additionalProperties: false,
  },
} as const

const json = (schema: object) => ({ 'application/json': { schema } })
const ref = (name: keyof typeof ORDER_SCHEMAS) => ({ $ref: `#/components/schemas/${name}` })
const itemsOf = (name: keyof typeof ORDER_SCHEMAS) =>
  json({ type: 'object', required: ['items'], properties: { items: { type: 'array', items: ref(name) } } })

/** What every call can answer besides. */
export const CENTRE_PROBLEMS = {
  401: { description: 'No token, or a wrong one (problem details).' },
  403: { description: 'Whoever asks may not (problem details).' },
  503: { description: 'The database does not answer (problem details).' },
} as const

/** Calls about orders and reviews. */
export const ORDER_PATHS = {
  '/api/orders': {
    post: {
      operationId: 'giveOrder',
      summary:
        'Orders something of a site: kept before it is answered, sent when its gateway is linked, done or refused there.',
      requestBody: { required: true, content: json(ref('OrderAsked')) },
      responses: {
        202: { description: 'Kept; what is known of it.', content: json(ref('Order')) },
        400: { description: 'It is no order (problem details).' },
        404: { description: 'No such site ships here (problem details).' },
        ...CENTRE_PROBLEMS,
      },
    },
    get: {
      operationId: 'orders',
      summary: 'The newest 200 orders, the newest first.',
      parameters: [{ name: 'site', in: 'query', schema: { type: 'string' }, description: 'Of this site alone.' }],
      responses: { 200: { description: 'Orders.', content: itemsOf('Order') }, ...CENTRE_PROBLEMS },
    },
  },
  '/api/orders/{id}': {
    get: {
      operationId: 'order',
      summary: 'What is known of one order.',
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      responses: {
        200: { description: 'The order.', content: json(ref('Order')) },
        404: { description: 'Nobody gave it here, or longer than 90 days ago (problem details).' },
        ...CENTRE_PROBLEMS,
      },
    },
  },
  '/api/reviews': {
    get: {
      operationId: 'reviews',
      summary: 'Reads that wait for a person, of all sites, as their copies tell: the oldest first.',
      responses: { 200: { description: 'Reviews.', content: itemsOf('Review') }, ...CENTRE_PROBLEMS },
    },
  },
  '/api/reviews/{site}/{reviewId}/crops': {
    get: {
      operationId: 'reviewCrops',
      summary:
        'The crops of a review and the plates of its candidates, asked of the site’s gateway now, where its site file lets it (`centre.crops`). Nothing of it is kept here; each look is on record at the site, with the caller’s name.',
      parameters: ['site', 'reviewId'].map((name) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
      responses: {
        200: {
          description: 'What the gateway shows.',
          content: json({
            type: 'object',
            required: ['items', 'candidates'],
            properties: {
              items: { type: 'array', items: ref('ReviewCrop') },
              candidates: { type: 'array', items: ref('ReviewCandidate') },
            },
          }),
        },
        404: { description: 'No such review is open at a site of the caller’s (problem details).' },
        422: { description: 'The gateway is away, shows none here, or says why not (problem details).' },
        ...CENTRE_PROBLEMS,
      },
    },
  },
} as const
