import { BY_TEXT, startTrack, type Track } from './track.ts'

/** A track that remembers no text of an earlier read: a device that names its reads is still known to send one again. */
export const textless = (track: Track): Track => ({
  ...track,
  marks: track.marks.filter((mark) => !mark.startsWith(BY_TEXT)),
})

/** Words of one plate at most: a device may send it with spaces. */
const MOST_WORDS = 4

/** A track without some plates' texts, which goes on where it holds none of them: their time is over, and nobody asked. */
export function fadeText(track: Track, isIts: (text: string) => boolean, trackId: string): Track {
  const ends = (mark: string): readonly string[] => {
    const words = mark.split(' ')
    return Array.from({ length: MOST_WORDS }, (_, count) => words.slice(-1 - count).join(' '))
  }
  const marks = track.marks.filter((mark) => !mark.startsWith(BY_TEXT) || !ends(mark).some(isIts))
  return holdsText(track, isIts) ? startTrack(trackId, { ...track, marks }) : { ...track, marks }
}

/** A track without one plate's text: begun anew as `trackId` where it voted on it. `isIts` says of a text that it is that plate's. */
export function forgetText(track: Track, isIts: (text: string) => boolean, trackId: string): Track {
  return holdsText(track, isIts) ? startTrack(trackId, textless(track)) : textless(track)
}

const holdsText = ({ window, agreed, leader }: Track, isIts: (text: string) => boolean): boolean =>
  [...window.map(({ text }) => text), agreed, leader].some((text) => text !== null && isIts(text))
