import type { FastifyInstance } from 'fastify'
import type { FrameVerdict } from '../../actors/ocpp/frame-box.ts'
import { Fault } from '../../machines/faults.ts'
import type { FramesAsked, StoredFrame } from '../ocpp/frame-store.ts'
import { type Asked, found, limitOf, type Serving, serve } from './serving.ts'

/** Kept frames, newest first; null where there is no such charge point. */
export type ReadFrames = (asked: FramesAsked) => readonly StoredFrame[] | null

const VERDICTS: readonly FrameVerdict[] = ['valid', 'repaired', 'unusable']

/** What charge points sent. */
export function frameRoutes(app: FastifyInstance, serving: Serving, read: ReadFrames): void {
  serve(app, serving, 'frames', ({ params, query, sight }) => {
    const chargePointId = params['chargePointId'] ?? ''
    const limit = limitOf(query)
    const items = found(read({ chargePointId, limit, ...filterOf(query) }), 'charge point', chargePointId)
    // What charge points sent holds cards and tokens: the charge point stands for all of them.
    if (items.length > 0) sight.saw(chargePointId)
    const last = items.at(-1)
    return { items, next: last && items.length === limit ? String(last.seq) : null }
  })
}

function filterOf({ before, verdict, signed }: Asked['query']): Partial<FramesAsked> {
  const word = VERDICTS.find((one) => one === verdict)
  if (verdict !== undefined && !word) throw wrong('verdict is none of valid, repaired and unusable')
  if (signed !== undefined && signed !== 'true' && signed !== 'false') throw wrong('signed is neither true nor false')
  return {
    ...(before === undefined ? {} : { before: Number(before) }),
    ...(word ? { verdict: word } : {}),
    ...(signed === undefined ? {} : { signed: signed === 'true' }),
  }
}

const wrong = (why: string): Fault =>
  new Fault('BODY_INVALID', { part: 'query' }, { says: `The query is not what this call takes: ${why}.` })
