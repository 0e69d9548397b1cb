/** All bays on one canvas, and over each a transparent button: what is pressed, focused, read out and tested is real. */
import type { BayView } from '../../../projections/bay-view.ts'
import { besides, type Direction, type Grid, gridOf } from './bay-grid.ts'
import { make, mark } from './dom.ts'
import { readPalette, whenPaletteChanges } from './palette.ts'
import { span } from './server-time.ts'
import type { Shown } from './store.ts'
import { paintTile } from './tile-paint.ts'
import type { Brush } from './tile-text.ts'
import { spokenTile, type Tile, tileOf } from './tile-words.ts'

/** Names are read out anew no more often: four ticks, one second. */
const NAMES_EVERY = 4

type Held = {
  readonly button: HTMLButtonElement
  bay: BayView
  tile: Tile
  /** The duration that is drawn. */
  since: string
  /** Its name is older than its tile. */
  unnamed: boolean
}

/** What the canvas is given by the board. */
export type BayCanvasParts = {
  readonly shown: Shown
  readonly open: (bayId: string) => void
  readonly needing: () => ReadonlySet<string | null>
  readonly isWanted: (bay: BayView, needsYou: boolean) => boolean
}

/** The field of bays. */
export class BayCanvas {
  readonly root = make('div', { class: 'field', role: 'group', 'aria-labelledby': 'bays-title', 'data-arrows': true })
  readonly #canvas = make('canvas', { class: 'field-canvas', 'aria-hidden': 'true' })
  readonly #context = this.#canvas.getContext('2d') as CanvasRenderingContext2D
  readonly #held = new Map<string, Held>()
  readonly #parts: BayCanvasParts
  readonly #ends: (() => void)[] = []
  #grid: Grid = gridOf(null, [], { width: 1, height: 1, em: 16 })
  readonly #cells = new Map<string, Grid['cells'][number]>()
  #brush: Brush | null = null
  #layoutKey = ''
  /** The one bay that Tab comes to. */
  #stop: string | null = null
  #ticks = 0
  #redraw = 0

