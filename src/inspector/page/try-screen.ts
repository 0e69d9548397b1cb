/** The camera of this computer, looking at the bay of `berth try`: pictures go to the intake as any camera's would. */
import { make, say } from './dom.ts'
import type { Screen, Site } from './screen.ts'
import { TRY_WORDS as WORDS } from './try-words.ts'

const EACH_MS = 400
/** As wide as cameras send, px. */
const WIDTH = 1280
const QUALITY = 0.85

/** The screen of `berth try`; `token` is the camera's. */
export function tryScreen({ shown }: Site, token: string): Screen {
  const video = make('video', { muted: true, playsinline: true, 'aria-label': WORDS.camera, width: '640' })
  const note = make('p', { role: 'status' }, WORDS.says)
  const count = make('p', { class: 'faint' })
  const bay = make('p', { class: 'try-bay' })
  const root = make('div', { class: 'card' }, make('h2', {}, WORDS.title), note, video, count, bay)
  root.append(make('p', {}, make('a', { href: '#/bays/bay-1' }, WORDS.open)))
  const canvas = document.createElement('canvas')
  let stream: MediaStream | null = null
  let sent = 0
  let hasLeft = false
  let isSending = false
  const shoot = async () => {
    if (stream === null || isSending || video.videoWidth === 0) return
    isSending = true
    canvas.width = Math.min(WIDTH, video.videoWidth)
    canvas.height = Math.round((canvas.width * video.videoHeight) / video.videoWidth)
    canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height)
    const picture = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY))
    const headers = { 'content-type': 'image/jpeg' }
    const url = `/in/${encodeURIComponent(token)}/frame`
    const status =
      picture === null
        ? 0
        : await fetch(url, { method: 'POST', headers, body: picture }).then(
            (answer) => answer.status,
            () => 0,
          )
    // A reader that is busy wants the next picture later: that is no fault.
    if (status >= 400 && status !== 503) say(note, WORDS.refused(status))
    else if (status === 200) sent += 1
    say(count, WORDS.sent(sent))
    isSending = false
  }
  const timer = setInterval(() => void shoot(), EACH_MS)
  const opening = navigator.mediaDevices?.getUserMedia({ video: { width: { ideal: WIDTH } } }) ?? Promise.reject()
  opening.then(
    (opened) => {
      stream = opened
      if (hasLeft) return stop()
      video.srcObject = opened
      void video.play()
    },
    () => say(note, WORDS.denied),
  )
  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop()
  }
  return {
    root,
    title: WORDS.title,
    update() {
      const { state, visit } = shown.bays.get('bay-1') ?? {}
      say(bay, [state, visit?.plate].filter((part) => part != null).join(' · '))
    },
    tick() {},
    leave() {
      hasLeft = true
      clearInterval(timer)
      stop()
    },
  }
}
