import { type Counted, type Metric, perDay, share, withTrouble } from './counted-visits.ts'
import { quantile } from './quantile.ts'
import type { VisitRow } from './visit-ledger.ts'

const isFallback = ({ knownBy, outcome }: VisitRow): boolean =>
  knownBy === 'card' || knownBy === 'code' || outcome === 'not-charged'

const powerWaits = ({ wanting }: Counted): number[] =>
  wanting.filter(({ powerMs }) => powerMs !== null).map((row) => ((row.powerMs ?? 0) - (row.enteredMs ?? 0)) / 1000)

/** What reading comes to: who charges by the plate, who pays otherwise, how long it takes, and what is decided wrong. */
export const READ_METRICS: readonly Metric[] = [
  {
    name: 'read-at-once',
    unit: 'share',
    says: 'charged by the plate alone: no card, no person',
    better: 'more',
    of: (c) =>
      share(c.wanting, ({ outcome, knownBy, fellBack }) => outcome === 'charged' && knownBy === 'plate' && !fellBack),
  },
  {
    name: 'reviewed',
    unit: 'share',
    says: 'looked at by a person',
    better: 'less',
    of: (c) => share(c.wanting, ({ reviewed }) => reviewed),
  },
  {
    name: 'fallback',
    unit: 'share',
    says: 'paid by card or code because the plate did not do',
    better: 'less',
    of: (c) => share(c.wanting, ({ knownBy }) => knownBy === 'card' || knownBy === 'code'),
  },
  {
    name: 'fallbacks',
    unit: 'per day',
    says: 'vehicles that paid otherwise or got no charge: what better reading would avoid',
    better: 'less',
    of: (c) => perDay(c, c.wanting.filter(isFallback).length),
  },
  {
    name: 'not-charged',
    unit: 'share',
    says: 'got a bay and left without a charge',
    better: 'less',
    of: (c) => share(c.wanting, ({ outcome }) => outcome === 'not-charged'),
  },
  {
    name: 'stop-to-power-p50',
    unit: 's',
    says: 'from driving in to current, middle one',
    better: 'less',
    of: (c) => quantile(powerWaits(c), 0.5),
  },
  {
    name: 'stop-to-power-p95',
    unit: 's',
    says: 'from driving in to current, nineteen of twenty',
    better: 'less',
    of: (c) => quantile(powerWaits(c), 0.95),
  },
  {
    name: 'misread-accepted',
    unit: 'share',
    says: 'a plate was agreed on that stands nowhere here',
    better: 'less',
    of: withTrouble('misread-accepted'),
  },
  {
    name: 'wrong-bay',
    unit: 'share',
    says: 'its plate was agreed on in another bay',
    better: 'less',
    of: withTrouble('wrong-bay'),
  },
  {
    name: 'wrong-payer',
    unit: 'share',
    says: 'another account was billed',
    better: 'less',
    of: withTrouble('wrong-payer'),
  },
  {
    name: 'false-release',
    unit: 'share',
    says: 'its bay let go of it while it stood there',
    better: 'less',
    of: withTrouble('false-release'),
  },
  {
    name: 'late-release',
    unit: 'share',
    says: 'its bay was still taken a minute after the grace',
    better: 'less',
    of: withTrouble('late-release'),
  },
]