  constructor(parts: BayCanvasParts) {
    this.#parts = parts
    this.root.append(this.#canvas)
    const resized = new ResizeObserver(() => this.#later())
    resized.observe(this.root)
    const repaint = () => {
      this.#brush = null
      this.#later()
    }
    const moved = () => this.#later()
    addEventListener('scroll', moved, { passive: true })
    addEventListener('resize', moved)
    this.#ends.push(
      () => resized.disconnect(),
      whenPaletteChanges(repaint),
      () => removeEventListener('scroll', moved),
      () => removeEventListener('resize', moved),
      () => cancelAnimationFrame(this.#redraw),
    )
    this.root.addEventListener('focusin', ({ target }) => this.#stopAt((target as HTMLElement).dataset['bay'] ?? null))
  }

  /** Ends what outlives the root. */
  leave(): void {
    for (const end of this.#ends) end()
  }

  /** Draws what changed; all where bays came or went. */
  update(changed: ReadonlySet<string>): void {
    const needing = this.#parts.needing()
    const { bays } = this.#parts.shown
    for (const bayId of this.#held.keys()) if (!bays.has(bayId)) this.#drop(bayId)
    const dirty: Held[] = []
    for (const [bayId, bay] of bays) {
      const held = this.#held.get(bayId) ?? this.#hold(bay)
      const needsYou = needing.has(bayId)
      if (held.bay === bay && held.tile.needsYou === needsYou && !changed.has(bayId)) continue
      held.bay = bay
      held.tile = tileOf(bay, needsYou)
      held.unnamed = true
      mark(held.button, 'data-state', bay.state)
      mark(held.button, 'data-version', String(bay.version))
      dirty.push(held)
    }
    if (this.#arrange()) return this.paintAll()
    for (const held of dirty) this.#paint(held)
  }

  /** Counts durations on, and tells screen readers at their own pace. */
  tick(now: number | null): void {
    this.#ticks += 1
    const isNaming = this.#ticks % NAMES_EVERY === 0
    for (const held of this.#held.values()) {
      if (isNaming && held.unnamed) {
        mark(held.button, 'aria-label', spokenTile(held.tile))
        held.unnamed = false
      }
      if (now === null) continue
      const since = held.tile.since === null ? '' : span(now - Date.parse(held.tile.since), true)
      if (since === held.since) continue
      held.since = since
      if (this.#grid.saysSince) this.#paint(held)
    }
  }

  /** Draws everything anew at the next frame: what is looked for changed. */
  wantedChanged(): void {
    this.#later()
  }

  /** Brings the focus to a bay. */
  focus(bayId: string | null): void {
    const held = bayId === null ? undefined : this.#held.get(bayId)
    held?.button.focus()
    held?.button.scrollIntoView({ block: 'nearest' })
  }

  /** The bay that the focus is at; null where it is elsewhere. */
  focused(): string | null {
    const { activeElement } = document
    return activeElement instanceof HTMLElement && this.root.contains(activeElement)
      ? (activeElement.dataset['bay'] ?? null)
      : null
  }

  /** Moves the focus as an arrow points. */
  step(direction: Direction): void {
    this.focus(besides(this.#grid, this.focused(), direction))
  }

  #hold(bay: BayView): Held {
    const onclick = () => this.#parts.open(bay.bayId)
    const fields = { type: 'button', class: 'bay-button', 'data-bay': bay.bayId, tabindex: '-1', onclick }
    const tile = tileOf(bay, false)
    const button = make('button', { ...fields, 'aria-label': spokenTile(tile), 'data-state': bay.state })
    mark(button, 'data-version', String(bay.version))
    const held = { button, bay, tile, since: '', unnamed: false }
    this.#held.set(bay.bayId, held)
    this.root.append(button)
    if (this.#stop === null) this.#stopAt(bay.bayId)
    return held
  }

  #drop(bayId: string): void {
    this.#held.get(bayId)?.button.remove()
    this.#held.delete(bayId)
    if (this.#stop === bayId) this.#stopAt(this.#held.keys().next().value ?? null)
  }

  #stopAt(bayId: string | null): void {
    if (bayId === null || bayId === this.#stop) return
    if (this.#stop !== null) this.#held.get(this.#stop)?.button.setAttribute('tabindex', '-1')
    this.#held.get(bayId)?.button.setAttribute('tabindex', '0')
    this.#stop = bayId
  }

  #later(): void {
    cancelAnimationFrame(this.#redraw)
    this.#redraw = requestAnimationFrame(() => {
      this.#arrange()
      this.paintAll()
    })
  }

  /** Gives every bay its place; false where all is as it was. */
  #arrange(): boolean {
    const { hello } = this.#parts.shown
    const ids = [...this.#held.keys()]
    const em = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16
    const room = { width: this.root.clientWidth, height: Math.max(200, innerHeight - this.root.offsetTop - 6 * em), em }
    const key = JSON.stringify([ids, hello?.layout ?? null, room])
    if (key === this.#layoutKey || room.width === 0) return false
    this.#layoutKey = key
    this.#grid = gridOf(hello?.layout ?? null, ids, room)
    const { cells, width, height, total, level } = this.#grid
    mark(this.root, 'data-level', level)
    this.root.style.height = `${total}px`
    this.#cells.clear()
    for (const cell of cells) {
      this.#cells.set(cell.bayId, cell)
      const style = this.#held.get(cell.bayId)?.button.style
      if (style === undefined) continue
      style.transform = `translate(${cell.x}px, ${cell.y}px)`
      style.width = `${width}px`
      style.height = `${height}px`
    }
    return true
  }

  /** The canvas is as high as the window at most and stays in sight; what it shows moves under it. */
  #place(): number {
    const { total } = this.#grid
    const width = this.root.clientWidth
    const height = Math.min(total, innerHeight)
    const scale = devicePixelRatio || 1
    const [wide, tall] = [Math.ceil(width * scale), Math.ceil(height * scale)]
    if (this.#canvas.width !== wide || this.#canvas.height !== tall) {
      this.#canvas.width = wide
      this.#canvas.height = tall
      this.#canvas.style.width = `${width}px`
      this.#canvas.style.height = `${height}px`
    }
    const offset = this.#offset(height)
    this.#context.setTransform(scale, 0, 0, scale, 0, -offset * scale)
    return offset
  }

  #offset(height: number): number {
    return Math.max(0, Math.min(this.#grid.total - height, -this.root.getBoundingClientRect().top))
  }

  /** Draws every bay that is in sight. */
  paintAll(): void {
    const offset = this.#place()
    this.#brush ??= this.#newBrush()
    this.#context.clearRect(0, offset, this.root.clientWidth, innerHeight)
    for (const held of this.#held.values()) this.#paint(held)
  }

  #newBrush(): Brush {
    const { fontSize } = getComputedStyle(document.documentElement)
    const { fontFamily } = getComputedStyle(this.root)
    const em = Number.parseFloat(fontSize) || 16
    return { context: this.#context, palette: readPalette(), em, family: fontFamily }
  }

  #paint({ bay, tile, since }: Held): void {
    const cell = this.#cells.get(tile.bayId)
    if (cell === undefined || this.#brush === null) return
    const isFaded = !this.#parts.isWanted(bay, tile.needsYou)
    paintTile(this.#brush, this.#grid, cell, tile, since, isFaded)
  }
}
