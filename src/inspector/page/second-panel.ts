/** Orders of this bay that wait for a second person. */
import { make } from './dom.ts'
import { ORDER_FORM_WORDS as FORM } from './order-form-words.ts'
import { ORDER_WORDS as WORDS } from './order-words.ts'
import type { Orders } from './screen.ts'
import { SECOND_WORDS as SECOND } from './second-words.ts'
import { waitingPanel } from './waiting-panel.ts'

/** The panel of one bay. */
export function secondPanel(orders: Orders, bayId: string) {
  return waitingPanel({
    class: 'card second',
    orders,
    isOurs: (order) => order.bayId === bayId,
    isNews: (alarm) => alarm.type === 'second-person' && alarm.bayId === bayId,
    tell({ type, by, reason, plate, accountId }) {
      const label = WORDS.labels[type as keyof typeof WORDS.labels] ?? type
      const why = FORM.reasons[(reason ?? 'other') as keyof typeof FORM.reasons]
      return {
        asks: SECOND.asks(by, label, why),
        comesTo: [
          type in FORM.warns && make('p', {}, FORM.warns[type as keyof typeof FORM.warns]),
          plate !== null && make('p', {}, SECOND.plate, make('bdi', { class: 'plate', dir: 'ltr' }, plate)),
          accountId !== null && make('p', {}, SECOND.pays(accountId)),
        ],
        agree: SECOND.agree(label),
      }
    },
  })
}
