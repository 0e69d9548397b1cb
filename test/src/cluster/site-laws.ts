type Fields = { readonly [field: string]: unknown }
type Typed = Fields & { readonly type: string }

/** A record of a site's log, as far as the laws ask. */
export type LogRow = {
  readonly seq: number
  readonly epoch: number
  readonly text: string
  readonly decisions: readonly Typed[]
  readonly effects: readonly Typed[]
}

/** An order that was answered 202: it stands at `seq`, for ever. */
export type Acknowledged = { readonly id: string; readonly seq: number }

/**
 * A command that reached the charge point. `about`: the start's id (null where no key store knows its token), or the transaction that is
 * to stop. `callId`: of the call. `headThen`: where the log ended when it had arrived; infinite where the database could not be asked.
 */
export type HeardCommand = {
  readonly action: 'start' | 'stop'
  readonly about: string | null
  readonly callId: string
  readonly headThen: number
}

/** Everything that is known of one site's life. `broken`: where its chain is, null where it holds. */
export type SiteHistory = {
  readonly rows: readonly LogRow[]
  readonly broken: string | null
  /** Who wrote under each epoch, as the database saw it. */
  readonly writers: readonly { readonly epoch: number; readonly writer: string }[]
  readonly acknowledged: readonly Acknowledged[]
  readonly commands: readonly HeardCommand[]
  /** What the vehicle took in each transaction by the charge point's own meter, Wh. */
  readonly drawn: ReadonlyMap<string, number>
  /** What that meter counted in all, Wh. */
  readonly counted_Wh: number
}

type Law = (history: SiteHistory) => readonly string[]

/** What must hold of every site, whatever befell its nodes; each answers with a sentence for every time that it does not. */
export const LAWS: { readonly [law: string]: Law } = {
  chain: ({ broken }) => (broken === null ? [] : [`its chain is broken: ${broken}`]),

  gaps: ({ rows }) => rows.flatMap(({ seq }, index) => (seq === index + 1 ? [] : [`record ${index + 1} is ${seq}`])),

  epochs: ({ rows }) =>
    rows.flatMap(({ seq, epoch }, index) =>
      epoch >= (rows[index - 1]?.epoch ?? 0) ? [] : [`record ${seq} is of an older owner than the one before it`],
    ),

  owners: ({ rows, writers }) => [
    ...grouped(writers, ({ epoch }) => epoch).flatMap(([epoch, all]) =>
      all.length === 1 ? [] : [`under epoch ${epoch} ${all.map(({ writer }) => writer).join(' and ')} wrote`],
    ),
    ...[...new Set(rows.map(({ epoch }) => epoch))]
      .filter((epoch) => !writers.some((one) => one.epoch === epoch))
      .map((epoch) => `nobody was seen to write under epoch ${epoch}`),
  ],

  orders: ({ rows, acknowledged }) =>
    acknowledged.flatMap(({ id, seq }) => {
      const places = rows.filter(({ text }) => text.includes(id)).map((row) => row.seq)
      if (places.length === 1 && places[0] === seq) return []
      return [`order ${id} was answered as record ${seq} and stands at ${places.join(', ') || 'no place'}`]
    }),

  commands: ({ rows, commands }) =>
    commands.flatMap(({ action, about, headThen }) => {
      const first = rows.find((row) => row.effects.some((effect) => isOrderOf(effect, action, about)))
      const what = `a ${action} (${about ?? 'of a token that nobody made'}) reached the charge point`
      if (first === undefined) return [`${what} and is on no record`]
      return first.seq <= headThen ? [] : [`${what} when the log ended at ${headThen}; its record is ${first.seq}`]
    }),

  sentOnce: ({ rows, commands }) =>
    grouped(commands, ({ action, about }) => `${action} ${about}`).flatMap(([what, all]) => {
      const [{ action, about }] = all as readonly [HeardCommand]
      // A start goes out again where its charge point, asked by a new owner, knows nothing of it: that is on record, too.
      const asked = rows.flatMap(({ effects }) => effects.filter((effect) => isOrderOf(effect, action, about))).length
      return all.length <= asked ? [] : [`${what} was decided ${asked} times and sent ${all.length} times`]
    }),

  starts: ({ rows }) =>
    grouped(
      rows.flatMap(({ decisions }) => decisions.filter(({ type }) => type === 'StartRequested')),
      ({ visitId, reason }) => `${visitId} for ${reason}`,
    ).flatMap(([which, all]) => (all.length === 1 ? [] : [`visit ${which} was started ${all.length} times`])),

  bills: ({ rows, drawn, counted_Wh }) => {
    const bills = rows.flatMap(({ decisions }) => decisions.filter(({ type }) => type === 'SessionBilled'))
    const lines = bills.flatMap((bill) => bill['lines'] as readonly Fields[])
    const billed = lines.reduce((sum, line) => sum + Number(line['energy_Wh']), 0)
    return [
      ...grouped(lines, (line) => String(line['transactionId'])).flatMap(([transactionId, all]) =>
        all.length === 1 ? [] : [`transaction ${transactionId} was billed ${all.length} times`],
      ),
      ...[...drawn].flatMap(([transactionId, drawn_Wh]) => {
        const line = lines.find((one) => String(one['transactionId']) === transactionId)
        if (line === undefined)
          return drawn_Wh === 0 ? [] : [`transaction ${transactionId} (${drawn_Wh} Wh) has no bill`]
        const same = Math.abs(Number(line['energy_Wh']) - drawn_Wh) <= 1
        return same ? [] : [`transaction ${transactionId}: ${line['energy_Wh']} Wh billed, ${drawn_Wh} Wh drawn`]
      }),
      ...(Math.abs(billed - counted_Wh) <= 1 + drawn.size
        ? []
        : [`${billed} Wh are billed in all, the meter counted ${counted_Wh} Wh`]),
    ]
  },
}

/** Every broken promise, as a sentence. */
export const brokenLaws = (history: SiteHistory): readonly string[] =>
  Object.values(LAWS).flatMap((law) => law(history))

function isOrderOf(effect: Typed, action: HeardCommand['action'], about: string | null): boolean {
  if (about === null) return false
  if (action === 'start') return effect.type === 'start.charging' && effect['startId'] === about
  return effect.type === 'stop.charging' && String(effect['transactionId']) === about
}

function grouped<One, Key>(all: readonly One[], by: (one: One) => Key): readonly (readonly [Key, readonly One[]])[] {
  const groups = new Map<Key, One[]>()
  for (const one of all) groups.set(by(one), [...(groups.get(by(one)) ?? []), one])
  return [...groups]
}
