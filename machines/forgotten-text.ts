import { BY_TEXT, startTrack, type Track } from './track.ts'

/** A track that remembers no text of an earlier read: a device that names its reads is still known to send one again. */
export const textless = (track: Track): Track => ({
  ...track,
  marks: track.marks.filter((mark) => !mark.startsWith(BY_TEXT)),
})

/** A track without one plate's text: begun anew as `trackId` where it voted on it. `isIts` says of a text that it is that plate's. */
export function forgetText(track: Track, isIts: (text: string) => boolean, trackId: string): Track {
  const texts = [...track.window.map(({ text }) => text), track.agreed, track.leader]
  const holds = texts.some((text) => text !== null && isIts(text))
  return holds ? startTrack(trackId, textless(track)) : textless(track)
}
