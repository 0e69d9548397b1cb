/** Tools of the screen of zones: which camera, what hands do to a zone, how near the picture is, and the keys for all of it. */
import { make, makeSvg, mark, say } from './dom.ts'
import type { Key } from './screen.ts'
import type { ZoneEditor } from './zone-editor.ts'
import type { zoneStage } from './zone-stage.ts'
import { ZONE_WORDS as WORDS } from './zone-words.ts'

/** An arrow key moves a corner by so much of the picture; with shift by ten times as much. */
const NUDGE = 0.001
/** A press of the pad moves it by so many of these. */
const PAD = 3
type Stage = ReturnType<typeof zoneStage>

const ARROWS = [
  ['ArrowUp', 'up', 0, -1],
  ['ArrowLeft', 'left', -1, 0],
  ['ArrowRight', 'right', 1, 0],
  ['ArrowDown', 'down', 0, 1],
] as const
const SHAPES = { up: 'M4 15l8-8 8 8', down: 'M4 9l8 8 8-8', left: 'M15 4l-8 8 8 8', right: 'M9 4l8 8-8 8' }

type Tool = { readonly root: HTMLButtonElement; readonly paint: () => void }

/** Bar, forms and keys over an editor. */
export function zoneTools(editor: ZoneEditor, stage: Stage) {
  const cameras = cameraChoice(editor)
  const forms = zoneForms(editor)
  /** Does something, and leaves the hand at the corner that is chosen then. */
  const act = (work: () => void) => () => {
    work()
    if (editor.corner !== null) stage.focusCorner(editor.corner)
  }
  const snap = act(() => {
    const place = editor.place()
    if (place !== null) editor.put(stage.snapCorner(place).place)
  })
  const zoom: Tool[] = []
  const zoomed = (work: () => void) => {
    work()
    for (const one of zoom) one.paint()
  }
  zoom.push(
    tool(
      'out',
      WORDS.zoomOut,
      () => stage.zoomed() > 1,
      () => zoomed(stage.zoomOut),
    ),
    tool(
      'in',
      WORDS.zoomIn,
      () => stage.zoomed() < 6,
      () => zoomed(stage.zoomIn),
    ),
  )
  const groups: readonly (readonly [string, readonly Tool[]])[] = editor.mayDraw
    ? [
        ['draws', drawTools(editor, act, snap)],
        ['pad', nudgePad(editor)],
        ['zooms', zoom],
      ]
    : [['zooms', zoom]]
  const spans = groups.map(([name, tools]) =>
    make('span', { class: `zone-tools ${name}` }, ...tools.map(({ root }) => root)),
  )
  return {
    forms: forms.root,
    bar: make('div', { class: 'zone-bar' }, cameras.root, ...spans),
    keys: [...keysOf(editor, { act, snap }), ...lookKeys(editor, stage, zoomed)],
    paint() {
      for (const [, tools] of groups) for (const one of tools) one.paint()
      cameras.paint()
      forms.paint()
    },
  }
}

function tool(name: string, label: string | SVGElement, when: () => boolean, press: () => void): Tool {
  const root = make('button', { type: 'button', class: 'small', 'data-tool': name, onclick: press }, label)
  const paint = () => {
    root.disabled = !when()
  }
  return { root, paint }
}

function drawTools(editor: ZoneEditor, act: Acts['act'], snap: () => void): readonly Tool[] {
  const hasCorner = () => editor.corner !== null
  const isPlates = () => editor.zone !== null && 'polygon' in editor.zone
  return [
    tool(
      'undo',
      WORDS.undo,
      () => editor.draft.canUndo,
      act(() => editor.undo()),
    ),
    tool(
      'redo',
      WORDS.redo,
      () => editor.draft.canRedo,
      act(() => editor.redo()),
    ),
    tool(
      'add',
      WORDS.add,
      isPlates,
      act(() => editor.add()),
    ),
    tool(
      'remove',
      WORDS.remove,
      () => hasCorner() && isPlates(),
      act(() => editor.remove()),
    ),
    tool('snap', WORDS.snap, hasCorner, snap),
  ]
}

/** Arrows for who has no keyboard, and no room to drag. */
function nudgePad(editor: ZoneEditor): readonly Tool[] {
  return ARROWS.map(([, name, dx, dy]) => {
    const path = makeSvg('path', { d: SHAPES[name] })
    const arrow = makeSvg('svg', { viewBox: '0 0 24 24', class: 'pad-arrow', 'aria-hidden': 'true' }, path)
    const press = () => editor.nudge(PAD * dx * NUDGE, PAD * dy * NUDGE)
    const one = tool(name, arrow, () => editor.corner !== null, press)
    mark(one.root, 'aria-label', WORDS.move[name])
    return one
  })
}

function cameraChoice(editor: ZoneEditor) {
  const select = make('select', { id: 'zone-camera' })
  select.append(...editor.draft.now.cameras.map(({ cameraId }) => make('option', { value: cameraId }, cameraId)))
  select.addEventListener('change', () => editor.chooseCamera(select.value))
  return {
    root: make('p', { class: 'zone-row' }, make('label', { for: 'zone-camera' }, WORDS.camera), select),
    paint() {
      select.value = editor.cameraId
    },
  }
}

