/** Where bays lie in cameras’ pictures: drawn by pointer or keyboard, checked as it is drawn, tried over what was recorded, published under a version. */
import type { CheckedDraft, ZonesNow } from '../../zones/zone-desk.ts'
import type { ZoneVersion } from '../../zones/zone-versions.ts'
import { make, say, show, wantStyle } from './dom.ts'
import { livePicture } from './live-picture.ts'
import type { Key, Screen, Site } from './screen.ts'
import { address, ask, send } from './server-call.ts'
import { zoneOf } from './store.ts'
import { ZoneEditor } from './zone-editor.ts'
import { bayList, zoneFacts } from './zone-list.ts'
import { zonePublishPanel } from './zone-publish-panel.ts'
import { zoneStage } from './zone-stage.ts'
import { zoneTools } from './zone-tools.ts'
import { zoneTrialPanel } from './zone-trial-panel.ts'
import { zoneWaitingPanel } from './zone-waiting-panel.ts'
import { ZONE_WORDS as WORDS } from './zone-words.ts'

const DRAWERS: readonly string[] = ['admin', 'supervisor', 'installer']
/** A draft is checked once hands rest for so long. */
const RESTS_MS = 200

/** Whether somebody else published is looked at no more often. */
const LOOKS_MS = 3_000

type Asked = { readonly siteId: string; readonly caller: { readonly role: string } }

/** The screen of zones. */
export function zonesScreen(site: Site): Screen {
  wantStyle(new URL('./zones.css', import.meta.url))
  const root = make('div', { class: 'zones' }, make('h2', {}, WORDS.title), make('p', { class: 'card' }, WORDS.asking))
  let bench: Workbench | null = null
  let isLeft = false
  const begin = async () => {
    const [who, now] = await Promise.all([ask<Asked>(address('site')), ask<ZonesNow>(address('zones'))])
    if (isLeft) return
    if (!who.ok || !now.ok) {
      const says = !who.ok ? who.says : now.ok ? '' : now.says
      return root.replaceChildren(make('h2', {}, WORDS.title), make('p', { class: 'card' }, says))
    }
    const mayDraw = DRAWERS.includes(who.body.caller.role) && site.orders !== null
    bench = new Workbench(site, who.body.siteId, now.body, mayDraw)
    root.replaceChildren(make('h2', {}, WORDS.title), bench.root)
  }
  void begin()
  return {
    root,
    title: WORDS.title,
    update: (changed) => void (changed.size > 0 && bench?.update()),
    tick: (now) => bench?.tick(now),
    get keys() {
      return bench?.keys ?? []
    },
    leave() {
      isLeft = true
      bench?.leave()
    },
  }
}

