import type { AlarmView } from './bay-view.ts'
import { type Projection, textOf } from './projection.ts'

/** Open alarms by id, in the order in which they were raised. */
export type OpenAlarms = Map<string, AlarmView>

/** Alarms that wait for somebody: raised and cleared by effects. One raised again keeps its first time and takes the newer words. */
export const alarms: Projection<OpenAlarms> = {
  name: 'alarms',
  start: () => new Map(),
  fold(open, record) {
    for (const effect of record.effects) {
      const alarmId = textOf(effect['alarmId'])
      if (alarmId === null) continue
      if (effect.type === 'clear.alarm') open.delete(alarmId)
      if (effect.type !== 'raise.alarm') continue
      open.set(alarmId, {
        alarmId,
        bayId: textOf(effect['bayId']) ?? record.bayId,
        type: textOf(effect['alarm']) ?? 'unknown',
        says: textOf(effect['says']) ?? '',
        do: textOf(effect['do']) ?? '',
        since: open.get(alarmId)?.since ?? record.at,
        ...(effect['about'] !== undefined && { about: effect['about'] }),
      })
    }
    return open
  },
}
