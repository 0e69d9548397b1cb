import type { PlateFeed } from '../../actors/plate-feed.ts'

/**
 * The plate feed without what a camera reads while its zones may lie on other bays: such a plate would be billed to the neighbour. Its
 * messages still say that it lives.
 */
export function viewGate(
  feed: PlateFeed,
  isElsewhere: (cameraId: string) => boolean,
  count: (name: string) => void,
): PlateFeed {
  return {
    see(message) {
      if (!isElsewhere(message.cameraId)) return feed.see(message)
      const { vehicles: _, sighted: _sighted, presence: _presence, ...rest } = message
      for (const _read of message.reads) count('read.elsewhere')
      return feed.see({ ...rest, reads: [] })
    },
    camera: (cameraId, news) => feed.camera(cameraId, news),
    tick: () => feed.tick(),
    restart: (bayId) => feed.restart(bayId),
    forget: (isIts, how) => feed.forget(isIts, how),
    settled: () => feed.settled(),
    counters: () => feed.counters(),
    cameras: () => feed.cameras(),
  }
}
