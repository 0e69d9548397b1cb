/** `rotate`: the first charge point on L1, the second on L2, the third on L3, and again; `L1`: all on the same phase. */
export type PhaseWiring = 'rotate' | 'L1'

/** What of a site's charge points says where their current comes from. */
type Wired = { readonly phases: 1 | 3; readonly wiring: PhaseWiring }

/** Among how many limits, each with bays of its own, the bays of a site go in turn: three where phases rotate, else one. */
export const circuitsOf = ({ phases, wiring }: Wired): 1 | 3 => (phases === 1 && wiring === 'rotate' ? 3 : 1)