/** All that works on one editor. */
class Workbench {
  readonly #site: Site
  readonly #editor: ZoneEditor
  readonly #picture = livePicture(
    () => this.#paint(),
    () => this.#site.shown.hello?.rights.includes('look') === true,
  )
  readonly #stage: ReturnType<typeof zoneStage>
  readonly #list: ReturnType<typeof bayList>
  readonly #facts = zoneFacts()
  readonly #tools: ReturnType<typeof zoneTools>
  readonly #trial: ReturnType<typeof zoneTrialPanel>
  readonly #notes: ReturnType<typeof draftNotes>
  readonly #publish: ReturnType<typeof zonePublishPanel>
  readonly #waiting: ReturnType<typeof zoneWaitingPanel>
  readonly #check: ReturnType<typeof checking>
  readonly root: HTMLElement
  readonly keys: readonly Key[]
  #wasLive = false
  #lookedAt = performance.now()
  #isStale = false

  constructor(site: Site, siteId: string, now: ZonesNow, mayDraw: boolean) {
    this.#site = site
    const told = { changed: () => this.#changed(), painted: () => this.#paint() }
    const editor = new ZoneEditor(siteId, now, mayDraw, told)
    this.#editor = editor
    this.#stage = zoneStage(this.#picture, {
      choose: (bayId, corner) => editor.choose(bayId, corner),
      moved: (corner, place) => editor.hold(corner, place),
      dropped: () => editor.drop(),
      cancelled: () => editor.letGo(),
      added: (after, place) => editor.holdNew(after, place),
    })
    this.#list = bayList((bayId) => editor.choose(bayId, null))
    this.#tools = zoneTools(editor, this.#stage)
    this.#trial = zoneTrialPanel(() => editor.draft.bays, this.#zone)
    this.#notes = draftNotes(editor, (isGivenUp) => this.#goOn(isGivenUp))
    this.#publish = zonePublishPanel({
      draft: () => editor.draft,
      zone: this.#zone,
      may: this.#may,
      told: () => ({ warnings: warningsOf(editor), trial: this.#trial.told() }),
      changed: (isPublished) => this.#refresh(isPublished),
      took: told.changed,
      waits: () => this.#waiting.look(),
    })
    this.#waiting = zoneWaitingPanel({
      orders: mayDraw ? site.orders : null,
      draft: () => editor.draft,
      took: told.changed,
      changed: () => this.#look(),
    })
    this.#check = checking(editor, told.painted, this.#notes.unchecked)
    this.root = this.#furnished()
    this.keys = [...this.#tools.keys, ...(mayDraw ? this.#panelKeys() : [])]
    if (editor.draft.base !== now.version) void this.#notes.newer(now)
    this.#changed()
    void this.#publish.readVersions()
  }

  #zone = () => zoneOf(this.#site.shown)
  #may = (): boolean => this.#editor.mayDraw && this.#site.orders?.may() === true

  #furnished(): HTMLElement {
    const draws = this.#editor.mayDraw
    const { bar, forms } = this.#tools
    const draft = make('div', { class: 'card zone-draft' }, this.#notes.root, draws && this.#publish.root)
    draft.append(this.#waiting.root)
    const side = make('div', { class: 'zone-side' }, this.#list.root, this.#facts.root, forms, draft)
    const main = make('div', { class: 'zone-main' }, bar, this.#stage.root, this.#picture.caption)
    const below = make('div', { class: 'zone-below' }, draws && this.#trial.root, this.#publish.versions)
    return make('div', {}, make('div', { class: 'zone-bench' }, main, side), below)
  }

  #panelKeys(): readonly Key[] {
    const { draft } = this.#editor
    const canTry = () => this.#may() && draft.bays.length > 0
    const canPublish = () => this.#may() && isPublishable(this.#editor)
    return [
      { key: 't', says: WORDS.keys.tryIt, press: () => void this.#trial.begin(), when: canTry },
      { key: 'p', says: WORDS.keys.publish, press: () => this.#publish.open(), when: canPublish },
    ]
  }

  #changed(): void {
    this.#check.soon()
    this.#paint()
  }

  #paint(): void {
    const editor = this.#editor
    this.#picture.follow(editor.cameraId === '' ? null : editor.cameraId)
    const bays = editor.bays()
    const chosen = bays.find(({ bayId }) => bayId === editor.bayId) ?? null
    this.#stage.paint(editor.view(this.#picture.aspect()))
    this.#list.paint(bays, editor.bayId)
    this.#facts.paint(chosen, editor.cameraId, editor.checked)
    this.#tools.paint()
    this.#notes.paint()
    this.#publish.paint(this.#may() && isPublishable(editor))
    this.#trial.paint(this.#may() && editor.draft.bays.length > 0)
  }

  /** The zones in force are others: the draft stays, unless it is what was published. */
  async #refresh(isPublished: boolean): Promise<void> {
    const told = await ask<ZonesNow>(address('zones'))
    if (!told.ok) return this.#notes.unchecked(told.says)
    const { draft } = this.#editor
    if (isPublished || draft.bays.length === 0 || draft.isDrawnIn(told.body)) draft.rebase(told.body, true)
    else {
      draft.lieOver(told.body)
      await this.#notes.newer(told.body)
    }
    this.#changed()
  }

  /** Something changed at the site: perhaps somebody published zones. What comes too soon after a look is looked at with the next tick that may. */
  update(): void {
    this.#isStale = true
    if (performance.now() - this.#lookedAt >= LOOKS_MS) void this.#look()
  }

  async #look(): Promise<void> {
    this.#isStale = false
    this.#lookedAt = performance.now()
    const newest = await this.#publish.readVersions()
    if (newest !== null && newest > this.#editor.draft.now.version) await this.#refresh(false)
  }

  async #goOn(isGivenUp: boolean): Promise<void> {
    const told = await ask<ZonesNow>(address('zones'))
    if (!told.ok) return this.#notes.unchecked(told.says)
    this.#editor.draft.rebase(told.body, isGivenUp)
    this.#notes.settled()
    this.#changed()
  }

  tick(at: number | null): void {
    this.#picture.tick(at, this.#zone())
    this.#waiting.tick(at)
    if (this.#isStale) this.update()
    if (this.#may() === this.#wasLive) return
    this.#wasLive = this.#may()
    void this.#publish.readVersions()
    this.#paint()
  }

  leave(): void {
    this.#picture.close()
    this.#check.end()
    this.#trial.leave()
  }
}

/** What is to be said of the bays that are drawn anew. */
const warningsOf = ({ draft, checked }: ZoneEditor): number =>
  checked.problems.filter(({ bayId }) => draft.isChanged(bayId)).length

const isPublishable = ({ draft, checked }: ZoneEditor): boolean =>
  draft.now.fixed === null &&
  draft.bays.length > 0 &&
  draft.base === draft.now.version &&
  !checked.problems.some(({ bars }) => bars)

/** Asks the server what the draft comes to, once hands rest. */
function checking(editor: ZoneEditor, paint: () => void, failed: (says: string) => void) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let run = 0
  const check = async () => {
    run += 1
    const mine = run
    const told = await send<CheckedDraft>(address('zones', 'check'), { bays: editor.draft.bays })
    if (mine !== run) return
    failed(told.ok ? '' : told.says)
    if (told.ok) editor.checked = told.body
    paint()
  }
  return {
    soon() {
      clearTimeout(timer)
      if (editor.mayDraw) timer = setTimeout(() => void check(), RESTS_MS)
    },
    end() {
      run += 1
      clearTimeout(timer)
    },
  }
}

/** How the draft stands to the zones in force. */
function draftNotes(editor: ZoneEditor, goOn: (isGivenUp: boolean) => unknown) {
  const says = make('p', { role: 'status' })
  const fixed = make('p', { class: 'zone-fixed' })
  const trouble = make('p', { class: 'says', role: 'alert' })
  const give = make('button', { type: 'button', class: 'small', onclick: () => goOn(true) }, WORDS.giveUp)
  const newer = make('div', { class: 'need zone-newer', role: 'alert', hidden: true })
  return {
    root: make('div', { class: 'zone-notes' }, fixed, trouble, newer, make('div', { class: 'zone-row' }, says, give)),
    unchecked: (why: string) => say(trouble, why === '' ? '' : `${WORDS.notChecked}${why}`),
    paint() {
      const { length } = editor.draft.bays
      say(says, !editor.mayDraw ? WORDS.mayNot : length === 0 ? WORDS.noDraft : WORDS.draft(length))
      say(fixed, editor.draft.now.fixed ?? '')
      fixed.hidden = editor.draft.now.fixed === null
      give.hidden = length === 0
    },
    settled() {
      newer.hidden = true
    },
    async newer(now: ZonesNow) {
      const told = await ask<{ readonly items: readonly ZoneVersion[] }>(address('zones', 'versions'))
      const since = told.ok ? told.body.items.filter(({ version }) => version > editor.draft.base) : []
      const theirs = new Set(since.flatMap(({ changed }) => changed))
      const both = editor.draft.bays.flatMap(({ bayId }) => (theirs.has(bayId) ? [bayId] : []))
      newer.hidden = false
      const text = WORDS.newer(now.version, since[0]?.by ?? WORDS.somebody)
      show(newer, `${text}${both.join()}`, () => [
        make(
          'div',
          {},
          make('p', {}, text),
          both.length > 0 && make('p', {}, WORDS.newerBoth(both.join(', '))),
          make('button', { type: 'button', onclick: () => goOn(false) }, WORDS.goOn),
        ),
      ])
    },
  }
}
