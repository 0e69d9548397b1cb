import type { PlateReader, Polygon } from '../../../actors/ports.ts'
import type { ZoneLook } from '../../../actors/zone-look.ts'
import { type Played, playStory } from '../../../simulations/player.ts'
import type { Story } from '../../../simulations/scenario.ts'
import { ONE_BAY, type Scene } from '../../../simulations/toy-scene.ts'
import type { ToySite } from '../../../simulations/toy-site.ts'
import { plateTrust } from '../../../src/plate-trust.ts'
import { learnEmpties, onPixels, PixelEye } from './pixel-eye.ts'
import type { Surroundings } from './pixel-picture.ts'

/** A story whose camera is made of pixels, and can be spoken to. */
export type PixelStory = Omit<Story, 'play'> & {
  readonly around?: Surroundings
  readonly masks?: readonly Polygon[]
  play(scene: Scene, camera: PixelCamera): Promise<void>
}

/** What only a camera of pixels can be told. */
export type PixelCamera = {
  /** The eye of the process that runs now. */
  eye(): PixelEye
  /** Other light, other lettering, from the next picture on. */
  becomes(around: Surroundings): void
}

/** Plays stories with one reader for all; an empty car park is learnt once for each site and light. */
export class PixelStage {
  readonly #reader: PlateReader
  readonly #empties = new Map<string, Promise<ReadonlyMap<string, ZoneLook>>>()

  constructor(reader: PlateReader) {
    this.#reader = reader
  }

  async play(story: PixelStory): Promise<Played> {
    const site = onPixels(story.site ?? ONE_BAY)
    let around: Surroundings = story.around ?? { light: 'day' }
    const key = JSON.stringify([site.bays.map(({ zone }) => zone), around.light])
    const learning = this.#empties.get(key) ?? learnEmpties(site.bays, this.#reader, around)
    this.#empties.set(key, learning)
    const empties = await learning
    let eye: PixelEye | null = null
    const camera: PixelCamera = {
      eye: () => eye as PixelEye,
      becomes: (next) => {
        around = next
      },
    }
    const parts = { bays: site.bays, empties, reader: this.#reader, around: () => around, masks: story.masks ?? [] }
    return playStory(
      { ...story, site, play: (scene) => story.play(scene, camera) },
      {
        trust,
        eye: (opened) => {
          const own = new PixelEye({ ...parts, site: opened })
          eye = own
          return own.see
        },
      },
    )
  }
}

/** The production trust in what is read, over the toy's register. */
function trust(site: ToySite) {
  const plateOf = (handle: string): string | null =>
    site.journal.records
      .filter((record) => record.stream === 'register')
      .map((record) => site.journal.open(record)[handle] as { readonly plate?: string } | undefined)
      .findLast((personal) => personal?.plate !== undefined)?.plate ?? null
  const plates = () =>
    [...site.register.vehicles.keys()].flatMap((handle): (readonly [string, string])[] => {
      const plate = plateOf(handle)
      return plate === null ? [] : [[handle, plate]]
    })
  return plateTrust({ keys: site.keys, register: () => site.register, plates, plateOf })
}
