/** Lines and letters. */
export const INK = '#111'
/** Points and the mean. */
export const POINT = '#0b5394'
/** What an interval covers. */
export const BAND = '#9fc5e8'
/** Lines that only lead the eye. */
export const FAINT = '#999'

/** How the plan's parts are drawn: for the page, and for each picture that stands alone. */
export const PLAN_STYLE = `.bay{fill:none;stroke:${INK}}.bay.narrow{fill:#ffe8a3;fill-opacity:.6;stroke-width:3}.bay.unseen{fill:#ddd;stroke-dasharray:5 3}
.wedge{fill:${BAND};opacity:.28;stroke:${POINT};stroke-width:.8}.camera{fill:${POINT}}.obstacle{fill:#777}.mark{paint-order:stroke;stroke:#fff;stroke-width:3;stroke-linejoin:round}`
