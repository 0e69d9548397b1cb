/** The plainest board of elements: five texts a bay, only what differs is written, once a frame. Runs in the page, so it names nothing outside itself. */
export function layDomBoard(): void {
  type Bay = { bayId: string; state: string; detail: string; since: string; lock: { locked: boolean } }
  const main = document.querySelector('main') as HTMLElement
  const field = document.createElement('div')
  field.style.cssText = 'display: grid; grid-template-columns: repeat(24, 1fr); gap: 5px'
  main.replaceChildren(field)
  const tiles = new Map<string, HTMLElement[]>()
  const changed = new Map<string, Bay>()
  let scheduled = false
  const paint = (): void => {
    scheduled = false
    for (const bay of changed.values()) {
      const { bayId, state, detail, since, lock } = bay
      const parts = tiles.get(bayId) ?? Array.from({ length: 5 }, () => document.createElement('span'))
      if (!tiles.has(bayId)) {
        const tile = document.createElement('div')
        tile.style.cssText =
          'display: grid; border: 2px solid; padding: 4px; height: 56px; overflow: hidden; font-size: 11px'
        tile.append(...parts)
        field.append(tile)
        tiles.set(bayId, parts)
      }
      const texts = [bayId, state, detail, lock.locked ? 'locked' : '', since.slice(14, 19)]
      for (const [at, text] of texts.entries()) {
        const part = parts[at]
        if (part !== undefined && part.textContent !== text) part.textContent = text
      }
      const tile = parts[0]?.parentElement
      if (tile) tile.style.borderStyle = state === 'vacant' ? 'dashed' : state === 'detecting' ? 'dotted' : 'solid'
    }
    changed.clear()
  }
  const socket = new WebSocket(`ws://${location.host}/api/live`)
  socket.onmessage = ({ data }) => {
    const { bays } = JSON.parse(String(data)) as { bays?: Bay[] }
    for (const bay of bays ?? []) changed.set(bay.bayId, bay)
    if (!scheduled && changed.size > 0) {
      scheduled = true
      requestAnimationFrame(paint)
    }
  }
}
