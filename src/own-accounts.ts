import { Fault } from '../machines/faults.ts'
import type { Caller } from './site-desk.ts'

/** The accounts to which a caller is held: those of its token for the role `fleet`, none where it names none; null = all. */
export const ownAccounts = ({ role, accounts }: Caller): ReadonlySet<string> | null =>
  role === 'fleet' ? new Set(accounts ?? []) : null

/** Whether what belongs to this account is the caller's to see and change. */
export const isOwn = (caller: Caller, accountId: string | null): boolean =>
  ownAccounts(caller)?.has(accountId ?? '') ?? true

/** Throws Fault FORBIDDEN where what belongs to this account is none of the caller's business. */
export function demandOwn(caller: Caller, accountId: string): void {
  if (isOwn(caller, accountId)) return
  const own = [...(caller.accounts ?? [])]
  const says =
    own.length === 0
      ? 'Your token names no account, so nothing is yours here; ask for one made with `berth token add NAME --role fleet --accounts …`.'
      : `Your token is for the accounts ${own.join(', ')} alone; ask a supervisor for others.`
  throw new Fault('FORBIDDEN', { role: caller.role }, { says })
}
