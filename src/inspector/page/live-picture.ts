/** The newest picture of a camera, asked for while it is seen and only then. It is never kept: the next one takes its place. */
import { make, mark, say } from './dom.ts'
import { words } from './language.ts'
import { address } from './server-call.ts'
import { atSite, span } from './server-time.ts'

const WORDS = words({
  en: {
    waiting: 'Waiting for a picture of this camera…',
    none: 'This camera has sent no picture yet; it is shown when one comes.',
    notYours: 'Your role sees no pictures.',
    silent: 'No picture came: the server does not answer.',
    shows: (cameraId: string) => `What ${cameraId} sees`,
    at: (time: string, age: string) => `picture ${time} · ${age} old`,
  },
  de: {
    waiting: 'Es wird auf ein Bild dieser Kamera gewartet…',
    none: 'Diese Kamera hat noch kein Bild geschickt; es erscheint, sobald eines kommt.',
    notYours: 'Ihre Rolle sieht keine Bilder.',
    silent: 'Es kam kein Bild: Der Server antwortet nicht.',
    shows: (cameraId) => `Was ${cameraId} sieht`,
    at: (time, age) => `Bild ${time} · ${age} alt`,
  },
})

/** A picture is fresh for so long; older ones are greyed. */
const FRESH_MS = 5_000
/** Not asked more often. */
const EVERY_MS = 500

/** A picture that follows its camera. */
export type LivePicture = {
  readonly image: HTMLCanvasElement
  /** Says how old it is, or why there is none. */
  readonly caption: HTMLElement
  /** Width by height of what is shown; null until something is. */
  readonly aspect: () => number | null
  /** Whether the picture is clear: who may not see plates is shown a coarse one. */
  readonly isClear: () => boolean
  /** Another camera; null = none. */
  follow(cameraId: string | null): void
  /** `now` as the server's clock has it, `zone` the site's. */
  tick(now: number | null, zone: string): void
  close(): void
}

/** `came`: told of each new picture; nothing is asked for while `mayLook` says no. */
export function livePicture(came: () => void, mayLook: () => boolean = () => true): LivePicture {
  // A canvas: the page's own rules let no image in that is not an address of its server.
  const image = make('canvas', { class: 'live-image', role: 'img' })
  const drawing = image.getContext('2d')
  const caption = make('p', { class: 'live-caption faint' })
  let cameraId: string | null = null
  let cameAt = 0
  let why: string = WORDS.waiting
  let isClear = false
  let run = 0
  image.hidden = true
  const showWhy = (text: string) => {
    why = text
    if (image.hidden) say(caption, why)
  }
  const take = async (answer: Response, mine: number) => {
    const picture = await createImageBitmap(await answer.blob())
    // Another camera may be followed since: its name stands there now.
    if (mine !== run) return picture.close()
    Object.assign(image, { width: picture.width, height: picture.height })
    drawing?.drawImage(picture, 0, 0)
    picture.close()
    cameAt = Number(answer.headers.get('berth-came-at') ?? 0)
    isClear = answer.headers.get('berth-picture') === 'clear'
    image.hidden = false
    came()
  }
  const askOn = async (mine: number) => {
    while (mine === run && cameraId !== null) {
      const rest = new Promise((go) => setTimeout(go, EVERY_MS))
      if (!document.hidden) {
        const answer = await asked(cameraId, cameAt)
        if (mine !== run) return
        if (answer?.status === 200) await take(answer, mine).catch(() => mine === run && showWhy(WORDS.none))
        else if (answer?.status === 403) return showWhy(WORDS.notYours)
        else showWhy(answer === null ? WORDS.silent : WORDS.none)
      }
      await rest
    }
  }
  return {
    image,
    caption,
    aspect: () => (image.hidden ? null : image.width / image.height),
    isClear: () => isClear && !image.hidden,
    follow(next) {
      if (next === cameraId) return
      run += 1
      cameraId = next
      cameAt = 0
      image.hidden = true
      if (next === null) return say(caption, '')
      mark(image, 'aria-label', WORDS.shows(next))
      showWhy(mayLook() ? WORDS.waiting : WORDS.notYours)
      if (mayLook()) void askOn(run)
    },
    tick(now, zone) {
      if (image.hidden || now === null) return
      const age = Math.max(0, now - cameAt)
      say(caption, WORDS.at(atSite(cameAt, zone), span(age)))
      image.classList.toggle('is-old', age > FRESH_MS)
      caption.classList.toggle('is-old', age > FRESH_MS)
    },
    close() {
      run += 1
    },
  }
}

async function asked(cameraId: string, after: number): Promise<Response | null> {
  try {
    const url = `${address('cameras', cameraId, 'picture')}?after=${after}`
    return await fetch(url, { signal: AbortSignal.timeout(10_000) })
  } catch {
    return null
  }
}
