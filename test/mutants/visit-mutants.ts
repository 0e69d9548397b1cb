// biome-ignore-all lint/suspicious/noTemplateCurlyInString: mutants are texts of code
import { type FoldMutant, foldMutants } from './mutant.ts'

/** Law 5: bills. */
const BILLS = foldMutants(
  [5],
  [
    [
      'machines/learn-transaction.ts',
      'energy is counted from zero',
      'Math.round((last - first) * 1000) / 1000',
      'last',
    ],
    [
      'machines/learn-transaction.ts',
      'the payer of a dead token is billed',
      'const accountId = transaction.unpaid ? null :',
      'const accountId =',
    ],
    [
      'machines/learn-transaction.ts',
      'beside another transaction a card pays for nothing of its own',
      'payer: beside ? cardPayer(event) : null',
      'payer: null',
    ],
    [
      'machines/learn-transaction.ts',
      'a card beside another transaction pays for both',
      'const payer = beside ? {} : paidBy',
      'const payer = paidBy',
    ],
    [
      'machines/learn-transaction.ts',
      'an end that nobody reported looks reported',
      'return reported ? null : NOT_REPORTED',
      'return null',
    ],
    [
      'machines/learn-transaction.ts',
      'a register that ran backwards is believed',
      "if (backwards) return 'register ran backwards'",
      '',
    ],
    [
      'machines/billing.ts',
      "one bill holds everybody's energy",
      'visit.closed.filter((line) => line.accountId === accountId)',
      'visit.closed.filter(() => true)',
    ],
    [
      'machines/billing.ts',
      'an orphan is not billed',
      'closed: [\n        ...(deeds.bay.visit?.closed ?? []),\n',
      'closed: [] && [\n',
    ],
    [
      'machines/visit-acts.ts',
      'a revived transaction is billed from the start again',
      'first_Wh: billed_Wh, last_Wh: billed_Wh',
      'last_Wh: billed_Wh',
    ],
    [
      'machines/learn-answers.ts',
      'a reviewer asked before a person’s word overwrites it',
      'bay.visit?.review?.verdict === null ?',
      'bay.visit?.review?.verdict === undefined ?',
    ],
    ['machines/visit-acts.ts', 'a revived transaction has no payer', '    change(deeds, { payer })\n', ''],
    [
      'machines/visit-acts.ts',
      'revived beside another it is that one’s',
      'beside || isOthers ? { payer: payer ?? NOBODY } : {}',
      '{}',
    ],
    ['machines/visit-acts.ts', 'nobody is billed', 'bill(deeds, exit)', 'void bill'],
    ['machines/learn-meter.ts', 'a register that falls is believed', 'register < transaction.last_Wh', 'false'],
  ],
)

/** Laws 6 and 7: nothing stays for ever, and the journal knows all. */
const ENDINGS = foldMutants(
  [6, 7],
  [
    [
      'machines/presence.ts',
      'a visit that gives no sign never ends',
      "if (holdsNothing(bay)) push('no sign of the vehicle'",
      "if (false) push('no sign of the vehicle'",
    ],
    [
      'machines/presence.ts',
      'a visit ends at its first silence',
      'at - bay.visit.lastSign >= s(bay.policy.absence_s)',
      'at >= bay.visit.lastSign',
    ],
    [
      'machines/presence.ts',
      'a forgotten cable keeps the bay for ever',
      "if (bay.here.presence === 'empty') {",
      'if (false) {',
    ],
    [
      'machines/learn-connector.ts',
      'after a restart links are believed to be up',
      "link: 'offline' as const",
      'link: connector.link',
    ],
    [
      'machines/learn-connector.ts',
      'after a restart cameras are believed to see',
      "saw: 'unknown' as const, live: false",
      'saw: camera.saw',
    ],
    [
      'machines/learn-connector.ts',
      'absence goes on while nobody watched',
      'lastSign: event.at,\n    resumedAt',
      'resumedAt',
    ],
    [
      'machines/presence.ts',
      'a way out whose moment another rule took is forgotten',
      'leftInferred(bay, at) ? at + 1 : null',
      'null',
    ],
    [
      'machines/visit-acts.ts',
      'a visit is named by chance',
      'visitId: `${deeds.bay.bayId}-${event.version}`',
      'visitId: `${deeds.bay.bayId}-${Math.random()}`',
    ],
    [
      'machines/visit-acts.ts',
      'a visit begins by the clock on the wall',
      'openedAt: event.at,',
      'openedAt: Date.now(),',
    ],
    [
      'machines/learn-connector.ts',
      'two Available at once prove a transaction dead',
      'isEnd || event.at - availableAt >= DEAD_PROOF_ms',
      'true',
    ],
    [
      'machines/learn-connector.ts',
      'Available proves a transaction dead although it draws',
      'if (flow.drawing && (flow.at ?? 0) > availableAt) return false',
      '',
    ],
  ],
)

