// biome-ignore-all lint/suspicious/noTemplateCurlyInString: mutants are texts of code
import { type FoldMutant, foldMutants } from './mutant.ts'

/** From camera to bay: places, ages, votes. */
const READS = foldMutants(
  [null, 2],
  [
    [
      'actors/camera-sight.ts',
      'the zone of a read is ignored',
      'return best && (read.bayId === undefined || read.bayId === best.bayId) ? [best] : []',
      'return best ? bays.map((bayId) => ({ bayId, clear: true })) : []',
    ],
    [
      'machines/zone.ts',
      'a plate on the edge of a zone lies in it',
      "if (deep < (kind === 'plate' ? PLATE_MARGIN : 0)) return 0",
      'if (deep < 0) return 0',
    ],
    ['machines/zone.ts', 'between two zones the better one is certain', 'best.fit >= CLEARLY * rival.fit', 'true'],
    ['machines/zone.ts', 'one empty picture empties a zone', 'run.count >= EMPTY_RUN', 'run.count >= 1'],
    [
      'machines/zone.ts',
      'a flickering zone is believed',
      'turns.length < FLICKER || at - run.since >= SETTLE_MS',
      'true',
    ],
    [
      'machines/track.ts',
      'nothing is a duplicate',
      "if (marks.includes(mark) || read.text === '') return false",
      "if (read.text === '') return false",
    ],
    [
      'machines/track.ts',
      'one frame is a quorum',
      'const agreed = fresh && leader.witnesses >= policy.quorum',
      'const agreed = fresh && leader.witnesses >= 1',
    ],
    ['machines/track.ts', 'stale reads agree', 'const agreed = fresh && leader', 'const agreed = leader'],
    [
      'machines/track.ts',
      'a second plate with a quorum contests nothing',
      'rival: fresh ? (rival ?? overtaken ?? null) : null',
      'rival: null',
    ],
    ['machines/track.ts', 'old reads vote for ever', 'at - read.at <= policy.voteWindow_s * 1_000', 'at >= read.at'],
    [
      'machines/track.ts',
      'a misread that repeats contests a plate that stands there long',
      '> 4 * policy.quorum ? policy.quorum + 1 : policy.quorum',
      '> 4 * policy.quorum ? policy.quorum : policy.quorum',
    ],
    [
      'machines/track.ts',
      'unclear reads agree',
      'return clear >= (verdict.agreed ? policy.quorum : 1)',
      'return clear >= 0',
    ],
    [
      'machines/track.ts',
      'every read is news',
      "if (pace === 'slow' ? !due : pace === 'hasty' && track.haste === 0 && !due)",
      'if (policy === null)',
    ],
    [
      'machines/vote.ts',
      'what one frame says twice counts twice',
      'witnesses: weights.length',
      'witnesses: group.length',
    ],
    [
      'machines/vote.ts',
      'every event of a camera that sends one result a vehicle is a witness',
      'vote.perVehicle === true ? vote.reader : witness(vote)',
      'witness(vote)',
    ],
    [
      'machines/track.ts',
      'what one place says often leads before what several places say',
      '({ folded }: Candidate): number => worth.get(folded) ?? 0',
      '({ witnesses }: Candidate): number => witnesses',
    ],
    [
      'machines/vote.ts',
      'the order of reads decides a tie',
      'b.witnesses - a.witnesses || b.weight - a.weight || byText(a.folded, b.folded)',
      'b.witnesses - a.witnesses || b.weight - a.weight',
    ],
    [
      'machines/vote.ts',
      'confidence beats witnesses',
      'b.witnesses - a.witnesses || b.weight - a.weight || byText',
      'b.share - a.share || byText',
    ],
    [
      'machines/vote.ts',
      'two readers of one frame are one witness',
      '`${vote.reader} ${vote.frame}`',
      '`${vote.frame}`',
    ],
    [
      'machines/plate.ts',
      'look-alikes are two vehicles',
      'folded += LOOKALIKES[character] ?? character',
      'folded += character',
    ],
    [
      'machines/plate.ts',
      'a text that is longer than any plate is kept whole',
      "/g, '')\n    .slice(0, LONGEST_PLATE)",
      "/g, '')",
    ],
    ['machines/plate.ts', 'a mask hides nothing', '}•••$', '}$'],
    ['machines/age.ts', 'the offset of a clock is learnt at once', 'kept.length < LESSONS ||', 'kept.length < 1 ||'],
    ['machines/age.ts', 'a retained message is fresh', '< freshness_ms && !retained', '< freshness_ms'],
    [
      'machines/age.ts',
      'a read is as young as its arrival',
      'const age = at - capturedAt - (clock.offset ?? 0)',
      'const age = 0',
    ],
    [
      'machines/age.ts',
      'a camera is silent after half a minute, however seldom it sends',
      'at - lastAt > Math.max(QUIET_MS, HABITS * usual(gaps))\n  if (beats',
      'at - lastAt > QUIET_MS\n  if (beats',
    ],
    [
      'actors/plate-feed.ts',
      'after a visit its reads still vote',
      'if (track) this.#tracks.set(key, startTrack(',
      'if (false) this.#tracks.set(key, startTrack(',
    ],
  ],
)

