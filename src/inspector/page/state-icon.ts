/** The shape of each state: it tells them apart without colour and without words. Drawn as SVG here, and by the same paths on the canvas. */
import { makeSvg } from './dom.ts'

/** Paths in a box of 24 by 24: the outline, then what is filled. */
export const SHAPES: { readonly [state: string]: readonly [string, ...string[]] } = {
  vacant: ['M12 4a8 8 0 1 0 .01 0'],
  detecting: ['M12 4a8 8 0 1 0 .01 0', 'M12 12V4a8 8 0 0 1 8 8z'],
  authorizing: ['M12 4a8 8 0 1 0 .01 0', 'M12 4a8 8 0 0 1 0 16z'],
  'charging-locked': ['M4 4h16v16H4z', 'M13 6l-5 7h4l-1 5 5-7h-4z'],
  exiting: ['M4 4h10v16H4z', 'M12 12h9m-3-3 3 3-3 3'],
  alarm: ['M12 3 22 21H2z', 'M12 10v5m0 2v1'],
}

/** The picture of a state, or of `alarm`; its word stands beside it. */
export function icon(state: string): SVGSVGElement {
  const paths = (SHAPES[state] ?? []).map((d, at) => makeSvg('path', { d, class: at === 0 ? 'outline' : 'inner' }))
  const fields = { viewBox: '0 0 24 24', class: `icon icon-${state}`, 'aria-hidden': 'true', focusable: 'false' }
  return makeSvg('svg', fields, ...paths)
}
