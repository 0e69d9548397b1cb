import { drawsOn } from './after-end.ts'
import { alarm, calm, type Deeds, decide } from './deeds.ts'
import { connectorsOf } from './knowledge.ts'
import { type SignalQuarrel, settledSignals } from './learn-signals.ts'

const SAYS: { readonly [kind in SignalQuarrel['kind']]: string } = {
  'register-still': 'The charge point says that current flows, but its register stands still.',
  'register-runs': 'The register of the charge point runs, but no current is said to flow.',
  'suspended-but-drawing': 'The charge point says Suspended while energy flows.',
  'charging-but-idle': 'The charge point says Charging, but nothing has flowed for minutes.',
}

/**
 * Signals of one connector that disagree are shown once and resolved once. The lock follows the signal that the profile trusts, and
 * the open transaction; nothing is averaged.
 */
export function noticeSignals(deeds: Deeds): void {
  deeds.bay = settledSignals(deeds.bay)
  for (const connector of connectorsOf(deeds.bay)) {
    const before = deeds.was.connectors[connector.connector]?.signals?.quarrel ?? null
    const now = connector.signals?.quarrel ?? null
    if (before?.kind === now?.kind) continue
    const about = { kind: 'signals', connector: connector.connector, trusts: connector.drawingBy ?? 'current' }
    if (before) decide(deeds, 'ContradictionResolved', { ...about, says: before.kind })
    const others = connectorsOf(deeds.bay).some((one) => one !== connector && one.signals?.quarrel)
    if (before && !now && !others) calm(deeds, 'signals')
    if (!now) continue
    const { status, flow, transaction } = connector
    decide(deeds, 'ContradictionNoticed', {
      ...about,
      says: now.kind,
      status,
      current_A: flow.current_A,
      power_W: flow.power_W,
      register_Wh: transaction?.last_Wh ?? null,
    })
    calm(deeds, 'signals')
    alarm(
      deeds,
      'signals',
      `${SAYS[now.kind]} berth goes by its ${connector.drawingBy ?? 'current'}.`,
      'Compare the display of the charge point with its bill; name a profile in chargePoints[].profile that trusts the honest signal.',
    )
  }
}

/** A charge point that reported an end and gives energy on: the bay is locked for nobody, and somebody has to look at it. */
export function noticeDrawnAfterEnd(deeds: Deeds): void {
  const over = connectorsOf(deeds.bay).find(drawsOn)
  if (!over) return calm(deeds, 'drawn-after-end')
  alarm(
    deeds,
    'drawn-after-end',
    `The charge point reported the end of transaction ${over.lastEnded?.transactionId ?? ''} and gives energy on; nobody is billed for it.`,
    'Stop the charge at the charge point; its own log says what was drawn. The bay stays locked while current flows.',
  )
}
