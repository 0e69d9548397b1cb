import { type DemandFigures, readFigures } from './demand-figures.ts'
import hamburgPublic from './hamburg-public.json' with { type: 'json' }
import usWorkplace from './us-workplace.json' with { type: 'json' }

/**
 * Figures that ship with berth, by the name under which a scenario's `demand.source` asks for them; each says its source and licence.
 * `berth sim fit … --figures` made them, as docs/site-design.md shows.
 */
export const FITTED_DEMAND: ReadonlyMap<string, DemandFigures> = new Map(
  [hamburgPublic, usWorkplace].map((file: unknown) => {
    const figures = readFigures(file)
    if (typeof figures === 'string') throw new TypeError(figures)
    return [figures.name, figures]
  }),
)
