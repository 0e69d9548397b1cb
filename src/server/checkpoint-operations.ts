import type { Operation } from './operation.ts'

/** Calls about signed checkpoints: this site's, and those that other sites send here. */
export const checkpointCalls = {
  checkpoints: {
    method: 'GET',
    path: '/api/checkpoints',
    says: 'The public key of this site, its newest checkpoint, who has taken it, and the other sites whose checkpoints are kept here.',
    right: 'witness',
    answers: { 200: 'Checkpoints' },
  },
  siteCheckpoints: {
    method: 'GET',
    path: '/api/checkpoints/:siteId',
    says: 'Every checkpoint of another site that was taken here, oldest first, as lines for `berth verify --checkpoints`.',
    right: 'witness',
    answers: { 200: { media: 'application/x-ndjson', says: 'One checkpoint a line.' } },
    problems: ['NOT_FOUND'],
  },
  takeCheckpoints: {
    method: 'POST',
    path: '/api/checkpoints',
    says: 'Keeps checkpoints of another site in the journal of this one; 409, and kept all the same, where one contradicts an earlier one.',
    right: 'witness',
    body: 'CheckpointsSent',
    bodyLimit: 1 << 20,
    answers: { 204: null },
    problems: ['BODY_INVALID', 'VERSION_CONFLICT', 'STORE_UNWRITABLE'],
  },
} as const satisfies { readonly [name: string]: Operation }
