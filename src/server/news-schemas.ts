import { answer, body, count, maybeText, maybeTime, text } from './schema-parts.ts'

/** Schemas of who is told of the site. */
export const NEWS_SCHEMAS = {
  NewsReceiver: answer({
    receiver: text,
    after: count,
    parkedAt: maybeTime,
    awaySince: maybeTime,
    behind: { type: ['integer', 'null'], minimum: 0, description: 'Pieces that wait for it while it takes nothing.' },
    says: maybeText,
  }),
  NewsResumed: body({ after: { ...count, description: 'A seq; absent = from where it stopped.' } }),
}