/** Laws 8, 9 and 2: who pays, and who has the last word. */
const PAYERS = foldMutants(
  [8, 9, 2],
  [
    [
      'machines/learn-answers.ts',
      'the register’s answer replaces the payer whom a person named',
      'payer: visit.payer?.person ? visit.payer : upgraded(visit.payer, offered)',
      'payer: upgraded(visit.payer, offered)',
    ],
    [
      'machines/learn-answers.ts',
      'a plate that a person corrects keeps the payer of the wrong one',
      "    : visit.payer?.rank === 'plate'\n      ? null\n      : visit.payer\n",
      '    : visit.payer\n',
    ],
    [
      'machines/identity.ts',
      'who spoke last pays',
      'return stronger(offered.rank, old.rank) ? offered : old',
      'return offered',
    ],
    [
      'machines/identity.ts',
      'who spoke first pays for ever',
      'return stronger(offered.rank, old.rank) ? offered : old',
      'return old',
    ],
    [
      'machines/identity.ts',
      "a card never relieves a person's word",
      "stronger(offered.rank, 'operator') && offered.rank !== 'plate' ? offered : old",
      'old',
    ],
    [
      'machines/identity.ts',
      "anything relieves a person's word",
      'if (old.person) return',
      'if (old.person) return offered\n  if (old.person) return',
    ],
    [
      'machines/guards.ts',
      'a read overwrites the plate that a person named',
      'asked.now.visit?.agreed?.person !== true &&',
      'true &&',
    ],
    [
      'machines/guards.ts',
      'a read closes a visit that a person named',
      'leader !== ours && !named &&',
      'leader !== ours &&',
    ],
    [
      'machines/identity-acts.ts',
      'a claim forgets that a person named the plate',
      'person: visit.agreed?.person ?? false }',
      'person: false }',
    ],
    [
      'machines/notices.ts',
      'a change of payer is not on record',
      "decide(deeds, 'IdentityUpgraded', {",
      "if (before.payer.rank === 'operator') return\n  decide(deeds, 'IdentityUpgraded', {",
    ],
    [
      'machines/learn-answers.ts',
      'any answer of the register counts',
      'visit.asked?.ask !== event.ask || visit.asked.answer !== null',
      'visit.asked === null',
    ],
    [
      'machines/learn-answers.ts',
      'a no of the register after a yes is not heard',
      "visit.payer?.rank === 'plate' && !isHeld(bay)",
      'false',
    ],
  ],
)

/** What else people are told or asked. */
const WORDS = foldMutants(
  [null],
  [
    ['machines/blocked.ts', 'a vehicle that charges is told to block', 'return free(deeds)', ''],
    [
      'machines/blocked.ts',
      'a vehicle that stays after its charge has no grace',
      '+ policy.overstayGrace_s * 1000',
      '+ 0',
    ],
    [
      'machines/blocked.ts',
      'a bay that no camera sees is told to be blocked',
      "bay.here.presence === 'occupied' || cableIn(bay)",
      'true',
    ],
    [
      'machines/erasure.ts',
      'an erasure is forgotten when its visit ends',
      'for (const { erasureId, handle } of deeds.bay.visit?.erasures ?? []) due',
      'for (const { erasureId, handle } of []) due',
    ],
    [
      'machines/erasure.ts',
      'an erasure does not wait for a visit that needs the vehicle',
      'if (!visit || !concerns(visit, handle) ||',
      'if (visit || !concerns(visit, handle) ||',
    ],
  ],
)

/** What becomes of a visit and its bill, each broken in one place. */
export const VISIT_MUTANTS: readonly FoldMutant[] = [...BILLS, ...ENDINGS, ...PAYERS, ...WORDS]