/** From charge point to bay, and between bays. */
const CHARGE_POINTS = foldMutants(
  [3, 10, 4],
  [
    [
      'machines/claims.ts',
      'two bays hold one vehicle',
      'if (!holder || holder.visitId === asked.visitId)',
      'if (asked)',
    ],
    ['machines/claims.ts', 'a charging visit yields its plate', 'holderHolds || claims.lost', 'claims.lost'],
    [
      'machines/claims.ts',
      'two bays take one plate from each other for ever',
      'claims.lost.get(asked.handle)?.has(asked.bayId)',
      'false',
    ],
    ['machines/claims.ts', 'who waits for a plate never gets it', 'if (!next) return', 'if (next || !next) return'],
    [
      'actors/routing.ts',
      'a plug that two bays wait for starts the first',
      'if (plug && rivals.length > 1)',
      'if (plug && !plug)',
    ],
    ['actors/routing.ts', 'a start goes to whoever waits', 'if (own) return to(own.bayId)', ''],
    [
      'actors/routing.ts',
      'a dead token lives as long as its visit',
      'start.startId === startId && isLive(start.state)',
      'start.startId === startId',
    ],
    [
      'actors/token-reference.ts',
      'a dead token is answered accepted',
      "return token.live ? 'accepted' : 'invalid'",
      "return 'accepted'",
    ],
    [
      'actors/transaction-start.ts',
      'a token is good at any bay',
      'return own?.snapshot.context.connectors[connector] !== undefined',
      'return own !== null',
    ],
    [
      'actors/transaction-start.ts',
      'a start that is sent twice is two transactions',
      'if (before) {\n    await noticeRepeat(',
      'if (before?.transactionId === -1) {\n    await noticeRepeat(',
    ],
    [
      'actors/dispatch.ts',
      'a start that waited is sent although the register says no',
      '!startLives(ports.site().bay(bayId), startId) || registerSaysNo(ports, bayId) !== null',
      '!startLives(ports.site().bay(bayId), startId)',
    ],
    [
      'actors/dispatch.ts',
      'a start that waited is sent although its visit is over',
      '!startLives(ports.site().bay(bayId), startId) || registerSaysNo',
      'registerSaysNo',
    ],
    ['actors/dispatch.ts', 'a start that may not leave leaves', "if (effect['leaves'] !== true) return", ''],
    [
      'actors/dispatch.ts',
      'a plate that spoke for a second account starts by itself',
      'stand.granted && stand.accountId !== accountId',
      'false',
    ],
    [
      'actors/meter-feed.ts',
      'the end of a draw waits for the next minute',
      'const edge = sample.edge === true || drawing !== state.drawing',
      'const edge = sample.edge === true',
    ],
    ['actors/meter-feed.ts', "a meter's noise is a draw", '> DRAWING_W', '> 0'],
    [
      'actors/meter-feed.ts',
      'samples are not thinned',
      'if (!changed && !edge && !due(line, at, policy))',
      'if (policy === null)',
    ],
    [
      'actors/recorder.ts',
      'what could not be written is answered as if it had been',
      'for (const { failed } of all) failed(fault)',
      'for (const { done } of all) done([])',
    ],
    ['actors/recorder.ts', 'what waited behind a lost record is written alone', 'this.#queue = []\n', ''],
    [
      'machines/noise.ts',
      'another vehicle before a charging one is noise',
      "return kept && bay.cameras[told.cameraId]?.saw === 'occupied' && sameVehicle(bay, told.leader)",
      'return kept',
    ],
    [
      'machines/noise.ts',
      'a charge point that is gone is noise',
      'connector.link === link,',
      'connector.link !== null,',
    ],
  ],
)

/** Folds before the bay and beside it, each broken in one place. */
export const FEED_MUTANTS: readonly FoldMutant[] = [...READS, ...CHARGE_POINTS]
