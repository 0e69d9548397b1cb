/** An order that reached a charge point. `after`: records there were then, `at` ms since 1970. */
export type ToyOrder = {
  readonly type: 'start' | 'stop' | 'ask'
  readonly chargePointId: string
  readonly idToken?: string
  readonly evse?: number
  readonly transactionId?: string
  readonly about?: 'status' | 'meter'
  readonly at: number
  readonly after: number
}
