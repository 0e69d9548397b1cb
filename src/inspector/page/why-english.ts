/**
 * Why a bay is what it is, in a sentence for each rule of the chart: `{}` is what was seen, `#` the figure of the site's policy that it
 * was held against. A name with `.number` or `.nothing` is for a value that is one, with a timer's name for what that timer ended;
 * of `secondAnswered`, `{}` and `#` are what the second and the first reader read.
 */
import type { QuestionName } from '../../../machines/guards.ts'

/** The sentence of every rule that asked something. */
export type RuleSentences = { readonly [name in QuestionName]: string }

/** All that a rule can say. */
export const ENGLISH = {
  held: 'Transaction {} is open at the charge point, so the bay is locked.',
  'held.number': 'Energy flows ({} A) and nobody told its end, so the bay is locked.',
  drawing: 'Energy flows: {} A, and from # on it counts as charging.',
  'drawing.nothing': 'Energy flows; how much the charge point does not say.',
  'drawing.low': 'Energy flowed a moment ago; one low sample ({} A) ends no charge.',
  strangerStarts: 'A card of another account started here: that is somebody else’s visit.',
  orphanRevives: 'Energy flows again on a transaction that an earlier visit left open.',
  arrives: 'A vehicle came: it was seen, its plate was read, or a cable went in.',
  agreed: '{} reads agree on one plate, and # are enough.',
  anotherCar: 'Another vehicle stands here: # reads agree on its plate.',
  disputed: 'A second plate was read as often before anything began: nothing starts by itself.',
  personRead: 'A person said which plate it is.',
  doubtful: 'The reads disagree or lie between two bays: a second reader is asked.',
  someReads: 'Time is over, and reads of {} plates are not enough to agree: a second reader is asked.',
  secondAgrees: 'The second reader read the same plate as the first: one witness more, and that is enough.',
  secondAnswered:
    'The second reader answered and did not settle it: the same plate as the first reader’s, free of doubt, was needed. So a person is asked.',
  'secondAnswered.plates': 'The second reader read {}, the first #: a person is asked which it is.',
  'secondAnswered.other': 'The second reader read another plate than the first: a person is asked which it is.',
  'secondAnswered.same': 'The second reader read the same plate as the first, and doubts remain: a person is asked.',
  'secondAnswered.unreadable': 'The second reader could not read the plate: a person is asked.',
  'secondAnswered.unavailable': 'No second reader had an answer: a person is asked.',
  'secondAnswered.akin':
    'The second reader reads by the first one’s model and is no second witness: a person is asked.',
  reviewOver: 'A person looked and named no plate: card or code remain.',
  claimGranted: 'No other bay holds this vehicle: now it is asked who pays.',
  claimLost: 'Another bay agreed on this vehicle, so it is not here.',
  mustWait: 'The account may charge, but a person must confirm it here first.',
  refused: 'This vehicle may not charge here: whoever authorizes said no.',
  withdrawn: 'This vehicle may not charge any more: whoever authorizes said no after a yes.',
  denied: 'An operator refused this visit.',
  granted: 'This vehicle may charge; the start waits for the plug.',
  grantedReady: 'This vehicle may charge, and the start was sent.',
  cardPays: 'A valid card was shown here: it pays.',
  operatorReady: 'An operator let it charge, and the start was sent.',
  operatorPays: 'An operator let it charge; the start waits for the plug.',
  startReady: 'All is there for the start: {}.',
  startOwed: 'What began here was not this vehicle’s start and is over; its own is sent now ({}).',
  startAccepted: 'The charge point took the start; energy is awaited.',
  startNeedsReplug: 'The charge point refused: it is done with this plug. The driver must plug in anew.',
  startRejected: 'The charge point refused the start although the plug is in.',
  startUnplugged: 'The charge point refused the start because no plug is in yet.',
  startExpired: 'The charge point was not reached in time for the start.',
  switchedOff: 'This bay starts nothing by itself any more, so its start was taken back.',
  strayStartOver: 'berth refused what began here, and it is over; this vehicle still waits.',
  plugAmbiguous: 'Two waiting bays reach this plug: whose it is cannot be told.',
  leftSeen: 'The vehicle left: seen empty for {} (# needed), and nothing charges.',
  leftInferred: 'The vehicle counts as gone: the cable is out, and no camera could see the bay.',
  absent: 'No sign of the vehicle for {} (# needed): the visit is over.',
  lostSight: 'The charge point is away, and the bay was empty for #: the visit is over.',
  cableForgotten: 'A cable is said to be in, but the bay was empty for #: the visit is over.',
  released: 'A person declared the transaction dead and released the lock.',
  replugged: 'A plug came in after the cable had been out: that is a new visit.',
  linkDown: 'The charge point is not connected: the lock stays as it was.',
  contradicted: 'Camera and charge point disagree; the lock goes by the charge point.',
  stillPlugged: 'The charge is over, and the cable is still in.',
  stillHere: 'The charge is over, and a camera still sees the vehicle.',
  zoneEmpty: 'The charge is over, and a camera sees nobody; it is not taken for gone before that lasts.',
  resumedStart: 'After a restart the charge point shows no transaction: its start was sent anew.',
  ask: 'After a restart it is asked anew who pays.',
  askSecond: 'After a restart the second reader is asked anew.',
  claimAgain: 'After a restart it is asked anew whether another bay holds this vehicle.',
  unlock: 'The charge is over; whether the vehicle is still here nobody can tell.',
  offerAnonymous: 'No plate was read in time: card or code remain.',
  askReview: 'The second reader did not answer in time: a person is asked.',
  offerUnread: 'Nobody said in time which plate it is: card or code remain.',
  refuseClaim: 'It was not settled in time whether another bay holds this vehicle: card or code remain.',
  offerTimeout: 'No plug and no charge came in time: card or code remain.',
  'offerTimeout.authorizeTimeout': 'Nobody said in time who pays: card or code remain.',
  'out-of-service': 'A person took this bay out of service.',
  faulted: 'The charge point says that it is faulted.',
} as const satisfies RuleSentences & { readonly [rule: string]: string }

/** Whatever a rule can say has the same name in every language. */
export type WhySentences = { readonly [name in keyof typeof ENGLISH]: string }
