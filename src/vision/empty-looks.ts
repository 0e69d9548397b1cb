import type { ZoneLook } from '../../actors/zone-look.ts'
import { adaptEmpty, canCompare, EMPTY_FROM, isAsEmpty, isUnlike, likeness, type Presence } from './zone-presence.ts'

/** How an empty zone looks, in several lights: what a person showed, and what berth kept itself while light changed slowly and nobody was there. */
export type EmptyLooks = { readonly learnt: readonly ZoneLook[]; readonly kept: readonly ZoneLook[] }

export const NO_LOOKS: EmptyLooks = { learnt: [], kept: [] }

/** Lights that are told apart by a look's mean grey: night, lamps and dusk, day, snow and low sun. */
const LIGHTS = [55, 105, 165]
/** A light that suits its own reference less than this gets one more. */
const NEW_LIGHT = 0.93
const MOST_KEPT = 6

export const emptyLooks = ({ learnt, kept }: EmptyLooks): readonly ZoneLook[] => [...learnt, ...kept]

/** The zone is as empty as one of its references. */
export const looksEmpty = (look: ZoneLook, looks: EmptyLooks): boolean =>
  emptyLooks(looks).some((empty) => canCompare(look, empty) && isAsEmpty(look, empty))

/** What a zone shows, by the reference that it is most like. `unknown` where none is known, or nothing can be seen. */
export function judgeByLooks(look: ZoneLook, looks: EmptyLooks): Presence {
  if (looksEmpty(look, looks)) return 'empty'
  const known = emptyLooks(looks).filter((empty) => canCompare(look, empty))
  // Unlike every light's empty zone: somebody is there. Between like and unlike of any of them nothing is known.
  return known.length > 0 && known.every((empty) => isUnlike(look, empty)) ? 'occupied' : 'unknown'
}

/** A person shows the empty zone: the reference of this light is new, and what was kept from older ones is gone. */
export const withLearnt = ({ learnt }: EmptyLooks, look: ZoneLook): EmptyLooks => ({
  learnt: [...learnt.filter((one) => lightOf(one) !== lightOf(look) && one.size === look.size), look],
  kept: [],
})

/** A look that shows the zone empty while nobody is there: its reference follows, or a light of its own is kept. Never called while a visit is open. */
export function withAdapted(looks: EmptyLooks, look: ZoneLook): EmptyLooks {
  const all = emptyLooks(looks).map((empty) => ({ empty, like: likeness(look, empty) }))
  const nearest = all.sort((a, b) => b.like - a.like)[0]
  if (!nearest || nearest.like < EMPTY_FROM) return looks
  if (nearest.like < NEW_LIGHT) return { ...looks, kept: [...looks.kept, look].slice(-MOST_KEPT) }
  const follow = (one: ZoneLook): ZoneLook => (one === nearest.empty ? adaptEmpty(one, look) : one)
  return { learnt: looks.learnt.map(follow), kept: looks.kept.map(follow) }
}

function lightOf({ size, grey }: ZoneLook): number {
  const bytes = Buffer.from(grey, 'base64')
  let [sum, count] = [0, 0]
  for (let cell = 0; cell < size * size; cell++) {
    if (bytes[size * size + cell] !== 255) continue
    sum += bytes[cell] ?? 0
    count += 1
  }
  const mean = count === 0 ? 0 : sum / count
  return LIGHTS.filter((limit) => mean >= limit).length
}
