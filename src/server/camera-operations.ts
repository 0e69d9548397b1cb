import type { Operation } from './operation.ts'

/** Calls about how cameras see. */
export const cameraCalls = {
  cameras: {
    method: 'GET',
    path: '/api/cameras',
    says: 'Every camera of the site: pictures a second and read rate beside its habit, its clock, what keeps it from seeing with cause, consequence and what to do, and what its own figures are worth by how many judged plates.',
    right: 'watch',
    answers: { 200: 'Cameras' },
  },
  camera: {
    method: 'GET',
    path: '/api/cameras/:cameraId',
    says: 'One camera of the site.',
    right: 'watch',
    answers: { 200: 'Camera' },
    problems: ['NOT_FOUND'],
  },
  confirmView: {
    method: 'POST',
    path: '/api/cameras/:cameraId/confirm-view',
    says: 'Says that the zones of a camera that was found moved fit what it shows now: its plates count again, and what it shows is its scene. 422 where it was not found moved.',
    right: 'operate',
    body: 'ViewConfirmed',
    answers: { 202: 'Done' },
    problems: ['NOT_FOUND', 'BODY_INVALID', 'COMMAND_REFUSED', 'STORE_UNWRITABLE'],
  },
} as const satisfies { readonly [name: string]: Operation }
