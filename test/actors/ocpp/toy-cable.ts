import { makeToy, tellToy } from '../../../simulations/toy-charge-point.ts'
import type { ToyHabits } from '../../../simulations/toy-habits.ts'
import { type ToyInput, wakesOf } from '../../../simulations/toy-life.ts'
import type { Payload, Toy, ToyFrame } from '../../../simulations/toy-wire.ts'
import { FrameScene } from './frame-scene.ts'

/** A toy charge point on the link of a scene: its frames go through the production dialect and come back, on the scene's clock. */
export class ToyCable {
  readonly scene: FrameScene
  readonly toy: Toy
  readonly #pending = new Map<string, (answer: Payload) => void>()
  #calls = 0
  #wakeAt = Number.POSITIVE_INFINITY

  private constructor(scene: FrameScene, habits: ToyHabits) {
    this.scene = scene
    this.toy = makeToy('CP-1', 1, habits)
    scene.onCall = (action, payload) =>
      new Promise((resolve) => {
        this.#calls += 1
        this.#pending.set(`b-${this.#calls}`, resolve)
        this.tell({ type: 'frame', frame: [2, `b-${this.#calls}`, action, payload] })
      })
  }

  /** A scene of this profile with a connected and booted toy of these habits. */
  static async open(profile: string, habits: ToyHabits): Promise<ToyCable> {
    const cable = new ToyCable(await FrameScene.silent(profile), habits)
    cable.tell({ type: 'connected' })
    await cable.scene.passes(5)
    return cable
  }

  tell(input: ToyInput): void {
    for (const frame of tellToy(this.toy, input, this.scene.site.clock.now())) this.#send(frame)
    this.#wake()
  }

  #send(frame: ToyFrame): void {
    if (frame[0] !== 2) {
      this.#pending.get(frame[1])?.(frame[2] as Payload)
      return
    }
    const [, id, action, payload] = frame
    void this.scene.hear(action, payload).then((answer) => {
      if (answer.kind === 'result') this.tell({ type: 'frame', frame: [3, id, answer.payload as Payload] })
      if (answer.kind === 'error') this.tell({ type: 'frame', frame: [4, id, answer.code, answer.says, {}] })
    })
  }

  #wake(): void {
    const { clock } = this.scene.site
    const at = wakesOf(this.toy)
    if (at === Number.POSITIVE_INFINITY || at === this.#wakeAt) return
    this.#wakeAt = at
    clock.after(Math.max(0, at - clock.now()), () => {
      if (this.#wakeAt !== at) return
      this.#wakeAt = Number.POSITIVE_INFINITY
      this.tell({ type: 'tick' })
    })
  }

  plug = (): void => this.tell({ type: 'plug', connector: 1 })
  unplug = (): void => this.tell({ type: 'unplug', connector: 1 })
  drive = (amps: number): void => this.tell({ type: 'drive', connector: 1, amps })
}