/** What is done to a whole zone. */
function zoneForms(editor: ZoneEditor) {
  const first = make('button', { type: 'button', 'data-tool': 'new', onclick: () => editor.add() }, WORDS.newZone)
  const away = make(
    'button',
    { type: 'button', class: 'small', 'data-tool': 'away', onclick: () => editor.takeAway() },
    WORDS.takeAway,
  )
  const turn = make('button', { type: 'button', class: 'small', 'data-tool': 'turn', onclick: () => editor.turn() })
  const side = make('input', { id: 'zone-side', type: 'number', min: '0.1', max: '100', step: '0.1' })
  side.addEventListener('change', () => editor.setSide(Number(side.value)))
  const sides = make('p', { class: 'zone-row' }, make('label', { for: 'zone-side' }, WORDS.side), side)
  const needs = make('p', { class: 'faint zone-needs' }, WORDS.groundNeeds)
  return {
    root: make('div', { class: 'zone-forms' }, first, sides, make('div', { class: 'buttons' }, turn, away), needs),
    paint() {
      const { zone, bayId, mayDraw } = editor
      const isGround = zone !== null && 'ground' in zone
      first.hidden = !mayDraw || bayId === null || zone !== null
      away.hidden = !mayDraw || zone === null
      turn.hidden = !mayDraw || !(isGround || editor.canLift())
      say(turn, isGround ? WORDS.toPlates : WORDS.toGround)
      needs.hidden = !mayDraw || zone === null || isGround || editor.isMeasured()
      sides.hidden = !isGround
      if (isGround && document.activeElement !== side) side.value = String(zone.side_m)
    },
  }
}

type Acts = {
  readonly act: (work: () => void) => () => void
  readonly snap: () => void
  readonly zoomed: (work: () => void) => void
}

/** Keys that draw; none of them for who may only look. */
function keysOf(editor: ZoneEditor, { act, snap }: Pick<Acts, 'act' | 'snap'>): readonly Key[] {
  if (!editor.mayDraw) return []
  const hasCorner = () => editor.corner !== null
  const nudges = ARROWS.map(([key, , dx, dy]): Key => {
    const press = ({ shiftKey }: KeyboardEvent) => {
      const step = shiftKey ? 10 * NUDGE : NUDGE
      editor.nudge(dx * step, dy * step)
    }
    return { key, says: WORDS.keys.nudge, when: hasCorner, press }
  })
  return [
    ...nudges,
    { key: 'a', says: WORDS.keys.add, when: () => editor.bayId !== null, press: act(() => editor.add()) },
    { key: 'Delete', says: WORDS.keys.remove, when: hasCorner, press: act(() => editor.remove()) },
    { key: 's', says: WORDS.keys.snap, when: hasCorner, press: snap },
    { key: 'z', says: WORDS.keys.undo, when: () => editor.draft.canUndo, press: act(() => editor.undo()) },
    { key: 'y', says: WORDS.keys.redo, when: () => editor.draft.canRedo, press: act(() => editor.redo()) },
  ]
}

/** Keys that choose and look. */
function lookKeys(editor: ZoneEditor, stage: Stage, zoomed: Acts['zoomed']): readonly Key[] {
  const corner = (by: number) => () => {
    editor.stepCorner(by)
    if (editor.corner !== null) stage.focusCorner(editor.corner)
  }
  const nextCamera = () => {
    const { cameras } = editor.draft.now
    const at = cameras.findIndex(({ cameraId }) => cameraId === editor.cameraId)
    const next = cameras[(at + 1) % Math.max(1, cameras.length)]
    if (next) editor.chooseCamera(next.cameraId)
  }
  const leave = () => {
    if (stage.cancel()) return
    editor.leave()
    if (editor.bayId === null) stage.root.focus()
    else document.querySelector<HTMLElement>(`[data-zone-bay="${CSS.escape(editor.bayId)}"]`)?.focus()
  }
  return [
    { key: 'c', says: WORDS.keys.camera, press: nextCamera },
    { key: 'ArrowDown', says: WORDS.keys.bayDown, press: () => editor.stepBay(1) },
    { key: 'ArrowUp', says: WORDS.keys.bayUp, press: () => editor.stepBay(-1) },
    { key: '.', says: WORDS.keys.next, when: () => editor.zone !== null, press: corner(1) },
    { key: ',', says: WORDS.keys.before, when: () => editor.zone !== null, press: corner(-1) },
    { key: '+', says: WORDS.keys.closer, press: () => zoomed(stage.zoomIn) },
    { key: '-', says: WORDS.keys.farther, press: () => zoomed(stage.zoomOut) },
    { key: '0', says: WORDS.keys.whole, press: () => zoomed(stage.zoomWhole) },
    { key: 'Escape', says: WORDS.keys.leave, when: () => editor.bayId !== null, press: leave },
  ]
}
