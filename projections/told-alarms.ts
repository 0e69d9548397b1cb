import { textOf } from './projection.ts'
import { noteKey, type RowFold, seqKey, textIn } from './row-fold.ts'

/** One row each time an alarm was raised: what it said, when it was cleared, and how long it stood. */
export const toldAlarms: RowFold = {
  name: 'alarms',
  shape: 1,
  fold(rows, record) {
    record.effects.forEach((effect, place) => {
      const alarmId = textOf(effect['alarmId'])
      if (alarmId === null || (effect.type !== 'raise.alarm' && effect.type !== 'clear.alarm')) return
      const open = noteKey(alarmId)
      const key = textIn(rows.get(open), 'key')
      const before = key === null ? undefined : rows.get(key)
      if (effect.type === 'clear.alarm') {
        if (key === null || before === undefined) return
        const stood_s = Math.round((Date.parse(record.at) - Date.parse(textIn(before, 'raisedAt') ?? record.at)) / 1000)
        rows.put(key, { ...before, clearedAt: record.at, stood_s })
        rows.drop(open)
        return
      }
      const words = { says: textOf(effect['says']) ?? '', do: textOf(effect['do']) ?? '' }
      // Raised again while it stands: the newer words of the same alarm.
      if (key !== null && before !== undefined) {
        rows.put(key, { ...before, ...words })
        return
      }
      const fresh = `${seqKey(record.seq)} ${String(place).padStart(3, '0')}`
      const bayId = textOf(effect['bayId']) ?? record.bayId
      const type = textOf(effect['alarm']) ?? 'unknown'
      const raisedAt = record.at
      rows.put(fresh, { alarmId, bayId, type, ...words, raisedAt, seq: record.seq, clearedAt: null, stood_s: null })
      rows.put(open, { key: fresh })
    })
  },
}
