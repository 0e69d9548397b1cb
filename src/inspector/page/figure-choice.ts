/** A table in which one row is chosen: by a button in its first cell. */
import { make, show } from './dom.ts'

/** `choose` is told the first cell of the row that was pressed. */
export function choiceTable(name: string, choose: (id: string) => void) {
  const root = make('div', { class: 'scroll figures-rows', tabindex: '0', role: 'group', 'aria-label': name })
  return {
    root,
    /** Rows begin with their id; `chosen` = that of the one that is shown below. */
    show(heads: readonly string[], rows: readonly (readonly string[])[], chosen: string | null) {
      show(root, JSON.stringify([rows, chosen]), () => {
        const focused = root.contains(document.activeElement) ? document.activeElement?.textContent : null
        const head = make('tr', {}, ...heads.map((text) => make('th', { scope: 'col' }, text)))
        const body = rows.map(([id = '', ...cells]) => {
          const fields = {
            type: 'button',
            class: 'small',
            'aria-pressed': String(id === chosen),
            onclick: () => choose(id),
          }
          const button = make('button', fields, id)
          // A table that is made anew leaves the hand where it was.
          if (id === focused) queueMicrotask(() => button.focus({ preventScroll: true }))
          const row = make('tr', { 'aria-current': id === chosen && 'true' }, make('th', { scope: 'row' }, button))
          row.append(...cells.map((text, at) => make('td', { 'data-name': heads[at + 1] }, text)))
          return row
        })
        return rows.length === 0
          ? []
          : [make('table', { class: 'as-cards' }, make('thead', {}, head), make('tbody', {}, ...body))]
      })
    },
  }
}
