import { onTestFinished, test } from 'vitest'
import { type Sign, SignBoard } from '../../actors/driver-signs.ts'
import type { DriverWord } from '../../actors/ports.ts'
import { systemClock } from '../../src/clock.ts'
import { soon } from './ocpp-stage.ts'

/** A real sign and its other end. It serves bay-1 and bay-2; both ends are closed when the test is over. */
export type SignStage = {
  readonly sign: Sign
  /** What has come out at the other end so far, oldest first. */
  shown(): readonly { readonly bayId: string; readonly message: string; readonly text: string }[]
  /** From now on the other end cannot be reached, or can again. */
  away(gone: boolean): Promise<void>
  /** The next answers are a no that another try does not change. */
  refuses(): void
}

/** One word for a driver. */
export const wordFor = (bayId: string, message: string, reason: string, seq: number): DriverWord => ({
  bayId,
  visitId: `${bayId}-1`,
  message,
  reason,
  at: '2026-11-22T10:00:00.000Z',
  seq,
})

/** A board with this sign, its counts and what it complained about. */
export function boardOf(sign: Sign) {
  const counts: { [name: string]: number } = {}
  const logged: string[] = []
  const board = new SignBoard({
    signs: [sign],
    clock: systemClock,
    count: (name) => {
      counts[name] = (counts[name] ?? 0) + 1
    },
    log: (line) => logged.push(line),
  })
  onTestFinished(() => board.close())
  return { board, counts, logged }
}

/** What every sign promises, whatever it is made of. */
export function driverSignsContract(name: string, openStage: () => Promise<SignStage>): void {
  test(`${name}: a word comes out once, at the bay that it is for, in words a driver reads`, async ({ expect }) => {
    const stage = await openStage()
    const { board, counts } = boardOf(stage.sign)
    await board.tell(wordFor('bay-1', 'plug-in', 'authorized', 1))
    await board.tell(wordFor('bay-2', 'charging', 'plate', 2))
    await soon(() => stage.shown().length === 2)
    expect(stage.shown().toSorted((a, b) => a.bayId.localeCompare(b.bayId))).toEqual([
      { bayId: 'bay-1', message: 'plug-in', text: 'Plug in now' },
      { bayId: 'bay-2', message: 'charging', text: 'Charging' },
    ])
    await soon(() => counts[`sign_shown_${stage.sign.kind}`] === 2)
  })

  test(`${name}: after an absence only the newest word of each bay comes out, and it does by itself`, async ({
    expect,
  }) => {
    const stage = await openStage()
    const { board } = boardOf(stage.sign)
    await stage.away(true)
    await board.tell(wordFor('bay-1', 'present-card', 'review', 1))
    await board.tell(wordFor('bay-2', 'free', 'exit-seen', 2))
    await new Promise((resolve) => setTimeout(resolve, 200))
    await board.tell(wordFor('bay-1', 'plug-in', 'card', 3))
    await board.tell(wordFor('bay-1', 'charging', 'card', 4))
    expect(stage.shown()).toEqual([])
    await stage.away(false)
    await soon(() => stage.shown().length >= 2)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(
      stage
        .shown()
        .map(({ bayId, message }) => `${bayId} ${message}`)
        .sort(),
    ).toEqual(['bay-1 charging', 'bay-2 free'])
  })

  test(`${name}: a refusal is counted and said once, and nobody who tells hears of it`, async ({ expect }) => {
    const stage = await openStage()
    const { board, counts, logged } = boardOf(stage.sign)
    stage.refuses()
    for (const seq of [1, 2, 3]) {
      await expect(board.tell(wordFor('bay-1', 'free', 'exit-seen', seq))).resolves.toBeUndefined()
      if (stage.sign.serves('bay-1')) await soon(() => (counts[`sign_failed_${stage.sign.kind}`] ?? 0) >= 1)
    }
    expect(logged).toHaveLength(1)
    expect(logged[0]).toMatch(/^The (sign|display) .+; .+\.$/)
    expect(counts[`sign_shown_${stage.sign.kind}`]).toBeUndefined()
  })
}
