import { CENTRAL_ORDERS } from '../uplink/central-order.ts'
import { CENTRE_PROBLEMS, ORDER_PATHS, ORDER_SCHEMAS } from './order-schemas.ts'

const text = (description: string) => ({ type: 'string', description })
const maybe = (description: string) => ({ type: ['string', 'null'], description })
const count = (description: string) => ({ type: 'integer', minimum: 0, description })

/** A site as `GET /api/sites` shows it. */
const SITE = {
  site: text('Its id.'),
  epoch: count('Under which its gateway ships; raised by a takeover.'),
  seq: count('Newest record of the copy; 0 before the first.'),
  hash: maybe('That record’s hash.'),
  heard: maybe('When its gateway was heard last, ISO 8601 UTC, to half a minute; null = never.'),
  linked: { type: 'boolean', description: 'Its gateway is linked to this centre now.' },
  aside: count('Records that are set aside: another one stands in their place, or the site was taken over.'),
  toldTo: count('The record up to which what follows is told; behind `seq` while a long log is read.'),
  at: maybe('Time of the newest record told, ISO 8601 UTC.'),
  bays: { type: 'object', additionalProperties: { type: 'integer' }, description: 'Bays by state.' },
  needsYou: count('Places (bays, or the site itself) with an open alarm or review.'),
  alarms: count('Open alarms on record.'),
  reviews: count('Open reviews.'),
  orders: {
    description:
      'What may be ordered of it here, as its gateway said when it linked last (`centre.orders` of its site file); null = not known since this centre began, or by a gateway of before.',
    anyOf: [{ type: 'null' }, { type: 'array', items: { enum: CENTRAL_ORDERS } }],
  },
  policy: {
    description: 'Its policy, where one was put here (`berth centre policy`); null = never.',
    anyOf: [{ type: 'null' }, { $ref: '#/components/schemas/Policy' }],
  },
}

const POLICY = {
  wanted: count('Newest version put for it.'),
  inForce: {
    type: ['integer', 'null'],
    description: 'The version by which it goes, as its gateway said; null = none of the centre’s yet.',
  },
  waiting: count('Bays that keep the one before until their visit ends.'),
  refused: maybe('Why its gateway refuses the wanted one, in one sentence; null = it does not.'),
}

/** The document of the centre’s API, OpenAPI 3.1. */
export const centreApi = (version: string) => ({
  openapi: '3.1.0',
  info: { title: 'berth centre', version },
  components: {
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    schemas: {
      Site: { type: 'object', required: Object.keys(SITE), properties: SITE, additionalProperties: false },
      ...ORDER_SCHEMAS,
      Policy: { type: 'object', required: Object.keys(POLICY), properties: POLICY, additionalProperties: false },
    },
  },
  security: [{ bearer: [] }],
  paths: {
    '/register': {
      get: {
        operationId: 'register',
        summary:
          'The signed register that lies ready for a gateway’s site; with the token of its link as bearer token.',
        responses: {
          200: {
            description: 'The register as it was signed, with its ETag.',
            content: { 'application/json': { schema: { type: 'object', required: ['content', 'signature'] } } },
          },
          304: { description: 'The same as the one of If-None-Match.' },
          401: { description: 'This token is of no gateway that ships here now (problem details).' },
          404: { description: 'None lies ready for this site (problem details).' },
          503: { description: 'The database does not answer (problem details).' },
        },
      },
    },
    ...ORDER_PATHS,
    '/api/sites': {
      get: {
        operationId: 'sites',
        summary: 'Every site that ships here, told from its records.',
        responses: {
          200: {
            description: 'The sites, by id.',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['sites'],
                  properties: { sites: { type: 'array', items: { $ref: '#/components/schemas/Site' } } },
                },
              },
            },
          },
          ...CENTRE_PROBLEMS,
        },
      },
    },
  },
})
